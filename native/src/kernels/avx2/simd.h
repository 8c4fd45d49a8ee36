// The vocabulary of kernels/generic on AVX2 with FMA: 16 floats are two registers, 8 doubles two.

struct F {
  __m256 a, b;
};
struct D {
  __m256d a, b;
};
using M = F;  // all bits of a lane set or clear

alignas(32) constexpr int32_t kLaneMask[32] = {-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
                                               0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0};
TENON_INLINE __m256i lanes(size_t n, size_t from) {
  return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(kLaneMask + 16 - n + from));
}

TENON_INLINE F f_set(float x) { return {_mm256_set1_ps(x), _mm256_set1_ps(x)}; }
TENON_INLINE F f_load(const float* p) { return {_mm256_loadu_ps(p), _mm256_loadu_ps(p + 8)}; }
TENON_INLINE F f_load_n(const float* p, size_t n) {
  // Masked-out lanes do not fault, so p + 8 may lie beyond the end.
  return {_mm256_maskload_ps(p, lanes(n, 0)), n > 8 ? _mm256_maskload_ps(p + 8, lanes(n, 8)) : _mm256_setzero_ps()};
}
TENON_INLINE void f_store(float* p, F x) {
  _mm256_storeu_ps(p, x.a);
  _mm256_storeu_ps(p + 8, x.b);
}
TENON_INLINE void f_store_n(float* p, F x, size_t n) {
  _mm256_maskstore_ps(p, lanes(n, 0), x.a);
  if (n > 8) _mm256_maskstore_ps(p + 8, lanes(n, 8), x.b);
}
// Zeros from lane n on.
TENON_INLINE F f_first_n(F x, size_t n) {
  return {_mm256_and_ps(x.a, _mm256_castsi256_ps(lanes(n, 0))), _mm256_and_ps(x.b, _mm256_castsi256_ps(lanes(n, 8)))};
}
TENON_INLINE void f_stream(float* p, F x) {
  _mm256_stream_ps(p, x.a);
  _mm256_stream_ps(p + 8, x.b);
}
TENON_INLINE F f_add(F x, F y) { return {_mm256_add_ps(x.a, y.a), _mm256_add_ps(x.b, y.b)}; }
TENON_INLINE F f_sub(F x, F y) { return {_mm256_sub_ps(x.a, y.a), _mm256_sub_ps(x.b, y.b)}; }
TENON_INLINE F f_mul(F x, F y) { return {_mm256_mul_ps(x.a, y.a), _mm256_mul_ps(x.b, y.b)}; }
TENON_INLINE F f_div(F x, F y) { return {_mm256_div_ps(x.a, y.a), _mm256_div_ps(x.b, y.b)}; }
TENON_INLINE F f_fma(F x, F y, F z) { return {_mm256_fmadd_ps(x.a, y.a, z.a), _mm256_fmadd_ps(x.b, y.b, z.b)}; }
TENON_INLINE F f_fnma(F x, F y, F z) { return {_mm256_fnmadd_ps(x.a, y.a, z.a), _mm256_fnmadd_ps(x.b, y.b, z.b)}; }
TENON_INLINE F f_sqrt(F x) { return {_mm256_sqrt_ps(x.a), _mm256_sqrt_ps(x.b)}; }
TENON_INLINE F f_max(F x, F y) { return {_mm256_max_ps(x.a, y.a), _mm256_max_ps(x.b, y.b)}; }
TENON_INLINE F f_min(F x, F y) { return {_mm256_min_ps(x.a, y.a), _mm256_min_ps(x.b, y.b)}; }
TENON_INLINE F f_abs(F x) {
  const __m256 sign = _mm256_set1_ps(-0.0f);
  return {_mm256_andnot_ps(sign, x.a), _mm256_andnot_ps(sign, x.b)};
}
TENON_INLINE F f_round(F x) {
  return {_mm256_round_ps(x.a, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC),
          _mm256_round_ps(x.b, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC)};
}
TENON_INLINE __m256 pow2_half(__m256 n) {
  return _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_add_epi32(_mm256_cvtps_epi32(n), _mm256_set1_epi32(127)), 23));
}
TENON_INLINE F f_pow2(F n) { return {pow2_half(n.a), pow2_half(n.b)}; }
TENON_INLINE M f_is_number(F x) { return {_mm256_cmp_ps(x.a, x.a, _CMP_ORD_Q), _mm256_cmp_ps(x.b, x.b, _CMP_ORD_Q)}; }
TENON_INLINE M f_less(F x, F y) { return {_mm256_cmp_ps(x.a, y.a, _CMP_LT_OQ), _mm256_cmp_ps(x.b, y.b, _CMP_LT_OQ)}; }
TENON_INLINE bool m_all(M m) { return _mm256_movemask_ps(_mm256_and_ps(m.a, m.b)) == 0xff; }
// Stores the lanes in m, in order; returns how many. What is behind them, up to 16 in all, may be overwritten.
TENON_INLINE size_t f_pick(float* p, M m, F x) {
  uint32_t bits = static_cast<uint32_t>(_mm256_movemask_ps(m.a)) | static_cast<uint32_t>(_mm256_movemask_ps(m.b)) << 8;
  if (bits == 0) return 0;
  float lane[16];
  f_store(lane, x);
  size_t count = 0;
  for (; bits != 0; bits &= bits - 1) p[count++] = lane[__builtin_ctz(bits)];
  return count;
}
TENON_INLINE F f_select(M m, F yes, F no) {
  return {_mm256_blendv_ps(no.a, yes.a, m.a), _mm256_blendv_ps(no.b, yes.b, m.b)};
}

