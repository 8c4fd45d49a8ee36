#include "convolution_trainer.h"

#include <algorithm>
#include <cmath>

#include "../runtime/thread_pool.h"
#include "random.h"

namespace tenon {
namespace {

// Images that go together, where a batch has so many: enough for the dense layers' tiles to be
// whole, fewer if they would leave the second-level cache, but some for each use of those weights.
constexpr size_t kMostImages = 16;
constexpr size_t kFewImages = 4;
constexpr size_t kCachedFloats = size_t{1} << 19;

// Groups of a batch that is too small for whole ones: enough for some threads. And the most, as
// each needs memory for a gradient.
constexpr size_t kFewGroups = 8;
constexpr size_t kMostGroups = 64;

// A gigabyte: what the groups' gradients, or one workspace, may take where one must not be more.
constexpr size_t kMostFloats = size_t{1} << 28;

// Inputs of one panel whose gradient is added at once.
constexpr size_t kShareDepth = 288;

// Stream of random numbers beside those of the dense layers.
constexpr uint64_t kStartStream = 2000;

Buffer<float> zeros(size_t count) {
  Buffer<float> buffer(count);
  std::fill_n(buffer.data(), count, 0.0f);
  return buffer;
}

}  // namespace

size_t ConvolutionTrainer::group_rows(size_t rows) const noexcept {
  const size_t few = std::min(kMostImages, chunk_count(rows, kFewGroups));
  return std::max(few, chunk_count(rows, most_groups_));
}

ConvolutionTrainer::ConvolutionTrainer(const NetworkShape& shape, const StepOptions& options, size_t batch_rows)
    : activation_(shape.activation), layers_(shape.convolutions.size()) {
  size_t gradient = 0, image = 0;
  for (const ConvolutionShape& convolution : shape.convolutions) {
    gradient += panels_of(convolution.units) * (convolution.depth() + 1) * kPanel;
    image += image_floats(convolution) + which_floats(convolution) +
             (activates_last(convolution, activation_) ? 0 : sum_floats(convolution));
  }
  most_groups_ = std::clamp<size_t>(kMostFloats / gradient, 1, kMostGroups);
  images_ = std::min(std::clamp(kCachedFloats / image, kFewImages, kMostImages), group_rows(batch_rows));
  images_ = std::clamp<size_t>(kMostFloats / image, 1, images_);
  // The last batch of an epoch is smaller, and its groups may be more.
  const size_t whole = chunk_count(batch_rows, group_rows(batch_rows));
  const size_t groups = std::min(most_groups_, std::max(whole, std::min(batch_rows, kFewGroups)));
  for (size_t l = 0; l < layers_.size(); ++l) {
    Layer& layer = layers_[l];
    layer.shape = shape.convolutions[l];
    const size_t depth = layer.shape.depth();
    const size_t panels = panels_of(layer.shape.units);
    layer.weights.prepare(panels * depth * kPanel, 0.0f);
    layer.bias.prepare(panels * kPanel, 0.0f);
    layer.partial_floats = panels * (depth + 1) * kPanel;
    layer.partial = Buffer<float>(groups * layer.partial_floats);
    if (l > 0) layer.turned = zeros(turned_floats(layer.shape));
    start(layer, l, options, layers_.size() + shape.layers());
    for (size_t panel = 0; panel < panels; ++panel) {
      for (size_t first = 0; first < depth; first += kShareDepth) {
        const size_t last = std::min(depth, first + kShareDepth);
        shares_.push_back({static_cast<uint32_t>(l), static_cast<uint32_t>(panel), static_cast<uint32_t>(first),
                           static_cast<uint32_t>(last)});
        if (l > 0) turn_weights(layer.shape, layer.weights.value.data(), panel, first, last, layer.turned.data());
      }
    }
  }
}

void ConvolutionTrainer::start(Layer& layer, size_t index, const StepOptions& options, size_t layers) {
  const double taps = static_cast<double>(layer.shape.kernel) * layer.shape.kernel;
  const double bound =
      start_bound(options, activation_, true, layers, taps * layer.shape.channels, taps * layer.shape.units);
  Random random(options.seed, kStartStream + index);
  const size_t depth = layer.shape.depth();
  for (size_t k = 0; k < depth; ++k) {
    for (size_t j = 0; j < layer.shape.units; ++j) {
      layer.weights.value[(j / kPanel * depth + k) * kPanel + j % kPanel] =
          static_cast<float>(bound * (2 * random.uniform() - 1));
    }
  }
}

ConvolutionTrainer::Workspace::Workspace(const std::vector<ConvolutionTrainer::Layer>& given, Activation activation,
                                         size_t images) {
  size_t slope_floats = 0, delta_floats = 0, sums = 0;
  for (const auto& from : given) {
    const ConvolutionShape& shape = from.shape;
    layers.push_back({zeros(images * image_floats(shape)),
                      Buffer<float>((activates_last(shape, activation) ? 1 : images) * sum_floats(shape)),
                      Buffer<float>(images * which_floats(shape))});
    sums = std::max(sums, sum_floats(shape));
    slope_floats = std::max(slope_floats, SlopeLayout(shape).floats);
    delta_floats = std::max(delta_floats, size_t{shape.height} * shape.width * channel_stride(shape));
  }
  if (slopes_by_sums(activation)) activated = Buffer<float>(sums);
  slopes = Buffer<float>(slope_floats);
  for (Buffer<float>& buffer : delta) buffer = Buffer<float>(given.size() > 1 ? delta_floats : 0);
}

std::unique_ptr<ConvolutionTrainer::Workspace> ConvolutionTrainer::take() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (!free_.empty()) {
      std::unique_ptr<Workspace> workspace = std::move(free_.back());
      free_.pop_back();
      return workspace;
    }
  }
  return std::make_unique<Workspace>(layers_, activation_, images_);
}

