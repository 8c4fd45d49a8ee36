#include "network_trainer.h"

#include <algorithm>
#include <atomic>
#include <cmath>

#include "../runtime/thread_pool.h"
#include "random.h"

namespace tenon {
namespace {

// Below about a million operations waking a thread costs more than it brings.
constexpr size_t kParallelOperations = size_t{1} << 20;

// Stream of random numbers beside the ones that shuffle.
constexpr uint64_t kStartStream = 1000;

Buffer<float> zeros(size_t count) {
  Buffer<float> buffer(count);
  std::fill_n(buffer.data(), count, 0.0f);
  return buffer;
}

// Hands out the numbers below `count` once each: to a thread those of its own part while there are
// any, so that what it works on from one step to the next stays in its caches.
class OwnShares {
 public:
  OwnShares(size_t count, size_t threads) : parts_(std::min(threads, kMostParts)) {
    for (size_t part = 0; part < parts_; ++part) {
      next_[part].at.store(count * part / parts_, std::memory_order_relaxed);
      end_[part] = count * (part + 1) / parts_;
    }
  }

  // To be called `count` times.
  size_t take() noexcept {
    for (size_t part = ThreadPool::current() % parts_;; part = (part + 1) % parts_) {
      if (next_[part].at.load(std::memory_order_relaxed) >= end_[part]) continue;
      const size_t taken = next_[part].at.fetch_add(1, std::memory_order_relaxed);
      if (taken < end_[part]) return taken;
    }
  }

 private:
  static constexpr size_t kMostParts = 64;
  struct alignas(64) Next {
    std::atomic<size_t> at;
  };
  size_t parts_;
  Next next_[kMostParts];
  size_t end_[kMostParts];
};

}  // namespace

NetworkTrainer::NetworkTrainer(const NetworkShape& shape, const StepOptions& options, size_t batch_rows)
    : shape_(shape),
      options_(options),
      batch_rows_(batch_rows),
      input_stride_(row_stride(shape.inputs(0))),
      target_(batch_rows),
      weight_(batch_rows),
      losses_(batch_rows),
      step_(options) {
  const bool normalized = options.normalization != NetworkNormalization::kNone;
  shape_.layer_normalization = options.normalization == NetworkNormalization::kLayer;
  input_ = zeros(batch_rows * input_stride_);
  if (!shape.convolutions.empty()) {
    convolutions_ = std::make_unique<ConvolutionTrainer>(shape, options, batch_rows);
    input_delta_ = zeros(batch_rows * input_stride_);
  }
  parameter_count_ = shape.convolution_parameter_count();
  operations_ = shape.operations();
  layers_.resize(shape.layers());
  for (size_t l = 0; l < layers_.size(); ++l) {
    Layer& layer = layers_[l];
    layer.inputs = shape.inputs(l);
    layer.units = shape.widths[l];
    layer.stride = row_stride(layer.units);
    layer.hidden = l + 1 < layers_.size();
    const size_t padded = panels_of(layer.units) * kPanel;
    layer.weights.prepare(layer.inputs * padded, 0.0f);
    layer.bias.prepare(padded, 0.0f);
    parameter_count_ += (layer.inputs + 1) * layer.units;
    const bool goes_back = l > 0 || convolutions_ != nullptr;
    const bool on_tiles = suits_tiles(layer);
    tiled_ |= on_tiles;
    if (on_tiles) prepare_tiles(layer, goes_back);
    if (goes_back && layer.split_transposed.size() == 0) {
      layer.transposed = zeros(panels_of(layer.inputs) * kPanel * layer.units);
    }
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
      layer.gain.prepare(padded, 0.0f);
      std::fill_n(layer.gain.value.data(), layer.units, 1.0f);
      layer.shift.prepare(padded, 0.0f);
      parameter_count_ += 2 * layer.units;
      layer.sums_memory = zeros(values);
      layer.sums = layer.sums_memory.data();
      layer.normalized_delta_memory = zeros(values);
      layer.delta = layer.normalized_delta_memory.data();
      layer.inverse.resize(std::max(batch_rows, padded));
      layer.batch_mean.resize(padded);
      layer.batch_variance.resize(padded);
    }
    const size_t all_layers = shape.convolutions.size() + layers_.size();
    const double bound = start_bound(options, shape.activation, layer.hidden, all_layers,
                                     static_cast<double>(layer.inputs), static_cast<double>(layer.units));
    Random random(options.seed, kStartStream + l);
    for (size_t k = 0; k < layer.inputs; ++k) {
      for (size_t j = 0; j < layer.units; ++j) {
        layer.weights.value[(j / kPanel * layer.inputs + k) * kPanel + j % kPanel] =
            static_cast<float>(bound * (2 * random.uniform() - 1));
      }
    }
    refresh(layer);
    const size_t share_inputs = on_tiles ? kShareTiles : kShareInputs;
    // What the gradients read of the inputs stays in the cache for all panels.
    for (size_t first = 0; first < layer.inputs; first += share_inputs) {
      for (size_t panel = 0; panel < panels_of(layer.units); ++panel) {
        shares_.push_back({static_cast<uint32_t>(l), static_cast<uint32_t>(panel), static_cast<uint32_t>(first),
                           static_cast<uint32_t>(std::min(layer.inputs, first + share_inputs))});
      }
    }
  }
}

