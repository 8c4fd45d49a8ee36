#pragma once

#include <cstddef>
#include <cstdint>

#include "column_view.h"

namespace tenon {

// The moments of some numbers; all 0 for none.
struct NumberMoments {
  double count = 0;
  // Their mean is the sum of both: the second is what rounding took from the first.
  double mean = 0;
  double rest = 0;
  double square = 0;  // sum of squared differences from the mean
  double low = 0;
  double high = 0;
};

// The inner loops of recipes. Every instruction set gives the same bits: eight lanes everywhere, added up in
// the same order, and no operation that rounds differently.
struct ViewKernels {
  void (*scale)(double* x, size_t n, const ColumnScale& scale) noexcept;

  // Whether all of them are finite in single precision.
  bool (*to_floats)(const double* x, size_t n, float* y) noexcept;

  // Adds to each hash that of the bits under the key.
  void (*hash)(const uint64_t* bits, size_t n, uint64_t key, uint64_t* hashes) noexcept;

  // Two passes: the second corrects the mean's rounding and sums squares about it.
  NumberMoments (*moments)(const double* x, size_t n) noexcept;
};

// The kernels for the active instruction set.
const ViewKernels& view_kernels() noexcept;

}  // namespace tenon