TENON_INLINE D d_set(double x) { return {_mm256_set1_pd(x), _mm256_set1_pd(x)}; }
TENON_INLINE D d_load(const double* p) { return {_mm256_loadu_pd(p), _mm256_loadu_pd(p + 4)}; }
TENON_INLINE void d_store(double* p, D x) {
  _mm256_storeu_pd(p, x.a);
  _mm256_storeu_pd(p + 4, x.b);
}
TENON_INLINE D d_half(__m256 x) {
  return {_mm256_cvtps_pd(_mm256_castps256_ps128(x)), _mm256_cvtps_pd(_mm256_extractf128_ps(x, 1))};
}
TENON_INLINE D d_low(F x) { return d_half(x.a); }
TENON_INLINE D d_high(F x) { return d_half(x.b); }
TENON_INLINE D d_add(D x, D y) { return {_mm256_add_pd(x.a, y.a), _mm256_add_pd(x.b, y.b)}; }
TENON_INLINE D d_sub(D x, D y) { return {_mm256_sub_pd(x.a, y.a), _mm256_sub_pd(x.b, y.b)}; }
TENON_INLINE D d_fma(D x, D y, D z) { return {_mm256_fmadd_pd(x.a, y.a, z.a), _mm256_fmadd_pd(x.b, y.b, z.b)}; }
// Rows of sums of products that registers hold, of 8 columns.
constexpr size_t kGramRows = 4;

