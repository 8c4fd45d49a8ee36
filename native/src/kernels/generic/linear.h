// Vector products.

// The sum of a[i] b[i], in 4 x 16 partial sums: element i goes to sum (i / 16) mod 4, lane
// i mod 16; a remainder below 64 continues with the first sum.
static float f32_dot(const float* a, const float* b, size_t n) noexcept {
  F s0 = f_set(0.0f), s1 = s0, s2 = s0, s3 = s0;
  size_t i = 0;
  for (; i + 64 <= n; i += 64) {
    s0 = f_fma(f_load(a + i), f_load(b + i), s0);
    s1 = f_fma(f_load(a + i + 16), f_load(b + i + 16), s1);
    s2 = f_fma(f_load(a + i + 32), f_load(b + i + 32), s2);
    s3 = f_fma(f_load(a + i + 48), f_load(b + i + 48), s3);
  }
  for (; i + 16 <= n; i += 16) s0 = f_fma(f_load(a + i), f_load(b + i), s0);
  if (i < n) s1 = f_fma(f_load_n(a + i, n - i), f_load_n(b + i, n - i), s1);
  return f_sum(f_add(f_add(s0, s1), f_add(s2, s3)));
}

// The products of a row with `Outputs` rows of weights, added to sums.
template <size_t Outputs>
TENON_INLINE void row_products(const float* x, const double* weights, size_t columns, double* sums) {
  D low[Outputs], high[Outputs];
#pragma GCC unroll 4
  for (size_t o = 0; o < Outputs; ++o) low[o] = high[o] = d_set(0);
  for (size_t c = 0; c < columns; c += 16) {
    const F value = columns - c >= 16 ? f_load(x + c) : f_load_n(x + c, columns - c);
    const D x_low = d_low(value), x_high = d_high(value);
#pragma GCC unroll 4
    for (size_t o = 0; o < Outputs; ++o) {
      const double* const at = weights + o * columns + c;
      low[o] = d_fma(x_low, d_load(at), low[o]);
      high[o] = d_fma(x_high, d_load(at + 8), high[o]);
    }
  }
#pragma GCC unroll 4
  for (size_t o = 0; o < Outputs; ++o) sums[o] += d_sum(d_add(low[o], high[o]));
}

// sums[o] += the product of x and row o of weights, in double: element c in lane c mod 16. Of weights 15 numbers
// beyond the last are read, and may be any that are finite.
static void f64_row_products(const float* x, const double* weights, size_t columns, size_t outputs,
                             double* sums) noexcept {
  size_t o = 0;
  for (; o + 4 <= outputs; o += 4) row_products<4>(x, weights + o * columns, columns, sums + o);
  for (; o < outputs; ++o) row_products<1>(x, weights + o * columns, columns, sums + o);
}

// y[i] += alpha x[i].
static void f32_axpy(float alpha, const float* x, float* y, size_t n) noexcept {
  const F factor = f_set(alpha);
  size_t i = 0;
  for (; i + 16 <= n; i += 16) f_store(y + i, f_fma(factor, f_load(x + i), f_load(y + i)));
  if (i < n) f_store_n(y + i, f_fma(factor, f_load_n(x + i, n - i), f_load_n(y + i, n - i)), n - i);
}

// As f32_gemv_transposed for kFull vectors of 16 columns and then `rest` more, below 16.
template <int kFull, bool kRest>
TENON_INLINE void gemv_transposed_strip(const float* a, size_t stride, const float* x, float* y, size_t rows,
                                        size_t rest) {
  F s[kFull + 1];
  for (int i = 0; i < kFull; ++i) s[i] = f_load(y + 16 * i);
  if (kRest) s[kFull] = f_load_n(y + 16 * kFull, rest);
  for (size_t r = 0; r < rows; ++r, a += stride) {
    const F factor = f_set(x[r]);
    for (int i = 0; i < kFull; ++i) s[i] = f_fma(factor, f_load(a + 16 * i), s[i]);
    if (kRest) s[kFull] = f_fma(factor, f_load_n(a + 16 * kFull, rest), s[kFull]);
  }
  for (int i = 0; i < kFull; ++i) f_store(y + 16 * i, s[i]);
  if (kRest) f_store_n(y + 16 * kFull, s[kFull], rest);
}

// y += the rows of `a`, row r times x[r]; rows are `stride` floats apart. The same bits as an
// f32_axpy per row: 64 columns at a time, and what is left of them, stay in registers while all rows
// are read.
static void f32_gemv_transposed(const float* a, size_t stride, const float* x, float* y, size_t rows,
                                size_t columns) noexcept {
  for (; columns >= 64; columns -= 64, a += 64, y += 64) gemv_transposed_strip<4, false>(a, stride, x, y, rows, 0);
  const size_t rest = columns % 16;
  switch (columns / 16) {
    case 3:
      if (rest > 0) gemv_transposed_strip<3, true>(a, stride, x, y, rows, rest);
      else gemv_transposed_strip<3, false>(a, stride, x, y, rows, rest);
      break;
    case 2:
      if (rest > 0) gemv_transposed_strip<2, true>(a, stride, x, y, rows, rest);
      else gemv_transposed_strip<2, false>(a, stride, x, y, rows, rest);
      break;
    case 1:
      if (rest > 0) gemv_transposed_strip<1, true>(a, stride, x, y, rows, rest);
      else gemv_transposed_strip<1, false>(a, stride, x, y, rows, rest);
      break;
    default:
      if (rest > 0) gemv_transposed_strip<0, true>(a, stride, x, y, rows, rest);
  }
}

// y[r] = row r of `a` times x; rows are `stride` floats apart. Each equals f32_dot of that row.
static void f32_gemv(const float* a, size_t stride, const float* x, float* y, size_t rows, size_t columns) noexcept {
  for (size_t r = 0; r < rows; ++r) y[r] = f32_dot(a + r * stride, x, columns);
}
