// Transposition, for packing what products read.

// target[c * target_stride + r] = source[r * stride + c] for up to 16 rows and any columns, in
// squares of 16 x 16: reading across rows then stays in the first-level cache.
static void f32_transpose16(const float* source, size_t stride, size_t rows, size_t columns, float* target,
                            size_t target_stride) noexcept {
  for (size_t c = 0; c < columns; c += 16) {
    transpose_square(source + c, stride, rows, columns - c < 16 ? columns - c : 16, target + c * target_stride,
                     target_stride);
  }
}
