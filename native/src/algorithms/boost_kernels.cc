#include "boost_kernels.h"

#include <cstring>

#include "../kernels/table.h"
#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace tenon {
namespace {

#define TENON_BODY static inline __attribute__((always_inline))

using I32x8 = int32_t __attribute__((vector_size(32)));
using F32x8 = float __attribute__((vector_size(32)));
using U64x8 = uint64_t __attribute__((vector_size(64)));
using I64x8 = int64_t __attribute__((vector_size(64)));

// Vectors in memory, at any address.
template <typename Vector>
TENON_BODY Vector load(const void* from) noexcept {
  Vector value;
  std::memcpy(&value, from, sizeof value);
  return value;
}

template <typename Vector>
TENON_BODY void store(void* to, const Vector& value) noexcept {
  std::memcpy(to, &value, sizeof value);
}

struct Line {
  I32x8 gradient;
  I32x8 hessian;
  I32x8 rows;
};

TENON_BODY Line unpack(const U64x8& packed) noexcept {
  constexpr uint64_t kHessianMask = (1ull << (kGradientShift - kHessianShift)) - 1;
  constexpr uint64_t kRowsMask = (1ull << kHessianShift) - 1;
  return {__builtin_convertvector(reinterpret_cast<I64x8>(packed) >> kGradientShift, I32x8),
          __builtin_convertvector(packed >> kHessianShift & kHessianMask, I32x8),
          __builtin_convertvector(packed & kRowsMask, I32x8)};
}

TENON_BODY Line load_line(const void* histogram, bool wide, size_t line) noexcept {
  if (!wide) return unpack(load<U64x8>(static_cast<const char*>(histogram) + line * kPackedLine));
  const char* at = static_cast<const char*>(histogram) + line * kWideLine;
  return {load<I32x8>(at), load<I32x8>(at + 32), load<I32x8>(at + 64)};
}

TENON_BODY void store_wide(void* histogram, size_t line, const Line& sums) noexcept {
  char* at = static_cast<char*>(histogram) + line * kWideLine;
  store(at, sums.gradient);
  store(at + 32, sums.hessian);
  store(at + 64, sums.rows);
}

// The bytes ahead of a scattered read that are asked for early.
constexpr size_t kAhead = 24;

template <uint32_t kLanes, bool kScattered>
TENON_BODY void accumulate_lanes(const NodeRows& rows, const uint64_t* packed, size_t count,
                                 uint64_t* histogram) noexcept {
  for (size_t i = 0; i < count; ++i) {
    const uint8_t* bins = rows.bins + (kScattered ? size_t{rows.ids[i]} : i) * kGroupLanes;
    if (kScattered && i + kAhead < count) __builtin_prefetch(rows.bins + size_t{rows.ids[i + kAhead]} * kGroupLanes);
    const uint64_t sums = packed[i];
#pragma GCC unroll 8
    for (uint32_t lane = 0; lane < kLanes; ++lane) histogram[bins[lane] * 8 + lane] += sums;
  }
}

template <uint32_t kLanes>
TENON_BODY void accumulate_any(const NodeRows& rows, const uint64_t* packed, size_t count,
                               uint64_t* histogram) noexcept {
  if (rows.ids == nullptr) {
    accumulate_lanes<kLanes, false>(rows, packed, count, histogram);
  } else {
    accumulate_lanes<kLanes, true>(rows, packed, count, histogram);
  }
}

TENON_BODY void accumulate(const NodeRows& rows, const uint64_t* packed, size_t count, uint32_t lanes,
                           uint64_t* histogram) noexcept {
  switch (lanes) {
    case 1: return accumulate_any<1>(rows, packed, count, histogram);
    case 2: return accumulate_any<2>(rows, packed, count, histogram);
    case 3: return accumulate_any<3>(rows, packed, count, histogram);
    case 4: return accumulate_any<4>(rows, packed, count, histogram);
    case 5: return accumulate_any<5>(rows, packed, count, histogram);
    case 6: return accumulate_any<6>(rows, packed, count, histogram);
    case 7: return accumulate_any<7>(rows, packed, count, histogram);
    default: return accumulate_any<8>(rows, packed, count, histogram);
  }
}

TENON_BODY void widen(uint64_t* packed, int32_t* wide, size_t lines) noexcept {
  for (size_t line = 0; line < lines; ++line) {
    const Line add = load_line(packed, false, line);
    Line sums = load_line(wide, true, line);
    sums.gradient += add.gradient;
    sums.hessian += add.hessian;
    sums.rows += add.rows;
    store_wide(wide, line, sums);
  }
  std::memset(packed, 0, lines * kPackedLine);
}

TENON_BODY void merge(int32_t* wide, const int32_t* other, size_t lines) noexcept {
  for (size_t i = 0; i < lines * 24; ++i) wide[i] += other[i];
}

TENON_BODY void subtract(const void* all, bool all_wide, const void* part, bool part_wide, void* rest, bool rest_wide,
                         size_t lines) noexcept {
  if (!all_wide) {
    const uint64_t* a = static_cast<const uint64_t*>(all);
    const uint64_t* p = static_cast<const uint64_t*>(part);
    uint64_t* r = static_cast<uint64_t*>(rest);
    for (size_t i = 0; i < lines * 8; ++i) r[i] = a[i] - p[i];
    return;
  }
  for (size_t line = 0; line < lines; ++line) {
    Line sums = load_line(all, true, line);
    const Line minus = part_wide ? load_line(part, true, line) : load_line(part, false, line);
    sums.gradient -= minus.gradient;
    sums.hessian -= minus.hessian;
    sums.rows -= minus.rows;
    if (rest_wide) {
      store_wide(rest, line, sums);
      continue;
    }
    const U64x8 packed =
        (reinterpret_cast<U64x8>(__builtin_convertvector(sums.gradient, I64x8)) << kGradientShift) +
        (__builtin_convertvector(sums.hessian, U64x8) << kHessianShift) + __builtin_convertvector(sums.rows, U64x8);
    store(static_cast<char*>(rest) + line * kPackedLine, packed);
  }
}

// One pass over the bins, eight features at once. `carry` is counted as left of every bin.
template <bool kWide>
TENON_BODY void scan_lines(const void* histogram, uint32_t value_bins, const BoostSums& total, const Line& carry,
                           const SplitRule& rule, const I32x8& allowed, F32x8& best, I32x8& best_bin) noexcept {
  const I32x8 all_gradient = total.gradient - I32x8{};
  const I32x8 all_hessian = total.hessian - I32x8{};
  const I32x8 all_rows = total.rows - I32x8{};
  const F32x8 lambda = rule.lambda - F32x8{};
  const F32x8 min_hessian = rule.min_hessian - F32x8{};
  const I32x8 min_rows = rule.min_rows - I32x8{};
  Line left = carry;
  U64x8 running{};
  I32x8 bin{};
  for (uint32_t line = 0; line < value_bins; ++line, bin += 1) {
    Line sums;
    if constexpr (kWide) {
      const Line add = load_line(histogram, true, line);
      left.gradient += add.gradient;
      left.hessian += add.hessian;
      left.rows += add.rows;
      sums = left;
    } else {
      running += load<U64x8>(static_cast<const char*>(histogram) + line * kPackedLine);
      sums = unpack(running);
      sums.gradient += carry.gradient;
      sums.hessian += carry.hessian;
      sums.rows += carry.rows;
    }
    const F32x8 left_gradient = __builtin_convertvector(sums.gradient, F32x8);
    const F32x8 left_hessian = __builtin_convertvector(sums.hessian, F32x8);
    const F32x8 right_gradient = __builtin_convertvector(all_gradient - sums.gradient, F32x8);
    const F32x8 right_hessian = __builtin_convertvector(all_hessian - sums.hessian, F32x8);
    const F32x8 l = left_hessian + lambda;
    const F32x8 r = right_hessian + lambda;
    const F32x8 score = (left_gradient * left_gradient * r + right_gradient * right_gradient * l) / (l * r);
    const I32x8 better = (sums.rows >= min_rows) & (all_rows - sums.rows >= min_rows) &
                         (left_hessian >= min_hessian) & (right_hessian >= min_hessian) & (score > best) & allowed;
    best = better ? score : best;
    best_bin = better ? bin : best_bin;
  }
}

template <bool kWide>
TENON_BODY GroupSplit scan_form(const void* histogram, uint32_t value_bins, const BoostSums& total, uint32_t lanes,
                                const SplitRule& rule) noexcept {
  I32x8 allowed{};
  for (uint32_t lane = 0; lane < kGroupLanes; ++lane) allowed[lane] = lanes >> lane & 1 ? -1 : 0;
  F32x8 best = -1.0f - F32x8{};
  I32x8 best_bin{};
  scan_lines<kWide>(histogram, value_bins, total, Line{}, rule, allowed, best, best_bin);
  F32x8 best_left = best;
  I32x8 best_left_bin{};
  const Line missing = load_line(histogram, kWide, value_bins);
  bool any_missing = false;
  for (uint32_t lane = 0; lane < kGroupLanes; ++lane) any_missing |= missing.rows[lane] != 0;
  if (any_missing) {
    scan_lines<kWide>(histogram, value_bins, total, missing, rule, allowed & (missing.rows != 0), best_left,
                      best_left_bin);
  }
  GroupSplit found{-1.0f, 0, 0, false};
  for (uint32_t lane = 0; lane < kGroupLanes; ++lane) {
    if (best[lane] > found.score) found = {best[lane], lane, static_cast<uint32_t>(best_bin[lane]), false};
    if (best_left[lane] > found.score) {
      found = {best_left[lane], lane, static_cast<uint32_t>(best_left_bin[lane]), true};
    }
  }
  return found;
}

TENON_BODY GroupSplit scan(const void* histogram, bool wide, uint32_t value_bins, const BoostSums& total,
                           uint32_t lanes, const SplitRule& rule) noexcept {
  return wide ? scan_form<true>(histogram, value_bins, total, lanes, rule)
              : scan_form<false>(histogram, value_bins, total, lanes, rule);
}

TENON_BODY size_t test_rows(const NodeRows& rows, size_t count, const BinTest& test, uint64_t* words) noexcept {
  size_t left = 0;
  for (size_t i = 0; i < count; i += 64) {
    const size_t width = count - i < 64 ? count - i : 64;
    uint64_t word = 0;
    for (size_t k = 0; k < width; ++k) {
      const size_t row = rows.ids == nullptr ? i + k : rows.ids[i + k];
      const uint32_t bin = rows.bins[row * kGroupLanes + test.lane];
      const bool goes_left = (bin <= test.bin) | (test.missing_left & (bin == test.missing_bin));
      word |= static_cast<uint64_t>(goes_left) << k;
      left += goes_left;
    }
    words[i / 64] = word;
  }
  return left;
}

template <typename Element>
TENON_BODY void move_rows(const Element* from, size_t count, const uint64_t* words, Element* left,
                          Element* right) noexcept {
  for (size_t i = 0; i < count; ++i) {
    // An address computed, not chosen: which way a row goes cannot be predicted.
    const uint64_t goes_left = words[i / 64] >> (i % 64) & 1;
    const intptr_t apart = reinterpret_cast<intptr_t>(left) - reinterpret_cast<intptr_t>(right);
    Element* to = reinterpret_cast<Element*>(reinterpret_cast<intptr_t>(right) +
                                             (apart & -static_cast<intptr_t>(goes_left)));
    *to = from[i];
    left += goes_left;
    right += 1 - goes_left;
  }
}

#if defined(__x86_64__)
#define TENON_AVX512 __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,popcnt,bmi2")))

TENON_AVX512 size_t test_rows_avx512(const NodeRows& rows, size_t count, const BinTest& test,
                                     uint64_t* words) noexcept {
  if (rows.ids != nullptr) return test_rows(rows, count, test, words);
  const __m128i shift = _mm_cvtsi32_si128(static_cast<int>(8 * test.lane));
  const __m512i byte = _mm512_set1_epi64(255);
  const __m512i bin = _mm512_set1_epi64(test.bin);
  // A bin that no row has, for missing values that go right.
  const __m512i missing = _mm512_set1_epi64(test.missing_left ? test.missing_bin : 256);
  size_t left = 0;
  for (size_t i = 0; i < count; i += 64) {
    uint64_t word = 0;
    for (size_t k = 0; k < 64 && i + k < count; k += 8) {
      const size_t rest = count - i - k;
      const __mmask8 present = static_cast<__mmask8>(rest >= 8 ? 0xff : (1u << rest) - 1);
      const __m512i row = _mm512_maskz_loadu_epi64(present, rows.bins + (i + k) * kGroupLanes);
      const __m512i value = _mm512_and_si512(_mm512_srl_epi64(row, shift), byte);
      const __mmask8 goes_left = static_cast<__mmask8>(_mm512_mask_cmple_epu64_mask(present, value, bin) |
                                                       _mm512_mask_cmpeq_epu64_mask(present, value, missing));
      word |= static_cast<uint64_t>(goes_left) << k;
    }
    words[i / 64] = word;
    left += static_cast<size_t>(_mm_popcnt_u64(word));
  }
  return left;
}

// Sixteen ids at a time. Whole vectors are stored as long as what lies behind the kept ids will be
// overwritten by the next ones; towards the end only the kept ones, as others own what follows.
TENON_AVX512 void move_ids_avx512(const uint32_t* from, size_t count, const uint64_t* words, uint32_t* left,
                                  uint32_t* right) noexcept {
  size_t lefts = 0;
  for (size_t w = 0; w < (count + 63) / 64; ++w) lefts += static_cast<size_t>(_mm_popcnt_u64(words[w]));
  const uint32_t* const left_end = left + lefts;
  const uint32_t* const right_end = right + (count - lefts);
  for (size_t i = 0; i < count; i += 16) {
    const size_t rest = count - i;
    const uint32_t present = rest >= 16 ? 0xffffu : (1u << rest) - 1;
    const uint32_t goes_left = static_cast<uint32_t>(words[i / 64] >> (i % 64)) & present;
    const uint32_t goes_right = ~goes_left & present;
    const __m512i value = _mm512_maskz_loadu_epi32(static_cast<__mmask16>(present), from + i);
    const __m512i to_left = _mm512_maskz_compress_epi32(static_cast<__mmask16>(goes_left), value);
    const __m512i to_right = _mm512_maskz_compress_epi32(static_cast<__mmask16>(goes_right), value);
    const int left_count = _mm_popcnt_u32(goes_left);
    const int right_count = _mm_popcnt_u32(goes_right);
    if (left_end - left >= 16) {
      _mm512_storeu_si512(left, to_left);
    } else {
      _mm512_mask_storeu_epi32(left, static_cast<__mmask16>((1u << left_count) - 1), to_left);
    }
    if (right_end - right >= 16) {
      _mm512_storeu_si512(right, to_right);
    } else {
      _mm512_mask_storeu_epi32(right, static_cast<__mmask16>((1u << right_count) - 1), to_right);
    }
    left += left_count;
    right += right_count;
  }
}

TENON_AVX512 void move_packed_avx512(const uint64_t* from, size_t count, const uint64_t* words, uint64_t* left,
                                     uint64_t* right) noexcept {
  size_t lefts = 0;
  for (size_t w = 0; w < (count + 63) / 64; ++w) lefts += static_cast<size_t>(_mm_popcnt_u64(words[w]));
  const uint64_t* const left_end = left + lefts;
  const uint64_t* const right_end = right + (count - lefts);
  for (size_t i = 0; i < count; i += 8) {
    const size_t rest = count - i;
    const uint32_t present = rest >= 8 ? 0xffu : (1u << rest) - 1;
    const uint32_t goes_left = static_cast<uint32_t>(words[i / 64] >> (i % 64)) & present;
    const uint32_t goes_right = ~goes_left & present;
    const __m512i value = _mm512_maskz_loadu_epi64(static_cast<__mmask8>(present), from + i);
    const __m512i to_left = _mm512_maskz_compress_epi64(static_cast<__mmask8>(goes_left), value);
    const __m512i to_right = _mm512_maskz_compress_epi64(static_cast<__mmask8>(goes_right), value);
    const int left_count = _mm_popcnt_u32(goes_left);
    const int right_count = _mm_popcnt_u32(goes_right);
    if (left_end - left >= 8) {
      _mm512_storeu_si512(left, to_left);
    } else {
      _mm512_mask_storeu_epi64(left, static_cast<__mmask8>((1u << left_count) - 1), to_left);
    }
    if (right_end - right >= 8) {
      _mm512_storeu_si512(right, to_right);
    } else {
      _mm512_mask_storeu_epi64(right, static_cast<__mmask8>((1u << right_count) - 1), to_right);
    }
    left += left_count;
    right += right_count;
  }
}
#endif

// A number in [0, 1) with 23 bits that looks random (the finalizer of MurmurHash3).
TENON_BODY float draw(uint32_t number, uint32_t salt) noexcept {
  uint32_t x = number * 0x9e3779b9u + salt;
  x ^= x >> 16;
  x *= 0x85ebca6bu;
  x ^= x >> 13;
  x *= 0xc2b2ae35u;
  x ^= x >> 16;
  return static_cast<float>(static_cast<int32_t>(x >> 9)) * (1.0f / 8388608.0f);
}

TENON_BODY void quantize(const float* gradient, const float* hessian, size_t count, float gradient_scale,
                         float hessian_scale, uint32_t first, uint32_t salt, uint64_t* packed) noexcept {
  constexpr float kOffset = kGradientLimit + 1;  // makes truncation rounding down
  for (size_t i = 0; i < count; ++i) {
    const uint32_t number = first + static_cast<uint32_t>(i);
    float g = gradient[i] * gradient_scale + kOffset + draw(number, salt);
    float h = hessian[i] * hessian_scale + draw(number, ~salt);
    g = g < kOffset + kGradientLimit ? g : kOffset + kGradientLimit;
    g = g > 1.0f ? g : 1.0f;
    h = h < kHessianLimit ? h : kHessianLimit;
    const int32_t gradient_units = static_cast<int32_t>(g) - (kGradientLimit + 1);
    const int32_t hessian_units = static_cast<int32_t>(h);
    packed[i] = (static_cast<uint64_t>(static_cast<int64_t>(gradient_units)) << kGradientShift) +
                (static_cast<uint64_t>(static_cast<uint32_t>(hessian_units)) << kHessianShift) + 1;
  }
}

// e^x for x <= 0, to one unit in the last place: 2^n times a polynomial on [-ln 2 / 2, ln 2 / 2].
TENON_BODY float exp_negative(float x) noexcept {
  x = x > -87.0f ? x : -87.0f;
  const float shifted = x * 1.44269504f + 12582912.0f;  // rounds to an integer in the low bits
  const float n = shifted - 12582912.0f;
  const float r = (x - n * 0.693359375f) + n * 2.12194440e-4f;
  float p = 1.9875691500e-4f;
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * r * r + r + 1.0f;
  const int32_t power = (static_cast<int32_t>(n) + 127) << 23;
  float scale;
  std::memcpy(&scale, &power, 4);
  return p * scale;
}

TENON_BODY void logistic(const double* score, const float* target, const float* weight, size_t count, float* gradient,
                         float* hessian) noexcept {
  for (size_t i = 0; i < count; ++i) {
    const float s = static_cast<float>(score[i]);
    const float e = exp_negative(s < 0 ? s : -s);
    const float large = 1.0f / (1.0f + e);  // the larger of p and 1 - p
    const float small = e * large;
    const float p = s < 0 ? small : large;
    const float rest = s < 0 ? large : small;
    gradient[i] = target[i] > 0.5f ? -rest : p;
    hessian[i] = small * large;
  }
  if (weight == nullptr) return;
  for (size_t i = 0; i < count; ++i) {
    gradient[i] *= weight[i];
    hessian[i] *= weight[i];
  }
}

TENON_BODY void exp_below(const double* score, const float* most, size_t count, float* out) noexcept {
  for (size_t i = 0; i < count; ++i) {
    const float below = static_cast<float>(score[i]) - most[i];
    out[i] = exp_negative(below < 0 ? below : 0);
  }
}

#define TENON_BOOST_MOVES(isa, attribute)                                                                              \
  attribute size_t test_rows_##isa(const NodeRows& rows, size_t count, const BinTest& test, uint64_t* words) noexcept { \
    return test_rows(rows, count, test, words);                                                                         \
  }                                                                                                                     \
  attribute void move_ids_##isa(const uint32_t* from, size_t count, const uint64_t* words, uint32_t* left,              \
                                uint32_t* right) noexcept {                                                             \
    move_rows(from, count, words, left, right);                                                                         \
  }                                                                                                                     \
  attribute void move_packed_##isa(const uint64_t* from, size_t count, const uint64_t* words, uint64_t* left,           \
                                   uint64_t* right) noexcept {                                                          \
    move_rows(from, count, words, left, right);                                                                         \
  }

