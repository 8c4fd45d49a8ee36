// The vocabulary of kernels/generic on 64-bit ARM: 16 floats are four registers, 8 doubles four.

struct F {
  float32x4_t v[4];
};
struct D {
  float64x2_t v[4];
};
struct M {
  uint32x4_t v[4];
};

#define TENON_EACH(type, expression) \
  type r;                            \
  for (int i = 0; i < 4; ++i) r.v[i] = (expression); \
  return r

TENON_INLINE F f_set(float x) { TENON_EACH(F, vdupq_n_f32(x)); }
TENON_INLINE F f_load(const float* p) { TENON_EACH(F, vld1q_f32(p + 4 * i)); }
TENON_INLINE void f_store(float* p, F x) {
  for (int i = 0; i < 4; ++i) vst1q_f32(p + 4 * i, x.v[i]);
}
TENON_INLINE F f_load_n(const float* p, size_t n) {
  float lanes[16] = {};
  for (size_t i = 0; i < n; ++i) lanes[i] = p[i];
  return f_load(lanes);
}
TENON_INLINE void f_store_n(float* p, F x, size_t n) {
  float lanes[16];
  f_store(lanes, x);
  for (size_t i = 0; i < n; ++i) p[i] = lanes[i];
}
// Zeros from lane n on.
TENON_INLINE F f_first_n(F x, size_t n) {
  float lanes[16];
  f_store(lanes, x);
  for (size_t i = n; i < 16; ++i) lanes[i] = 0.0f;
  return f_load(lanes);
}
TENON_INLINE void f_stream(float* p, F x) { f_store(p, x); }
TENON_INLINE F f_add(F a, F b) { TENON_EACH(F, vaddq_f32(a.v[i], b.v[i])); }
TENON_INLINE F f_sub(F a, F b) { TENON_EACH(F, vsubq_f32(a.v[i], b.v[i])); }
TENON_INLINE F f_mul(F a, F b) { TENON_EACH(F, vmulq_f32(a.v[i], b.v[i])); }
TENON_INLINE F f_div(F a, F b) { TENON_EACH(F, vdivq_f32(a.v[i], b.v[i])); }
TENON_INLINE F f_fma(F a, F b, F c) { TENON_EACH(F, vfmaq_f32(c.v[i], a.v[i], b.v[i])); }
TENON_INLINE F f_fnma(F a, F b, F c) { TENON_EACH(F, vfmsq_f32(c.v[i], a.v[i], b.v[i])); }
TENON_INLINE F f_sqrt(F a) { TENON_EACH(F, vsqrtq_f32(a.v[i])); }
// By comparison rather than vmaxq, so that NaN is treated as on x86.
TENON_INLINE F f_max(F a, F b) { TENON_EACH(F, vbslq_f32(vcgtq_f32(a.v[i], b.v[i]), a.v[i], b.v[i])); }
TENON_INLINE F f_min(F a, F b) { TENON_EACH(F, vbslq_f32(vcltq_f32(a.v[i], b.v[i]), a.v[i], b.v[i])); }
TENON_INLINE F f_abs(F a) { TENON_EACH(F, vabsq_f32(a.v[i])); }
TENON_INLINE F f_round(F a) { TENON_EACH(F, vrndnq_f32(a.v[i])); }
TENON_INLINE F f_pow2(F n) {
  TENON_EACH(F, vreinterpretq_f32_s32(vshlq_n_s32(vaddq_s32(vcvtnq_s32_f32(n.v[i]), vdupq_n_s32(127)), 23)));
}
TENON_INLINE M f_is_number(F a) { TENON_EACH(M, vceqq_f32(a.v[i], a.v[i])); }
TENON_INLINE M f_less(F a, F b) { TENON_EACH(M, vcltq_f32(a.v[i], b.v[i])); }
TENON_INLINE bool m_all(M m) {
  return vminvq_u32(vandq_u32(vandq_u32(m.v[0], m.v[1]), vandq_u32(m.v[2], m.v[3]))) != 0;
}
// Stores the lanes in m, in order; returns how many. What is behind them, up to 16 in all, may be overwritten.
TENON_INLINE size_t f_pick(float* p, M m, F x) {
  if (vmaxvq_u32(vorrq_u32(vorrq_u32(m.v[0], m.v[1]), vorrq_u32(m.v[2], m.v[3]))) == 0) return 0;
  float lane[16];
  uint32_t in[16];
  f_store(lane, x);
  for (int i = 0; i < 4; ++i) vst1q_u32(in + 4 * i, m.v[i]);
  size_t count = 0;
  for (int i = 0; i < 16; ++i) {
    if (in[i] != 0) p[count++] = lane[i];
  }
  return count;
}
TENON_INLINE F f_select(M m, F yes, F no) { TENON_EACH(F, vbslq_f32(m.v[i], yes.v[i], no.v[i])); }

