// Statistics and scaling of columns of a row-major matrix.

TENON_INLINE void moments_of(const F x, const F shift, D low_shift, D high_shift, D* sum, D* square, F* missing, F* low,
                             F* high) {
  const M number = f_is_number(x);
  F value = x;
  if (!m_all(number)) [[unlikely]] {
    *missing = f_add(*missing, f_select(number, f_set(0.0f), f_set(1.0f)));
    // A missing value counts as the shift: it adds nothing to the sums and bounds nothing new
    // as long as the column has any number, the shift being one of them.
    value = f_select(number, x, shift);
  }
  const D a = d_sub(d_low(value), low_shift);
  const D b = d_sub(d_high(value), high_shift);
  sum[0] = d_add(sum[0], a);
  sum[1] = d_add(sum[1], b);
  square[0] = d_fma(a, a, square[0]);
  square[1] = d_fma(b, b, square[1]);
  *low = f_min(value, *low);
  *high = f_max(value, *high);
}

// Adds `rows` rows of `columns` columns, rows adjacent, to the running moments.
static void f32_column_moments(const float* data, size_t rows, size_t columns, const ColumnMoments& into) noexcept {
  // So many rows of 16 columns are read before going on to the next 16: enough to keep the sums
  // in registers, few enough that the rows are still in the first-level cache.
  constexpr size_t kRowsAtOnce = 8;
  for (size_t first = 0; first < rows; first += kRowsAtOnce) {
    const size_t count = rows - first < kRowsAtOnce ? rows - first : kRowsAtOnce;
    for (size_t c = 0; c < columns; c += 16) {
      const size_t width = columns - c < 16 ? columns - c : 16;
      const F shift = f_load(into.shift + c);
      const D low_shift = d_low(shift), high_shift = d_high(shift);
      D sum[2] = {d_load(into.sum + c), d_load(into.sum + c + 8)};
      D square[2] = {d_load(into.square + c), d_load(into.square + c + 8)};
      F missing = f_load(into.missing + c), low = f_load(into.low + c), high = f_load(into.high + c);
      const float* at = data + first * columns + c;
      if (width == 16) {
        for (size_t r = 0; r < count; ++r, at += columns) {
          // The same place of the next rows: so many streams at once the processor does not follow.
          prefetch(at + kRowsAtOnce * columns);
          moments_of(f_load(at), shift, low_shift, high_shift, sum, square, &missing, &low, &high);
        }
      } else {
        for (size_t r = 0; r < count; ++r, at += columns) {
          moments_of(f_load_n(at, width), shift, low_shift, high_shift, sum, square, &missing, &low, &high);
        }
      }
      d_store(into.sum + c, sum[0]);
      d_store(into.sum + c + 8, sum[1]);
      d_store(into.square + c, square[0]);
      d_store(into.square + c + 8, square[1]);
      f_store(into.missing + c, missing);
      f_store(into.low + c, low);
      f_store(into.high + c, high);
    }
  }
}

TENON_INLINE F affine_of(F x, const AffineColumns& columns, size_t c) {
  return f_fma(f_sub(x, f_load(columns.minus + c)), f_load(columns.times + c), f_load(columns.plus + c));
}

// y[i] = (x[i] - minus[c]) times[c] + plus[c] with c = (first + i) mod columns. With `stream`
// the output goes past the caches (y then is aligned to 64 bytes): for outputs larger than they.
static void f32_affine(const float* x, float* y, size_t n, const AffineColumns& columns, size_t first,
                       bool stream) noexcept {
  size_t c = first;
  const size_t step = 16 % columns.columns;
  size_t i = 0;
  if (stream) {
    for (; i + 16 <= n; i += 16) {
      fetch_ahead(x + i);
      f_stream(y + i, affine_of(f_load(x + i), columns, c));
      c += step;
      c -= c >= columns.columns ? columns.columns : 0;
    }
    fence();
  } else {
    for (; i + 16 <= n; i += 16) {
      fetch_ahead(x + i);
      f_store(y + i, affine_of(f_load(x + i), columns, c));
      c += step;
      c -= c >= columns.columns ? columns.columns : 0;
    }
  }
  if (i < n) f_store_n(y + i, affine_of(f_load_n(x + i, n - i), columns, c), n - i);
}

// Row place[r] of y = row order[r] of x, each column c as (x - minus[c]) times[c] + plus[c].
static void f32_affine_rows(const float* x, const uint32_t* order, const uint32_t* place, size_t rows,
                            const AffineColumns& columns, float* y) noexcept {
  // Rows in random order are what the processor cannot foresee. What is beyond the first lines of a
  // row it fetches by itself.
  constexpr size_t kRowsAhead = 32;
  constexpr size_t kFloatsAhead = 256;
  const AffineColumns by = columns;
  const size_t width = by.columns;
  const size_t ahead = width < kFloatsAhead ? width : kFloatsAhead;
  const auto fetch = [=](size_t r) __attribute__((always_inline)) {
    const float* const row = x + order[r] * width;
    for (size_t c = 0; c < ahead; c += 16) prefetch_second(row + c);
    prefetch_second(row + ahead - 1);
  };
  for (size_t r = 0; r < rows && r < kRowsAhead; ++r) fetch(r);
  for (size_t r = 0; r < rows; ++r) {
    if (r + kRowsAhead < rows) fetch(r + kRowsAhead);
    const float* const from = x + order[r] * width;
    float* const to = y + place[r] * width;
    size_t c = 0;
    for (; c + 16 <= width; c += 16) f_store(to + c, affine_of(f_load(from + c), by, c));
    if (c < width) f_store_n(to + c, affine_of(f_load_n(from + c, width - c), by, c), width - c);
  }
}
