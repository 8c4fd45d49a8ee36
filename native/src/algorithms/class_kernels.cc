#include "class_kernels.h"

#include <cmath>

#include "../kernels/table.h"
#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace tenon {
namespace {

constexpr ClassKernels kNone{nullptr, nullptr};

#if defined(__x86_64__)
#define TENON_AVX512 __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl")))

// Sums up to this fit the signed 16 bits that pairs are multiplied in.
constexpr uint32_t kSignedWeight = 32767;

TENON_AVX512 ClassCut scan_narrow(const uint16_t* histogram, const uint16_t* carry, const uint16_t* total,
                                  const ClassNode& node) noexcept {
  __m256i left = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(carry));
  const __m256i all = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(total));
  const __m256i ones = _mm256_set1_epi16(1);
  const __m128d weight = _mm_set1_pd(node.weight);
  const __m128d least = _mm_set1_pd(node.least);
  ClassCut best{INFINITY, 0};
  for (uint32_t bin = 0; bin < 255; ++bin) {
    const __m256i own = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(histogram + bin * kHistogramClasses));
    if (_mm256_testz_si256(own, own)) continue;
    left = _mm256_add_epi16(left, own);
    const __m256i right = _mm256_sub_epi16(all, left);
    const __m256i squares = _mm256_hadd_epi32(_mm256_madd_epi16(left, left), _mm256_madd_epi16(right, right));
    const __m256i count = _mm256_madd_epi16(left, ones);
    const __m256i halves = _mm256_hadd_epi32(squares, _mm256_hadd_epi32(count, count));
    // Left squares, right squares, left count twice.
    const __m256d sums = _mm256_cvtepi32_pd(
        _mm_add_epi32(_mm256_castsi256_si128(halves), _mm256_extracti128_si256(halves, 1)));
    const __m128d lefts = _mm256_extractf128_pd(sums, 1);
    const __m128d sides = _mm_blend_pd(lefts, _mm_sub_pd(weight, lefts), 2);
    const __m128d parts = _mm_sub_pd(sides, _mm_div_pd(_mm256_castpd256_pd128(sums), sides));
    const double cost = _mm_cvtsd_f64(parts) + _mm_cvtsd_f64(_mm_unpackhi_pd(parts, parts));
    if (cost < best.cost && _mm_movemask_pd(_mm_cmpge_pd(sides, least)) == 3) best = {cost, bin};
  }
  return best;
}

TENON_AVX512 ClassCut scan_wide(const uint16_t* histogram, const uint16_t* carry, const uint16_t* total,
                                const ClassNode& node) noexcept {
  const auto load = [](const uint16_t* from) TENON_AVX512 {
    return _mm512_cvtepu16_epi32(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(from)));
  };
  __m512i left = load(carry);
  const __m512i all = load(total);
  const double weight = node.weight;
  const double least = node.least;
  ClassCut best{INFINITY, 0};
  for (uint32_t bin = 0; bin < 255; ++bin) {
    const __m512i own = load(histogram + bin * kHistogramClasses);
    if (_mm512_test_epi32_mask(own, own) == 0) continue;
    left = _mm512_add_epi32(left, own);
    const __m512i right = _mm512_sub_epi32(all, left);
    const double left_squares = static_cast<uint32_t>(_mm512_reduce_add_epi32(_mm512_mullo_epi32(left, left)));
    const double right_squares = static_cast<uint32_t>(_mm512_reduce_add_epi32(_mm512_mullo_epi32(right, right)));
    const double l = static_cast<uint32_t>(_mm512_reduce_add_epi32(left));
    const double r = weight - l;
    const double cost = (l - left_squares / l) + (r - right_squares / r);
    if (cost < best.cost && l >= least && r >= least) best = {cost, bin};
  }
  return best;
}

ClassCut scan_histogram_avx512(const uint16_t* histogram, const uint16_t* carry, const uint16_t* total,
                               const ClassNode& node) noexcept {
  return (node.weight <= kSignedWeight ? scan_narrow : scan_wide)(histogram, carry, total, node);
}