TENON_INLINE D d_set(double x) { TENON_EACH(D, vdupq_n_f64(x)); }
TENON_INLINE D d_load(const double* p) { TENON_EACH(D, vld1q_f64(p + 2 * i)); }
TENON_INLINE void d_store(double* p, D x) {
  for (int i = 0; i < 4; ++i) vst1q_f64(p + 2 * i, x.v[i]);
}
TENON_INLINE D d_quarters(float32x4_t a, float32x4_t b) {
  return {{vcvt_f64_f32(vget_low_f32(a)), vcvt_high_f64_f32(a), vcvt_f64_f32(vget_low_f32(b)), vcvt_high_f64_f32(b)}};
}
TENON_INLINE D d_low(F a) { return d_quarters(a.v[0], a.v[1]); }
TENON_INLINE D d_high(F a) { return d_quarters(a.v[2], a.v[3]); }
TENON_INLINE D d_add(D a, D b) { TENON_EACH(D, vaddq_f64(a.v[i], b.v[i])); }
TENON_INLINE D d_sub(D a, D b) { TENON_EACH(D, vsubq_f64(a.v[i], b.v[i])); }
TENON_INLINE D d_fma(D a, D b, D c) { TENON_EACH(D, vfmaq_f64(c.v[i], a.v[i], b.v[i])); }
// Rows of sums of products that registers hold, of 8 columns.
constexpr size_t kGramRows = 4;

#undef TENON_EACH

using I = int32x4_t;
TENON_INLINE I i_zero() { return vdupq_n_s32(0); }
TENON_INLINE I i_dot(I acc, const int8_t* a, const int8_t* b) {
  for (int i = 0; i < 64; i += 16) {
    const int8x16_t x = vld1q_s8(a + i);
    const int8x16_t y = vld1q_s8(b + i);
    acc = vpadalq_s16(acc, vmull_s8(vget_low_s8(x), vget_low_s8(y)));
    acc = vpadalq_s16(acc, vmull_high_s8(x, y));
  }
  return acc;
}
TENON_INLINE int32_t i_sum(I acc) { return vaddvq_s32(acc); }
TENON_INLINE void i_store8(int8_t* p, F x) {
  const int16x8_t low = vcombine_s16(vqmovn_s32(vcvtnq_s32_f32(x.v[0])), vqmovn_s32(vcvtnq_s32_f32(x.v[1])));
  const int16x8_t high = vcombine_s16(vqmovn_s32(vcvtnq_s32_f32(x.v[2])), vqmovn_s32(vcvtnq_s32_f32(x.v[3])));
  vst1q_s8(p, vcombine_s8(vqmovn_s16(low), vqmovn_s16(high)));
}
TENON_INLINE void u_store8(uint8_t* p, F x) {
  const uint16x8_t low = vcombine_u16(vqmovun_s32(vcvtnq_s32_f32(x.v[0])), vqmovun_s32(vcvtnq_s32_f32(x.v[1])));
  const uint16x8_t high = vcombine_u16(vqmovun_s32(vcvtnq_s32_f32(x.v[2])), vqmovun_s32(vcvtnq_s32_f32(x.v[3])));
  vst1q_u8(p, vcombine_u8(vqmovn_u16(low), vqmovn_u16(high)));
}
TENON_INLINE void u_store8x4(uint8_t* p, F a, F b, F c, F d) {
  u_store8(p, a);
  u_store8(p + 16, b);
  u_store8(p + 32, c);
  u_store8(p + 48, d);
}

// The transpose of a square of 4 x 4: pairs of rows are interleaved, then pairs of pairs.
TENON_INLINE void transpose_four(const float* source, size_t stride, float* target, size_t target_stride) {
  const float32x4_t a = vld1q_f32(source), b = vld1q_f32(source + stride);
  const float32x4_t c = vld1q_f32(source + 2 * stride), d = vld1q_f32(source + 3 * stride);
  const float64x2_t ab_even = vreinterpretq_f64_f32(vtrn1q_f32(a, b)), ab_odd = vreinterpretq_f64_f32(vtrn2q_f32(a, b));
  const float64x2_t cd_even = vreinterpretq_f64_f32(vtrn1q_f32(c, d)), cd_odd = vreinterpretq_f64_f32(vtrn2q_f32(c, d));
  vst1q_f32(target, vreinterpretq_f32_f64(vtrn1q_f64(ab_even, cd_even)));
  vst1q_f32(target + target_stride, vreinterpretq_f32_f64(vtrn1q_f64(ab_odd, cd_odd)));
  vst1q_f32(target + 2 * target_stride, vreinterpretq_f32_f64(vtrn2q_f64(ab_even, cd_even)));
  vst1q_f32(target + 3 * target_stride, vreinterpretq_f32_f64(vtrn2q_f64(ab_odd, cd_odd)));
}

// target[c * target_stride + r] = source[r * stride + c] for at most 16 rows and columns.
TENON_INLINE void transpose_square(const float* source, size_t stride, size_t rows, size_t columns, float* target,
                                   size_t target_stride) {
  const size_t whole_rows = rows / 4 * 4;
  const size_t whole_columns = columns / 4 * 4;
  for (size_t r = 0; r < whole_rows; r += 4) {
    for (size_t c = 0; c < whole_columns; c += 4) {
      transpose_four(source + r * stride + c, stride, target + c * target_stride + r, target_stride);
    }
  }
  for (size_t r = 0; r < rows; ++r) {
    for (size_t c = r < whole_rows ? whole_columns : 0; c < columns; ++c) {
      target[c * target_stride + r] = source[r * stride + c];
    }
  }
}

