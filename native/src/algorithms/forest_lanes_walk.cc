#include <algorithm>
#include <array>
#include <type_traits>

#include "forest_lanes.h"
#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace tenon {

#if defined(__x86_64__)
#define TENON_VBMI __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi")))

namespace {

constexpr int kOrDiffer = 0xf6;  // a | (b ^ c)

// Which exit splits a, b and c lead to, three bits of which say that a value goes right; bit 0 is a's.
constexpr uint8_t exit_of(uint32_t shape, uint32_t right) noexcept {
  const uint8_t a = right & 1, b = right >> 1 & 1, c = right >> 2 & 1;
  switch (shape) {
    case 1: return a ? 2 + c : b;              // b left of a, c right of a
    case 2: return a ? 3 : b ? 2 : c;          // b left of a, c left of b
    case 3: return a ? 3 : b ? 1 + c : 0;      // b left of a, c right of b
    case 4: return !a ? 0 : b ? 3 : 1 + c;     // b right of a, c left of b
    case 5: return !a ? 0 : b ? 2 + c : 1;     // b right of a, c right of b
    default: return 0;                         // a leaf
  }
}

constexpr std::array<uint8_t, 64> exits_by_code() noexcept {
  std::array<uint8_t, 64> exits{};
  for (uint32_t code = 0; code < 64; ++code) exits[code] = exit_of(code >> 3, code & 7);
  return exits;
}

alignas(64) constexpr std::array<uint8_t, 64> kExits = exits_by_code();

// One step of eight lanes: from their nodes to the nodes' exits.
struct Stepper {
  __m512i parts;    // where in a node its bytes of the register and its shape begin
  __m512i shape;    // the shape, as bits 3 to 5 of a code
  __m512i bits;     // what splits a, b and c add to a code
  __m512i exits;
};

TENON_VBMI inline Stepper make_stepper() noexcept {
  return {_mm512_set1_epi64(0x27241e18), _mm512_set1_epi64(0x38000000), _mm512_set1_epi64(0x00040201),
          _mm512_load_si512(kExits.data())};
}

TENON_VBMI inline __m512i step(const Stepper& s, __m512i node, __m512i record) noexcept {
  const __m512i parts = _mm512_multishift_epi64_epi8(s.parts, node);
  const __m512i bin = _mm512_permutexvar_epi8(parts, record);
  const __mmask64 right = _mm512_mask_cmpgt_epu8_mask(0x0707070707070707, bin, node);
  const __m512i code = _mm512_mask_mov_epi8(_mm512_and_si512(parts, s.shape), right, s.bits);
  const __m512i exit = _mm512_permutexvar_epi8(_mm512_sad_epu8(code, _mm512_setzero_si512()), s.exits);
  return _mm512_add_epi64(_mm512_srli_epi64(node, ForestLanes::kFirstExit), exit);
}

// Walks kItems items, an item being a row and a group, in registers: while some wait for memory, others go on.
template <size_t kItems, typename Record, typename Nodes>
TENON_VBMI inline void walk_some(const Stepper& stepper, Record record, Nodes nodes, uint64_t* leaves) noexcept {
  // Nothing that a compiler could see through: it would leave out the zeros that lanes are gathered into, and
  // each gather would wait for what the one before has left in its register. Nor is anything stored on the
  // way: gathers wait for stores to addresses like their own.
  __mmask8 all = 0xff;
  asm("" : "+k"(all));
  __m512i at[kItems];
#pragma GCC unroll 16
  for (size_t i = 0; i < kItems; ++i) at[i] = step(stepper, _mm512_loadu_si512(nodes(i)), record(i));
  __m512i moved;
  do {
    moved = _mm512_setzero_si512();
#pragma GCC unroll 16
    for (size_t i = 0; i < kItems; ++i) {
      const __m512i node = _mm512_mask_i64gather_epi64(_mm512_setzero_si512(), all, at[i], nodes(i), 8);
      const __m512i to = step(stepper, node, record(i));
      moved = _mm512_ternarylogic_epi64(moved, at[i], to, kOrDiffer);
      at[i] = to;
    }
  } while (_mm512_test_epi64_mask(moved, moved) != 0);
#pragma GCC unroll 16
  for (size_t i = 0; i < kItems; ++i) {
    _mm512_storeu_si512(leaves + i * ForestLanes::kTrees,
                        _mm512_mask_i64gather_epi64(_mm512_setzero_si512(), all, at[i], nodes(i), 8));
  }
}

template <typename Record, typename Nodes>
TENON_VBMI inline void walk_items(size_t count, Record record, Nodes nodes, uint64_t* leaves) noexcept {
  constexpr size_t kItems = 8;
  const Stepper stepper = make_stepper();
  const auto walk_from = [&](auto items, size_t first) TENON_VBMI {
    walk_some<items>(
        stepper, [=](size_t k) TENON_VBMI { return record(first + k); }, [=](size_t k) { return nodes(first + k); },
        leaves + first * ForestLanes::kTrees);
  };
  size_t i = 0;
  for (; i + kItems <= count; i += kItems) walk_from(std::integral_constant<size_t, kItems>(), i);
  if (i < count && count >= kItems) {
    // The last ones together with some that have been walked.
    walk_from(std::integral_constant<size_t, kItems>(), count - kItems);
    return;
  }
  for (; i < count; ++i) walk_from(std::integral_constant<size_t, 1>(), i);
}

}  // namespace

