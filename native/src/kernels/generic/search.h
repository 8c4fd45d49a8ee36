// The best of many scores, and sums by label.

static const float kLaneNumbers[16] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};

// The largest score of each row, and the first column, below 2^24, that has it. A row without any
// number above minus infinity has column 0.
static void f32_row_best(const float* scores, size_t stride, size_t rows, size_t columns, uint32_t* column,
                         float* best) noexcept {
  for (size_t r = 0; r < rows; ++r) {
    const float* const s = scores + r * stride;
    F top = f_set(-INFINITY), where = f_load(kLaneNumbers);
    F here = where;
    size_t i = 0;
    for (; i + 16 <= columns; i += 16) {
      const F value = f_load(s + i);
      const M higher = f_less(top, value);
      top = f_select(higher, value, top);
      where = f_select(higher, here, where);
      here = f_add(here, f_set(16.0f));
    }
    float tops[16], places[16];
    f_store(tops, top);
    f_store(places, where);
    Floats8 low, high;
    memcpy(&low, tops, sizeof low);
    memcpy(&high, tops + 8, sizeof high);
    low = low > high ? low : high;
    Floats4 half[2];
    memcpy(half, &low, sizeof half);
    half[0] = half[0] > half[1] ? half[0] : half[1];
    const float even = half[0][0] > half[0][2] ? half[0][0] : half[0][2];
    const float odd = half[0][1] > half[0][3] ? half[0][1] : half[0][3];
    float most = even > odd ? even : odd;
    int32_t first = INT32_MAX;
    for (int lane = 0; lane < 16; ++lane) {
      const int32_t place = tops[lane] == most ? static_cast<int32_t>(places[lane]) : INT32_MAX;
      first = place < first ? place : first;
    }
    uint32_t found = most > -INFINITY ? static_cast<uint32_t>(first) : 0;
    for (; i < columns; ++i) {
      if (!(s[i] > most)) continue;
      most = s[i];
      found = static_cast<uint32_t>(i);
    }
    column[r] = found;
    best[r] = most;
  }
}

// The first i from `from` on where x[i] + factor * plus[i] - minus[i] is not below `bound`, or n.
static size_t f32_find_above(const float* x, const float* plus, float factor, const float* minus, float bound,
                             size_t from, size_t n) noexcept {
  const F times = f_set(factor), edge = f_set(bound);
  for (size_t i = from; i < n; i += 16) {
    const size_t count = n - i < 16 ? n - i : 16;
    const F value = count == 16
                        ? f_sub(f_fma(times, f_load(plus + i), f_load(x + i)), f_load(minus + i))
                        : f_sub(f_fma(times, f_load_n(plus + i, count), f_load_n(x + i, count)), f_load_n(minus + i, count));
    if (m_all(f_less(value, edge))) continue;
    float values[16];
    f_store(values, value);
    for (size_t lane = 0; lane < count; ++lane) {
      if (!(values[lane] < bound)) return i + lane;
    }
  }
  return n;
}

// sums[label[r]] += weight[r] times row r of x, in doubles; `weight` null for one each. Sums lie
// `columns` rounded up to 16 apart, and what is beyond the columns stays as it is.
static void f64_add_rows(const float* x, size_t rows, size_t columns, const uint32_t* label, const double* weight,
                         double* sums) noexcept {
  const size_t stride = (columns + 15) / 16 * 16;
  for (size_t r = 0; r < rows; ++r) {
    const float* const row = x + r * columns;
    double* const into = sums + label[r] * stride;
    const D factor = d_set(weight == nullptr ? 1.0 : weight[r]);
    for (size_t c = 0; c < columns; c += 16) {
      const F value = columns - c >= 16 ? f_load(row + c) : f_load_n(row + c, columns - c);
      d_store(into + c, d_fma(d_low(value), factor, d_load(into + c)));
      d_store(into + c + 8, d_fma(d_high(value), factor, d_load(into + c + 8)));
    }
  }
}