void ConvolutionTrainer::give_back(std::unique_ptr<Workspace> workspace) {
  const std::lock_guard<std::mutex> lock(mutex_);
  free_.push_back(std::move(workspace));
}

void ConvolutionTrainer::forward(Workspace& workspace, size_t slot, const float* pixels, float* out) const {
  const ConvolutionShape& first = layers_[0].shape;
  const size_t across = size_t{first.width} * first.channels;
  float* const image = workspace.layers[0].images.data() + slot * image_floats(first) + image_start(first);
  for (size_t y = 0; y < first.height; ++y) std::copy_n(pixels + y * across, across, image + y * image_line(first));
  for (size_t l = 0; l < layers_.size(); ++l) {
    const Layer& layer = layers_[l];
    Workspace::Layer& memory = workspace.layers[l];
    const bool keeps = !activates_last(layer.shape, activation_);
    convolve(layer.shape, activation_, memory.images.data() + slot * image_floats(layer.shape),
             layer.weights.value.data(), layer.bias.value.data(),
             memory.sums.data() + (keeps ? slot * sum_floats(layer.shape) : 0),
             slopes_by_sums(activation_) ? workspace.activated.data() : nullptr,
             memory.which.data() + slot * which_floats(layer.shape), result(workspace, l, slot, out));
  }
}

// Where a layer's result lies: in the next one's images, or at `out`.
ConvolvedImage ConvolutionTrainer::result(Workspace& workspace, size_t l, size_t slot, float* out) const {
  if (l + 1 == layers_.size()) return {out, layers_[l].shape.out_width() * layers_[l].shape.units};
  const ConvolutionShape& next = layers_[l + 1].shape;
  return {workspace.layers[l + 1].images.data() + slot * image_floats(next) + image_start(next), image_line(next)};
}

void ConvolutionTrainer::begin_group(size_t group) {
  for (Layer& layer : layers_) {
    std::fill_n(layer.partial.data() + group * layer.partial_floats, layer.partial_floats, 0.0f);
  }
}

