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

// y[i] += alpha x[i].
static void f32_axpy(float alpha, const float* x, float* y, size_t n) noexcept {
  const F factor = f_set(alpha);
  size_t i = 0;
  for (; i + 16 <= n; i += 16) f_store(y + i, f_fma(factor, f_load(x + i), f_load(y + i)));
  if (i < n) f_store_n(y + i, f_fma(factor, f_load_n(x + i, n - i), f_load_n(y + i, n - i)), n - i);
}

// y += the rows of `a`, row r times x[r]; rows are `stride` floats apart. The same bits as an
// f32_axpy per row: 64 columns at a time stay in registers while all rows are read.
static void f32_gemv_transposed(const float* a, size_t stride, const float* x, float* y, size_t rows,
                                size_t columns) noexcept {
  size_t c = 0;
  for (; c + 64 <= columns; c += 64) {
    F s0 = f_load(y + c), s1 = f_load(y + c + 16), s2 = f_load(y + c + 32), s3 = f_load(y + c + 48);
    for (size_t r = 0; r < rows; ++r) {
      const F factor = f_set(x[r]);
      const float* row = a + r * stride + c;
      s0 = f_fma(factor, f_load(row), s0);
      s1 = f_fma(factor, f_load(row + 16), s1);
      s2 = f_fma(factor, f_load(row + 32), s2);
      s3 = f_fma(factor, f_load(row + 48), s3);
    }
    f_store(y + c, s0);
    f_store(y + c + 16, s1);
    f_store(y + c + 32, s2);
    f_store(y + c + 48, s3);
  }
  for (; c + 16 <= columns; c += 16) {
    F s = f_load(y + c);
    for (size_t r = 0; r < rows; ++r) s = f_fma(f_set(x[r]), f_load(a + r * stride + c), s);
    f_store(y + c, s);
  }
  if (c < columns) {
    const size_t rest = columns - c;
    F s = f_load_n(y + c, rest);
    for (size_t r = 0; r < rows; ++r) s = f_fma(f_set(x[r]), f_load_n(a + r * stride + c, rest), s);
    f_store_n(y + c, s, rest);
  }
}

// y[r] = row r of `a` times x; rows are `stride` floats apart. Each equals f32_dot of that row.
static void f32_gemv(const float* a, size_t stride, const float* x, float* y, size_t rows, size_t columns) noexcept {
  for (size_t r = 0; r < rows; ++r) y[r] = f32_dot(a + r * stride, x, columns);
}
