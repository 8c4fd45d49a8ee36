#include "network_trainer.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "../runtime/thread_pool.h"
#include "random.h"

namespace tenon {
namespace {

// Below about a million operations waking a thread costs more than it brings.
constexpr size_t kParallelOperations = size_t{1} << 20;

// Inputs of one panel whose gradient is computed at once: eight tiles of 14 and seven transposed
// squares of 16; 14 KiB of gradients.
constexpr size_t kShareInputs = 112;

// The share of a new batch in the running moments, as PyTorch has it.
constexpr double kMomentShare = 0.1;

// The most layers, the output's included, that start small by themselves.
constexpr size_t kShallowLayers = 3;

// Streams of random numbers beside the ones that shuffle.
constexpr uint64_t kStartStream = 1000;
constexpr uint64_t kDropoutStream = uint64_t{1} << 40;

Buffer<float> zeros(size_t count) {
  Buffer<float> buffer(count);
  std::fill_n(buffer.data(), count, 0.0f);
  return buffer;
}

// L1's step: towards zero by `by`, and not beyond.
void shrink(float* w, size_t n, float by) noexcept {
  for (size_t i = 0; i < n; ++i) {
    const float size = std::abs(w[i]) - by;
    w[i] = std::copysign(size > 0 ? size : 0.0f, w[i]);
  }
}

}  // namespace

NetworkTrainer::NetworkTrainer(const NetworkShape& shape, const StepOptions& options, size_t batch_rows)
    : shape_(shape),
      options_(options),
      batch_rows_(batch_rows),
      input_stride_(row_stride(shape.feature_count)),
      target_(batch_rows),
      weight_(batch_rows),
      losses_(batch_rows) {
  const bool normalized = options.normalization != NetworkNormalization::kNone;
  shape_.layer_normalization = options.normalization == NetworkNormalization::kLayer;
  input_ = zeros(batch_rows * input_stride_);
  layers_.resize(shape.layers());
  for (size_t l = 0; l < layers_.size(); ++l) {
    Layer& layer = layers_[l];
    layer.inputs = shape.inputs(l);
    layer.units = shape.widths[l];
    layer.stride = row_stride(layer.units);
    layer.hidden = l + 1 < layers_.size();
    const size_t padded = panels_of(layer.units) * kPanel;
    const auto prepare = [&](Parameter& parameter, size_t count, float value) {
      parameter.value = zeros(count);
      std::fill_n(parameter.value.data(), count, value);
      // Everything that not every solver needs is small beside the batch; simplicity wins.
      parameter.gradient = zeros(count);
      parameter.first = zeros(count);
      parameter.second = zeros(count);
    };
    prepare(layer.weights, layer.inputs * padded, 0.0f);
    prepare(layer.bias, padded, 0.0f);
    parameter_count_ += (layer.inputs + 1) * layer.units;
    if (l > 0) layer.transposed = zeros(panels_of(layer.inputs) * kPanel * layer.units);
    const size_t values = batch_rows * layer.stride;
    layer.after_memory = zeros(values);
    layer.delta_memory = zeros(values);
    layer.after = layer.output = layer.before = layer.after_memory.data();
    layer.delta_before = layer.delta = layer.delta_memory.data();
    if (layer.hidden) {
      if (shape.activation == Activation::kGelu) {
        layer.before_memory = zeros(values);
        layer.before = layer.before_memory.data();
      }
      if (options.dropout > 0) {
        layer.output_memory = zeros(values);
        layer.mask = zeros(values);
        layer.output = layer.output_memory.data();
      }
    }
    layer.sums = layer.before;
    if (layer.hidden && normalized) {
      prepare(layer.gain, padded, 0.0f);
      std::fill_n(layer.gain.value.data(), layer.units, 1.0f);
      prepare(layer.shift, padded, 0.0f);
      parameter_count_ += 2 * layer.units;
      layer.sums_memory = zeros(values);
      layer.sums = layer.sums_memory.data();
      layer.normalized_delta_memory = zeros(values);
      layer.delta = layer.normalized_delta_memory.data();
      layer.inverse.resize(std::max(batch_rows, padded));
      layer.batch_mean.resize(padded);
      layer.batch_variance.resize(padded);
    }
    // He (2015) keeps the variance through rectifiers, Glorot and Bengio (2010) through the rest.
    // The smaller of the two learns noise later, and a few layers stand what it loses.
    const bool rectifies = shape.activation == Activation::kRelu || shape.activation == Activation::kGelu;
    const bool he = options.start == NetworkStart::kHe ||
                    (options.start == NetworkStart::kAuto && rectifies && layer.hidden && layers_.size() > kShallowLayers);
    const double n = static_cast<double>(layer.inputs);
    const double bound = std::sqrt(6.0 / (he ? n : n + static_cast<double>(layer.units)));
    Random random(options.seed, kStartStream + l);
    for (size_t k = 0; k < layer.inputs; ++k) {
      for (size_t j = 0; j < layer.units; ++j) {
        const double uniform = static_cast<double>(random.next() >> 11) * 0x1p-53;
        layer.weights.value[(j / kPanel * layer.inputs + k) * kPanel + j % kPanel] =
            static_cast<float>(bound * (2 * uniform - 1));
      }
    }
    for (size_t panel = 0; panel < panels_of(layer.units); ++panel) {
      if (l > 0) transpose(layer, panel, 0, layer.inputs);
      for (size_t first = 0; first < layer.inputs; first += kShareInputs) {
        shares_.push_back({static_cast<uint32_t>(l), static_cast<uint32_t>(panel), static_cast<uint32_t>(first),
                           static_cast<uint32_t>(std::min(layer.inputs, first + kShareInputs))});
      }
    }
    operations_ += 2 * layer.inputs * layer.units;
  }
}

bool NetworkTrainer::run(size_t n, size_t grain, size_t operations, const TaskControl& control, auto&& body) {
  if (operations >= kParallelOperations) return ThreadPool::instance().parallel_for(n, grain, body, &control);
  if (control.stopped()) return false;
  body(size_t{0}, n);
  return true;
}

void NetworkTrainer::gather(const TrainingSet& set, const uint32_t* chosen, size_t first, size_t last) {
  const size_t columns = shape_.feature_count;
  for (size_t r = first; r < last; ++r) {
    std::memcpy(input_.data() + r * input_stride_, set.rows + chosen[r] * columns, columns * sizeof(float));
    target_[r] = set.target[chosen[r]];
    weight_[r] = set.weight == nullptr ? 1.0f : set.weight[chosen[r]];
  }
}

void NetworkTrainer::multiply(size_t l, size_t first, size_t last) {
  Layer& layer = layers_[l];
  const float* const input = l == 0 ? input_.data() : layers_[l - 1].output;
  const size_t input_stride = l == 0 ? input_stride_ : layers_[l - 1].stride;
  const bool plain = layer.hidden && shape_.activation == Activation::kRelu &&
                     options_.normalization == NetworkNormalization::kNone;
  DenseBlock block{};
  block.a = input + first * input_stride;
  block.a_row = input_stride;
  block.a_depth = 1;
  block.b = layer.weights.value.data();
  block.b_depth = kPanel;
  block.b_panel = layer.inputs * kPanel;
  block.start = layer.bias.value.data();
  block.c = layer.sums + first * layer.stride;
  block.c_row = layer.stride;
  block.rows = last - first;
  block.columns = (layer.units + 15) / 16 * 16;
  block.depth = layer.inputs;
  block.floor = plain ? 0.0f : -INFINITY;
  kernels().f32_dense_block(block);
}

// From a hidden layer's sums to its output; with batch normalization, from `before`.
void NetworkTrainer::activate(size_t l, size_t first, size_t last) {
  Layer& layer = layers_[l];
  const size_t units = layer.units;
  const bool plain = shape_.activation == Activation::kIdentity ||
                     (shape_.activation == Activation::kRelu && options_.normalization == NetworkNormalization::kNone);
  for (size_t r = first; r < last; ++r) {
    float* const before = layer.before + r * layer.stride;
    float* const after = layer.after + r * layer.stride;
    if (options_.normalization == NetworkNormalization::kLayer) {
      float* const x = layer.sums + r * layer.stride;
      double mean = 0;
      for (size_t j = 0; j < units; ++j) mean += x[j];
      mean /= static_cast<double>(units);
      double squares = 0;
      for (size_t j = 0; j < units; ++j) squares += (x[j] - mean) * (x[j] - mean);
      const float middle = static_cast<float>(mean);
      const float inverse = static_cast<float>(1 / std::sqrt(squares / static_cast<double>(units) + kNormEpsilon));
      layer.inverse[r] = inverse;
      for (size_t j = 0; j < units; ++j) {
        x[j] = (x[j] - middle) * inverse;
        before[j] = layer.gain.value[j] * x[j] + layer.shift.value[j];
      }
    }
    if (!plain) kernels().f32_activate(shape_.activation, before, after, units);
    if (options_.dropout > 0) {
      // Each row's draws depend on the step, the layer and the row alone.
      float* const mask = layer.mask.data() + r * layer.stride;
      float* const output = layer.output + r * layer.stride;
      const uint64_t dropped = static_cast<uint64_t>(options_.dropout * 0x1p32);
      const float kept = static_cast<float>(1 / (1 - options_.dropout));
      Random random(options_.seed, kDropoutStream + (steps_ * layers_.size() + l) * batch_rows_ + r);
      uint64_t bits = 0;
      for (size_t j = 0; j < units; ++j) {
        bits = j % 2 == 0 ? random.next() : bits >> 32;
        mask[j] = (bits & 0xffffffff) < dropped ? 0.0f : kept;
        output[j] = after[j] * mask[j];
      }
    }
  }
}

// The losses, and their slopes by the last layer's sums, divided by the batch's weight.
void NetworkTrainer::lose(size_t first, size_t last) {
  Layer& layer = layers_.back();
  const float inverse = static_cast<float>(1 / weight_sum_);
  for (size_t r = first; r < last; ++r) {
    const float* const z = layer.sums + r * layer.stride;
    float* const delta = layer.delta + r * layer.stride;
    const float share = weight_[r] * inverse;
    double loss = 0;
    switch (options_.loss) {
      case NetworkLoss::kSoftmax: {
        const uint32_t label = static_cast<uint32_t>(target_[r]);
        loss = kernels().f32_softmax_loss(z, &label, delta, 1, layer.units);
        break;
      }
      case NetworkLoss::kLogistic: loss = kernels().f32_sigmoid_loss(z, &target_[r], delta, 1); break;
      case NetworkLoss::kSquared: {
        const double error = static_cast<double>(z[0]) - static_cast<double>(target_[r]);
        loss = 0.5 * error * error;
        delta[0] = static_cast<float>(error);
        break;
      }
      case NetworkLoss::kHuber: {
        const double error = static_cast<double>(z[0]) - static_cast<double>(target_[r]);
        const double size = std::abs(error);
        const double edge = options_.huber_delta;
        loss = size <= edge ? 0.5 * error * error : edge * (size - 0.5 * edge);
        delta[0] = static_cast<float>(std::clamp(error, -edge, edge));
        break;
      }
    }
    for (size_t j = 0; j < layer.units; ++j) delta[j] *= share;
    losses_[r] = loss * static_cast<double>(weight_[r]);
  }
}

// From layer l's delta to the delta of the layer before it, by `before`; with layer
// normalization by its sums.
void NetworkTrainer::go_back(size_t l, size_t first, size_t last) {
  const Layer& layer = layers_[l];
  Layer& below = layers_[l - 1];
  DenseBlock block{};
  block.a = layer.delta + first * layer.stride;
  block.a_row = layer.stride;
  block.a_depth = 1;
  block.b = layer.transposed.data();
  block.b_depth = kPanel;
  block.b_panel = layer.units * kPanel;
  block.c = below.delta_before + first * below.stride;
  block.c_row = below.stride;
  block.rows = last - first;
  block.columns = (below.units + 15) / 16 * 16;
  block.depth = layer.units;
  block.floor = -INFINITY;
  kernels().f32_dense_block(block);
  const size_t units = below.units;
  for (size_t r = first; r < last; ++r) {
    const size_t at = r * below.stride;
    float* const d = below.delta_before + at;
    if (options_.dropout > 0) {
      for (size_t j = 0; j < units; ++j) d[j] *= below.mask[at + j];
    }
    if (shape_.activation != Activation::kIdentity) {
      kernels().f32_activate_slope(shape_.activation, below.before + at, below.after + at, d, units);
    }
    if (options_.normalization == NetworkNormalization::kLayer) {
      const float* const x = below.sums + at;
      double sum = 0, along = 0;
      for (size_t j = 0; j < units; ++j) {
        const double slope = static_cast<double>(d[j] * below.gain.value[j]);
        sum += slope;
        along += slope * static_cast<double>(x[j]);
      }
      const float mean = static_cast<float>(sum / static_cast<double>(units));
      const float tilt = static_cast<float>(along / static_cast<double>(units));
      float* const delta = below.delta + at;
      for (size_t j = 0; j < units; ++j) {
        delta[j] = below.inverse[r] * (d[j] * below.gain.value[j] - mean - x[j] * tilt);
      }
    }
  }
}

// Batch normalization (Ioffe and Szegedy, 2015) of one panel's units.
void NetworkTrainer::normalize_batch(size_t l, size_t panel, size_t rows) {
  Layer& layer = layers_[l];
  const double n = static_cast<double>(rows);
  double mean[kPanel] = {}, squares[kPanel] = {};
  float middle[kPanel], inverse[kPanel];
  float* const from = layer.sums + panel * kPanel;
  for (size_t r = 0; r < rows; ++r) {
    const float* const x = from + r * layer.stride;
    for (size_t j = 0; j < kPanel; ++j) mean[j] += static_cast<double>(x[j]);
  }
  for (size_t j = 0; j < kPanel; ++j) mean[j] /= n;
  for (size_t r = 0; r < rows; ++r) {
    const float* const x = from + r * layer.stride;
    for (size_t j = 0; j < kPanel; ++j) {
      const double off = static_cast<double>(x[j]) - mean[j];
      squares[j] += off * off;
    }
  }
  for (size_t j = 0; j < kPanel; ++j) {
    const size_t unit = panel * kPanel + j;
    middle[j] = static_cast<float>(mean[j]);
    inverse[j] = layer.inverse[unit] = static_cast<float>(1 / std::sqrt(squares[j] / n + kNormEpsilon));
    if (keep_gradients_ && options_.clip_norm == 0) continue;  // evaluating, not learning
    layer.batch_mean[unit] += kMomentShare * (mean[j] - layer.batch_mean[unit]);
    // Without bias, as what is scored are other rows.
    const double variance = squares[j] / std::max(1.0, n - 1);
    layer.batch_variance[unit] += kMomentShare * (variance - layer.batch_variance[unit]);
  }
  const float* const gain = layer.gain.value.data() + panel * kPanel;
  const float* const shift = layer.shift.value.data() + panel * kPanel;
  for (size_t r = 0; r < rows; ++r) {
    float* const x = from + r * layer.stride;
    float* const y = layer.before + r * layer.stride + panel * kPanel;
    for (size_t j = 0; j < kPanel; ++j) {
      x[j] = (x[j] - middle[j]) * inverse[j];
      y[j] = gain[j] * x[j] + shift[j];
    }
  }
}

void NetworkTrainer::normalize_batch_back(size_t l, size_t panel, size_t rows) {
  Layer& layer = layers_[l];
  const double n = static_cast<double>(rows);
  double sum[kPanel] = {}, along[kPanel] = {};
  const size_t at = panel * kPanel;
  for (size_t r = 0; r < rows; ++r) {
    const float* const d = layer.delta_before + r * layer.stride + at;
    const float* const x = layer.sums + r * layer.stride + at;
    for (size_t j = 0; j < kPanel; ++j) {
      sum[j] += static_cast<double>(d[j]);
      along[j] += static_cast<double>(d[j]) * static_cast<double>(x[j]);
    }
  }
  float mean[kPanel], tilt[kPanel], factor[kPanel];
  for (size_t j = 0; j < kPanel; ++j) {
    mean[j] = static_cast<float>(sum[j] / n);
    tilt[j] = static_cast<float>(along[j] / n);
    factor[j] = layer.gain.value[at + j] * layer.inverse[at + j];
  }
  for (size_t r = 0; r < rows; ++r) {
    const float* const d = layer.delta_before + r * layer.stride + at;
    const float* const x = layer.sums + r * layer.stride + at;
    float* const delta = layer.delta + r * layer.stride + at;
    for (size_t j = 0; j < kPanel; ++j) delta[j] = factor[j] * (d[j] - mean[j] - x[j] * tilt[j]);
  }
}

double NetworkTrainer::forward_and_back(const TrainingSet& set, const uint32_t* chosen, size_t rows,
                                        const TaskControl& control) {
  rows_ = rows;
  weight_sum_ = 0;
  for (size_t r = 0; r < rows; ++r) {
    weight_sum_ += set.weight == nullptr ? 1.0 : static_cast<double>(set.weight[chosen[r]]);
  }
  const size_t last_layer = layers_.size() - 1;
  const size_t threads = ThreadPool::instance().size();
  const size_t grain = std::clamp<size_t>(chunk_count(rows, 4 * threads), 14, 56);
  const size_t work = 2 * operations_ * rows;
  if (options_.normalization != NetworkNormalization::kBatch) {
    run(rows, grain, work, control, [&](size_t first, size_t last) {
      gather(set, chosen, first, last);
      for (size_t l = 0; l <= last_layer; ++l) {
        multiply(l, first, last);
        if (l < last_layer) activate(l, first, last);
      }
      lose(first, last);
      for (size_t l = last_layer; l > 0; --l) go_back(l, first, last);
    });
  } else {
    for (size_t l = 0; l <= last_layer; ++l) {
      run(rows, grain, work, control, [&](size_t first, size_t last) {
        if (l == 0) gather(set, chosen, first, last);
        else activate(l - 1, first, last);
        multiply(l, first, last);
        if (l < last_layer) return;
        lose(first, last);
        if (l > 0) go_back(l, first, last);
      });
      if (l == last_layer) break;
      run(panels_of(layers_[l].units), 1, work, control, [&](size_t first, size_t last) {
        for (size_t panel = first; panel < last; ++panel) normalize_batch(l, panel, rows);
      });
    }
    for (size_t l = last_layer; l-- > 0;) {
      run(panels_of(layers_[l].units), 1, work, control, [&](size_t first, size_t last) {
        for (size_t panel = first; panel < last; ++panel) normalize_batch_back(l, panel, rows);
      });
      if (l == 0) break;
      run(rows, grain, work, control, [&](size_t first, size_t last) { go_back(l, first, last); });
    }
  }
  double loss = 0;
  for (size_t r = 0; r < rows; ++r) loss += losses_[r];
  return loss;
}

void NetworkTrainer::transpose(Layer& layer, size_t panel, size_t first, size_t last) const {
  const size_t units = std::min(kPanel, layer.units - panel * kPanel);
  for (size_t k = first; k < last; k += 16) {
    kernels().f32_transpose16(layer.weights.value.data() + (panel * layer.inputs + k) * kPanel, kPanel,
                              std::min<size_t>(16, last - k), units,
                              layer.transposed.data() + (k / kPanel * layer.units + panel * kPanel) * kPanel + k % kPanel,
                              kPanel);
  }
}

// One step of `n` numbers of a parameter from `at` on.
void NetworkTrainer::update(Parameter& parameter, size_t at, float* gradient, size_t n, double rate,
                            bool weights) const {
  const KernelTable& k = kernels();
  float* const w = parameter.value.data() + at;
  float* const first = parameter.first.data() + at;
  float* const second = parameter.second.data() + at;
  const float step_rate = static_cast<float>(rate);
  const bool decays = weights && options_.penalty == NetworkPenalty::kL2;
  const float decay = decays ? static_cast<float>(options_.strength) : 0.0f;
  switch (options_.solver) {
    case NetworkSolver::kSgd: k.f32_sgd_step(w, gradient, n, {step_rate, decay}); break;
    case NetworkSolver::kMomentum:
    case NetworkSolver::kNesterov:
      k.f32_momentum_step(w, gradient, first, n,
                          {step_rate, decay, static_cast<float>(options_.momentum), 0.0f,
                           options_.solver == NetworkSolver::kNesterov});
      break;
    case NetworkSolver::kAdagrad:
      k.f32_square_step(w, gradient, second, n, {step_rate, decay, 1.0f, 1.0f, static_cast<float>(options_.epsilon)});
      break;
    case NetworkSolver::kRmsprop:
      k.f32_square_step(w, gradient, second, n,
                        {step_rate, decay, static_cast<float>(options_.beta2), static_cast<float>(1 - options_.beta2),
                         static_cast<float>(options_.epsilon)});
      break;
    default: {
      AdamStep step = adam_;
      step.decay = decay;
      k.f32_adam_step(w, gradient, first, second, n, step);
    }
  }
  if (weights && options_.penalty == NetworkPenalty::kL1) {
    shrink(w, n, static_cast<float>(rate * options_.strength));
  }
}

void NetworkTrainer::share_gradient(const Share& share, size_t rows, double rate) {
  Layer& layer = layers_[share.layer];
  const size_t l = share.layer;
  const size_t column = share.panel * kPanel;
  const size_t inputs = share.last - share.first;
  const size_t at = (share.panel * layer.inputs + share.first) * kPanel;
  if (!keep_gradients_) {
    // What the optimizer will want comes nearer while the product is computed.
    for (const Buffer<float>* memory : {&layer.weights.value, &layer.weights.first, &layer.weights.second}) {
      for (size_t i = 0; i < inputs * kPanel; i += 16) __builtin_prefetch(memory->data() + at + i, 1, 2);
    }
  }
  alignas(64) float scratch[kShareInputs * kPanel];
  float* const gradient = keep_gradients_ ? layer.weights.gradient.data() + at : scratch;
  const size_t columns = std::min(kPanel, (layer.units - column + 15) / 16 * 16);
  if (columns < kPanel) std::memset(gradient, 0, inputs * kPanel * sizeof(float));
  DenseBlock block{};
  block.a = (l == 0 ? input_.data() : layers_[l - 1].output) + share.first;
  block.a_row = 1;
  block.a_depth = l == 0 ? input_stride_ : layers_[l - 1].stride;
  block.b = layer.delta + column;
  block.b_depth = layer.stride;
  block.b_panel = kPanel;
  block.c = gradient;
  block.c_row = kPanel;
  block.rows = inputs;
  block.columns = columns;
  block.depth = rows;
  block.floor = -INFINITY;
  kernels().f32_dense_block(block);
  if (!keep_gradients_) {
    update(layer.weights, at, gradient, inputs * kPanel, rate, true);
    if (l > 0) transpose(layer, share.panel, share.first, share.last);
  }
  if (share.first > 0) return;
  // The first share of a panel sees to its vectors.
  float sums[kPanel] = {};
  for (size_t r = 0; r < rows; ++r) {
    const float* const d = layer.delta + r * layer.stride + column;
    for (size_t j = 0; j < kPanel; ++j) sums[j] += d[j];
  }
  const auto vector = [&](Parameter& parameter, float* values) {
    if (keep_gradients_) std::copy_n(values, kPanel, parameter.gradient.data() + column);
    else update(parameter, column, values, kPanel, rate, false);
  };
  vector(layer.bias, sums);
  if (layer.gain.value.size() == 0) return;
  float gains[kPanel] = {}, shifts[kPanel] = {};
  for (size_t r = 0; r < rows; ++r) {
    const float* const d = layer.delta_before + r * layer.stride + column;
    const float* const x = layer.sums + r * layer.stride + column;
    for (size_t j = 0; j < kPanel; ++j) {
      gains[j] += d[j] * x[j];
      shifts[j] += d[j];
    }
  }
  vector(layer.gain, gains);
  vector(layer.shift, shifts);
}

// What the gradient is multiplied with to be no longer than clip_norm.
double NetworkTrainer::clip_factor() const {
  double squares = 0;
  for (const Layer& layer : layers_) {
    for (const Parameter* parameter : {&layer.weights, &layer.bias, &layer.gain, &layer.shift}) {
      double parts[8] = {};
      const float* const g = parameter->gradient.data();
      for (size_t i = 0; i < parameter->gradient.size(); ++i) {
        parts[i % 8] += static_cast<double>(g[i]) * static_cast<double>(g[i]);
      }
      for (const double part : parts) squares += part;
    }
  }
  const double norm = std::sqrt(squares);
  return norm > options_.clip_norm ? options_.clip_norm / norm : 1;
}

double NetworkTrainer::step(const TrainingSet& set, const uint32_t* chosen, size_t rows, double rate,
                            const TaskControl& control) {
  keep_gradients_ = options_.clip_norm > 0;
  const double loss = forward_and_back(set, chosen, rows, control);
  ++steps_;
  moment_share_ += kMomentShare * (1 - moment_share_);
  const double t = static_cast<double>(steps_);
  adam_.rate = static_cast<float>(rate);
  adam_.decoupled = options_.solver == NetworkSolver::kAdamw;
  adam_.fresh1 = static_cast<float>(1 - options_.beta1);
  adam_.beta2 = static_cast<float>(options_.beta2);
  adam_.fresh2 = static_cast<float>(1 - options_.beta2);
  adam_.epsilon = static_cast<float>(options_.epsilon);
  adam_.step_size = static_cast<float>(rate / (1 - std::pow(options_.beta1, t)));
  adam_.inverse_root = static_cast<float>(1 / std::sqrt(1 - std::pow(options_.beta2, t)));
  const size_t work = operations_ * rows;
  run(shares_.size(), 1, work, control, [&](size_t first, size_t last) {
    for (size_t i = first; i < last; ++i) share_gradient(shares_[i], rows, rate);
  });
  if (!keep_gradients_) return loss;
  const float factor = static_cast<float>(clip_factor());
  run(shares_.size(), 1, work, control, [&](size_t first, size_t last) {
    for (size_t i = first; i < last; ++i) {
      const Share& share = shares_[i];
      Layer& layer = layers_[share.layer];
      const auto clipped = [&](Parameter& parameter, size_t at, size_t n, bool weights) {
        if (parameter.value.size() == 0) return;
        float* const g = parameter.gradient.data() + at;
        for (size_t k = 0; k < n; ++k) g[k] *= factor;
        update(parameter, at, g, n, rate, weights);
      };
      clipped(layer.weights, (share.panel * layer.inputs + share.first) * kPanel,
              (share.last - share.first) * kPanel, true);
      if (share.layer > 0) transpose(layer, share.panel, share.first, share.last);
      if (share.first > 0) continue;
      clipped(layer.bias, share.panel * kPanel, kPanel, false);
      clipped(layer.gain, share.panel * kPanel, kPanel, false);
      clipped(layer.shift, share.panel * kPanel, kPanel, false);
    }
  });
  return loss;
}

double NetworkTrainer::evaluate(const TrainingSet& set, const uint32_t* chosen, size_t rows,
                                const TaskControl& control) {
  keep_gradients_ = true;
  const double loss = forward_and_back(set, chosen, rows, control);
  run(shares_.size(), 1, operations_ * rows, control, [&](size_t first, size_t last) {
    for (size_t i = first; i < last; ++i) share_gradient(shares_[i], rows, 0);
  });
  return loss;
}

std::vector<float> NetworkTrainer::canonical(Buffer<float> Parameter::*which) const {
  std::vector<float> out;
  out.reserve(parameter_count_);
  for (const Layer& layer : layers_) {
    const Buffer<float>& weights = layer.weights.*which;
    for (size_t k = 0; k < layer.inputs; ++k) {
      for (size_t j = 0; j < layer.units; ++j) {
        out.push_back(weights[(j / kPanel * layer.inputs + k) * kPanel + j % kPanel]);
      }
    }
    for (const Parameter* parameter : {&layer.bias, &layer.gain, &layer.shift}) {
      const Buffer<float>& vector = parameter->*which;
      if (vector.size() > 0) out.insert(out.end(), vector.data(), vector.data() + layer.units);
    }
  }
  return out;
}

void NetworkTrainer::set_parameters(const float* values) {
  for (size_t l = 0; l < layers_.size(); ++l) {
    Layer& layer = layers_[l];
    for (size_t k = 0; k < layer.inputs; ++k) {
      for (size_t j = 0; j < layer.units; ++j) {
        layer.weights.value[(j / kPanel * layer.inputs + k) * kPanel + j % kPanel] = *values++;
      }
    }
    for (Parameter* parameter : {&layer.bias, &layer.gain, &layer.shift}) {
      if (parameter->value.size() == 0) continue;
      std::copy_n(values, layer.units, parameter->value.data());
      values += layer.units;
    }
    for (size_t panel = 0; l > 0 && panel < panels_of(layer.units); ++panel) transpose(layer, panel, 0, layer.inputs);
  }
}

std::vector<float> NetworkTrainer::scoring_values() const {
  std::vector<float> values = parameters();
  if (options_.normalization != NetworkNormalization::kBatch) return values;
  std::vector<float> folded;
  const float* from = values.data();
  for (const Layer& layer : layers_) {
    const size_t count = layer.inputs * layer.units;
    const float* const bias = from + count;
    if (!layer.hidden) {
      folded.insert(folded.end(), from, bias + layer.units);
      break;
    }
    const float* const gain = bias + layer.units;
    const float* const shift = gain + layer.units;
    std::vector<double> factor(layer.units);
    for (size_t j = 0; j < layer.units; ++j) {
      const double seen = moment_share_ > 0 ? moment_share_ : 1;
      factor[j] = static_cast<double>(gain[j]) / std::sqrt(layer.batch_variance[j] / seen + kNormEpsilon);
    }
    for (size_t i = 0; i < count; ++i) {
      folded.push_back(static_cast<float>(static_cast<double>(from[i]) * factor[i % layer.units]));
    }
    for (size_t j = 0; j < layer.units; ++j) {
      const double seen = moment_share_ > 0 ? moment_share_ : 1;
      const double centred = static_cast<double>(bias[j]) - layer.batch_mean[j] / seen;
      folded.push_back(static_cast<float>(centred * factor[j] + static_cast<double>(shift[j])));
    }
    from = shift + layer.units;
  }
  return folded;
}

}  // namespace tenon