void ConvolutionTrainer::back(Workspace& workspace, size_t slot, size_t group, float* out, float* delta) {
  size_t position = layers_.back().shape.units;
  for (size_t l = layers_.size(); l-- > 0;) {
    Layer& layer = layers_[l];
    const ConvolutionShape& shape = layer.shape;
    Workspace::Layer& memory = workspace.layers[l];
    const bool keeps = !activates_last(shape, activation_);
    float* const slopes = workspace.slopes.data();
    convolve_slopes(shape, activation_, memory.sums.data() + (keeps ? slot * sum_floats(shape) : 0),
                    memory.which.data() + slot * which_floats(shape), result(workspace, l, slot, out), delta, position,
                    slopes);
    float* const weights = layer.partial.data() + group * layer.partial_floats;
    convolve_gradient(shape, memory.images.data() + slot * image_floats(shape), slopes, weights,
                      weights + layer.weights.value.size());
    if (l == 0) return;
    delta = workspace.delta[l % 2].data();
    convolve_back(shape, slopes, layer.turned.data(), delta);
    position = channel_stride(shape);
  }
}

void ConvolutionTrainer::share_gradient(size_t index, size_t groups, bool keep, const NetworkStep& step) {
  const Share& share = shares_[index];
  Layer& layer = layers_[share.layer];
  const auto sum = [&](NetworkParameter& parameter, size_t from, size_t at, size_t n, bool weights) {
    float* const gradient = parameter.gradient.data() + at;
    std::copy_n(layer.partial.data() + from + at, n, gradient);
    for (size_t group = 1; group < groups; ++group) {
      const float* const next = layer.partial.data() + group * layer.partial_floats + from + at;
      for (size_t i = 0; i < n; ++i) gradient[i] += next[i];
    }
    if (!keep) step.update(parameter, at, gradient, n, weights);
  };
  const size_t at = (share.panel * layer.shape.depth() + share.first) * kPanel;
  sum(layer.weights, 0, at, (share.last - share.first) * kPanel, true);
  if (!keep) turn(share);
  if (share.first == 0) sum(layer.bias, layer.weights.value.size(), share.panel * kPanel, kPanel, false);
}

void ConvolutionTrainer::share_clipped(size_t index, float factor, const NetworkStep& step) {
  const Share& share = shares_[index];
  Layer& layer = layers_[share.layer];
  const auto clipped = [&](NetworkParameter& parameter, size_t at, size_t n, bool weights) {
    float* const gradient = parameter.gradient.data() + at;
    for (size_t i = 0; i < n; ++i) gradient[i] *= factor;
    step.update(parameter, at, gradient, n, weights);
  };
  const size_t at = (share.panel * layer.shape.depth() + share.first) * kPanel;
  clipped(layer.weights, at, (share.last - share.first) * kPanel, true);
  turn(share);
  if (share.first == 0) clipped(layer.bias, share.panel * kPanel, kPanel, false);
}

void ConvolutionTrainer::turn(const Share& share) {
  if (share.layer == 0) return;
  Layer& layer = layers_[share.layer];
  turn_weights(layer.shape, layer.weights.value.data(), share.panel, share.first, share.last, layer.turned.data());
}

double ConvolutionTrainer::gradient_squares() const {
  double squares = 0;
  for (const Layer& layer : layers_) squares += layer.weights.gradient_squares() + layer.bias.gradient_squares();
  return squares;
}

void ConvolutionTrainer::append(Buffer<float> NetworkParameter::*which, std::vector<float>& out) const {
  for (const Layer& layer : layers_) {
    const Buffer<float>& weights = layer.weights.*which;
    const size_t depth = layer.shape.depth();
    for (size_t k = 0; k < depth; ++k) {
      for (size_t j = 0; j < layer.shape.units; ++j) {
        out.push_back(weights[(j / kPanel * depth + k) * kPanel + j % kPanel]);
      }
    }
    const float* const bias = (layer.bias.*which).data();
    out.insert(out.end(), bias, bias + layer.shape.units);
  }
}

const float* ConvolutionTrainer::set(Buffer<float> NetworkParameter::*which, const float* values) {
  for (Layer& layer : layers_) {
    Buffer<float>& weights = layer.weights.*which;
    const size_t depth = layer.shape.depth();
    for (size_t k = 0; k < depth; ++k) {
      for (size_t j = 0; j < layer.shape.units; ++j) {
        weights[(j / kPanel * depth + k) * kPanel + j % kPanel] = *values++;
      }
    }
    std::copy_n(values, layer.shape.units, (layer.bias.*which).data());
    values += layer.shape.units;
  }
  for (const Share& share : shares_) turn(share);
  return values;
}

}  // namespace tenon
