#include "network_trainer.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "random.h"

namespace tenon {
namespace {

// Streams of random numbers, one for each row, layer and step.
constexpr uint64_t kDropoutStream = uint64_t{1} << 40;

}  // namespace

void NetworkTrainer::gather(const TrainingSet& set, const uint32_t* chosen, size_t first, size_t last) {
  const size_t columns = shape_.feature_count;
  for (size_t r = first; r < last; ++r) {
    std::memcpy(input_.data() + r * input_stride_, set.rows + chosen[r] * columns, columns * sizeof(float));
    look_up(set, chosen[r], r);
  }
}

// The target and weight of a row of the set for a row of the batch.
void NetworkTrainer::look_up(const TrainingSet& set, uint32_t row, size_t r) {
  target_[r] = set.target[row];
  weight_[r] = set.weight == nullptr ? 1.0f : set.weight[row];
}

void NetworkTrainer::multiply(size_t l, size_t first, size_t last) {
  Layer& layer = layers_[l];
  const float* const input = l == 0 ? input_.data() : layers_[l - 1].output;
  const size_t input_stride = l == 0 ? input_stride_ : layers_[l - 1].stride;
  const bool plain = layer.hidden && shape_.activation == Activation::kRelu &&
                     options_.normalization == NetworkNormalization::kNone;
  if (layer.split_weights.size() > 0) {
    TileProduct product{};
    product.b = layer.split_weights.data();
    product.b_panel = tile_panel(layer.inputs);
    product.start = layer.bias.value.data();
    product.c = layer.sums + first * layer.stride;
    product.c_row = layer.stride;
    product.rows = last - first;
    product.columns = layer.units;
    product.floor = plain ? 0.0f : -INFINITY;
    multiply_rows(input + first * input_stride, input_stride, layer.inputs, product);
    return;
  }
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

}  // namespace tenon