// Products: one register of W is kWidth floats.
using W = float32x4_t;
constexpr size_t kWidth = 4;
// The tile of a dense block; its columns divide a panel.
constexpr size_t kDenseRows = 6;  // 24 sums, 4 of B and 1 of A: 29 of 32 registers
constexpr size_t kDenseVectors = 4;
TENON_INLINE W w_zero() { return vdupq_n_f32(0.0f); }
TENON_INLINE W w_set(const float* p) { return vld1q_dup_f32(p); }
TENON_INLINE W w_all(float x) { return vdupq_n_f32(x); }
TENON_INLINE W w_load(const float* p) { return vld1q_f32(p); }
TENON_INLINE void w_store(float* p, W x) { vst1q_f32(p, x); }
TENON_INLINE W w_add(W a, W b) { return vaddq_f32(a, b); }
TENON_INLINE W w_max(W a, W b) { return vbslq_f32(vcgtq_f32(a, b), a, b); }
TENON_INLINE W w_fma(W a, W b, W c) { return vfmaq_f32(c, a, b); }

// Sums of four products of u8 and s8, 4 of them, widened to 16 bits.
using Q = int32x4_t;
using QLeft = int16x4_t;
struct QRight {
  int16x8_t low, high;
};
constexpr size_t kQuadWidth = 4;
constexpr size_t kQuadRows = 4;
constexpr size_t kQuadVectors = 4;
TENON_INLINE Q q_zero() { return vdupq_n_s32(0); }
TENON_INLINE QLeft q_left(const uint8_t* a) {
  const int16_t four[4] = {a[0], a[1], a[2], a[3]};
  return vld1_s16(four);
}
TENON_INLINE QRight q_right(const int8_t* b) {
  const int8x16_t bytes = vld1q_s8(b);
  return {vmovl_s8(vget_low_s8(bytes)), vmovl_high_s8(bytes)};
}
TENON_INLINE Q q_dot(Q sum, QLeft a, QRight b) {
  const int32x4_t first = vpaddq_s32(vmull_s16(a, vget_low_s16(b.low)), vmull_s16(a, vget_high_s16(b.low)));
  const int32x4_t second = vpaddq_s32(vmull_s16(a, vget_low_s16(b.high)), vmull_s16(a, vget_high_s16(b.high)));
  return vaddq_s32(sum, vpaddq_s32(first, second));
}
TENON_INLINE void q_keep(int32_t* p, Q sum) { vst1q_s32(p, sum); }
TENON_INLINE void q_store(float* c, const int32_t* sum, const int32_t* minus, const float* scale, const float* bias, float floor) {
  const float32x4_t x = vcvtq_f32_s32(vsubq_s32(vld1q_s32(sum), vld1q_s32(minus)));
  const float32x4_t y = vfmaq_f32(vld1q_f32(bias), x, vld1q_f32(scale));
  vst1q_f32(c, w_max(vdupq_n_f32(floor), y));
}

TENON_INLINE void prefetch(const void* p) { __builtin_prefetch(p); }
TENON_INLINE void prefetch_second(const void* p) { __builtin_prefetch(p, 0, 2); }
TENON_INLINE void fence() {}

// 64 bytes at once: a bit for each that is one of four, and whether all are from 1 to 127.
TENON_INLINE uint64_t b_any_of(const uint8_t* bytes, uint8_t first, uint8_t second, uint8_t third, uint8_t fourth) noexcept {
  static const uint8_t kBits[16] = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
  const uint8x16_t bits = vld1q_u8(kBits);
  uint8x16_t part[4];
  for (int quarter = 0; quarter < 4; ++quarter) {
    const uint8x16_t x = vld1q_u8(bytes + 16 * quarter);
    const uint8x16_t any = vorrq_u8(vorrq_u8(vceqq_u8(x, vdupq_n_u8(first)), vceqq_u8(x, vdupq_n_u8(second))),
                                    vorrq_u8(vceqq_u8(x, vdupq_n_u8(third)), vceqq_u8(x, vdupq_n_u8(fourth))));
    part[quarter] = vandq_u8(any, bits);
  }
  // Each addition of neighbours halves the bytes until one holds eight bits.
  const uint8x16_t low = vpaddq_u8(part[0], part[1]), high = vpaddq_u8(part[2], part[3]);
  const uint8x16_t pairs = vpaddq_u8(low, high);
  return vgetq_lane_u64(vreinterpretq_u64_u8(vpaddq_u8(pairs, pairs)), 0);
}
TENON_INLINE bool b_plain(const uint8_t* bytes) noexcept {
  int8x16_t least = vreinterpretq_s8_u8(vld1q_u8(bytes));
  for (int quarter = 1; quarter < 4; ++quarter) {
    least = vminq_s8(least, vreinterpretq_s8_u8(vld1q_u8(bytes + 16 * quarter)));
  }
  return vminvq_s8(least) > 0;
}
