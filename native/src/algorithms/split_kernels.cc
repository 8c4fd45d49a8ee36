#include "split_kernels.h"

#include <cmath>
#include <cstring>

#include "../kernels/table.h"
#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include "split_kernels_neon.h"
#endif

namespace tenon {
namespace {

// The weighted Gini impurity of both sides, up to constants: with l0, l1 the weighted class
// counts left and r0, r1 right, l0 l1 / (l0 + l1) + r0 r1 / (r0 + r1) over one denominator.
float cost_of(uint32_t left, const TwoClassNode& node) noexcept {
  const uint32_t right = node.total - left;
  const uint32_t left_rows = left & 0xffff;
  const uint32_t right_rows = right & 0xffff;
  if (left_rows < node.min_leaf || right_rows < node.min_leaf) return INFINITY;
  const float l1 = static_cast<float>(left >> 16) * node.weight1;
  const float l0 = static_cast<float>(left_rows - (left >> 16)) * node.weight0;
  const float r1 = static_cast<float>(right >> 16) * node.weight1;
  const float r0 = static_cast<float>(right_rows - (right >> 16)) * node.weight0;
  const float l = l0 + l1;
  const float r = r0 + r1;
  return (l0 * l1 * r + r0 * r1 * l) / (l * r);
}

BinSplit scan_scalar(const uint32_t* histogram, uint32_t carry, const TwoClassNode& node) noexcept {
  BinSplit best{INFINITY, 0};
  uint32_t left = carry;
  for (uint32_t bin = 0; bin < 256; ++bin) {
    left += histogram[bin];
    const float cost = cost_of(left, node);
    if (cost < best.cost) best = {cost, bin};
  }
  return best;
}

template <BinSplit (*kScan)(const uint32_t*, uint32_t, const TwoClassNode&) noexcept>
BinSplit scan_rows_by_histogram(const uint8_t* bins, const uint8_t* weights, const uint8_t* weights1, uint32_t count,
                                const TwoClassNode& node) noexcept {
  alignas(64) uint32_t histogram[256];
  std::memset(histogram, 0, sizeof histogram);
  for (uint32_t i = 0; i < count; ++i) {
    histogram[bins[i]] += weights[i] | static_cast<uint32_t>(weights1[i]) << 16;
  }
  return kScan(histogram, 0, node);
}

size_t partition_scalar(uint32_t* ids, size_t count, const uint8_t* rows, uint32_t stride, uint32_t bin,
                        bool missing_left, uint32_t* scratch) noexcept {
  size_t left = 0;
  size_t right = 0;
  for (size_t i = 0; i < count; ++i) {
    const uint32_t id = ids[i];
    const uint32_t value = rows[static_cast<size_t>(id) * stride];
    const bool goes_left = (value <= bin) | (missing_left & (value == 255));
    // Both are written and one is kept: no branch to mispredict.
    ids[left] = id;
    scratch[right] = id;
    left += goes_left;
    right += !goes_left;
  }
  std::memcpy(ids + left, scratch, right * sizeof(uint32_t));
  return left;
}

constexpr SplitKernels kScalar{scan_scalar, scan_rows_by_histogram<scan_scalar>, partition_scalar};

#if defined(__x86_64__)
#define TENON_AVX2 __attribute__((target("avx2")))
#define TENON_AVX512 __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl")))

TENON_AVX2 BinSplit scan_avx2(const uint32_t* histogram, uint32_t carry, const TwoClassNode& node) noexcept {
  const __m256i low = _mm256_set1_epi32(0xffff);
  const __m256i total = _mm256_set1_epi32(static_cast<int>(node.total));
  const __m256i below_leaf = _mm256_set1_epi32(static_cast<int>(node.min_leaf) - 1);
  const __m256 weight0 = _mm256_set1_ps(node.weight0);
  const __m256 weight1 = _mm256_set1_ps(node.weight1);
  const __m256 none = _mm256_set1_ps(INFINITY);
  const __m256i last = _mm256_set1_epi32(7);
  __m256i running = _mm256_set1_epi32(static_cast<int>(carry));
  __m256 best = none;
  __m256i best_bin = _mm256_setzero_si256();
  __m256i bin = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
  for (int i = 0; i < 256; i += 8) {
    __m256i sum = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(histogram + i));
    sum = _mm256_add_epi32(sum, _mm256_slli_si256(sum, 4));
    sum = _mm256_add_epi32(sum, _mm256_slli_si256(sum, 8));
    // The upper half still lacks the lower half's sum.
    const __m256i half = _mm256_permute2x128_si256(sum, sum, 0x08);
    sum = _mm256_add_epi32(sum, _mm256_shuffle_epi32(half, 0xff));
    const __m256i left = _mm256_add_epi32(sum, running);
    running = _mm256_permutevar8x32_epi32(left, last);
    const __m256i right = _mm256_sub_epi32(total, left);
    const __m256i left_rows = _mm256_and_si256(left, low);
    const __m256i right_rows = _mm256_and_si256(right, low);
    const __m256i left1 = _mm256_srli_epi32(left, 16);
    const __m256i right1 = _mm256_srli_epi32(right, 16);
    const __m256 l1 = _mm256_mul_ps(_mm256_cvtepi32_ps(left1), weight1);
    const __m256 l0 = _mm256_mul_ps(_mm256_cvtepi32_ps(_mm256_sub_epi32(left_rows, left1)), weight0);
    const __m256 r1 = _mm256_mul_ps(_mm256_cvtepi32_ps(right1), weight1);
    const __m256 r0 = _mm256_mul_ps(_mm256_cvtepi32_ps(_mm256_sub_epi32(right_rows, right1)), weight0);
    const __m256 l = _mm256_add_ps(l0, l1);
    const __m256 r = _mm256_add_ps(r0, r1);
    const __m256 cost = _mm256_div_ps(_mm256_add_ps(_mm256_mul_ps(_mm256_mul_ps(l0, l1), r),
                                                    _mm256_mul_ps(_mm256_mul_ps(r0, r1), l)),
                                      _mm256_mul_ps(l, r));
    const __m256i valid = _mm256_and_si256(_mm256_cmpgt_epi32(left_rows, below_leaf),
                                           _mm256_cmpgt_epi32(right_rows, below_leaf));
    const __m256 better = _mm256_and_ps(_mm256_cmp_ps(cost, best, _CMP_LT_OQ), _mm256_castsi256_ps(valid));
    best = _mm256_blendv_ps(best, cost, better);
    best_bin = _mm256_blendv_epi8(best_bin, bin, _mm256_castps_si256(better));
    bin = _mm256_add_epi32(bin, _mm256_set1_epi32(8));
  }
  alignas(32) float costs[8];
  alignas(32) uint32_t bins[8];
  _mm256_store_ps(costs, best);
  _mm256_store_si256(reinterpret_cast<__m256i*>(bins), best_bin);
  BinSplit result{INFINITY, 0};
  for (int i = 0; i < 8; ++i) {
    if (costs[i] < result.cost || (costs[i] == result.cost && costs[i] != INFINITY && bins[i] < result.bin)) {
      result = {costs[i], bins[i]};
    }
  }
  return result;
}

// The costs of 16 splits; invalid ones are infinite.
TENON_AVX512 inline __m512 costs_avx512(__m512i left_rows, __m512i left1, const TwoClassNode& node) noexcept {
  const __m512i min_leaf = _mm512_set1_epi32(static_cast<int>(node.min_leaf));
  const __m512i right_rows = _mm512_sub_epi32(_mm512_set1_epi32(static_cast<int>(node.total & 0xffff)), left_rows);
  const __m512i right1 = _mm512_sub_epi32(_mm512_set1_epi32(static_cast<int>(node.total >> 16)), left1);
  const __m512 weight0 = _mm512_set1_ps(node.weight0);
  const __m512 weight1 = _mm512_set1_ps(node.weight1);
  const __m512 l1 = _mm512_mul_ps(_mm512_cvtepi32_ps(left1), weight1);
  const __m512 l0 = _mm512_mul_ps(_mm512_cvtepi32_ps(_mm512_sub_epi32(left_rows, left1)), weight0);
  const __m512 r1 = _mm512_mul_ps(_mm512_cvtepi32_ps(right1), weight1);
  const __m512 r0 = _mm512_mul_ps(_mm512_cvtepi32_ps(_mm512_sub_epi32(right_rows, right1)), weight0);
  const __m512 l = _mm512_add_ps(l0, l1);
  const __m512 r = _mm512_add_ps(r0, r1);
  const __m512 cost = _mm512_div_ps(
      _mm512_add_ps(_mm512_mul_ps(_mm512_mul_ps(l0, l1), r), _mm512_mul_ps(_mm512_mul_ps(r0, r1), l)),
      _mm512_mul_ps(l, r));
  const __mmask16 valid =
      _mm512_cmpge_epi32_mask(left_rows, min_leaf) & _mm512_cmpge_epi32_mask(right_rows, min_leaf);
  return _mm512_mask_mov_ps(_mm512_set1_ps(INFINITY), valid, cost);
}

TENON_AVX512 BinSplit lowest_avx512(__m512 costs, __m512i bins) noexcept {
  const float cost = _mm512_reduce_min_ps(costs);
  if (cost == INFINITY) return {INFINITY, 0};
  const __mmask16 equal = _mm512_cmp_ps_mask(costs, _mm512_set1_ps(cost), _CMP_EQ_OQ);
  return {cost, _mm512_mask_reduce_min_epu32(equal, bins)};
}

TENON_AVX512 BinSplit scan_avx512(const uint32_t* histogram, uint32_t carry, const TwoClassNode& node) noexcept {
  const __m512i zero = _mm512_setzero_si512();
  const __m512i low = _mm512_set1_epi32(0xffff);
  const __m512i last = _mm512_set1_epi32(15);
  __m512i running = _mm512_set1_epi32(static_cast<int>(carry));
  __m512 best = _mm512_set1_ps(INFINITY);
  __m512i best_bin = zero;
  __m512i bin = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  for (int i = 0; i < 256; i += 16) {
    __m512i sum = _mm512_loadu_si512(histogram + i);
    sum = _mm512_add_epi32(sum, _mm512_alignr_epi32(sum, zero, 15));
    sum = _mm512_add_epi32(sum, _mm512_alignr_epi32(sum, zero, 14));
    sum = _mm512_add_epi32(sum, _mm512_alignr_epi32(sum, zero, 12));
    sum = _mm512_add_epi32(sum, _mm512_alignr_epi32(sum, zero, 8));
    const __m512i left = _mm512_add_epi32(sum, running);
    running = _mm512_permutexvar_epi32(last, left);
    const __m512 cost = costs_avx512(_mm512_and_epi32(left, low), _mm512_srli_epi32(left, 16), node);
    const __mmask16 better = _mm512_cmp_ps_mask(cost, best, _CMP_LT_OQ);
    best = _mm512_mask_mov_ps(best, better, cost);
    best_bin = _mm512_mask_mov_epi32(best_bin, better, bin);
    bin = _mm512_add_epi32(bin, _mm512_set1_epi32(16));
  }
  return lowest_avx512(best, best_bin);
}

// Each row is a candidate: its left side is every row whose bin is not above its own, counted
// for all candidates at once, one row at a time. No histogram to clear or to walk.
TENON_AVX512 BinSplit scan_rows_avx512(const uint8_t* bins, const uint8_t* weights, const uint8_t* weights1,
                                       uint32_t count, const TwoClassNode& node) noexcept {
  __m512 best = _mm512_set1_ps(INFINITY);
  __m512i best_bin = _mm512_setzero_si512();
  alignas(64) uint8_t left_bytes[64];
  alignas(64) uint8_t left1_bytes[64];
  if (count <= 16) {
    const __m128i candidates = _mm_loadu_si128(reinterpret_cast<const __m128i*>(bins));
    __m128i left = _mm_setzero_si128();
    __m128i left1 = _mm_setzero_si128();
    for (uint32_t i = 0; i < count; ++i) {
      const __mmask16 at_left = _mm_cmpge_epu8_mask(candidates, _mm_set1_epi8(static_cast<char>(bins[i])));
      left = _mm_mask_add_epi8(left, at_left, left, _mm_set1_epi8(static_cast<char>(weights[i])));
      left1 = _mm_mask_add_epi8(left1, at_left, left1, _mm_set1_epi8(static_cast<char>(weights1[i])));
    }
    const __mmask16 present = static_cast<__mmask16>((1u << count) - 1);
    const __m512 cost = costs_avx512(_mm512_cvtepu8_epi32(left), _mm512_cvtepu8_epi32(left1), node);
    return lowest_avx512(_mm512_mask_mov_ps(best, present, cost), _mm512_cvtepu8_epi32(candidates));
  }
  if (count <= 32) {
    const __m256i candidates = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(bins));
    __m256i left = _mm256_setzero_si256();
    __m256i left1 = _mm256_setzero_si256();
    for (uint32_t i = 0; i < count; ++i) {
      const __mmask32 at_left = _mm256_cmpge_epu8_mask(candidates, _mm256_set1_epi8(static_cast<char>(bins[i])));
      left = _mm256_mask_add_epi8(left, at_left, left, _mm256_set1_epi8(static_cast<char>(weights[i])));
      left1 = _mm256_mask_add_epi8(left1, at_left, left1, _mm256_set1_epi8(static_cast<char>(weights1[i])));
    }
    _mm256_store_si256(reinterpret_cast<__m256i*>(left_bytes), left);
    _mm256_store_si256(reinterpret_cast<__m256i*>(left1_bytes), left1);
  } else {
    const __m512i candidates = _mm512_loadu_si512(bins);
    __m512i left = _mm512_setzero_si512();
    __m512i left1 = _mm512_setzero_si512();
    for (uint32_t i = 0; i < count; ++i) {
      const __mmask64 at_left = _mm512_cmpge_epu8_mask(candidates, _mm512_set1_epi8(static_cast<char>(bins[i])));
      left = _mm512_mask_add_epi8(left, at_left, left, _mm512_set1_epi8(static_cast<char>(weights[i])));
      left1 = _mm512_mask_add_epi8(left1, at_left, left1, _mm512_set1_epi8(static_cast<char>(weights1[i])));
    }
    _mm512_store_si512(left_bytes, left);
    _mm512_store_si512(left1_bytes, left1);
  }
  for (uint32_t i = 0; i < count; i += 16) {
    const uint32_t rest = count - i;
    const __mmask16 present = static_cast<__mmask16>(rest >= 16 ? 0xffffu : (1u << rest) - 1);
    const __m512i left = _mm512_cvtepu8_epi32(_mm_load_si128(reinterpret_cast<const __m128i*>(left_bytes + i)));
    const __m512i left1 = _mm512_cvtepu8_epi32(_mm_load_si128(reinterpret_cast<const __m128i*>(left1_bytes + i)));
    const __m512i bin = _mm512_cvtepu8_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(bins + i)));
    const __m512 cost = costs_avx512(left, left1, node);
    // Rows come in no order of bins: among equal costs the lower bin must win here too.
    const __mmask16 better =
        _mm512_mask_cmp_ps_mask(present, cost, best, _CMP_LT_OQ) |
        (_mm512_mask_cmp_ps_mask(present, cost, best, _CMP_EQ_OQ) & _mm512_cmplt_epu32_mask(bin, best_bin));
    best = _mm512_mask_mov_ps(best, better, cost);
    best_bin = _mm512_mask_mov_epi32(best_bin, better, bin);
  }
  return lowest_avx512(best, best_bin);
}