#define TENON_BOOST_TABLE(isa, attribute)                                                                             \
  attribute void accumulate_##isa(const NodeRows& rows, const uint64_t* packed, size_t count, uint32_t lanes,          \
                                  uint64_t* histogram) noexcept {                                                      \
    accumulate(rows, packed, count, lanes, histogram);                                                                 \
  }                                                                                                                    \
  attribute void widen_##isa(uint64_t* packed, int32_t* wide, size_t lines) noexcept { widen(packed, wide, lines); }   \
  attribute void merge_##isa(int32_t* wide, const int32_t* other, size_t lines) noexcept {                             \
    merge(wide, other, lines);                                                                                         \
  }                                                                                                                    \
  attribute void subtract_##isa(const void* all, bool all_wide, const void* part, bool part_wide, void* rest,          \
                                bool rest_wide, size_t lines) noexcept {                                               \
    subtract(all, all_wide, part, part_wide, rest, rest_wide, lines);                                                  \
  }                                                                                                                    \
  attribute GroupSplit scan_##isa(const void* histogram, bool wide, uint32_t value_bins, const BoostSums& total,       \
                                  uint32_t lanes, const SplitRule& rule) noexcept {                                    \
    return scan(histogram, wide, value_bins, total, lanes, rule);                                                      \
  }                                                                                                                    \
  attribute void quantize_##isa(const float* gradient, const float* hessian, size_t count, float gradient_scale,       \
                                float hessian_scale, uint32_t first, uint32_t salt, uint64_t* packed) noexcept {       \
    quantize(gradient, hessian, count, gradient_scale, hessian_scale, first, salt, packed);                            \
  }                                                                                                                    \
  attribute void logistic_##isa(const double* score, const float* target, const float* weight, size_t count,           \
                                float* gradient, float* hessian) noexcept {                                            \
    logistic(score, target, weight, count, gradient, hessian);                                                         \
  }                                                                                                                    \
  attribute void exp_below_##isa(const double* score, const float* most, size_t count, float* out) noexcept {          \
    exp_below(score, most, count, out);                                                                                \
  }                                                                                                                    \
  constexpr BoostKernels kTable_##isa{accumulate_##isa, widen_##isa,    merge_##isa,       subtract_##isa,             \
                                      scan_##isa,       test_rows_##isa, move_ids_##isa,    move_packed_##isa,          \
                                      quantize_##isa,   logistic_##isa,  exp_below_##isa};

TENON_BOOST_MOVES(scalar, )
TENON_BOOST_TABLE(scalar, )
#if defined(__x86_64__)
TENON_BOOST_MOVES(avx2, __attribute__((target("avx2"))))
TENON_BOOST_TABLE(avx2, __attribute__((target("avx2"))))
TENON_BOOST_TABLE(avx512, TENON_AVX512)
#endif

}  // namespace

const BoostKernels& boost_kernels() noexcept {
#if defined(__x86_64__)
  if (kernels().required & kAvx512) return kTable_avx512;
  if (kernels().required & kAvx2) return kTable_avx2;
#endif
  return kTable_scalar;
}

}  // namespace tenon
