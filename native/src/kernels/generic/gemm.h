// The inner parts of matrix multiplication; runtime-sized blocking is in gemm.cc.

// C = A B, or C += A B, for one tile of kTileRows x (kTileVectors kWidth) and any depth.
// a holds kTileRows floats per step of depth, b kTileVectors * kWidth. Only the first `rows` and
// `columns` of C exist. Each element of C is one chain of multiply-adds in order of depth, so
// its bits do not depend on the tile's shape.
static void f32_gemm_tile(size_t depth, const float* a, const float* b, float* c, size_t stride, size_t rows,
                          size_t columns, bool accumulate) noexcept {
  W sum[kTileRows][kTileVectors];
#pragma GCC unroll 16
  for (size_t r = 0; r < kTileRows; ++r) {
#pragma GCC unroll 4
    for (size_t v = 0; v < kTileVectors; ++v) sum[r][v] = w_zero();
  }
  // What the sums will be added to comes into the second-level cache meanwhile; rows that lie a power
  // of two apart would drive each other out of the first.
  for (size_t r = 0; accumulate && r < rows; ++r) {
    for (size_t i = 0; i < columns; i += 16) __builtin_prefetch(c + r * stride + i, 1, 2);
  }
  for (size_t k = 0; k < depth; ++k) {
    W right[kTileVectors];
#pragma GCC unroll 4
    for (size_t v = 0; v < kTileVectors; ++v) right[v] = w_load(b + v * kWidth);
    prefetch(b + 8 * kTileVectors * kWidth);
#pragma GCC unroll 16
    for (size_t r = 0; r < kTileRows; ++r) {
      const W left = w_set(a + r);
#pragma GCC unroll 4
      for (size_t v = 0; v < kTileVectors; ++v) sum[r][v] = w_fma(left, right[v], sum[r][v]);
    }
    a += kTileRows;
    b += kTileVectors * kWidth;
  }
  if (rows == kTileRows && columns == kTileVectors * kWidth) {
#pragma GCC unroll 16
    for (size_t r = 0; r < kTileRows; ++r) {
#pragma GCC unroll 4
      for (size_t v = 0; v < kTileVectors; ++v) {
        float* at = c + r * stride + v * kWidth;
        w_store(at, accumulate ? w_add(w_load(at), sum[r][v]) : sum[r][v]);
      }
    }
    return;
  }
  float whole[kTileRows * kTileVectors * kWidth];
#pragma GCC unroll 16
  for (size_t r = 0; r < kTileRows; ++r) {
#pragma GCC unroll 4
    for (size_t v = 0; v < kTileVectors; ++v) w_store(whole + (r * kTileVectors + v) * kWidth, sum[r][v]);
  }
  for (size_t r = 0; r < rows; ++r) {
    for (size_t i = 0; i < columns; ++i) {
      const float value = whole[r * kTileVectors * kWidth + i];
      c[r * stride + i] = accumulate ? c[r * stride + i] + value : value;
    }
  }
}

// target[c * target_stride + r] = source[r * stride + c] for up to 16 rows and any columns, in
// squares of 16 x 16: reading across rows then stays in the first-level cache.
static void f32_transpose16(const float* source, size_t stride, size_t rows, size_t columns, float* target,
                            size_t target_stride) noexcept {
  for (size_t c = 0; c < columns; c += 16) {
    transpose_square(source + c, stride, rows, columns - c < 16 ? columns - c : 16, target + c * target_stride,
                     target_stride);
  }
}
