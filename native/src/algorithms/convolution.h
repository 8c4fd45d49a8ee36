#pragma once

#include <cstddef>

#include "../kernels/parameters.h"
#include "../operations/buffer.h"
#include "convolution_shape.h"

namespace tenon {

// One image's way through one convolution, forwards and backwards, without a copied matrix: the
// kernels read windows where they lie.
//
// An image is `image_line` floats per line with its border of zeros around it. Sums, and slopes
// by them, lie `unit_stride` apart. Weights are in panels of kPanel units, each with `depth` rows.

inline size_t unit_stride(const ConvolutionShape& s) noexcept { return (size_t{s.units} + 15) / 16 * 16; }
inline size_t channel_stride(const ConvolutionShape& s) noexcept { return (size_t{s.channels} + 15) / 16 * 16; }
inline size_t image_line(const ConvolutionShape& s) noexcept { return (s.width + 2 * s.border()) * s.channels; }
inline size_t image_floats(const ConvolutionShape& s) noexcept { return (s.height + 2 * s.border()) * image_line(s); }
// The image's first float within its border.
inline size_t image_start(const ConvolutionShape& s) noexcept { return s.border() * (image_line(s) + s.channels); }
inline size_t sum_floats(const ConvolutionShape& s) noexcept { return s.rows() * s.columns() * unit_stride(s); }
inline size_t which_floats(const ConvolutionShape& s) noexcept {
  return s.pool == NetworkPool::kMax ? s.out_height() * s.out_width() * unit_stride(s) : 0;
}

// Whether the activation may follow the pooling: the largest of rising functions is that of the
// largest, and there are fewer to compute.
bool activates_last(const ConvolutionShape& shape, Activation activation) noexcept;

// An image's result: positions `units` apart, `line` floats between lines.
struct ConvolvedImage {
  float* first;
  size_t line;
};

// From an image to its result. `sums` receives sum_floats numbers: the sums or, where the
// activation comes before the pooling, what it made of them; with `activated`, as many too, that
// goes there and the sums stay. `which` as PoolBlock has it.
void convolve(const ConvolutionShape& shape, Activation activation, const float* image, const float* weights,
              const float* bias, float* sums, float* activated, float* which, const ConvolvedImage& out);

// Whether the way back wants `sums` as they were, or else as activated.
inline bool slopes_by_sums(Activation activation) noexcept { return activation == Activation::kGelu; }

// Slopes by the sums as the way back wants them: with zeros between for strides and around for
// the kernel's reach.
struct SlopeLayout {
  explicit SlopeLayout(const ConvolutionShape& shape) noexcept;

  size_t position;  // floats between positions
  size_t line;
  size_t start;     // of the first
  size_t floats;
};

// From the slopes by the result, `delta` with positions `delta_position` apart, to those by the
// sums: SlopeLayout's floats. Reads what convolve left, `sums` only where the activation comes
// before the pooling; `delta` changes.
void convolve_slopes(const ConvolutionShape& shape, Activation activation, const float* sums, float* which,
                     const ConvolvedImage& out, float* delta, size_t delta_position, float* slopes);

// Adds one image's share to the gradient, in panels as the weights, and of the biases.
void convolve_gradient(const ConvolutionShape& shape, const float* image, const float* slopes, float* weights,
                       float* bias);

// The weights as the way back reads them: turned around, in panels of channels with a row for
// every unit and its padding. Turns rows first ... last - 1 of `weights`' panel.
size_t turned_floats(const ConvolutionShape& shape) noexcept;
void turn_weights(const ConvolutionShape& shape, const float* weights, size_t panel, size_t first, size_t last,
                  float* turned) noexcept;

// The slopes by the image, without its border: positions channel_stride apart.
void convolve_back(const ConvolutionShape& shape, const float* slopes, const float* turned, float* delta);

}  // namespace tenon