// Each row is a candidate: its left side is every row whose bin is not above its own, counted class by class for all
// candidates at once. Rows need no order, and no histogram is cleared or walked.
TENON_AVX512 ClassCut scan_rows_avx512(const FewRows& rows, uint8_t except, const ClassNode& node) noexcept {
  const __m512i candidates = _mm512_loadu_si512(rows.bins);
  __m512i left_squares[2] = {_mm512_setzero_si512(), _mm512_setzero_si512()};
  __m512i right_squares[2] = {_mm512_setzero_si512(), _mm512_setzero_si512()};
  __m512i left_count = _mm512_setzero_si512();
  uint32_t at = 0;
  for (uint32_t c = 0; c < rows.class_count; ++c) {
    __m512i count = _mm512_setzero_si512();
    for (; at < rows.ends[c]; ++at) {
      const __mmask64 at_left = _mm512_cmpge_epu8_mask(candidates, _mm512_set1_epi8(static_cast<char>(rows.bins[at])));
      count = _mm512_mask_add_epi8(count, at_left, count, _mm512_set1_epi8(static_cast<char>(rows.draws[at])));
    }
    left_count = _mm512_add_epi8(left_count, count);
    const __m512i total = _mm512_set1_epi16(static_cast<short>(rows.totals[c]));
    for (int half = 0; half < 2; ++half) {
      const __m512i left = _mm512_cvtepu8_epi16(half == 0 ? _mm512_castsi512_si256(count)
                                                          : _mm512_extracti64x4_epi64(count, 1));
      const __m512i right = _mm512_sub_epi16(total, left);
      // The square of 255 fits 16 bits.
      left_squares[half] = _mm512_add_epi16(left_squares[half], _mm512_mullo_epi16(left, left));
      right_squares[half] = _mm512_add_epi16(right_squares[half], _mm512_mullo_epi16(right, right));
    }
  }
  alignas(64) uint16_t lefts[64];
  alignas(64) uint16_t rights[64];
  alignas(64) uint8_t counts[64];
  for (int half = 0; half < 2; ++half) {
    _mm512_store_si512(lefts + 32 * half, left_squares[half]);
    _mm512_store_si512(rights + 32 * half, right_squares[half]);
  }
  _mm512_store_si512(counts, left_count);
  const auto doubles = [](const uint16_t* from) TENON_AVX512 {
    return _mm512_cvtepi32_pd(_mm256_cvtepu16_epi32(_mm_load_si128(reinterpret_cast<const __m128i*>(from))));
  };
  const auto bytes = [](const uint8_t* from) TENON_AVX512 {
    return _mm256_cvtepu8_epi32(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(from)));
  };
  const __m512d weight = _mm512_set1_pd(node.weight);
  const __m512d least = _mm512_set1_pd(node.least);
  __m512d best = _mm512_set1_pd(INFINITY);
  __m256i best_bin = _mm256_setzero_si256();
  for (uint32_t i = 0; i < rows.count; i += 8) {
    const uint32_t rest = rows.count - i;
    const __m256i bin = bytes(rows.bins + i);
    const __mmask8 present = static_cast<__mmask8>(rest >= 8 ? 0xffu : (1u << rest) - 1) &
                             _mm256_cmpneq_epu32_mask(bin, _mm256_set1_epi32(except));
    const __m512d left = _mm512_cvtepi32_pd(bytes(counts + i));
    const __m512d right = _mm512_sub_pd(weight, left);
    const __m512d cost = _mm512_add_pd(_mm512_sub_pd(left, _mm512_div_pd(doubles(lefts + i), left)),
                                       _mm512_sub_pd(right, _mm512_div_pd(doubles(rights + i), right)));
    const __mmask8 valid = present & _mm512_cmp_pd_mask(left, least, _CMP_GE_OQ) &
                           _mm512_cmp_pd_mask(right, least, _CMP_GE_OQ);
    // Rows come in no order of bins: among equal costs the lower bin wins.
    const __mmask8 better = _mm512_mask_cmp_pd_mask(valid, cost, best, _CMP_LT_OQ) |
                            (_mm512_mask_cmp_pd_mask(valid, cost, best, _CMP_EQ_OQ) &
                             _mm256_cmplt_epu32_mask(bin, best_bin));
    best = _mm512_mask_mov_pd(best, better, cost);
    best_bin = _mm256_mask_mov_epi32(best_bin, better, bin);
  }
  const double cost = _mm512_reduce_min_pd(best);
  if (cost == INFINITY) return {INFINITY, 0};
  const __mmask8 equal = _mm512_cmp_pd_mask(best, _mm512_set1_pd(cost), _CMP_EQ_OQ);
  return {cost, _mm512_mask_reduce_min_epu32(equal, _mm512_castsi256_si512(best_bin))};
}

constexpr ClassKernels kAvx512Kernels{scan_histogram_avx512, scan_rows_avx512};
#endif

}  // namespace

const ClassKernels& class_kernels() noexcept {
#if defined(__x86_64__)
  if (kernels().required & kAvx512) return kAvx512Kernels;
#endif
  return kNone;
}

}  // namespace tenon
