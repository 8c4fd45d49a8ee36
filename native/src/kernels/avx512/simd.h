// The vocabulary of kernels/generic on AVX-512: 16 floats are one register, 8 doubles one.

using F = __m512;
using D = __m512d;
using M = __mmask16;

TENON_INLINE M lanes(size_t n) { return static_cast<M>((1u << n) - 1); }

TENON_INLINE F f_set(float x) { return _mm512_set1_ps(x); }
TENON_INLINE F f_load(const float* p) { return _mm512_loadu_ps(p); }
TENON_INLINE F f_load_n(const float* p, size_t n) { return _mm512_maskz_loadu_ps(lanes(n), p); }
TENON_INLINE void f_store(float* p, F x) { _mm512_storeu_ps(p, x); }
TENON_INLINE void f_store_n(float* p, F x, size_t n) { _mm512_mask_storeu_ps(p, lanes(n), x); }
// Zeros from lane n on.
TENON_INLINE F f_first_n(F x, size_t n) { return _mm512_maskz_mov_ps(lanes(n), x); }
TENON_INLINE void f_stream(float* p, F x) { _mm512_stream_ps(p, x); }
TENON_INLINE F f_add(F a, F b) { return _mm512_add_ps(a, b); }
TENON_INLINE F f_sub(F a, F b) { return _mm512_sub_ps(a, b); }
TENON_INLINE F f_mul(F a, F b) { return _mm512_mul_ps(a, b); }
TENON_INLINE F f_div(F a, F b) { return _mm512_div_ps(a, b); }
TENON_INLINE F f_fma(F a, F b, F c) { return _mm512_fmadd_ps(a, b, c); }
TENON_INLINE F f_fnma(F a, F b, F c) { return _mm512_fnmadd_ps(a, b, c); }
TENON_INLINE F f_sqrt(F a) { return _mm512_sqrt_ps(a); }
TENON_INLINE F f_max(F a, F b) { return _mm512_max_ps(a, b); }
TENON_INLINE F f_min(F a, F b) { return _mm512_min_ps(a, b); }
TENON_INLINE F f_abs(F a) { return _mm512_abs_ps(a); }
TENON_INLINE F f_round(F a) { return _mm512_roundscale_ps(a, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC); }
TENON_INLINE F f_pow2(F n) {
  return _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_add_epi32(_mm512_cvtps_epi32(n), _mm512_set1_epi32(127)), 23));
}
TENON_INLINE M f_is_number(F a) { return _mm512_cmp_ps_mask(a, a, _CMP_ORD_Q); }
TENON_INLINE M f_less(F a, F b) { return _mm512_cmp_ps_mask(a, b, _CMP_LT_OQ); }
TENON_INLINE bool m_all(M m) { return m == 0xffff; }
// Stores the lanes in m, in order; returns how many. What is behind them, up to 16 in all, may be overwritten.
TENON_INLINE size_t f_pick(float* p, M m, F x) {
  // Not compressed into memory, which is many times slower on some processors.
  _mm512_storeu_ps(p, _mm512_maskz_compress_ps(m, x));
  return static_cast<size_t>(_mm_popcnt_u32(m));
}
TENON_INLINE F f_select(M m, F yes, F no) { return _mm512_mask_blend_ps(m, no, yes); }

TENON_INLINE D d_set(double x) { return _mm512_set1_pd(x); }
TENON_INLINE D d_load(const double* p) { return _mm512_loadu_pd(p); }
TENON_INLINE void d_store(double* p, D x) { _mm512_storeu_pd(p, x); }
TENON_INLINE D d_low(F a) { return _mm512_cvtps_pd(_mm512_castps512_ps256(a)); }
TENON_INLINE D d_high(F a) { return _mm512_cvtps_pd(_mm512_extractf32x8_ps(a, 1)); }
TENON_INLINE D d_add(D a, D b) { return _mm512_add_pd(a, b); }
TENON_INLINE D d_sub(D a, D b) { return _mm512_sub_pd(a, b); }
TENON_INLINE D d_fma(D a, D b, D c) { return _mm512_fmadd_pd(a, b, c); }
// Rows of sums of products that registers hold, of 24 columns.
constexpr size_t kGramRows = 8;

