// The vocabulary of kernels/generic in plain C++: what every other one must agree with, bit for
// bit. Multiply-adds round once here too (fmaf), which is slow without hardware for it but keeps
// one answer on every processor.

struct F {
  float v[16];
};
struct D {
  double v[8];
};
struct M {
  bool v[16];
};

#define TENON_EACH(type, count, expression) \
  type r;                                   \
  for (int i = 0; i < count; ++i) r.v[i] = (expression); \
  return r

TENON_INLINE F f_set(float x) { TENON_EACH(F, 16, x); }
TENON_INLINE F f_load(const float* p) { TENON_EACH(F, 16, p[i]); }
TENON_INLINE F f_load_n(const float* p, size_t n) { TENON_EACH(F, 16, static_cast<size_t>(i) < n ? p[i] : 0.0f); }
TENON_INLINE void f_store(float* p, F x) {
  for (int i = 0; i < 16; ++i) p[i] = x.v[i];
}
TENON_INLINE void f_store_n(float* p, F x, size_t n) {
  for (size_t i = 0; i < n; ++i) p[i] = x.v[i];
}
// Zeros from lane n on.
TENON_INLINE F f_first_n(F x, size_t n) { TENON_EACH(F, 16, static_cast<size_t>(i) < n ? x.v[i] : 0.0f); }
TENON_INLINE void f_stream(float* p, F x) { f_store(p, x); }
TENON_INLINE F f_add(F a, F b) { TENON_EACH(F, 16, a.v[i] + b.v[i]); }
TENON_INLINE F f_sub(F a, F b) { TENON_EACH(F, 16, a.v[i] - b.v[i]); }
TENON_INLINE F f_mul(F a, F b) { TENON_EACH(F, 16, a.v[i] * b.v[i]); }
TENON_INLINE F f_div(F a, F b) { TENON_EACH(F, 16, a.v[i] / b.v[i]); }
TENON_INLINE F f_fma(F a, F b, F c) { TENON_EACH(F, 16, __builtin_fmaf(a.v[i], b.v[i], c.v[i])); }
TENON_INLINE F f_fnma(F a, F b, F c) { TENON_EACH(F, 16, __builtin_fmaf(-a.v[i], b.v[i], c.v[i])); }
TENON_INLINE F f_sqrt(F a) { TENON_EACH(F, 16, __builtin_sqrtf(a.v[i])); }
// As x86 has it: the second operand when either is NaN or the two are equal.
TENON_INLINE F f_max(F a, F b) { TENON_EACH(F, 16, a.v[i] > b.v[i] ? a.v[i] : b.v[i]); }
TENON_INLINE F f_min(F a, F b) { TENON_EACH(F, 16, a.v[i] < b.v[i] ? a.v[i] : b.v[i]); }
TENON_INLINE F f_abs(F a) { TENON_EACH(F, 16, __builtin_fabsf(a.v[i])); }
TENON_INLINE F f_round(F a) { TENON_EACH(F, 16, __builtin_nearbyintf(a.v[i])); }
TENON_INLINE float pow2_one(float n) {
  // NaN has no integer; whatever comes back is multiplied by NaN.
  return n == n ? __builtin_ldexpf(1.0f, static_cast<int>(n)) : 0.0f;
}
TENON_INLINE F f_pow2(F n) { TENON_EACH(F, 16, pow2_one(n.v[i])); }
TENON_INLINE M f_is_number(F a) { TENON_EACH(M, 16, a.v[i] == a.v[i]); }
TENON_INLINE M f_less(F a, F b) { TENON_EACH(M, 16, a.v[i] < b.v[i]); }
TENON_INLINE bool m_all(M m) {
  for (int i = 0; i < 16; ++i) {
    if (!m.v[i]) return false;
  }
  return true;
}
// Stores the lanes in m, in order; returns how many. What is behind them, up to 16 in all, may be overwritten.
TENON_INLINE size_t f_pick(float* p, M m, F x) {
  size_t count = 0;
  for (int i = 0; i < 16; ++i) {
    if (m.v[i]) p[count++] = x.v[i];
  }
  return count;
}
TENON_INLINE F f_select(M m, F yes, F no) { TENON_EACH(F, 16, m.v[i] ? yes.v[i] : no.v[i]); }

