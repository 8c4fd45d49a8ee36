#pragma once

#include <cstddef>
#include <cstdint>

namespace tenon {

enum class NetworkPool : uint8_t { kNone, kMax, kAverage };

// One convolution: `units` filters of kernel x kernel over an image of height x width x channels
// (row-major, channels last), `stride` positions apart, then the activation, then windows of
// pool_size x pool_size that do not overlap; what is left over at the lower and right edge is
// left out. `same` puts (kernel - 1) / 2 zeros around the image.
struct ConvolutionShape {
  uint32_t height = 1;
  uint32_t width = 1;
  uint32_t channels = 1;
  uint32_t units = 1;
  uint32_t kernel = 3;  // odd
  uint32_t stride = 1;
  bool same = true;
  NetworkPool pool = NetworkPool::kNone;
  uint32_t pool_size = 1;  // 1 without pooling

  size_t border() const noexcept { return same ? (kernel - 1) / 2 : 0; }
  // Whether the image is at least as large as the kernel, and what it gives at least one window.
  bool fits() const noexcept {
    return height + 2 * border() >= kernel && width + 2 * border() >= kernel && rows() >= pool_size &&
           columns() >= pool_size;
  }
  // Of the sums.
  size_t rows() const noexcept { return (height + 2 * border() - kernel) / stride + 1; }
  size_t columns() const noexcept { return (width + 2 * border() - kernel) / stride + 1; }
  // Of the result.
  size_t out_height() const noexcept { return rows() / pool_size; }
  size_t out_width() const noexcept { return columns() / pool_size; }
  size_t out_count() const noexcept { return out_height() * out_width() * units; }

  // Products in a sum: the kernel's rows, columns and channels, in that order.
  size_t depth() const noexcept { return size_t{kernel} * kernel * channels; }
  size_t parameter_count() const noexcept { return (depth() + 1) * units; }
  // One way, for one image.
  size_t operations() const noexcept { return 2 * depth() * units * rows() * columns(); }
};

}  // namespace tenon
