// One pass over the parameters per step; the formulas stand in parameters.h.

// How many of n elements come before the first at a cache line's start. Large arrays of JavaScript
// all begin 16 bytes into a line, so that every vector would touch two lines of each.
TENON_INLINE size_t before_line(const float* p, size_t n) {
  const size_t past = reinterpret_cast<uintptr_t>(p) % 64 / sizeof(float);
  const size_t before = past == 0 ? 0 : 16 - past;
  return before < n ? before : n;
}

static void f32_sgd_step(float* w, const float* g, size_t n, const SgdStep& step) noexcept {
  const F rate = f_set(step.rate), decay = f_set(step.decay);
  const auto stepped = [=](F x, F d) __attribute__((always_inline)) { return f_fnma(rate, f_fma(decay, x, d), x); };
  size_t i = before_line(w, n);
  if (i > 0) f_store_n(w, stepped(f_load_n(w, i), f_load_n(g, i)), i);
  for (; i + 16 <= n; i += 16) {
    fetch_side_by_side<0>(w + i);
    fetch_side_by_side<1>(g + i);
    f_store(w + i, stepped(f_load(w + i), f_load(g + i)));
  }
  if (i < n) f_store_n(w + i, stepped(f_load_n(w + i, n - i), f_load_n(g + i, n - i)), n - i);
}

struct MomentumFactors {
  F rate, decay, momentum, fresh;
  bool nesterov;
};

TENON_INLINE void momentum_of(F* w, F g, F* velocity, const MomentumFactors& f) {
  const F d = f_fma(f.decay, *w, g);
  *velocity = f_fma(f.momentum, *velocity, f_mul(f.fresh, d));
  const F direction = f.nesterov ? f_fma(f.momentum, *velocity, d) : *velocity;
  *w = f_fnma(f.rate, direction, *w);
}

// The same for fewer than 16 parameters.
TENON_INLINE void momentum_of_few(float* w, const float* g, float* velocity, size_t n, const MomentumFactors& f) {
  F x = f_load_n(w, n), u = f_load_n(velocity, n);
  momentum_of(&x, f_load_n(g, n), &u, f);
  f_store_n(w, x, n);
  f_store_n(velocity, u, n);
}

static void f32_momentum_step(float* w, const float* g, float* velocity, size_t n, const MomentumStep& step) noexcept {
  const MomentumFactors factors = {f_set(step.rate), f_set(step.decay), f_set(step.momentum),
                                   f_set(1.0f - step.dampening), step.nesterov};
  size_t i = before_line(w, n);
  if (i > 0) momentum_of_few(w, g, velocity, i, factors);
  for (; i + 16 <= n; i += 16) {
    fetch_side_by_side<0>(w + i);
    fetch_side_by_side<1>(g + i);
    fetch_side_by_side<2>(velocity + i);
    F x = f_load(w + i), u = f_load(velocity + i);
    momentum_of(&x, f_load(g + i), &u, factors);
    f_store(w + i, x);
    f_store(velocity + i, u);
  }
  if (i < n) momentum_of_few(w + i, g + i, velocity + i, n - i, factors);
}

static void f32_square_step(float* w, const float* g, float* square, size_t n, const SquareStep& step) noexcept {
  const F rate = f_set(step.rate), decay = f_set(step.decay), beta = f_set(step.beta), fresh = f_set(step.fresh);
  const F epsilon = f_set(step.epsilon);
  const auto stepped = [=](F x, F gradient, F* s) __attribute__((always_inline)) {
    const F d = f_fma(decay, x, gradient);
    *s = f_fma(beta, *s, f_mul(f_mul(fresh, d), d));
    return f_fnma(rate, f_div(d, f_add(f_sqrt(*s), epsilon)), x);
  };
  const auto few = [&](size_t i, size_t count) __attribute__((always_inline)) {
    F s = f_load_n(square + i, count);
    f_store_n(w + i, stepped(f_load_n(w + i, count), f_load_n(g + i, count), &s), count);
    f_store_n(square + i, s, count);
  };
  size_t i = before_line(w, n);
  if (i > 0) few(0, i);
  for (; i + 16 <= n; i += 16) {
    fetch_side_by_side<0>(w + i);
    fetch_side_by_side<1>(g + i);
    fetch_side_by_side<2>(square + i);
    F s = f_load(square + i);
    f_store(w + i, stepped(f_load(w + i), f_load(g + i), &s));
    f_store(square + i, s);
  }
  if (i < n) few(i, n - i);
}

struct AdamFactors {
  F keep, decay, fresh1, beta2, fresh2, epsilon, step_size, inverse_root;
};

TENON_INLINE void adam_of(F* w, F g, F* m, F* v, const AdamFactors& f) {
  // One of keep and decay is neutral: 1 or 0.
  F x = f_mul(*w, f.keep);
  g = f_fma(f.decay, x, g);
  *m = f_fma(f.fresh1, f_sub(g, *m), *m);
  *v = f_fma(f.beta2, *v, f_mul(f_mul(f.fresh2, g), g));
  const F divisor = f_fma(f_sqrt(*v), f.inverse_root, f.epsilon);
  *w = f_fnma(f.step_size, f_div(*m, divisor), x);
}

// The same for fewer than 16 parameters.
TENON_INLINE void adam_of_few(float* w, const float* g, float* m, float* v, size_t n, const AdamFactors& f) {
  F x = f_load_n(w, n), first = f_load_n(m, n), second = f_load_n(v, n);
  adam_of(&x, f_load_n(g, n), &first, &second, f);
  f_store_n(w, x, n);
  f_store_n(m, first, n);
  f_store_n(v, second, n);
}

static void f32_adam_step(float* w, const float* g, float* m, float* v, size_t n, const AdamStep& step) noexcept {
  const AdamFactors factors = {f_set(step.decoupled ? 1.0f - step.rate * step.decay : 1.0f),
                               f_set(step.decoupled ? 0.0f : step.decay),
                               f_set(step.fresh1),
                               f_set(step.beta2),
                               f_set(step.fresh2),
                               f_set(step.epsilon),
                               f_set(step.step_size),
                               f_set(step.inverse_root)};
  size_t i = before_line(w, n);
  if (i > 0) adam_of_few(w, g, m, v, i, factors);
  for (; i + 16 <= n; i += 16) {
    fetch_side_by_side<0>(w + i);
    fetch_side_by_side<1>(g + i);
    fetch_side_by_side<2>(m + i);
    fetch_side_by_side<3>(v + i);
    F x = f_load(w + i), first = f_load(m + i), second = f_load(v + i);
    adam_of(&x, f_load(g + i), &first, &second, factors);
    f_store(w + i, x);
    f_store(m + i, first);
    f_store(v + i, second);
  }
  if (i < n) adam_of_few(w + i, g + i, m + i, v + i, n - i, factors);
}
