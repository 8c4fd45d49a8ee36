#include "forest_walk.h"

#include <cstring>

#include "../kernels/table.h"
#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace tenon {
namespace {

// Lanes are independent rows or trees: while one waits for memory, others go on.
constexpr size_t kLanes = 8;

uint32_t step(const WalkTables& tables, uint64_t node, uint32_t start, const float* row) noexcept {
  const uint32_t high = static_cast<uint32_t>(node >> 32);
  const uint32_t low = static_cast<uint32_t>(node);
  float threshold;
  std::memcpy(&threshold, &low, 4);
  const uint32_t feature = (high & (kMissingLeftBit - 1)) >> tables.child_bits;
  const uint32_t child = high & ((1u << tables.child_bits) - 1);
  const float x = row[feature];
  const bool missing_left = (x != x) & ((high & kMissingLeftBit) != 0);
  return start + child + static_cast<uint32_t>(!(x <= threshold) & !missing_left);
}

bool is_leaf(uint64_t node) noexcept { return (node >> 63) != 0; }

// Walks up to kLanes pairs of a row and a tree to their leaves.
void walk_lanes(const WalkTables& tables, const uint32_t* starts, const float* const* rows, size_t count,
                uint64_t* leaves) noexcept {
  uint64_t nodes[kLanes];
  for (size_t i = 0; i < count; ++i) nodes[i] = tables.nodes[starts[i]];
  bool walking = true;
  while (walking) {
    walking = false;
    for (size_t i = 0; i < count; ++i) {
      if (is_leaf(nodes[i])) continue;
      nodes[i] = tables.nodes[step(tables, nodes[i], starts[i], rows[i])];
      walking = true;
    }
  }
  for (size_t i = 0; i < count; ++i) leaves[i] = nodes[i];
}

void rows_scalar(const WalkTables& tables, uint32_t start, const float* rows, size_t count,
                 uint64_t* leaves) noexcept {
  uint32_t starts[kLanes];
  const float* lanes[kLanes];
  for (size_t i = 0; i < count; i += kLanes) {
    const size_t width = count - i < kLanes ? count - i : kLanes;
    for (size_t lane = 0; lane < width; ++lane) {
      starts[lane] = start;
      lanes[lane] = rows + (i + lane) * tables.feature_count;
    }
    walk_lanes(tables, starts, lanes, width, leaves + i);
  }
}

void trees_scalar(const WalkTables& tables, const uint32_t* starts, const float* row, size_t count,
                  uint64_t* leaves) noexcept {
  const float* lanes[kLanes];
  for (const float*& lane : lanes) lane = row;
  for (size_t i = 0; i < count; i += kLanes) {
    walk_lanes(tables, starts + i, lanes, count - i < kLanes ? count - i : kLanes, leaves + i);
  }
}

constexpr WalkKernels kScalar{rows_scalar, trees_scalar};

#if defined(__x86_64__)
#define TENON_AVX512 __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl")))

// Sixteen walks in one vector each, kGroups vectors in turn, so that up to 128 loads are under
// way. `starts` and `offsets` are a lane's first node and where its row begins.
template <int kGroups>
TENON_AVX512 inline void walk_avx512(const WalkTables& tables, const uint32_t* starts, const uint32_t* offsets,
                                     const float* rows, size_t count, uint64_t* leaves) noexcept {
  const auto* nodes = reinterpret_cast<const long long*>(tables.nodes);
  const __m512i evens = _mm512_setr_epi32(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
  const __m512i odds = _mm512_setr_epi32(1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31);
  const __m512i child_mask = _mm512_set1_epi32(static_cast<int>((1u << tables.child_bits) - 1));
  const __m512i feature_mask = _mm512_set1_epi32(static_cast<int>(kMissingLeftBit - 1));
  const __m512i missing_bit = _mm512_set1_epi32(static_cast<int>(kMissingLeftBit));
  const __m128i child_bits = _mm_cvtsi32_si128(static_cast<int>(tables.child_bits));
  __m512i at[kGroups];
  __mmask16 walking[kGroups];
  for (int g = 0; g < kGroups; ++g) {
    at[g] = _mm512_loadu_si512(starts + 16 * g);
    const size_t first = 16 * static_cast<size_t>(g);
    walking[g] = count >= first + 16 ? 0xffff : count > first ? static_cast<__mmask16>((1u << (count - first)) - 1) : 0;
  }
  uint32_t any = 1;
  while (any != 0) {
    any = 0;
#pragma GCC unroll 8
    for (int g = 0; g < kGroups; ++g) {
      const __m512i zero = _mm512_setzero_si512();
      const __m512i first = _mm512_mask_i32gather_epi64(zero, static_cast<__mmask8>(walking[g]),
                                                        _mm512_castsi512_si256(at[g]), nodes, 8);
      const __m512i second = _mm512_mask_i32gather_epi64(zero, static_cast<__mmask8>(walking[g] >> 8),
                                                         _mm512_extracti64x4_epi64(at[g], 1), nodes, 8);
      const __m512 threshold = _mm512_castsi512_ps(_mm512_permutex2var_epi32(first, evens, second));
      const __m512i high = _mm512_permutex2var_epi32(first, odds, second);
      walking[g] &= static_cast<__mmask16>(~_mm512_movepi32_mask(high));
      const __m512i feature = _mm512_srl_epi32(_mm512_and_epi32(high, feature_mask), child_bits);
      const __m512i offset = _mm512_add_epi32(feature, _mm512_loadu_si512(offsets + 16 * g));
      const __m512 x = _mm512_mask_i32gather_ps(_mm512_setzero_ps(), walking[g], offset, rows, 4);
      const __mmask16 missing_left = _mm512_cmp_ps_mask(x, x, _CMP_UNORD_Q) & _mm512_test_epi32_mask(high, missing_bit);
      const __mmask16 right =
          static_cast<__mmask16>(_mm512_cmp_ps_mask(x, threshold, _CMP_NLE_UQ) & ~missing_left);
      __m512i next = _mm512_add_epi32(_mm512_and_epi32(high, child_mask), _mm512_loadu_si512(starts + 16 * g));
      next = _mm512_mask_add_epi32(next, right, next, _mm512_set1_epi32(1));
      at[g] = _mm512_mask_mov_epi32(at[g], walking[g], next);
      any |= walking[g];
    }
  }
  for (int g = 0; g < kGroups; ++g) {
    alignas(64) uint32_t ends[16];
    _mm512_store_si512(ends, at[g]);
    for (size_t lane = 0; lane < 16 && 16 * static_cast<size_t>(g) + lane < count; ++lane) {
      leaves[16 * static_cast<size_t>(g) + lane] = tables.nodes[ends[lane]];
    }
  }
}

TENON_AVX512 void walk_any_avx512(const WalkTables& tables, const uint32_t* starts, const uint32_t* offsets,
                                  const float* rows, size_t count, uint64_t* leaves) noexcept {
  if (count <= 16) {
    walk_avx512<1>(tables, starts, offsets, rows, count, leaves);
  } else if (count <= 64) {
    walk_avx512<4>(tables, starts, offsets, rows, count, leaves);
  } else {
    walk_avx512<8>(tables, starts, offsets, rows, count, leaves);
  }
}

TENON_AVX512 void rows_avx512(const WalkTables& tables, uint32_t start, const float* rows, size_t count,
                              uint64_t* leaves) noexcept {
  alignas(64) uint32_t starts[kWalkWidth];
  alignas(64) uint32_t offsets[kWalkWidth];
  for (size_t i = 0; i < kWalkWidth; ++i) {
    starts[i] = start;
    offsets[i] = i < count ? static_cast<uint32_t>(i) * tables.feature_count : 0;
  }
  walk_any_avx512(tables, starts, offsets, rows, count, leaves);
}

TENON_AVX512 void trees_avx512(const WalkTables& tables, const uint32_t* starts, const float* row, size_t count,
                               uint64_t* leaves) noexcept {
  alignas(64) uint32_t padded[kWalkWidth] = {};
  alignas(64) static constexpr uint32_t kNoOffsets[kWalkWidth] = {};
  std::memcpy(padded, starts, count * sizeof(uint32_t));
  walk_any_avx512(tables, padded, kNoOffsets, row, count, leaves);
}

constexpr WalkKernels kAvx512Kernels{rows_avx512, trees_avx512};
#endif

}  // namespace

const WalkKernels& walk_kernels() noexcept {
#if defined(__x86_64__)
  if (kernels().required & kAvx512) return kAvx512Kernels;
#endif
  return kScalar;
}

}  // namespace tenon