TENON_INLINE D d_set(double x) { TENON_EACH(D, 8, x); }
TENON_INLINE D d_load(const double* p) { TENON_EACH(D, 8, p[i]); }
TENON_INLINE void d_store(double* p, D x) {
  for (int i = 0; i < 8; ++i) p[i] = x.v[i];
}
TENON_INLINE D d_low(F a) { TENON_EACH(D, 8, static_cast<double>(a.v[i])); }
TENON_INLINE D d_high(F a) { TENON_EACH(D, 8, static_cast<double>(a.v[i + 8])); }
TENON_INLINE D d_add(D a, D b) { TENON_EACH(D, 8, a.v[i] + b.v[i]); }
TENON_INLINE D d_sub(D a, D b) { TENON_EACH(D, 8, a.v[i] - b.v[i]); }
TENON_INLINE D d_fma(D a, D b, D c) { TENON_EACH(D, 8, __builtin_fma(a.v[i], b.v[i], c.v[i])); }
// Rows of sums of products at a time, of 8 columns.
constexpr size_t kGramRows = 4;

#undef TENON_EACH

using I = int32_t;
TENON_INLINE I i_zero() { return 0; }
TENON_INLINE I i_dot(I acc, const int8_t* a, const int8_t* b) {
  for (int i = 0; i < 64; ++i) acc += a[i] * b[i];
  return acc;
}
TENON_INLINE int32_t i_sum(I acc) { return acc; }
TENON_INLINE void i_store8(int8_t* p, F x) {
  for (int i = 0; i < 16; ++i) p[i] = static_cast<int8_t>(__builtin_nearbyintf(x.v[i]));
}
TENON_INLINE void u_store8(uint8_t* p, F x) {
  for (int i = 0; i < 16; ++i) p[i] = static_cast<uint8_t>(__builtin_nearbyintf(x.v[i]));
}
TENON_INLINE void u_store8x4(uint8_t* p, F a, F b, F c, F d) {
  u_store8(p, a);
  u_store8(p + 16, b);
  u_store8(p + 32, c);
  u_store8(p + 48, d);
}

// target[c * target_stride + r] = source[r * stride + c] for at most 16 rows and columns.
TENON_INLINE void transpose_square(const float* source, size_t stride, size_t rows, size_t columns, float* target,
                                   size_t target_stride) {
  for (size_t r = 0; r < rows; ++r) {
    for (size_t c = 0; c < columns; ++c) target[c * target_stride + r] = source[r * stride + c];
  }
}

// Products: one W is kWidth floats.
using W = float;
constexpr size_t kWidth = 1;
// The tile of a dense block; its columns divide a panel.
constexpr size_t kDenseRows = 4;
constexpr size_t kDenseVectors = 4;
TENON_INLINE W w_zero() { return 0.0f; }
TENON_INLINE W w_set(const float* p) { return *p; }
TENON_INLINE W w_all(float x) { return x; }
TENON_INLINE W w_load(const float* p) { return *p; }
TENON_INLINE void w_store(float* p, W x) { *p = x; }
TENON_INLINE W w_add(W a, W b) { return a + b; }
TENON_INLINE W w_max(W a, W b) { return a > b ? a : b; }
TENON_INLINE W w_fma(W a, W b, W c) { return __builtin_fmaf(a, b, c); }

// The sum of four products of u8 and s8.
using Q = int32_t;
using QLeft = const uint8_t*;
using QRight = const int8_t*;
constexpr size_t kQuadWidth = 1;
constexpr size_t kQuadRows = 4;
constexpr size_t kQuadVectors = 4;
TENON_INLINE Q q_zero() { return 0; }
TENON_INLINE QLeft q_left(const uint8_t* a) { return a; }
TENON_INLINE QRight q_right(const int8_t* b) { return b; }
TENON_INLINE Q q_dot(Q sum, QLeft a, QRight b) {
  for (int i = 0; i < 4; ++i) sum += a[i] * b[i];
  return sum;
}
TENON_INLINE void q_keep(int32_t* p, Q sum) { *p = sum; }
TENON_INLINE void q_store(float* c, const int32_t* sum, const int32_t* minus, const float* scale, const float* bias, float floor) {
  *c = w_max(floor, __builtin_fmaf(static_cast<float>(*sum - *minus), *scale, *bias));
}

TENON_INLINE void prefetch(const void*) {}
TENON_INLINE void prefetch_second(const void*) {}
TENON_INLINE void fence() {}

// 64 bytes at once: a bit for each that is one of four, and whether all are from 1 to 127.
TENON_INLINE uint64_t b_any_of(const uint8_t* bytes, uint8_t first, uint8_t second, uint8_t third, uint8_t fourth) noexcept {
  uint64_t found = 0;
  for (int i = 0; i < 64; ++i) {
    const uint8_t byte = bytes[i];
    found |= uint64_t{byte == first || byte == second || byte == third || byte == fourth} << i;
  }
  return found;
}
TENON_INLINE bool b_plain(const uint8_t* bytes) noexcept {
  bool plain = true;
  for (int i = 0; i < 64; ++i) plain &= bytes[i] >= 1 && bytes[i] <= 127;
  return plain;
}
