// Probabilities, and losses with their gradients.

// 1 / (1 + e^-z), by e^-|z| so that nothing overflows. Also hands out that power.
TENON_INLINE F sigmoid_of(F z, F* power) {
  const F e = f_exp_negative(f_sub(f_set(0.0f), f_abs(z)));
  *power = e;
  const F r = f_div(f_set(1.0f), f_add(f_set(1.0f), e));
  return f_select(f_less(z, f_set(0.0f)), f_mul(e, r), r);
}

static void f32_sigmoid(const float* z, float* p, size_t n) noexcept {
  F power;
  size_t i = 0;
  for (; i + 16 <= n; i += 16) f_store(p + i, sigmoid_of(f_load(z + i), &power));
  if (i < n) f_store_n(p + i, sigmoid_of(f_load_n(z + i, n - i), &power), n - i);
}

// Sum of max(z, 0) - z t + ln(1 + e^-|z|), the logistic loss of target t in [0, 1]; the gradient
// by z is sigmoid(z) - t. `gradient` may be z. Sums are doubles in 2 x 8 lanes.
static double f32_sigmoid_loss(const float* z, const float* target, float* gradient, size_t n) noexcept {
  D low = d_set(0.0), high = d_set(0.0);
  for (size_t i = 0; i < n; i += 16) {
    const size_t count = n - i < 16 ? n - i : 16;
    const F x = count == 16 ? f_load(z + i) : f_load_n(z + i, count);
    const F t = count == 16 ? f_load(target + i) : f_load_n(target + i, count);
    F power;
    const F p = sigmoid_of(x, &power);
    F loss = f_add(f_fnma(x, t, f_max(f_set(0.0f), x)), f_log_one_plus(power));
    if (count == 16) {
      f_store(gradient + i, f_sub(p, t));
    } else {
      f_store_n(gradient + i, f_sub(p, t), count);
      // Lanes beyond the end would each add ln 2.
      float kept[16];
      f_store(kept, loss);
      loss = f_load_n(kept, count);
    }
    low = d_add(low, d_low(loss));
    high = d_add(high, d_high(loss));
  }
  return d_sum(d_add(low, high));
}

// One row's e^(z - highest), into p; returns their sum. `highest` receives the row's maximum.
TENON_INLINE float softmax_powers(const float* z, float* p, size_t classes, float* highest) {
  F top = f_set(z[0]);
  size_t i = 0;
  for (; i + 16 <= classes; i += 16) top = f_max(f_load(z + i), top);
  float best = f_highest(top);
  for (; i < classes; ++i) best = best > z[i] ? best : z[i];
  *highest = best;
  const F shift = f_set(best);
  F sum = f_set(0.0f);
  for (i = 0; i + 16 <= classes; i += 16) {
    const F e = f_exp_negative(f_sub(f_load(z + i), shift));
    f_store(p + i, e);
    sum = f_add(sum, e);
  }
  if (i < classes) {
    const size_t count = classes - i;
    const F e = f_exp_negative(f_sub(f_load_n(z + i, count), shift));
    f_store_n(p + i, e, count);
    sum = f_add(sum, f_first_n(e, count));
  }
  return f_sum(sum);
}

TENON_INLINE void scale_row(float* p, size_t classes, float factor) {
  const F f = f_set(factor);
  size_t i = 0;
  for (; i + 16 <= classes; i += 16) f_store(p + i, f_mul(f_load(p + i), f));
  if (i < classes) f_store_n(p + i, f_mul(f_load_n(p + i, classes - i), f), classes - i);
}

// One row's probabilities where one register holds them: reading back what was just written in part
// would wait for it to reach the cache.
TENON_INLINE void softmax_few(const float* z, float* p, size_t classes) {
  float best = z[0];
  for (size_t i = 1; i < classes; ++i) best = best > z[i] ? best : z[i];
  const F e = f_exp_negative(f_sub(f_load_n(z, classes), f_set(best)));
  const float sum = f_sum(f_first_n(e, classes));
  f_store_n(p, f_mul(e, f_set(1.0f / sum)), classes);
}

// Rows of e^z / sum e^z. `p` may be z. A row that holds NaN becomes NaN.
static void f32_softmax(const float* z, float* p, size_t rows, size_t classes) noexcept {
  for (size_t r = 0; r < rows; ++r) {
    if (classes <= 16) {
      softmax_few(z + r * classes, p + r * classes, classes);
      continue;
    }
    float highest;
    const float sum = softmax_powers(z + r * classes, p + r * classes, classes, &highest);
    scale_row(p + r * classes, classes, 1.0f / sum);
  }
}

// Sum over rows of ln(sum e^z) - z[label]; the gradient by z is softmax(z), less 1 at the label.
// `gradient` may be z.
static double f32_softmax_loss(const float* z, const uint32_t* label, float* gradient, size_t rows,
                               size_t classes) noexcept {
  double loss = 0.0;
  for (size_t r = 0; r < rows; ++r) {
    const float chosen = z[r * classes + label[r]];
    float* g = gradient + r * classes;
    float highest;
    const float sum = softmax_powers(z + r * classes, g, classes, &highest);
    scale_row(g, classes, 1.0f / sum);
    g[label[r]] -= 1.0f;
    loss += ::log(static_cast<double>(sum)) + (static_cast<double>(highest) - static_cast<double>(chosen));
  }
  return loss;
}
