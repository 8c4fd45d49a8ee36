// Quantization to 8 bits and its products.

// The largest |x|, or NaN if any x is NaN or infinite.
static float f32_magnitude(const float* x, size_t n) noexcept {
  // Two of each, or every step would wait for the one before.
  F top = f_set(0.0f), top_too = f_set(0.0f), spoiled = f_set(0.0f), spoiled_too = f_set(0.0f);
  const F zero = f_set(0.0f);
  const auto take = [&](F value, F& highest, F& by) __attribute__((always_inline)) {
    highest = f_max(f_abs(value), highest);
    by = f_fma(value, zero, by);  // 0 times infinity or NaN is NaN, and stays
  };
  size_t i = 0;
  for (; i + 32 <= n; i += 32) {
    fetch_ahead(x + i);
    fetch_ahead(x + i + 16);
    take(f_load(x + i), top, spoiled);
    take(f_load(x + i + 16), top_too, spoiled_too);
  }
  for (; i < n; i += 16) take(n - i >= 16 ? f_load(x + i) : f_load_n(x + i, n - i), top, spoiled);
  const float doubt = f_sum(f_add(spoiled, spoiled_too));
  return doubt == doubt ? f_highest(f_max(top, top_too)) : doubt;
}

// q = x * inverse_scale rounded to nearest, ties to even, held to -127 ... 127. x is finite.
static void i8_quantize(const float* x, size_t n, float inverse_scale, int8_t* q) noexcept {
  const F factor = f_set(inverse_scale), low = f_set(-127.0f), high = f_set(127.0f);
  const auto held = [=](F value) __attribute__((always_inline)) {
    return f_min(f_max(f_mul(value, factor), low), high);
  };
  size_t i = 0;
  for (; i + 16 <= n; i += 16) i_store8(q + i, held(f_load(x + i)));
  if (i < n) {
    int8_t last[16];
    i_store8(last, held(f_load_n(x + i, n - i)));
    for (size_t k = 0; i + k < n; ++k) q[i + k] = last[k];
  }
}

// The exact sum of a[i] b[i] for any n.
static int64_t i8_dot(const int8_t* a, const int8_t* b, size_t n) noexcept {
  // 128 * 128 * 65,536 is half of what 32 bits hold.
  constexpr size_t kBlock = 65536;
  int64_t total = 0;
  for (size_t from = 0; from < n; from += kBlock) {
    const size_t count = n - from < kBlock ? n - from : kBlock;
    I sum = i_zero();
    size_t i = 0;
    for (; i + 64 <= count; i += 64) sum = i_dot(sum, a + from + i, b + from + i);
    if (i < count) {
      int8_t left[64] = {};
      int8_t right[64] = {};
      for (size_t k = 0; i + k < count; ++k) {
        left[k] = a[from + i + k];
        right[k] = b[from + i + k];
      }
      sum = i_dot(sum, left, right);
    }
    total += i_sum(sum);
  }
  return total;
}
