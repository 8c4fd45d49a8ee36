// What dense layers do to their sums, and its slope.

// (1 - e) / (1 + e) with e = e^-2|x|, whose difference would cancel for small x: there the series
// x - x^3/3 + 2 x^5/15 - 17 x^7/315 + 62 x^9/2835, short of the next term by 5e-8 of x at most.
TENON_INLINE F tanh_of(F x) {
  const F size = f_abs(x);
  const F e = f_exp_negative(f_mul(f_set(-2.0f), size));
  F large = f_div(f_sub(f_set(1.0f), e), f_add(f_set(1.0f), e));
  large = f_select(f_less(x, f_set(0.0f)), f_sub(f_set(0.0f), large), large);
  const F square = f_mul(x, x);
  F p = f_set(62.0f / 2835);
  p = f_fma(p, square, f_set(-17.0f / 315));
  p = f_fma(p, square, f_set(2.0f / 15));
  p = f_fma(p, square, f_set(-1.0f / 3));
  const F small = f_fma(f_mul(p, square), x, x);
  return f_select(f_less(size, f_set(0.3f)), small, large);
}

// sqrt(2 / pi) twice over, and the cubic's share.
constexpr float kGeluFactor = 1.5957691216f;
constexpr float kGeluCubic = 0.044715f;

TENON_INLINE F gelu_gate(F x) {
  const F cubic = f_fma(f_mul(f_set(kGeluCubic), x), f_mul(x, x), x);
  F power;
  return sigmoid_of(f_mul(f_set(kGeluFactor), cubic), &power);
}

TENON_INLINE F activated(Activation activation, F x) {
  switch (activation) {
    case Activation::kRelu: return f_max(f_set(0.0f), x);
    case Activation::kTanh: return tanh_of(x);
    case Activation::kLogistic: {
      F power;
      return sigmoid_of(x, &power);
    }
    case Activation::kGelu: return f_mul(x, gelu_gate(x));
    default: return x;
  }
}

// The slope at z, by way of h = activated(z) where that is enough.
TENON_INLINE F slope_of(Activation activation, F z, F h) {
  const F one = f_set(1.0f);
  switch (activation) {
    case Activation::kRelu: return f_select(f_less(f_set(0.0f), h), one, f_set(0.0f));
    case Activation::kTanh: return f_fnma(h, h, one);
    case Activation::kLogistic: return f_fnma(h, h, h);
    case Activation::kGelu: {
      // s + z s (1 - s) u' with u' = factor (1 + 3 cubic z^2)
      const F s = gelu_gate(z);
      const F inner = f_mul(f_set(kGeluFactor), f_fma(f_mul(f_set(3 * kGeluCubic), z), z, one));
      return f_fma(f_mul(z, inner), f_fnma(s, s, s), s);
    }
    default: return one;
  }
}

// h = activation of z; h may be z.
static void f32_activate(Activation activation, const float* z, float* h, size_t n) noexcept {
  size_t i = 0;
  for (; i + 16 <= n; i += 16) f_store(h + i, activated(activation, f_load(z + i)));
  if (i < n) f_store_n(h + i, activated(activation, f_load_n(z + i, n - i)), n - i);
}

// delta *= slope. z is looked at for GELU only, h for the others.
static void f32_activate_slope(Activation activation, const float* z, const float* h, float* delta,
                               size_t n) noexcept {
  const bool by_sum = activation == Activation::kGelu;
  const float* const at = by_sum ? z : h;
  for (size_t i = 0; i < n; i += 16) {
    const size_t count = n - i < 16 ? n - i : 16;
    const F x = count == 16 ? f_load(at + i) : f_load_n(at + i, count);
    const F d = count == 16 ? f_load(delta + i) : f_load_n(delta + i, count);
    const F result = f_mul(d, slope_of(activation, x, x));
    if (count == 16) f_store(delta + i, result);
    else f_store_n(delta + i, result, count);
  }
}
