#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "../runtime/task.h"
#include "convolution.h"
#include "network_shape.h"
#include "network_step.h"

namespace tenon {

// The convolutions of a network in training.
//
// A batch goes in groups of images, whose number and size depend on the batch alone. One thread
// takes a group all the way, a few images at a time, so that what it needs on the way back is
// still in its cache and memory is needed for the images under way only. Each group sums its
// gradient by itself; the groups' are added in order, so results do not depend on the number of
// threads.
class ConvolutionTrainer {
 public:
  // May throw std::bad_alloc.
  ConvolutionTrainer(const NetworkShape& shape, const StepOptions& options, size_t batch_rows);

  // Images per group of a batch of `rows`.
  size_t group_rows(size_t rows) const noexcept;

  // The most images that go together, a workspace's.
  size_t images() const noexcept { return images_; }

  // What so many images keep from their way forwards.
  struct Workspace;
  // One that no other thread has, until it is given back. May throw std::bad_alloc.
  std::unique_ptr<Workspace> take();
  void give_back(std::unique_ptr<Workspace> workspace);

  // One image's result: `out`, inputs(0) of them.
  void forward(Workspace& workspace, size_t slot, const float* pixels, float* out) const;

  // Clears a group's gradient, and adds one image's to it: `delta` are the slopes by `out`; changes.
  void begin_group(size_t group);
  void back(Workspace& workspace, size_t slot, size_t group, float* out, float* delta);

  // The gradients of `groups` groups and a step by them, in shares that may run at once.
  size_t shares() const noexcept { return shares_.size(); }
  // Adds the groups' gradients of a share; then a step by it, or it stays to be read.
  void share_gradient(size_t share, size_t groups, bool keep, const NetworkStep& step);
  // A step by the kept gradient times `factor`.
  void share_clipped(size_t share, float factor, const NetworkStep& step);
  double gradient_squares() const;

  // Numbers in canonical order.
  void append(Buffer<float> NetworkParameter::*which, std::vector<float>& out) const;
  // Returns where the dense layers' begin.
  const float* set(Buffer<float> NetworkParameter::*which, const float* values);

 private:
  struct Layer {
    ConvolutionShape shape;
    NetworkParameter weights, bias;
    Buffer<float> turned;  // none in the first
    Buffer<float> partial;  // per group: weights, then biases
    size_t partial_floats = 0;
  };
  struct Share {
    uint32_t layer;
    uint32_t panel;
    uint32_t first;  // of the depth
    uint32_t last;
  };

  void start(Layer& layer, size_t index, const StepOptions& options, size_t layers);
  ConvolvedImage result(Workspace& workspace, size_t l, size_t slot, float* out) const;
  void turn(const Share& share);

  Activation activation_;
  std::vector<Layer> layers_;
  std::vector<Share> shares_;
  size_t most_groups_ = 1;
  size_t images_ = 1;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Workspace>> free_;
};

// Memory for some images between the convolutions of a network.
struct ConvolutionTrainer::Workspace {
  struct Layer {
    Buffer<float> images;  // the layer's input, with borders
    Buffer<float> sums;    // where the way back needs them, per image; otherwise one image's
    Buffer<float> which;
  };
  Workspace(const std::vector<ConvolutionTrainer::Layer>& layers, Activation activation, size_t images);

  std::vector<Layer> layers;
  Buffer<float> activated, slopes, delta[2];  // of one image
};

}  // namespace tenon
