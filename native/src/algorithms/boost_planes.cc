#include "boost_planes.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "../kernels/table.h"
#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace tenon {
namespace {

constexpr uint32_t kMostLeaves = 64;
constexpr size_t kMostThresholds = 254;  // bin 255 is a missing value's
constexpr size_t kMostColumns = 65535;

}  // namespace

std::unique_ptr<const BoostPlanes> BoostPlanes::make(const Forest& forest, uint32_t outputs) {
#if defined(__x86_64__)
  if ((kernels().required & kAvx512) == 0) return nullptr;
  auto planes = std::make_unique<BoostPlanes>();
  planes->feature_count_ = forest.feature_count;
  planes->outputs_ = outputs;
  for (uint32_t t = 0; t < forest.tree_count(); ++t) {
    if (forest.tree_start[t + 1] - forest.tree_start[t] > 2 * kMostLeaves - 1) return nullptr;
  }
  std::vector<std::vector<float>> thresholds(forest.feature_count);
  for (size_t i = 0; i < forest.node_count(); ++i) {
    if (forest.feature[i] >= 0) thresholds[static_cast<size_t>(forest.feature[i])].push_back(forest.threshold[i] + 0.0f);
  }
  std::vector<uint16_t> column_of(forest.feature_count, 0);
  for (uint32_t f = 0; f < forest.feature_count; ++f) {
    auto& list = thresholds[f];
    if (list.empty()) continue;
    std::sort(list.begin(), list.end());
    list.erase(std::unique(list.begin(), list.end()), list.end());
    if (list.size() > kMostThresholds || planes->columns_.size() == kMostColumns) return nullptr;
    column_of[f] = static_cast<uint16_t>(planes->columns_.size());
    Column column;
    column.feature = f;
    column.thresholds.fill(INFINITY);
    std::copy(list.begin(), list.end(), column.thresholds.begin());
    for (size_t k = 0; k < 16; ++k) column.pivots[k] = column.thresholds[16 * k + 15];
    planes->columns_.push_back(column);
  }
  for (uint32_t t = 0; t < forest.tree_count(); ++t) {
    const uint32_t start = forest.tree_start[t];
    const uint32_t count = forest.tree_start[t + 1] - start;
    Tree tree{};
    tree.first_node = static_cast<uint32_t>(planes->nodes_.size());
    tree.first_place = static_cast<uint32_t>(planes->places_.size());
    for (uint32_t i = 0; i < count; ++i) {
      const int32_t feature = forest.feature[start + i];
      const int32_t child = forest.child[start + i];
      if (feature < 0) {
        tree.values[tree.leaf_count++] = forest.values[static_cast<size_t>(child)];
        planes->places_.push_back(static_cast<uint8_t>(i));
        continue;
      }
      const auto& list = thresholds[static_cast<size_t>(feature)];
      const auto place = std::lower_bound(list.begin(), list.end(), forest.threshold[start + i] + 0.0f) - list.begin();
      planes->nodes_.push_back({column_of[static_cast<size_t>(feature)], static_cast<uint8_t>(place),
                                forest.missing_left[start + i], static_cast<uint8_t>(child), static_cast<uint8_t>(i)});
      ++tree.node_count;
    }
    planes->trees_.push_back(tree);
  }
  return planes;
#else
  (void)forest;
  (void)outputs;
  return nullptr;
#endif
}

size_t BoostPlanes::size_bytes() const noexcept {
  return columns_.size() * sizeof(Column) + nodes_.size() * sizeof(Node) + places_.size() +
         trees_.size() * sizeof(Tree);
}

#if defined(__x86_64__)
#define TENON_AVX512 __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,popcnt")))

// How many thresholds are below each value: those of the pivots, which every sixteenth threshold
// is, say in which sixteen the others lie.
TENON_AVX512 void BoostPlanes::bin_rows(const float* rows, size_t row_count, uint8_t* bins,
                                        uint8_t* has_missing) const {
  for (size_t c = 0; c < columns_.size(); ++c) {
    const Column& column = columns_[c];
    const __m512 pivots = _mm512_load_ps(column.pivots.data());
    const float* x = rows + column.feature;
    uint8_t* out = bins + c * kRows;
    uint32_t missing = 0;
    for (size_t i = 0; i < row_count; ++i, x += feature_count_) {
      const __m512 value = _mm512_set1_ps(*x);
      const uint32_t above = static_cast<uint32_t>(_mm_popcnt_u32(_mm512_cmp_ps_mask(pivots, value, _CMP_LT_OQ)));
      // Beyond the last sixteen there is nothing to be counted.
      const uint32_t block = above < 15 ? above : 15;
      const __m512 near = _mm512_load_ps(column.thresholds.data() + 16 * block);
      const uint32_t bin = 16 * block + static_cast<uint32_t>(_mm_popcnt_u32(_mm512_cmp_ps_mask(near, value, _CMP_LT_OQ)));
      const uint32_t is_missing = *x != *x;
      out[i] = static_cast<uint8_t>(bin | (0 - is_missing));
      missing |= is_missing;
    }
    has_missing[c] = static_cast<uint8_t>(missing);
  }
}