TENON_VBMI bool ForestLanes::record(const float* rows, size_t row_count, uint8_t* records) const noexcept {
  // Columns pass over so many rows in turn, which stay in the first-level cache.
  constexpr size_t kStrip = 64;
  alignas(64) uint8_t bins[kStrip];
  bool any = false;
  for (size_t i = 0; i < row_count; i += kStrip) {
    const size_t count = std::min(kStrip, row_count - i);
    uint8_t* strip = records + i * kRecord;
    for (uint32_t c = 0; c < bins_.column_count(); ++c) {
      any |= bins_.bytes(c, rows + i * bins_.feature_count(), count, kMissing, bins);
      for (size_t k = 0; k < count; ++k) strip[k * kRecord + c] = bins[k];
    }
    if (!takes_missing_) continue;
    for (size_t k = 0; k < count; ++k) {
      const __m256i bin = _mm256_load_si256(reinterpret_cast<const __m256i*>(strip + k * kRecord));
      const __mmask32 there = _mm256_cmpneq_epi8_mask(bin, _mm256_set1_epi8(static_cast<char>(kMissing)));
      _mm256_store_si256(reinterpret_cast<__m256i*>(strip + k * kRecord + kRecord / 2), _mm256_maskz_mov_epi8(there, bin));
    }
  }
  return any;
}

TENON_VBMI void ForestLanes::walk(size_t group, const uint8_t* records, size_t row_count,
                                  uint64_t* leaves) const noexcept {
  const uint64_t* nodes = nodes_.data() + starts_[group];
  walk_items(
      row_count, [=](size_t i) TENON_VBMI { return _mm512_load_si512(records + i * kRecord); },
      [=](size_t) { return nodes; }, leaves);
}

TENON_VBMI void ForestLanes::walk_groups(size_t group, size_t count, const uint8_t* record,
                                         uint64_t* leaves) const noexcept {
  const __m512i row = _mm512_load_si512(record);
  const uint64_t* nodes = nodes_.data();
  const size_t* starts = starts_.data() + group;
  walk_items(
      count, [=](size_t) TENON_VBMI { return row; }, [=](size_t i) { return nodes + starts[i]; }, leaves);
}

TENON_VBMI void ForestLanes::add(const uint64_t* leaves, size_t row_count, size_t trees, double* sums) noexcept {
  static_assert(kTrees == 8);
  // Mirrors eight rows' payloads of eight trees: low halves of two rows side by side, four rows of a tree, eight.
  const __m512i low = _mm512_setr_epi32(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
  const __m512i four = _mm512_setr_epi32(0, 8, 16, 24, 1, 9, 17, 25, 2, 10, 18, 26, 3, 11, 19, 27);
  const __m512i next_four = _mm512_add_epi32(four, _mm512_set1_epi32(4));
  const __m512i eight = _mm512_setr_epi64(0, 1, 8, 9, 2, 3, 10, 11);
  const __m512i next_eight = _mm512_setr_epi64(4, 5, 12, 13, 6, 7, 14, 15);
  size_t i = 0;
  for (; i + 8 <= row_count; i += 8, leaves += 8 * kTrees, sums += 8) {
    __m512i two[4];
    for (size_t k = 0; k < 4; ++k) {
      two[k] = _mm512_permutex2var_epi32(_mm512_loadu_si512(leaves + 16 * k), low, _mm512_loadu_si512(leaves + 16 * k + 8));
    }
    __m512d values[8];
    for (int half = 0; half < 2; ++half) {
      const __m512i chosen = half == 0 ? four : next_four;
      const __m512i first = _mm512_permutex2var_epi32(two[0], chosen, two[1]);
      const __m512i second = _mm512_permutex2var_epi32(two[2], chosen, two[3]);
      for (int pair = 0; pair < 2; ++pair) {
        const __m512 both = _mm512_castsi512_ps(_mm512_permutex2var_epi64(first, pair == 0 ? eight : next_eight, second));
        values[4 * half + 2 * pair] = _mm512_cvtps_pd(_mm512_castps512_ps256(both));
        values[4 * half + 2 * pair + 1] = _mm512_cvtps_pd(_mm512_extractf32x8_ps(both, 1));
      }
    }
    __m512d sum = _mm512_loadu_pd(sums);
    if (trees == kTrees) {
      for (const __m512d& value : values) sum = _mm512_add_pd(sum, value);
    } else {
      for (size_t t = 0; t < trees; ++t) sum = _mm512_add_pd(sum, values[t]);
    }
    _mm512_storeu_pd(sums, sum);
  }
  for (; i < row_count; ++i, leaves += kTrees, ++sums) {
    for (size_t t = 0; t < trees; ++t) {
      *sums += static_cast<double>(_mm512_cvtss_f32(_mm512_castsi512_ps(_mm512_set1_epi64(static_cast<long long>(leaves[t])))));
    }
  }
}
#else
bool ForestLanes::record(const float*, size_t, uint8_t*) const noexcept { return false; }
void ForestLanes::walk(size_t, const uint8_t*, size_t, uint64_t*) const noexcept {}
void ForestLanes::walk_groups(size_t, size_t, const uint8_t*, uint64_t*) const noexcept {}
void ForestLanes::add(const uint64_t*, size_t, size_t, double*) noexcept {}
#endif

}  // namespace tenon
