#include "convolution.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "../kernels/table.h"
#include "network_shape.h"

namespace tenon {
namespace {

// What a bias adds to a sum where no start is.
alignas(64) constexpr float kZeros[kPanel] = {};
constexpr float kOne = 1;

size_t columns_of(const ConvolutionShape& shape, size_t panel) {
  return std::min(kPanel, unit_stride(shape) - panel * kPanel);
}

PoolBlock pool_block(const ConvolutionShape& shape) {
  PoolBlock block{};
  block.which_position = unit_stride(shape);
  block.height = shape.out_height();
  block.width = shape.out_width();
  block.channels = shape.units;
  block.size = shape.pool_size;
  return block;
}

// The windows' means; without pooling a copy.
void average(const ConvolutionShape& shape, const float* full, const ConvolvedImage& out) {
  const size_t stride = unit_stride(shape);
  const size_t line = shape.columns() * stride;
  const float share = 1 / static_cast<float>(shape.pool_size * shape.pool_size);
  for (size_t y = 0; y < shape.out_height(); ++y) {
    for (size_t x = 0; x < shape.out_width(); ++x) {
      const float* const from = full + y * shape.pool_size * line + x * shape.pool_size * stride;
      float* const to = out.first + y * out.line + x * shape.units;
      std::copy_n(from, shape.units, to);
      if (shape.pool_size == 1) continue;
      for (size_t i = 1; i < size_t{shape.pool_size} * shape.pool_size; ++i) {
        const float* const next = from + i / shape.pool_size * line + i % shape.pool_size * stride;
        for (size_t j = 0; j < shape.units; ++j) to[j] += next[j];
      }
      for (size_t j = 0; j < shape.units; ++j) to[j] *= share;
    }
  }
}

}  // namespace

bool activates_last(const ConvolutionShape& shape, Activation activation) noexcept {
  if (activation == Activation::kIdentity) return true;
  // A rectifier is part of the sums' kernel; its slope is that of the result all the same.
  return shape.pool != NetworkPool::kAverage && activation != Activation::kGelu;
}

void convolve(const ConvolutionShape& shape, Activation activation, const float* image, const float* weights,
              const float* bias, float* sums, float* activated, float* which, const ConvolvedImage& out) {
  const size_t stride = unit_stride(shape);
  const bool rectified = activation == Activation::kRelu;
  RunBlock block{};
  block.a = image;
  block.a_line = shape.stride * image_line(shape);
  block.a_row = shape.stride * shape.channels;
  block.a_run = image_line(shape);
  block.a_depth = 1;
  block.b = weights;
  block.b_run = shape.kernel * shape.channels * kPanel;
  block.b_depth = kPanel;
  block.b_panel = shape.depth() * kPanel;
  block.start = bias;
  block.c = sums;
  block.c_line = shape.columns() * stride;
  block.c_row = stride;
  block.lines = shape.rows();
  block.rows = shape.columns();
  block.columns = stride;
  block.runs = shape.kernel;
  block.depth = shape.kernel * shape.channels;
  block.floor = rectified ? 0.0f : -INFINITY;
  kernels().f32_run_block(block);
  const bool last = activates_last(shape, activation);
  float* full = sums;
  if (!last && !rectified) {
    full = activated == nullptr ? sums : activated;
    kernels().f32_activate(activation, sums, full, sum_floats(shape));
  }
  if (shape.pool == NetworkPool::kMax) {
    PoolBlock pool = pool_block(shape);
    pool.full = full;
    pool.full_line = block.c_line;
    pool.full_position = stride;
    pool.pooled = out.first;
    pool.pooled_line = out.line;
    pool.pooled_position = shape.units;
    pool.which = which;
    kernels().f32_max_pool(pool);
  } else {
    average(shape, full, out);
  }
  if (!last || rectified || activation == Activation::kIdentity) return;
  for (size_t y = 0; y < shape.out_height(); ++y) {
    float* const line = out.first + y * out.line;
    kernels().f32_activate(activation, line, line, shape.out_width() * shape.units);
  }
}

SlopeLayout::SlopeLayout(const ConvolutionShape& shape) noexcept {
  const size_t reach = shape.kernel - 1 - shape.border();
  const size_t across = shape.width + shape.kernel - 1;
  const size_t stride = unit_stride(shape);
  position = shape.stride * stride;
  line = shape.stride * across * stride;
  start = reach * (across + 1) * stride;
  floats = (shape.height + shape.kernel - 1) * across * stride;
}

void convolve_slopes(const ConvolutionShape& shape, Activation activation, const float* sums, float* which,
                     const ConvolvedImage& out, float* delta, size_t delta_position, float* slopes) {
  const SlopeLayout layout(shape);
  const size_t units = shape.units;
  const size_t stride = unit_stride(shape);
  const size_t delta_line = shape.out_width() * delta_position;
  const bool last = activates_last(shape, activation);
  if (last && activation != Activation::kIdentity) {
    // Lines at once where nothing lies between the positions.
    const bool whole = delta_position == units;
    const size_t pieces = whole ? 1 : shape.out_width();
    const size_t n = whole ? delta_line : units;
    for (size_t y = 0; y < shape.out_height(); ++y) {
      for (size_t i = 0; i < pieces; ++i) {
        const float* const h = out.first + y * out.line + i * units;
        kernels().f32_activate_slope(activation, h, h, delta + y * delta_line + i * delta_position, n);
      }
    }
  }
  std::fill_n(slopes, layout.floats, 0.0f);
  if (shape.pool == NetworkPool::kMax) {
    PoolBlock pool = pool_block(shape);
    pool.full = slopes + layout.start;
    pool.full_line = layout.line;
    pool.full_position = layout.position;
    pool.pooled = delta;
    pool.pooled_line = delta_line;
    pool.pooled_position = delta_position;
    pool.which = which;
    kernels().f32_max_unpool(pool);
  } else {
    const float share = 1 / static_cast<float>(shape.pool_size * shape.pool_size);
    for (size_t y = 0; y < shape.out_height() * shape.pool_size; ++y) {
      for (size_t x = 0; x < shape.out_width() * shape.pool_size; ++x) {
        const float* const from = delta + y / shape.pool_size * delta_line + x / shape.pool_size * delta_position;
        float* const to = slopes + layout.start + y * layout.line + x * layout.position;
        for (size_t j = 0; j < units; ++j) to[j] = from[j] * share;
      }
    }
  }
  if (last) return;
  for (size_t y = 0; y < shape.rows(); ++y) {
    for (size_t x = 0; x < shape.columns(); ++x) {
      const size_t at = (y * shape.columns() + x) * stride;
      float* const to = slopes + layout.start + y * layout.line + x * layout.position;
      kernels().f32_activate_slope(activation, sums + at, sums + at, to, units);
    }
  }
}

void convolve_gradient(const ConvolutionShape& shape, const float* image, const float* slopes, float* weights,
                       float* bias) {
  const SlopeLayout layout(shape);
  const size_t across = shape.kernel * shape.channels;
  for (size_t panel = 0; panel < panels_of(shape.units); ++panel) {
    RunBlock block{};
    block.a = image;
    block.a_line = image_line(shape);
    block.a_row = 1;
    block.a_run = shape.stride * image_line(shape);
    block.a_depth = shape.stride * shape.channels;
    block.b = slopes + layout.start + panel * kPanel;
    block.b_run = layout.line;
    block.b_depth = layout.position;
    block.b_panel = kPanel;
    block.c = weights + panel * shape.depth() * kPanel;
    block.c_line = across * kPanel;
    block.c_row = kPanel;
    block.start = block.c;
    block.start_line = block.c_line;
    block.start_row = block.c_row;
    block.lines = shape.kernel;
    block.rows = across;
    block.columns = columns_of(shape, panel);
    block.runs = shape.rows();
    block.depth = shape.columns();
    block.floor = -INFINITY;
    kernels().f32_run_block(block);
    // The biases' gradient is that of a weight whose input is one.
    block.a = &kOne;
    block.a_run = block.a_depth = 0;
    block.start = block.c = bias + panel * kPanel;
    block.lines = block.rows = 1;
    kernels().f32_run_block(block);
  }
}

size_t turned_floats(const ConvolutionShape& shape) noexcept {
  return panels_of(shape.channels) * kPanel * shape.kernel * shape.kernel * unit_stride(shape);
}

void turn_weights(const ConvolutionShape& shape, const float* weights, size_t panel, size_t first, size_t last,
                  float* turned) noexcept {
  const size_t stride = unit_stride(shape);
  const size_t taps = size_t{shape.kernel} * shape.kernel;
  const size_t units = std::min<size_t>(kPanel, shape.units - panel * kPanel);
  for (size_t k = first; k < last; ++k) {
    const size_t channel = k % shape.channels;
    const size_t tap = taps - 1 - k / shape.channels;
    const float* const from = weights + (panel * shape.depth() + k) * kPanel;
    float* const to = turned + ((channel / kPanel * taps + tap) * stride + panel * kPanel) * kPanel + channel % kPanel;
    for (size_t j = 0; j < units; ++j) to[j * kPanel] = from[j];
  }
}

void convolve_back(const ConvolutionShape& shape, const float* slopes, const float* turned, float* delta) {
  const size_t stride = unit_stride(shape);
  const size_t across = shape.width + shape.kernel - 1;
  const size_t channels = channel_stride(shape);
  RunBlock block{};
  block.a = slopes;
  block.a_line = block.a_run = across * stride;
  block.a_row = stride;
  block.a_depth = 1;
  block.b = turned;
  block.b_run = shape.kernel * stride * kPanel;
  block.b_depth = kPanel;
  block.b_panel = shape.kernel * block.b_run;
  block.c = delta;
  block.c_line = shape.width * channels;
  block.c_row = channels;
  // Every sum begins at zero.
  block.lines = shape.height;
  block.rows = shape.width;
  block.runs = shape.kernel;
  block.depth = shape.kernel * stride;
  block.floor = -INFINITY;
  for (size_t panel = 0; panel < panels_of(shape.channels); ++panel) {
    block.start = kZeros;
    block.b = turned + panel * block.b_panel;
    block.c = delta + panel * kPanel;
    block.columns = std::min(kPanel, channels - panel * kPanel);
    kernels().f32_run_block(block);
  }
}

}  // namespace tenon