TENON_AVX512 size_t partition_avx512(uint32_t* ids, size_t count, const uint8_t* rows, uint32_t stride, uint32_t bin,
                                     bool missing_left, uint32_t* scratch) noexcept {
  const __m512i strides = _mm512_set1_epi32(static_cast<int>(stride));
  const __m512i bins = _mm512_set1_epi32(static_cast<int>(bin));
  const __m512i byte = _mm512_set1_epi32(255);
  const __mmask16 missing = missing_left ? 0xffff : 0;
  size_t left = 0;
  size_t right = 0;
  for (size_t i = 0; i < count; i += 16) {
    const size_t rest = count - i;
    const __mmask16 present = static_cast<__mmask16>(rest >= 16 ? 0xffffu : (1u << rest) - 1);
    const __m512i id = _mm512_maskz_loadu_epi32(present, ids + i);
    const __m512i value = _mm512_and_epi32(_mm512_i32gather_epi32(_mm512_mullo_epi32(id, strides), rows, 1), byte);
    __mmask16 goes_left = _mm512_cmple_epu32_mask(value, bins);
    goes_left |= _mm512_mask_cmpeq_epi32_mask(missing, value, byte);
    goes_left &= present;
    const __mmask16 goes_right = static_cast<__mmask16>(present & ~goes_left);
    // Whole vectors are stored; what lies behind the kept ids is overwritten next or unused,
    // and never lies behind the ids already read.
    if (rest >= 16) {
      _mm512_storeu_si512(ids + left, _mm512_maskz_compress_epi32(goes_left, id));
    } else {
      _mm512_mask_compressstoreu_epi32(ids + left, goes_left, id);
    }
    _mm512_storeu_si512(scratch + right, _mm512_maskz_compress_epi32(goes_right, id));
    left += static_cast<size_t>(__builtin_popcount(goes_left));
    right += static_cast<size_t>(__builtin_popcount(goes_right));
  }
  std::memcpy(ids + left, scratch, right * sizeof(uint32_t));
  return left;
}