// Int8 products by vpdpbusd, which multiplies unsigned by signed: a + 128 is unsigned, and what
// the 128 adds is summed beside it and taken away at the end. Sums wrap, so nothing is lost.
struct I {
  __m512i sum;
  __m512i excess;
};
TENON_INLINE I i_zero() { return {_mm512_setzero_si512(), _mm512_setzero_si512()}; }
TENON_INLINE I i_dot(I acc, const int8_t* a, const int8_t* b) {
  const __m512i sign = _mm512_set1_epi8(static_cast<char>(0x80));
  const __m512i right = _mm512_loadu_si512(b);
  acc.sum = _mm512_dpbusd_epi32(acc.sum, _mm512_xor_si512(_mm512_loadu_si512(a), sign), right);
  acc.excess = _mm512_dpbusd_epi32(acc.excess, sign, right);
  return acc;
}
TENON_INLINE int32_t i_sum(I acc) { return _mm512_reduce_add_epi32(_mm512_sub_epi32(acc.sum, acc.excess)); }
TENON_INLINE void i_store8(int8_t* p, F x) {
  _mm_storeu_si128(reinterpret_cast<__m128i*>(p), _mm512_cvtepi32_epi8(_mm512_cvtps_epi32(x)));
}
TENON_INLINE void u_store8(uint8_t* p, F x) {
  _mm_storeu_si128(reinterpret_cast<__m128i*>(p), _mm512_cvtepi32_epi8(_mm512_cvtps_epi32(x)));
}
// Packing works within each quarter register: the four bytes from each quarter of a to d end up
// together, and one permutation of such fours brings them in order.
TENON_INLINE __m512i u_codes(F a, F b, F c, F d) {
  const __m512i low = _mm512_packs_epi32(_mm512_cvtps_epi32(a), _mm512_cvtps_epi32(b));
  const __m512i high = _mm512_packs_epi32(_mm512_cvtps_epi32(c), _mm512_cvtps_epi32(d));
  const __m512i order = _mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
  return _mm512_permutexvar_epi32(order, _mm512_packus_epi16(low, high));
}
TENON_INLINE void u_store8x4(uint8_t* p, F a, F b, F c, F d) { _mm512_storeu_si512(p, u_codes(a, b, c, d)); }

// target[c * target_stride + r] = source[r * stride + c] for at most 16 rows and columns.
//
// Pairs of floats, then pairs of doubles, are interleaved within each quarter register, which
// transposes 4 x 4 squares; two rounds of moving quarters then bring each column together:
// after the first two steps quarter q of t[4 g + i] is column 4 q + i of rows 4 g ... 4 g + 3.
TENON_INLINE void transpose_square(const float* source, size_t stride, size_t rows, size_t columns, float* target,
                                   size_t target_stride) {
  const M read = lanes(columns);
  const M write = lanes(rows);
  __m512 t[16];
#pragma GCC unroll 16
  for (size_t r = 0; r < 16; ++r) {
    t[r] = r < rows ? _mm512_maskz_loadu_ps(read, source + r * stride) : _mm512_setzero_ps();
  }
#pragma GCC unroll 4
  for (size_t g = 0; g < 16; g += 4) {
    const __m512d a = _mm512_castps_pd(_mm512_unpacklo_ps(t[g], t[g + 1]));
    const __m512d b = _mm512_castps_pd(_mm512_unpackhi_ps(t[g], t[g + 1]));
    const __m512d c = _mm512_castps_pd(_mm512_unpacklo_ps(t[g + 2], t[g + 3]));
    const __m512d d = _mm512_castps_pd(_mm512_unpackhi_ps(t[g + 2], t[g + 3]));
    t[g] = _mm512_castpd_ps(_mm512_unpacklo_pd(a, c));
    t[g + 1] = _mm512_castpd_ps(_mm512_unpackhi_pd(a, c));
    t[g + 2] = _mm512_castpd_ps(_mm512_unpacklo_pd(b, d));
    t[g + 3] = _mm512_castpd_ps(_mm512_unpackhi_pd(b, d));
  }
#pragma GCC unroll 4
  for (size_t i = 0; i < 4; ++i) {
    const __m512 a = _mm512_shuffle_f32x4(t[i], t[4 + i], 0x44);
    const __m512 b = _mm512_shuffle_f32x4(t[i], t[4 + i], 0xee);
    const __m512 c = _mm512_shuffle_f32x4(t[8 + i], t[12 + i], 0x44);
    const __m512 d = _mm512_shuffle_f32x4(t[8 + i], t[12 + i], 0xee);
    const __m512 column[4] = {_mm512_shuffle_f32x4(a, c, 0x88), _mm512_shuffle_f32x4(a, c, 0xdd),
                              _mm512_shuffle_f32x4(b, d, 0x88), _mm512_shuffle_f32x4(b, d, 0xdd)};
#pragma GCC unroll 4
    for (size_t q = 0; q < 4; ++q) {
      if (4 * q + i < columns) _mm512_mask_storeu_ps(target + (4 * q + i) * target_stride, write, column[q]);
    }
  }
}

