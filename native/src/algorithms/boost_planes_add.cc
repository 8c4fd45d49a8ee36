#include <algorithm>

#include "../operations/buffer.h"
#include "boost_planes.h"
#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace tenon {

#if defined(__x86_64__)
#define TENON_AVX512 __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl")))

namespace {

constexpr size_t kWords = BoostPlanes::kRows / 64;
constexpr int kOrAnd = 0xf8;    // a | (b & c)
constexpr int kChoose = 0xca;   // a ? b : c

TENON_AVX512 inline __m512i plane(const uint64_t* planes, uint32_t place) noexcept {
  return _mm512_load_si512(planes + kWords * place);
}

// The planes "number above t" of numbers of four bits, t from 0 to 14.
TENON_AVX512 inline void store_above(const __m512i* bit, uint32_t count, uint64_t* planes) noexcept {
  __m512i above[15];
  above[0] = bit[0];
#pragma GCC unroll 4
  for (int b = 1; b < 4; ++b) {
    const int half = (1 << b) - 1;
#pragma GCC unroll 8
    for (int t = 0; t < half; ++t) {
      above[half + 1 + t] = _mm512_and_si512(bit[b], above[t]);
      above[t] = _mm512_or_si512(bit[b], above[t]);
    }
    above[half] = bit[b];
  }
#pragma GCC unroll 15
  for (uint32_t t = 0; t < 15; ++t) {
    if (t < count) _mm512_store_si512(planes + kWords * t, above[t]);
  }
}

// Which rows go right at a node.
template <bool kMissing, typename Node>
TENON_AVX512 inline __m512i answer(const Node& node, const uint64_t* planes) noexcept {
  const __m512i right = _mm512_ternarylogic_epi64(plane(planes, node.above), plane(planes, node.same),
                                                  plane(planes, node.lower), kOrAnd);
  return kMissing ? _mm512_or_si512(right, plane(planes, node.missing)) : right;
}

// The answers of the nodes `node` leads to, kLevels below, as the levels between have answered.
template <bool kMissing, int kLevel, int kLevels, typename Node>
TENON_AVX512 inline __m512i choose(const Node* level, uint32_t place, const uint64_t* planes,
                                   const __m512i* bit) noexcept {
  if constexpr (kLevel == kLevels) {
    return answer<kMissing>(level[place], planes);
  } else {
    const __m512i left = choose<kMissing, kLevel + 1, kLevels>(level, 2 * place, planes, bit);
    const __m512i right = choose<kMissing, kLevel + 1, kLevels>(level, 2 * place + 1, planes, bit);
    return _mm512_ternarylogic_epi64(bit[5 - kLevel], right, left, kChoose);
  }
}

// The bits of leaf numbers in a tree that takes all places of its levels, the root's answer the highest.
template <bool kMissing, typename Node>
TENON_AVX512 inline void number_shallow(const Node* nodes, uint32_t depth, const uint64_t* planes,
                                        __m512i* bit) noexcept {
  for (int b = 0; b < 6; ++b) bit[b] = _mm512_setzero_si512();
  if (depth > 0) bit[5] = choose<kMissing, 0, 0>(nodes, 0, planes, bit);
  if (depth > 1) bit[4] = choose<kMissing, 0, 1>(nodes + 1, 0, planes, bit);
  if (depth > 2) bit[3] = choose<kMissing, 0, 2>(nodes + 3, 0, planes, bit);
  if (depth > 3) bit[2] = choose<kMissing, 0, 3>(nodes + 7, 0, planes, bit);
  if (depth > 4) bit[1] = choose<kMissing, 0, 4>(nodes + 15, 0, planes, bit);
  if (depth > 5) bit[0] = choose<kMissing, 0, 5>(nodes + 31, 0, planes, bit);
}

// The same in any tree: `rows` is scratch, a plane for each of its nodes.
template <bool kMissing, typename Node, typename Link>
TENON_AVX512 inline void number_deep(const Node* nodes, const Link* links, uint32_t node_count, const uint8_t* places,
                                     uint32_t leaf_count, const uint64_t* planes, uint64_t* rows,
                                     __m512i* bit) noexcept {
  _mm512_store_si512(rows, _mm512_set1_epi64(-1));
  for (uint32_t n = 0; n < node_count; ++n) {
    const __m512i here = plane(rows, links[n].plane);
    const __m512i right = answer<kMissing>(nodes[n], planes);
    _mm512_store_si512(rows + kWords * links[n].left, _mm512_andnot_si512(right, here));
    _mm512_store_si512(rows + kWords * (links[n].left + 1), _mm512_and_si512(right, here));
  }
  for (int b = 0; b < 6; ++b) bit[b] = _mm512_setzero_si512();
  for (uint32_t leaf = 1; leaf < leaf_count; ++leaf) {
    const __m512i here = plane(rows, places[leaf]);
#pragma GCC unroll 6
    for (int b = 0; b < 6; ++b) {
      const __m512i chosen = _mm512_set1_epi64(-static_cast<int64_t>(leaf >> b & 1));
      bit[b] = _mm512_ternarylogic_epi64(bit[b], here, chosen, kOrAnd);
    }
  }
}

// Each eight bytes, as a square of bits, mirrored: bit i of byte j becomes bit j of byte i.
TENON_AVX512 inline __m512i mirror(__m512i x) noexcept {
  constexpr int kDiffer = 0x28;  // (a ^ b) & c
  constexpr int kOdd = 0x96;     // a ^ b ^ c
  __m512i t = _mm512_ternarylogic_epi64(x, _mm512_srli_epi64(x, 7), _mm512_set1_epi64(0x00aa00aa00aa00aa), kDiffer);
  x = _mm512_ternarylogic_epi64(x, t, _mm512_slli_epi64(t, 7), kOdd);
  t = _mm512_ternarylogic_epi64(x, _mm512_srli_epi64(x, 14), _mm512_set1_epi64(0x0000cccc0000cccc), kDiffer);
  x = _mm512_ternarylogic_epi64(x, t, _mm512_slli_epi64(t, 14), kOdd);
  t = _mm512_ternarylogic_epi64(x, _mm512_srli_epi64(x, 28), _mm512_set1_epi64(0x00000000f0f0f0f0), kDiffer);
  return _mm512_ternarylogic_epi64(x, t, _mm512_slli_epi64(t, 28), kOdd);
}

// Leaf numbers as bytes: those of rows 64k to 64k + 63 in numbers[k], four by four: bytes 4q to
// 4q + 3 of the four lanes are rows 16q to 16q + 15. Bit 7 of a byte is bit 5 of its number again.
TENON_AVX512 inline void to_numbers(const __m512i* bit, __m512i* numbers) noexcept {
  const __m512i zero = _mm512_setzero_si512();
  __m512i pairs[4][2];
  for (int p = 0; p < 3; ++p) {
    pairs[p][0] = _mm512_unpacklo_epi8(bit[2 * p], bit[2 * p + 1]);
    pairs[p][1] = _mm512_unpackhi_epi8(bit[2 * p], bit[2 * p + 1]);
  }
  pairs[3][0] = _mm512_unpacklo_epi8(zero, bit[5]);
  pairs[3][1] = _mm512_unpackhi_epi8(zero, bit[5]);
#pragma GCC unroll 2
  for (int half = 0; half < 2; ++half) {
    const __m512i low0 = _mm512_unpacklo_epi16(pairs[0][half], pairs[1][half]);
    const __m512i low1 = _mm512_unpackhi_epi16(pairs[0][half], pairs[1][half]);
    const __m512i high0 = _mm512_unpacklo_epi16(pairs[2][half], pairs[3][half]);
    const __m512i high1 = _mm512_unpackhi_epi16(pairs[2][half], pairs[3][half]);
    numbers[4 * half] = mirror(_mm512_unpacklo_epi32(low0, high0));
    numbers[4 * half + 1] = mirror(_mm512_unpackhi_epi32(low0, high0));
    numbers[4 * half + 2] = mirror(_mm512_unpacklo_epi32(low1, high1));
    numbers[4 * half + 3] = mirror(_mm512_unpackhi_epi32(low1, high1));
  }
}

// Adds the values of numbered leaves to `row_count` sums, rounded up to 64.
TENON_AVX512 inline void add_values(const __m512i* numbers, const float* values, size_t row_count,
                                    double* sums) noexcept {
  const __m512 values0 = _mm512_load_ps(values);
  const __m512 values1 = _mm512_load_ps(values + 16);
  const __m512 values2 = _mm512_load_ps(values + 32);
  const __m512 values3 = _mm512_load_ps(values + 48);
  // A number into the lowest and the highest byte of a lane.
  const __m512i first = _mm512_broadcast_i32x4(_mm_setr_epi32(static_cast<int>(0x00808000u), static_cast<int>(0x01808001u),
                                                              static_cast<int>(0x02808002u), static_cast<int>(0x03808003u)));
  alignas(64) float found[16];
  for (size_t k = 0; 64 * k < row_count; ++k) {
#pragma GCC unroll 4
    for (int q = 0; q < 4; ++q) {
      const __m512i number = _mm512_shuffle_epi8(numbers[k], _mm512_add_epi8(first, _mm512_set1_epi8(static_cast<char>(4 * q))));
      const __mmask16 high = _mm512_movepi32_mask(number);
      const __m512 value = _mm512_mask_blend_ps(high, _mm512_permutex2var_ps(values0, number, values1),
                                                _mm512_permutex2var_ps(values2, number, values3));
      // By way of memory: halves are widened faster than they are taken out of a register.
      _mm512_store_ps(found, value);
      double* out = sums + 64 * k + 16 * static_cast<size_t>(q);
      _mm512_storeu_pd(out, _mm512_add_pd(_mm512_loadu_pd(out), _mm512_cvtps_pd(_mm256_load_ps(found))));
      _mm512_storeu_pd(out + 8, _mm512_add_pd(_mm512_loadu_pd(out + 8), _mm512_cvtps_pd(_mm256_load_ps(found + 8))));
    }
  }
}

}  // namespace

