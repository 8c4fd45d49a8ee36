#pragma once

#include <cstddef>
#include <cstdint>

namespace tenon {

// A row that cannot be quantized: none found.
inline constexpr size_t kNoRow = static_cast<size_t>(-1);

// Each row (one output channel of a layer) gets the scale max|x| / 127 and q = x / scale rounded
// to nearest even, in -127 ... 127. A row whose largest value is below 1e-36 becomes zeros with
// scale 1: its reciprocal would not be finite. Returns the first row that holds NaN or an
// infinity, which is left unwritten, or kNoRow.
size_t quantize_rows(const float* x, size_t rows, size_t columns, int8_t* q, float* scale);

// y[r] = (row r of a) . x * row_scale[r] * x_scale, the sums exact.
void int8_gemv(const int8_t* a, const int8_t* x, const float* row_scale, float x_scale, float* y, size_t rows,
               size_t columns);

}  // namespace tenon