// Products: one register of W is kWidth floats.
using W = __m512;
constexpr size_t kWidth = 16;
// The tile of a dense block; its columns divide a panel.
constexpr size_t kDenseRows = 14;  // 28 sums, 2 of B and 1 of A: 31 of 32 registers
constexpr size_t kDenseVectors = 2;
TENON_INLINE W w_zero() { return _mm512_setzero_ps(); }
TENON_INLINE W w_set(const float* p) { return _mm512_set1_ps(*p); }
TENON_INLINE W w_all(float x) { return _mm512_set1_ps(x); }
TENON_INLINE W w_load(const float* p) { return _mm512_loadu_ps(p); }
TENON_INLINE void w_store(float* p, W x) { _mm512_storeu_ps(p, x); }
TENON_INLINE W w_add(W a, W b) { return _mm512_add_ps(a, b); }
TENON_INLINE W w_max(W a, W b) { return _mm512_max_ps(a, b); }
TENON_INLINE W w_fma(W a, W b, W c) { return _mm512_fmadd_ps(a, b, c); }

// Sums of four products of u8 and s8, 16 of them, by vpdpbusd.
using Q = __m512i;
using QLeft = __m512i;
using QRight = __m512i;
constexpr size_t kQuadWidth = 16;
constexpr size_t kQuadRows = 14;  // as the tile of a dense block
constexpr size_t kQuadVectors = 2;
TENON_INLINE Q q_zero() { return _mm512_setzero_si512(); }
TENON_INLINE QLeft q_left(const uint8_t* a) {
  int32_t four;
  __builtin_memcpy(&four, a, 4);
  return _mm512_set1_epi32(four);
}
TENON_INLINE QRight q_right(const int8_t* b) { return _mm512_loadu_si512(b); }
TENON_INLINE Q q_dot(Q sum, QLeft a, QRight b) { return _mm512_dpbusd_epi32(sum, a, b); }
TENON_INLINE void q_keep(int32_t* p, Q sum) { _mm512_storeu_si512(p, sum); }
TENON_INLINE void q_store(float* c, const int32_t* sum, const int32_t* minus, const float* scale, const float* bias, float floor) {
  const __m512 x = _mm512_cvtepi32_ps(_mm512_sub_epi32(_mm512_loadu_si512(sum), _mm512_loadu_si512(minus)));
  const __m512 y = _mm512_fmadd_ps(x, _mm512_loadu_ps(scale), _mm512_loadu_ps(bias));
  _mm512_storeu_ps(c, _mm512_max_ps(_mm512_set1_ps(floor), y));
}

TENON_INLINE void prefetch(const void* p) { _mm_prefetch(static_cast<const char*>(p), _MM_HINT_T0); }
// Into the second-level cache.
TENON_INLINE void prefetch_second(const void* p) { _mm_prefetch(static_cast<const char*>(p), _MM_HINT_T1); }
TENON_INLINE void fence() { _mm_sfence(); }

// 64 bytes at once: a bit for each that is one of four, and whether all are from 1 to 127.
TENON_INLINE uint64_t b_any_of(const uint8_t* bytes, uint8_t first, uint8_t second, uint8_t third, uint8_t fourth) noexcept {
  const __m512i x = _mm512_loadu_si512(bytes);
  return _mm512_cmpeq_epi8_mask(x, _mm512_set1_epi8(static_cast<char>(first))) |
         _mm512_cmpeq_epi8_mask(x, _mm512_set1_epi8(static_cast<char>(second))) |
         _mm512_cmpeq_epi8_mask(x, _mm512_set1_epi8(static_cast<char>(third))) |
         _mm512_cmpeq_epi8_mask(x, _mm512_set1_epi8(static_cast<char>(fourth)));
}
TENON_INLINE bool b_plain(const uint8_t* bytes) noexcept {
  return _mm512_cmpgt_epi8_mask(_mm512_loadu_si512(bytes), _mm512_setzero_si512()) == ~uint64_t{0};
}
