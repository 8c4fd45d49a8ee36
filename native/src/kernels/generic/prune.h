// Values told apart by their magnitude; NaN is neither below nor at any.

// Every |x| from `from` up to below `to`, in order; returns how many those are, and in `below` how many are
// below `from`. Up to 15 values beyond the found ones are written too. n is at most 2^24.
static size_t f32_collect_magnitudes(const float* x, size_t n, float from, float to, float* found,
                                     size_t* below) noexcept {
  const F low = f_set(from), high = f_set(to), zero = f_set(0.0f), one = f_set(1.0f);
  float* into = found;
  F counts = zero;  // whole numbers below 2^24, so that each sum is exact
  const auto take = [&](F size) __attribute__((always_inline)) {
    const F lower = f_select(f_less(size, low), one, zero);
    counts = f_add(counts, lower);
    // Of those below `to` the ones that were not counted.
    into += f_pick(into, f_less(lower, f_select(f_less(size, high), one, zero)), size);
  };
  size_t i = 0;
  for (; i + 16 <= n; i += 16) {
    fetch_ahead(x + i);
    take(f_abs(f_load(x + i)));
  }
  if (i < n) {
    // Infinite beyond the end, which is neither below nor found.
    float last[16];
    f_store(last, f_set(INFINITY));
    for (size_t lane = 0; i + lane < n; ++lane) last[lane] = x[i + lane];
    take(f_abs(f_load(last)));
  }
  *below = static_cast<size_t>(f_sum(counts));
  return static_cast<size_t>(into - found);
}

// y = x, but +0 where |x| is below `bound`; y may be x. With `stream` the output goes past the caches
// (y then is aligned to 64 bytes and not x).
static void f32_zero_below(const float* x, size_t n, float bound, float* y, bool stream) noexcept {
  const F edge = f_set(bound), zero = f_set(0.0f);
  const auto kept = [=](F value) __attribute__((always_inline)) {
    return f_select(f_less(f_abs(value), edge), zero, value);
  };
  size_t i = 0;
  if (stream) {
    for (; i + 16 <= n; i += 16) {
      fetch_ahead(x + i);
      f_stream(y + i, kept(f_load(x + i)));
    }
    fence();
  } else {
    for (; i + 16 <= n; i += 16) {
      fetch_ahead(x + i);
      f_store(y + i, kept(f_load(x + i)));
    }
  }
  if (i < n) f_store_n(y + i, kept(f_load_n(x + i, n - i)), n - i);
}