// Int8 products widened to 16 bits and added in pairs: vpmaddubsw would saturate.
using I = __m256i;
TENON_INLINE I i_zero() { return _mm256_setzero_si256(); }
TENON_INLINE __m256i widened(const int8_t* p) {
  return _mm256_cvtepi8_epi16(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p)));
}
TENON_INLINE I i_dot(I acc, const int8_t* a, const int8_t* b) {
  for (int i = 0; i < 64; i += 16) acc = _mm256_add_epi32(acc, _mm256_madd_epi16(widened(a + i), widened(b + i)));
  return acc;
}
TENON_INLINE int32_t i_sum(I acc) {
  __m128i s = _mm_add_epi32(_mm256_castsi256_si128(acc), _mm256_extracti128_si256(acc, 1));
  s = _mm_add_epi32(s, _mm_shuffle_epi32(s, 0x4e));
  s = _mm_add_epi32(s, _mm_shuffle_epi32(s, 0xb1));
  return _mm_cvtsi128_si32(s);
}
TENON_INLINE void i_store8(int8_t* p, F x) {
  const __m256i words = _mm256_permute4x64_epi64(
      _mm256_packs_epi32(_mm256_cvtps_epi32(x.a), _mm256_cvtps_epi32(x.b)), 0xd8);
  const __m128i bytes = _mm_packs_epi16(_mm256_castsi256_si128(words), _mm256_extracti128_si256(words, 1));
  _mm_storeu_si128(reinterpret_cast<__m128i*>(p), bytes);
}
TENON_INLINE void u_store8(uint8_t* p, F x) {
  const __m256i words = _mm256_permute4x64_epi64(
      _mm256_packus_epi32(_mm256_cvtps_epi32(x.a), _mm256_cvtps_epi32(x.b)), 0xd8);
  const __m128i bytes = _mm_packus_epi16(_mm256_castsi256_si128(words), _mm256_extracti128_si256(words, 1));
  _mm_storeu_si128(reinterpret_cast<__m128i*>(p), bytes);
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

// Products: one register of W is kWidth floats.
using W = __m256;
constexpr size_t kWidth = 8;
// The tile of a dense block; its columns divide a panel.
constexpr size_t kDenseRows = 6;  // 12 sums, 2 of B and 1 of A: 15 of 16 registers
constexpr size_t kDenseVectors = 2;
TENON_INLINE W w_zero() { return _mm256_setzero_ps(); }
TENON_INLINE W w_set(const float* p) { return _mm256_broadcast_ss(p); }
TENON_INLINE W w_all(float x) { return _mm256_set1_ps(x); }
TENON_INLINE W w_load(const float* p) { return _mm256_loadu_ps(p); }
TENON_INLINE void w_store(float* p, W x) { _mm256_storeu_ps(p, x); }
TENON_INLINE W w_add(W a, W b) { return _mm256_add_ps(a, b); }
TENON_INLINE W w_max(W a, W b) { return _mm256_max_ps(a, b); }
TENON_INLINE W w_fma(W a, W b, W c) { return _mm256_fmadd_ps(a, b, c); }

// Sums of four products of u8 and s8, 8 of them: even and odd bytes are widened to 16 bits apart,
// because vpmaddubsw would saturate.
using Q = __m256i;
struct QLeft {
  __m256i even, odd;
};
using QRight = QLeft;
constexpr size_t kQuadWidth = 8;
constexpr size_t kQuadRows = 4;  // 8 sums, 4 of B and 2 of A: 14 of 16 registers
constexpr size_t kQuadVectors = 2;
TENON_INLINE Q q_zero() { return _mm256_setzero_si256(); }
TENON_INLINE QLeft q_left(const uint8_t* a) {
  int32_t four;
  __builtin_memcpy(&four, a, 4);
  const __m256i bytes = _mm256_set1_epi32(four);
  return {_mm256_and_si256(bytes, _mm256_set1_epi16(0xff)), _mm256_srli_epi16(bytes, 8)};
}
TENON_INLINE QRight q_right(const int8_t* b) {
  const __m256i bytes = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(b));
  return {_mm256_srai_epi16(_mm256_slli_epi16(bytes, 8), 8), _mm256_srai_epi16(bytes, 8)};
}
TENON_INLINE Q q_dot(Q sum, QLeft a, QRight b) {
  return _mm256_add_epi32(sum, _mm256_add_epi32(_mm256_madd_epi16(a.even, b.even), _mm256_madd_epi16(a.odd, b.odd)));
}
TENON_INLINE void q_keep(int32_t* p, Q sum) { _mm256_storeu_si256(reinterpret_cast<__m256i*>(p), sum); }
TENON_INLINE void q_store(float* c, const int32_t* sum, const int32_t* minus, const float* scale, const float* bias, float floor) {
  const __m256i less = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(minus));
  const __m256 x = _mm256_cvtepi32_ps(_mm256_sub_epi32(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(sum)), less));
  const __m256 y = _mm256_fmadd_ps(x, _mm256_loadu_ps(scale), _mm256_loadu_ps(bias));
  _mm256_storeu_ps(c, _mm256_max_ps(_mm256_set1_ps(floor), y));
}

TENON_INLINE void prefetch(const void* p) { _mm_prefetch(static_cast<const char*>(p), _MM_HINT_T0); }
// Into the second-level cache.
TENON_INLINE void prefetch_second(const void* p) { _mm_prefetch(static_cast<const char*>(p), _MM_HINT_T1); }
TENON_INLINE void fence() { _mm_sfence(); }

// 64 bytes at once: a bit for each that is one of four, and whether all are from 1 to 127.
TENON_INLINE uint64_t b_any_of(const uint8_t* bytes, uint8_t first, uint8_t second, uint8_t third, uint8_t fourth) noexcept {
  uint64_t found = 0;
  for (int half = 0; half < 2; ++half) {
    const __m256i x = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(bytes + 32 * half));
    const auto equal = [x](uint8_t byte) noexcept __attribute__((always_inline)) {
      return _mm256_cmpeq_epi8(x, _mm256_set1_epi8(static_cast<char>(byte)));
    };
    const __m256i any = _mm256_or_si256(_mm256_or_si256(equal(first), equal(second)),
                                        _mm256_or_si256(equal(third), equal(fourth)));
    found |= uint64_t{static_cast<uint32_t>(_mm256_movemask_epi8(any))} << (32 * half);
  }
  return found;
}
TENON_INLINE bool b_plain(const uint8_t* bytes) noexcept {
  const __m256i low = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(bytes));
  const __m256i high = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(bytes + 32));
  const __m256i zero = _mm256_setzero_si256();
  return _mm256_movemask_epi8(_mm256_and_si256(_mm256_cmpgt_epi8(low, zero), _mm256_cmpgt_epi8(high, zero))) == -1;
}