TENON_AVX512 void BoostPlanes::add(const float* rows, size_t row_count, double* sums) const {
  std::vector<uint8_t> has_missing(columns_.size());
  std::vector<uint8_t> memory(columns_.size() * kRows + 64);
  uint8_t* bins = memory.data() + (64 - reinterpret_cast<uintptr_t>(memory.data()) % 64) % 64;
  bin_rows(rows, row_count, bins, has_missing.data());
  alignas(64) uint64_t planes[2 * kMostLeaves][kRows / 64];
  alignas(64) uint64_t answers[kMostLeaves][kRows / 64];
  alignas(64) uint16_t numbers[6][kRows / 16];
  std::memset(planes[0], 0xff, sizeof planes[0]);
  for (size_t t = 0; t < trees_.size(); ++t) {
    const Tree& tree = trees_[t];
    const Node* nodes = nodes_.data() + tree.first_node;
    // All answers first: reading eight words as one vector right after they were written would wait
    // for them to reach the cache.
    for (uint32_t n = 0; n < tree.node_count; ++n) {
      const Node& node = nodes[n];
      const uint8_t* column = bins + node.column * kRows;
      const __m512i bin = _mm512_set1_epi8(static_cast<char>(node.bin));
      uint64_t* answer = answers[n];
      if (node.missing_left && has_missing[node.column]) {
        const __m512i missing = _mm512_set1_epi8(-1);
#pragma GCC unroll 8
        for (size_t w = 0; w < kRows / 64; ++w) {
          const __m512i value = _mm512_load_si512(column + 64 * w);
          answer[w] = _mm512_cmple_epu8_mask(value, bin) | _mm512_cmpeq_epi8_mask(value, missing);
        }
      } else {
#pragma GCC unroll 8
        for (size_t w = 0; w < kRows / 64; ++w) {
          answer[w] = _mm512_cmple_epu8_mask(_mm512_load_si512(column + 64 * w), bin);
        }
      }
    }
    for (uint32_t n = 0; n < tree.node_count; ++n) {
      const __m512i plane = _mm512_load_si512(planes[nodes[n].plane]);
      const __m512i answer = _mm512_load_si512(answers[n]);
      _mm512_store_si512(planes[nodes[n].left], _mm512_and_si512(plane, answer));
      _mm512_store_si512(planes[nodes[n].left + 1], _mm512_andnot_si512(answer, plane));
    }
    __m512i bits[6] = {};
    const uint8_t* places = places_.data() + tree.first_place;
    for (uint32_t leaf = 1; leaf < tree.leaf_count; ++leaf) {
      const __m512i plane = _mm512_load_si512(planes[places[leaf]]);
#pragma GCC unroll 6
      for (uint32_t j = 0; j < 6; ++j) {
        const __m512i chosen = _mm512_set1_epi64(-static_cast<int64_t>(leaf >> j & 1));
        bits[j] = _mm512_ternarylogic_epi64(bits[j], plane, chosen, 0xf8);  // bits | (plane & chosen)
      }
    }
    for (uint32_t j = 0; j < 6; ++j) _mm512_store_si512(numbers[j], bits[j]);
    const __m512 values0 = _mm512_load_ps(tree.values.data());
    const __m512 values1 = _mm512_load_ps(tree.values.data() + 16);
    const __m512 values2 = _mm512_load_ps(tree.values.data() + 32);
    const __m512 values3 = _mm512_load_ps(tree.values.data() + 48);
    double* out = sums + t % outputs_ * row_count;
    for (size_t i = 0; i < row_count; i += 16) {
      __m512i leaf = _mm512_maskz_set1_epi32(numbers[0][i / 16], 1);
#pragma GCC unroll 4
      for (uint32_t j = 1; j < 5; ++j) {
        leaf = _mm512_mask_or_epi32(leaf, numbers[j][i / 16], leaf, _mm512_set1_epi32(1 << j));
      }
      const __m512 low = _mm512_permutex2var_ps(values0, leaf, values1);
      const __m512 high = _mm512_permutex2var_ps(values2, leaf, values3);
      const __m512 value = _mm512_mask_blend_ps(numbers[5][i / 16], low, high);
      const __m512d first = _mm512_cvtps_pd(_mm512_castps512_ps256(value));
      const __m512d second = _mm512_cvtps_pd(_mm512_extractf32x8_ps(value, 1));
      const size_t rest = row_count - i;
      if (rest >= 16) {
        _mm512_storeu_pd(out + i, _mm512_add_pd(_mm512_loadu_pd(out + i), first));
        _mm512_storeu_pd(out + i + 8, _mm512_add_pd(_mm512_loadu_pd(out + i + 8), second));
        continue;
      }
      const __mmask8 in_first = static_cast<__mmask8>(rest >= 8 ? 0xff : (1u << rest) - 1);
      const __mmask8 in_second = static_cast<__mmask8>(rest > 8 ? (1u << (rest - 8)) - 1 : 0);
      _mm512_mask_storeu_pd(out + i, in_first, _mm512_add_pd(_mm512_maskz_loadu_pd(in_first, out + i), first));
      _mm512_mask_storeu_pd(out + i + 8, in_second,
                            _mm512_add_pd(_mm512_maskz_loadu_pd(in_second, out + i + 8), second));
    }
  }
}
#else
void BoostPlanes::bin_rows(const float*, size_t, uint8_t*, uint8_t*) const {}
void BoostPlanes::add(const float*, size_t, double*) const {}
#endif

}  // namespace tenon