TENON_AVX512 bool BoostPlanes::make_planes(const float* rows, size_t row_count, uint64_t* planes) const {
  _mm512_store_si512(planes + kWords * kNone, _mm512_setzero_si512());
  _mm512_store_si512(planes + kWords * kAll, _mm512_set1_epi64(-1));
  alignas(64) uint16_t words[9][kRows / 16];
  bool any_missing = false;
  for (uint32_t c = 0; c < columns_.size(); ++c) {
    any_missing |= bins_.planes(c, rows, row_count, words[0]);
    __m512i bit[8];
    for (int b = 0; b < 8; ++b) bit[b] = _mm512_load_si512(words[b]);
    uint64_t* out = planes + kWords * columns_[c].first_plane;
    _mm512_store_si512(out, _mm512_load_si512(words[8]));
    store_above(bit, columns_[c].lower_count, out + kWords);
    store_above(bit + 4, columns_[c].upper_count, out + kWords * (1 + columns_[c].lower_count));
  }
  return any_missing;
}

TENON_AVX512 void BoostPlanes::add(const float* rows, size_t row_count, double* sums) const {
  Buffer<uint64_t> planes(kWords * plane_count_);
  const bool missing = make_planes(rows, row_count, planes.data());
  // Values are added to whole vectors of rows.
  std::vector<double> whole;
  double* to = sums;
  if (row_count < kRows) {
    whole.resize(outputs_ * kRows);
    to = whole.data();
    for (uint32_t k = 0; k < outputs_; ++k) std::copy_n(sums + k * row_count, row_count, to + k * kRows);
  }
  alignas(64) uint64_t node_rows[kWords * 2 * kMostLeaves];
  for (size_t t = 0; t < trees_.size(); ++t) {
    const Tree& tree = trees_[t];
    const Node* nodes = nodes_.data() + tree.first_node;
    __m512i bit[6];
    if (tree.depth <= kMostDepth) {
      if (missing) number_shallow<true>(nodes, tree.depth, planes.data(), bit);
      else number_shallow<false>(nodes, tree.depth, planes.data(), bit);
    } else {
      const Link* links = links_.data() + tree.first_link;
      const uint8_t* places = places_.data() + tree.first_place;
      if (missing) number_deep<true>(nodes, links, tree.node_count, places, tree.leaf_count, planes.data(), node_rows, bit);
      else number_deep<false>(nodes, links, tree.node_count, places, tree.leaf_count, planes.data(), node_rows, bit);
    }
    __m512i numbers[kWords];
    to_numbers(bit, numbers);
    add_values(numbers, tree.values.data(), row_count, to + t % outputs_ * kRows);
  }
  if (row_count == kRows) return;
  for (uint32_t k = 0; k < outputs_; ++k) std::copy_n(to + k * kRows, row_count, sums + k * row_count);
}
#else
bool BoostPlanes::make_planes(const float*, size_t, uint64_t*) const { return false; }
void BoostPlanes::add(const float*, size_t, double*) const {}
#endif

}  // namespace tenon