// The gather reads with 31-bit offsets.
TENON_AVX512 size_t partition_wide(uint32_t* ids, size_t count, const uint8_t* rows, uint32_t stride, uint32_t bin,
                                   bool missing_left, uint32_t* scratch) noexcept {
  // Ids ascend within a node, so the last is the largest.
  if (count > 0 && (static_cast<uint64_t>(ids[count - 1]) + 1) * stride >= 0x7fffffffull) {
    return partition_scalar(ids, count, rows, stride, bin, missing_left, scratch);
  }
  return partition_avx512(ids, count, rows, stride, bin, missing_left, scratch);
}

constexpr SplitKernels kAvx2Kernels{scan_avx2, scan_rows_by_histogram<scan_avx2>, partition_scalar};
constexpr SplitKernels kAvx512Kernels{scan_avx512, scan_rows_avx512, partition_wide};
#elif defined(__aarch64__)
constexpr SplitKernels kNeonKernels{scan_neon, scan_rows_neon, partition_scalar};
#endif

}  // namespace

const SplitKernels& split_kernels() noexcept {
#if defined(__x86_64__)
  const uint32_t required = kernels().required;
  if (required & kAvx512) return kAvx512Kernels;
  if (required & kAvx2) return kAvx2Kernels;
#elif defined(__aarch64__)
  if (kernels().required & kNeon) return kNeonKernels;
#endif
  return kScalar;
}

}  // namespace tenon