bool NetworkTrainer::run(size_t n, size_t grain, size_t operations, const TaskControl& control, auto&& body) {
  if (operations >= kParallelOperations) return ThreadPool::instance().parallel_for(n, grain, body, &control);
  if (control.stopped()) return false;
  body(size_t{0}, n);
  return true;
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
  // On tiles whole steps of the gradients' depth, and equally many for each thread.
  const size_t row_steps = chunk_count(rows, kTileStep);
  const size_t grain = tiled_ ? std::clamp<size_t>(chunk_count(row_steps, threads), 1, 4) * kTileStep
                              : std::clamp<size_t>(chunk_count(rows, 4 * threads), 14, 56);
  const size_t work = 2 * operations_ * rows;
  if (convolutions_ != nullptr) {
    const size_t group_rows = convolutions_->group_rows(rows);
    run(chunk_count(rows, group_rows), 1, work, control, [&](size_t first, size_t last) {
      for (size_t group = first; group < last; ++group) {
        take_group(set, chosen, group, group * group_rows, std::min(rows, (group + 1) * group_rows), control);
      }
    });
  } else if (options_.normalization != NetworkNormalization::kBatch) {
    run(rows, grain, work, control, [&](size_t first, size_t last) {
      gather(set, chosen, first, last);
      pass(first, last);
      if (tiled_) split_batch(first, last);
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
  if (tiled_ && (convolutions_ != nullptr || options_.normalization == NetworkNormalization::kBatch)) {
    run(row_steps, 1, work, control, [&](size_t first, size_t last) {
      split_batch(first * kTileStep, std::min(rows, last * kTileStep));
    });
  }
  double loss = 0;
  for (size_t r = 0; r < rows; ++r) loss += losses_[r];
  return loss;
}

// All layers forwards and backwards.
void NetworkTrainer::pass(size_t first, size_t last) {
  const size_t last_layer = layers_.size() - 1;
  for (size_t l = 0; l <= last_layer; ++l) {
    multiply(l, first, last);
    if (l < last_layer) activate(l, first, last);
  }
  lose(first, last);
  for (size_t l = last_layer; l > 0; --l) go_back(l, first, last);
}

// The same with the convolutions, for a group of them; may leave rows out when stopped.
void NetworkTrainer::take_group(const TrainingSet& set, const uint32_t* chosen, size_t group, size_t first, size_t last,
                                const TaskControl& control) {
  auto workspace = convolutions_->take();
  convolutions_->begin_group(group);
  for (size_t begin = first; begin < last; begin += convolutions_->images()) {
    const size_t end = std::min(last, begin + convolutions_->images());
    for (size_t r = begin; r < end && !control.stopped(); ++r) {
      const float* const pixels = set.rows + size_t{chosen[r]} * shape_.feature_count;
      convolutions_->forward(*workspace, r - begin, pixels, input_.data() + r * input_stride_);
      look_up(set, chosen[r], r);
    }
    if (control.stopped()) break;
    pass(begin, end);
    multiply_back(0, begin, end, input_delta_.data() + begin * input_stride_, input_stride_);
    for (size_t r = begin; r < end && !control.stopped(); ++r) {
      convolutions_->back(*workspace, r - begin, group, input_.data() + r * input_stride_,
                          input_delta_.data() + r * input_stride_);
    }
  }
  convolutions_->give_back(std::move(workspace));
}

// The shares of the gradients' work, the convolutions' first: a share of each of many rows.
template <typename Convolutions, typename Dense>
void NetworkTrainer::each_share(size_t rows, const TaskControl& control, const Convolutions& convolve,
                                const Dense& dense) {
  const size_t before = convolutions_ == nullptr ? 0 : convolutions_->shares();
  const size_t count = before + shares_.size();
  OwnShares own(count, ThreadPool::instance().size());
  run(count, 1, operations_ * rows, control, [&](size_t first, size_t last) {
    for (; first < last; ++first) {
      const size_t i = own.take();
      if (i < before) convolve(i);
      else dense(shares_[i - before]);
    }
  });
}

void NetworkTrainer::share_gradients(size_t rows, const TaskControl& control) {
  const size_t groups = convolutions_ == nullptr ? 0 : chunk_count(rows, convolutions_->group_rows(rows));
  each_share(
      rows, control, [&](size_t i) { convolutions_->share_gradient(i, groups, keep_gradients_, step_); },
      [&](const Share& share) { share_gradient(share, rows); });
}

double NetworkTrainer::step(const TrainingSet& set, const uint32_t* chosen, size_t rows, double rate,
                            const TaskControl& control) {
  keep_gradients_ = options_.clip_norm > 0;
  const double loss = forward_and_back(set, chosen, rows, control);
  ++steps_;
  moment_share_ += kMomentShare * (1 - moment_share_);
  step_.begin(steps_, rate);
  if (control.stopped()) return loss;
  share_gradients(rows, control);
  if (!keep_gradients_) return loss;
  const float factor = static_cast<float>(clip_factor());
  each_share(
      rows, control, [&](size_t i) { convolutions_->share_clipped(i, factor, step_); },
      [&](const Share& share) { share_clipped(share, factor); });
  return loss;
}

double NetworkTrainer::evaluate(const TrainingSet& set, const uint32_t* chosen, size_t rows,
                                const TaskControl& control) {
  keep_gradients_ = true;
  const double loss = forward_and_back(set, chosen, rows, control);
  share_gradients(rows, control);
  return loss;
}

}  // namespace tenon
