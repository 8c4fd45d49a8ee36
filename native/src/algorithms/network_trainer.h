#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "../operations/buffer.h"
#include "../runtime/task.h"
#include "convolution_trainer.h"
#include "network_shape.h"
#include "network_step.h"

namespace tenon {

// What is learnt from: rows to choose batches of.
struct TrainingSet {
  const float* rows;            // row-major, feature_count apart
  const float* target;          // a number or a class per row
  const float* weight;          // per row, or null for one each
};

// Everything that a network in training has from one step to the next: its numbers in canonical
// order with what the optimizer remembers of each, and the running moments of batch normalization.
struct NetworkMemory {
  std::vector<float> value, first, second;
  std::vector<double> mean, variance;  // of all normalized layers
  double moment_share = 0;
  uint64_t steps = 0;
};

// A network in training: parameters, the optimizer's memory and the values of one batch.
//
// Weights lie in panels of kPanel units, each with a row per input, and are never packed: the
// forward product reads them as they are, the gradient's product writes tiles of the same shape,
// each followed at once by the optimizer while it is in the first-level cache, and by a
// transposed copy for the way back. A step hands over to the pool twice: once for all layers
// forwards and backwards, some rows at a time, and once for the gradients of all layers, some
// inputs of one panel at a time. (Batch normalization looks at all rows of a layer and adds two
// more for each; it does not go with convolutions.) Every sum has one order, so results do not
// depend on the number of threads.
//
// Where the processor has tiles (TileProduct in parameters.h) wide layers are multiplied on them, if
// batches have a step's rows: by shapes alone, so at any number of threads and after a resumption
// too. Their sums are as near to the exact ones and not the same as on other instruction sets; what
// is infinite becomes NaN.
class NetworkTrainer {
 public:
  // `shape.layer_normalization` follows the options. May throw std::bad_alloc.
  NetworkTrainer(const NetworkShape& shape, const StepOptions& options, size_t batch_rows);

  // One step on the chosen rows, at most batch_rows of them. Returns the weighted sum of their
  // losses, without the penalty, before the step. Stops early, in any state, when control is stopped.
  double step(const TrainingSet& set, const uint32_t* chosen, size_t rows, double rate, const TaskControl& control);

  // The same without a step: the gradient of the batch's mean loss and penalty stays to be read.
  double evaluate(const TrainingSet& set, const uint32_t* chosen, size_t rows, const TaskControl& control);

  // Numbers in canonical order, with gains and shifts for either normalization.
  size_t parameter_count() const noexcept { return parameter_count_; }
  std::vector<float> parameters() const { return canonical(&Parameter::value); }
  std::vector<float> gradient() const { return canonical(&Parameter::gradient); }
  void set_parameters(const float* values);

  // What the next step depends on besides its rows.
  NetworkMemory memory() const;
  // Goes on from there; the lengths must be those that memory() has.
  void set_memory(const NetworkMemory& memory);

  // The network that scores: batch normalization, by the moments of the batches seen, is folded
  // into the weights before it. Its values in the order of `scoring_shape()`.
  std::vector<float> scoring_values() const;
  const NetworkShape& scoring_shape() const noexcept { return shape_; }

 private:
  using Parameter = NetworkParameter;
  struct Layer {
    size_t inputs = 0;
    size_t units = 0;
    size_t stride = 0;  // of the batch's matrices below
    bool hidden = false;
    Parameter weights, bias, gain, shift;
    Buffer<float> transposed;  // weights the other way, in panels of inputs; none in the first layer
    // On tiles: weights both ways, instead of those above, and input and delta of the batch along its
    // rows. Empty where not.
    Buffer<uint16_t> split_weights, split_transposed, split_input, split_delta;
    // One row per row of the batch. `sums` is normalized in place where there is normalization
    // and otherwise the same memory as `before`; `before`, what the activation sees, is apart
    // from `after` for GELU only; `output` from `after` with dropout only.
    Buffer<float> sums_memory, before_memory, after_memory, output_memory, mask;
    float *sums = nullptr, *before = nullptr, *after = nullptr, *output = nullptr;
    // The loss by `before`, and by the sums; the same memory without normalization.
    Buffer<float> delta_memory, normalized_delta_memory;
    float *delta_before = nullptr, *delta = nullptr;
    std::vector<float> inverse;                 // 1 / deviation, per row or per unit
    std::vector<double> batch_mean, batch_variance;  // running, of batch normalization
  };
  // Inputs of one panel whose gradient is computed at once: eight tiles of 14 and seven transposed
  // squares of 16, 14 KiB of gradients; on tiles four panels.
  static constexpr size_t kShareInputs = 112;
  static constexpr size_t kShareTiles = 128;

