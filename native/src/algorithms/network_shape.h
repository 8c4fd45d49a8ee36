#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "../kernels/parameters.h"
#include "convolution_shape.h"

namespace tenon {

// What the last layer's sums become: a number, the probability of class 1 of two, or one
// probability per class.
enum class NetworkOutput : uint8_t { kIdentity, kLogistic, kSoftmax };

// The layers of a trained network: each multiplies, adds a bias and, if hidden, normalizes over
// its units (with layer_normalization) and applies the activation. Before them may come
// convolutions, the first over an image of feature_count values; the last one's result is what the
// first layer takes.
struct NetworkShape {
  uint32_t feature_count = 0;
  std::vector<ConvolutionShape> convolutions;
  uint32_t class_count = 0;       // 0: regression
  std::vector<uint32_t> widths;   // units per layer, the output's last
  Activation activation = Activation::kRelu;
  bool layer_normalization = false;
  NetworkOutput output = NetworkOutput::kIdentity;

  size_t layers() const noexcept { return widths.size(); }
  size_t inputs(size_t layer) const noexcept {
    if (layer > 0) return widths[layer - 1];
    return convolutions.empty() ? feature_count : convolutions.back().out_count();
  }
  bool normalizes(size_t layer) const noexcept { return layer_normalization && layer + 1 < layers(); }
  // Numbers per scored row: the classes, or 1.
  uint32_t value_count() const noexcept { return class_count == 0 ? 1 : class_count; }

  // Multiplications and additions for one row, one way.
  size_t operations() const noexcept {
    size_t count = 0;
    for (const ConvolutionShape& convolution : convolutions) count += convolution.operations();
    for (size_t l = 0; l < layers(); ++l) count += 2 * inputs(l) * widths[l];
    return count;
  }

  // Those of the convolutions come first among the numbers.
  size_t convolution_parameter_count() const noexcept {
    size_t count = 0;
    for (const ConvolutionShape& convolution : convolutions) count += convolution.parameter_count();
    return count;
  }

  // Numbers in canonical order: per convolution the weights (depth x units, row-major) and the
  // biases, then per layer the weights (inputs x units, row-major), the biases, and of a normalized
  // layer gains and shifts.
  size_t parameter_count() const noexcept {
    size_t count = convolution_parameter_count();
    for (size_t l = 0; l < layers(); ++l) count += (inputs(l) + (normalizes(l) ? 3 : 1)) * widths[l];
    return count;
  }
};

inline size_t panels_of(size_t columns) noexcept { return (columns + kPanel - 1) / kPanel; }

// Floats between the rows of a matrix that is multiplied: whole panels and then half a panel, an
// odd number of cache lines, so that a column's values do not share a few sets of the cache.
inline size_t row_stride(size_t columns) noexcept { return panels_of(columns) * kPanel + kPanel / 2; }

// Added to a variance before the root, as PyTorch has it.
inline constexpr double kNormEpsilon = 1e-5;

}  // namespace tenon
