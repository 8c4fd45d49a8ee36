#include "network_trainer.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace tenon {

// From layer l's delta to the slopes by its inputs, for rows `stride` apart.
void NetworkTrainer::multiply_back(size_t l, size_t first, size_t last, float* into, size_t stride) {
  const Layer& layer = layers_[l];
  if (layer.split_transposed.size() > 0) {
    TileProduct product{};
    product.b = layer.split_transposed.data();
    product.b_panel = tile_panel(layer.units);
    product.c = into;
    product.c_row = stride;
    product.rows = last - first;
    product.columns = layer.inputs;
    product.floor = -INFINITY;
    multiply_rows(layer.delta + first * layer.stride, layer.stride, layer.units, product);
    return;
  }
  DenseBlock block{};
  block.a = layer.delta + first * layer.stride;
  block.a_row = layer.stride;
  block.a_depth = 1;
  block.b = layer.transposed.data();
  block.b_depth = kPanel;
  block.b_panel = layer.units * kPanel;
  block.c = into;
  block.c_row = stride;
  block.rows = last - first;
  block.columns = (layer.inputs + 15) / 16 * 16;
  block.depth = layer.units;
  block.floor = -INFINITY;
  kernels().f32_dense_block(block);
}

// From layer l's delta to the delta of the layer before it, by `before`; with layer
// normalization by its sums.
void NetworkTrainer::go_back(size_t l, size_t first, size_t last) {
  Layer& below = layers_[l - 1];
  multiply_back(l, first, last, below.delta_before + first * below.stride, below.stride);
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

void NetworkTrainer::transpose(Layer& layer, size_t panel, size_t first, size_t last) const {
  const size_t units = std::min(kPanel, layer.units - panel * kPanel);
  for (size_t k = first; k < last; k += 16) {
    kernels().f32_transpose16(layer.weights.value.data() + (panel * layer.inputs + k) * kPanel, kPanel,
                              std::min<size_t>(16, last - k), units,
                              layer.transposed.data() + (k / kPanel * layer.units + panel * kPanel) * kPanel + k % kPanel,
                              kPanel);
  }
}

// The gradient of a share's weights, a row of kPanel for each input.
void NetworkTrainer::multiply_share(const Share& share, size_t rows, float* gradient) const {
  const size_t l = share.layer;
  const Layer& layer = layers_[l];
  const size_t column = share.panel * kPanel;
  const size_t inputs = share.last - share.first;
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
}

// The gradient of a share, and where it need not be kept the step by it.
void NetworkTrainer::share_gradient(const Share& share, size_t rows) {
  Layer& layer = layers_[share.layer];
  const size_t column = share.panel * kPanel;
  const size_t inputs = share.last - share.first;
  const size_t at = (share.panel * layer.inputs + share.first) * kPanel;
  if (!keep_gradients_ && layer.split_delta.size() == 0) {
    // What the optimizer will want comes nearer while the product is computed. (Tiles want the time.)
    for (const Buffer<float>* memory : {&layer.weights.value, &layer.weights.first, &layer.weights.second}) {
      for (size_t i = 0; i < inputs * kPanel; i += 16) __builtin_prefetch(memory->data() + at + i, 1, 2);
    }
  }
  alignas(64) float scratch[kShareTiles * kPanel];
  float* const gradient = keep_gradients_ ? layer.weights.gradient.data() + at : scratch;
  if (layer.split_delta.size() > 0) multiply_tiles(layer, share.panel, share.first, inputs, rows, gradient);
  else multiply_share(share, rows, gradient);
  if (!keep_gradients_) {
    step_.update(layer.weights, at, gradient, inputs * kPanel, true);
    refresh(layer, share.panel, share.first, share.last);
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
    else step_.update(parameter, column, values, kPanel, false);
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
  double squares = convolutions_ == nullptr ? 0 : convolutions_->gradient_squares();
  for (const Layer& layer : layers_) {
    for (const Parameter* parameter : {&layer.weights, &layer.bias, &layer.gain, &layer.shift}) {
      squares += parameter->gradient_squares();
    }
  }
  const double norm = std::sqrt(squares);
  return norm > options_.clip_norm ? options_.clip_norm / norm : 1;
}

// The step of a share by its kept gradient times `factor`.
void NetworkTrainer::share_clipped(const Share& share, float factor) {
  Layer& layer = layers_[share.layer];
  const auto clipped = [&](Parameter& parameter, size_t at, size_t n, bool weights) {
    if (parameter.value.size() == 0) return;
    float* const g = parameter.gradient.data() + at;
    for (size_t k = 0; k < n; ++k) g[k] *= factor;
    step_.update(parameter, at, g, n, weights);
  };
  clipped(layer.weights, (share.panel * layer.inputs + share.first) * kPanel, (share.last - share.first) * kPanel,
          true);
  refresh(layer, share.panel, share.first, share.last);
  if (share.first > 0) return;
  clipped(layer.bias, share.panel * kPanel, kPanel, false);
  clipped(layer.gain, share.panel * kPanel, kPanel, false);
  clipped(layer.shift, share.panel * kPanel, kPanel, false);
}

}  // namespace tenon