  // The share of a new batch in the running moments, as PyTorch has it.
  static constexpr double kMomentShare = 0.1;

  // A share of the gradients' work.
  struct Share {
    uint32_t layer;
    uint32_t panel;
    uint32_t first;  // inputs
    uint32_t last;
  };

  bool batch_normalized(size_t l) const noexcept {
    return layers_[l].hidden && options_.normalization == NetworkNormalization::kBatch;
  }
  bool run(size_t n, size_t grain, size_t operations, const TaskControl& control, auto&& body);
  double forward_and_back(const TrainingSet& set, const uint32_t* chosen, size_t rows, const TaskControl& control);
  void look_up(const TrainingSet& set, uint32_t row, size_t r);
  void gather(const TrainingSet& set, const uint32_t* chosen, size_t first, size_t last);
  void multiply(size_t l, size_t first, size_t last);
  void activate(size_t l, size_t first, size_t last);
  void lose(size_t first, size_t last);
  void pass(size_t first, size_t last);
  void take_group(const TrainingSet& set, const uint32_t* chosen, size_t group, size_t first, size_t last,
                  const TaskControl& control);
  void multiply_back(size_t l, size_t first, size_t last, float* into, size_t stride);
  void go_back(size_t l, size_t first, size_t last);
  void normalize_batch(size_t l, size_t panel, size_t rows);
  void normalize_batch_back(size_t l, size_t panel, size_t rows);
  template <typename Convolutions, typename Dense>
  void each_share(size_t rows, const TaskControl& control, const Convolutions& convolve, const Dense& dense);
  void share_gradients(size_t rows, const TaskControl& control);
  void multiply_share(const Share& share, size_t rows, float* gradient) const;
  void share_gradient(const Share& share, size_t rows);
  void share_clipped(const Share& share, float factor);
  void transpose(Layer& layer, size_t panel, size_t first, size_t last) const;
  bool suits_tiles(const Layer& layer) const noexcept;
  void prepare_tiles(Layer& layer, bool goes_back);
  static void multiply_rows(const float* a, size_t stride, size_t depth, const TileProduct& wanted);
  void split_batch(size_t first, size_t last);
  void multiply_tiles(const Layer& layer, size_t panel, size_t first, size_t count, size_t rows, float* gradient) const;
  void refresh(Layer& layer, size_t panel, size_t first, size_t last);
  void refresh(Layer& layer);
  double clip_factor() const;
  std::vector<float> canonical(Buffer<float> Parameter::*which) const;
  void set_canonical(Buffer<float> Parameter::*which, const float* values);

  NetworkShape shape_;
  StepOptions options_;
  size_t parameter_count_ = 0;
  size_t batch_rows_;
  std::vector<Layer> layers_;
  std::vector<Share> shares_;
  size_t operations_ = 0;  // per row, one way
  bool tiled_ = false;     // some layer

  std::unique_ptr<ConvolutionTrainer> convolutions_;  // null without

  // The batch.
  Buffer<float> input_, input_delta_;
  size_t input_stride_;
  std::vector<float> target_, weight_;
  std::vector<double> losses_;
  double weight_sum_ = 0;
  size_t rows_ = 0;

  uint64_t steps_ = 0;
  bool keep_gradients_ = false;  // instead of updating at once
  double moment_share_ = 0;  // how much of the running moments is not zero yet
  NetworkStep step_;
};

}  // namespace tenon
