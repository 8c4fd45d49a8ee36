#include "threshold_bins.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "../kernels/table.h"
#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace tenon {
#if defined(__x86_64__)
namespace {

// The place of a search's entry in ascending order: the entries of a level divide 256 evenly.
uint32_t place_of(uint32_t entry) noexcept {
  const uint32_t level = 31 - static_cast<uint32_t>(__builtin_clz(entry));
  return (2 * (entry - (1u << level)) + 1) * (128u >> level) - 1;
}

// A column's thresholds, each once.
struct Distinct {
  static constexpr uint32_t kPlaces = 1024;

  std::vector<float> values;
  std::vector<uint16_t> places;  // by a hash of a value's bits its number, from 1

  // False if there would be more than kMostThresholds.
  bool add(float value) {
    if (places.empty()) places.resize(kPlaces);
    uint32_t bits;
    std::memcpy(&bits, &value, sizeof bits);
    uint32_t place = bits * 0x9e3779b1u >> 22;
    for (; places[place] != 0; place = (place + 1) % kPlaces) {
      if (values[places[place] - 1u] == value) return true;
    }
    if (values.size() == ThresholdBins::kMostThresholds) return false;
    values.push_back(value);
    places[place] = static_cast<uint16_t>(values.size());
    return true;
  }
};

}  // namespace
#endif

std::optional<ThresholdBins> ThresholdBins::make(const Forest& forest) {
#if defined(__x86_64__)
  if ((kernels().required & kAvx512) == 0) return std::nullopt;
  std::vector<Distinct> thresholds(forest.feature_count);
  for (size_t i = 0; i < forest.node_count(); ++i) {
    if (forest.feature[i] < 0) continue;
    // Adding zero turns -0 into +0.
    if (!thresholds[static_cast<size_t>(forest.feature[i])].add(forest.threshold[i] + 0.0f)) return std::nullopt;
  }
  ThresholdBins bins;
  bins.feature_count_ = forest.feature_count;
  bins.column_of_.assign(forest.feature_count, 0);
  for (uint32_t f = 0; f < forest.feature_count; ++f) {
    std::vector<float> list = thresholds[f].values;
    if (list.empty()) continue;
    std::sort(list.begin(), list.end());
    const uint32_t count = static_cast<uint32_t>(list.size());
    list.resize(255, INFINITY);
    bins.column_of_[f] = bins.column_count();
    Column& column = bins.columns_.emplace_back();
    column.feature = f;
    column.count = count;
    column.search[0] = 0;
    for (uint32_t entry = 1; entry < 256; ++entry) column.search[entry] = list[place_of(entry)];
  }
  return bins;
#else
  (void)forest;
  return std::nullopt;
#endif
}

uint8_t ThresholdBins::number_of(uint32_t column, float threshold) const noexcept {
  uint32_t entry = 1;
  while (entry < 256) entry = 2 * entry + (columns_[column].search[entry] < threshold ? 1 : 0);
  return static_cast<uint8_t>(entry);
}

#if defined(__x86_64__)
#define TENON_AVX512 __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl")))

namespace {

// A column's thresholds in registers.
struct Search {
  __m512 first;      // levels 0 to 3
  __m512 fifth;
  __m512 sixth[2];
  __m512 seventh[4];
  __m512 eighth[8];
};

// What is known of sixteen values: which thresholds met on the way down are below them, and where they end.
struct Found {
  __mmask16 above[8];
  __m512i entry;
};

TENON_AVX512 inline Search load_search(const float* search) noexcept {
  Search s;
  s.first = _mm512_load_ps(search);
  s.fifth = _mm512_load_ps(search + 16);
  for (int i = 0; i < 2; ++i) s.sixth[i] = _mm512_load_ps(search + 32 + 16 * i);
  for (int i = 0; i < 4; ++i) s.seventh[i] = _mm512_load_ps(search + 64 + 16 * i);
  for (int i = 0; i < 8; ++i) s.eighth[i] = _mm512_load_ps(search + 128 + 16 * i);
  return s;
}

TENON_AVX512 inline __mmask16 descend(__m512 threshold, __m512 x, __m512i& entry) noexcept {
  const __mmask16 above = _mm512_cmp_ps_mask(threshold, x, _CMP_LT_OQ);
  const __m512i doubled = _mm512_add_epi32(entry, entry);
  entry = _mm512_mask_add_epi32(doubled, above, doubled, _mm512_set1_epi32(1));
  return above;
}

// Permutations look at the low bits of an entry's number alone; the bits above choose among registers.
TENON_AVX512 inline Found find(const Search& s, __m512 x) noexcept {
  Found f;
  f.entry = _mm512_set1_epi32(1);
#pragma GCC unroll 4
  for (int level = 0; level < 4; ++level) {
    f.above[level] = descend(_mm512_permutexvar_ps(f.entry, s.first), x, f.entry);
  }
  f.above[4] = descend(_mm512_permutexvar_ps(f.entry, s.fifth), x, f.entry);
  f.above[5] = descend(_mm512_permutex2var_ps(s.sixth[0], f.entry, s.sixth[1]), x, f.entry);
  f.above[6] = descend(_mm512_mask_blend_ps(f.above[0], _mm512_permutex2var_ps(s.seventh[0], f.entry, s.seventh[1]),
                                            _mm512_permutex2var_ps(s.seventh[2], f.entry, s.seventh[3])),
                       x, f.entry);
  const __m512 low = _mm512_mask_blend_ps(f.above[1], _mm512_permutex2var_ps(s.eighth[0], f.entry, s.eighth[1]),
                                          _mm512_permutex2var_ps(s.eighth[2], f.entry, s.eighth[3]));
  const __m512 high = _mm512_mask_blend_ps(f.above[1], _mm512_permutex2var_ps(s.eighth[4], f.entry, s.eighth[5]),
                                           _mm512_permutex2var_ps(s.eighth[6], f.entry, s.eighth[7]));
  f.above[7] = descend(_mm512_mask_blend_ps(f.above[0], low, high), x, f.entry);
  return f;
}

TENON_AVX512 inline __mmask16 rows_from(size_t i, size_t row_count) noexcept {
  return row_count - i >= 16 ? 0xffff : static_cast<__mmask16>((1u << (row_count - i)) - 1);
}

TENON_AVX512 inline __m512i row_offsets(uint32_t feature_count) noexcept {
  const __m512i lanes = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  return _mm512_mullo_epi32(lanes, _mm512_set1_epi32(static_cast<int>(feature_count)));
}

}  // namespace

TENON_AVX512 bool ThresholdBins::bytes(uint32_t column, const float* rows, size_t row_count, uint8_t missing_bin,
                                       uint8_t* out) const noexcept {
  const Search search = load_search(columns_[column].search.data());
  const __m512i offsets = row_offsets(feature_count_);
  const __m128i missing_bins = _mm_set1_epi8(static_cast<char>(missing_bin));
  const float* x = rows + columns_[column].feature;
  uint32_t any = 0;
  for (size_t i = 0; i < row_count; i += 16, x += 16 * static_cast<size_t>(feature_count_)) {
    const __m512 value = _mm512_mask_i32gather_ps(_mm512_setzero_ps(), rows_from(i, row_count), offsets, x, 4);
    const __mmask16 missing = _mm512_cmp_ps_mask(value, value, _CMP_UNORD_Q);
    const __m128i bins = _mm512_cvtepi32_epi8(find(search, value).entry);
    _mm_storeu_si128(reinterpret_cast<__m128i*>(out + i), _mm_mask_mov_epi8(bins, missing, missing_bins));
    any |= missing;
  }
  return any != 0;
}

TENON_AVX512 bool ThresholdBins::planes(uint32_t column, const float* rows, size_t row_count,
                                        uint16_t* out) const noexcept {
  const Search search = load_search(columns_[column].search.data());
  const __m512i lane_rows = _mm512_setr_epi32(0, 1, 2, 3, 16, 17, 18, 19, 32, 33, 34, 35, 48, 49, 50, 51);
  const __m512i offsets = _mm512_mullo_epi32(lane_rows, _mm512_set1_epi32(static_cast<int>(feature_count_)));
  const float* x = rows + columns_[column].feature;
  uint32_t any = 0;
  for (size_t w = 0; w < kPlaneWords; ++w) {
    const size_t first = 64 * (w % 8) + 4 * (w / 8);
    __mmask16 there = 0xffff;
    if (first + 52 > row_count) {
      const int left = first < row_count ? static_cast<int>(row_count - first) : 0;
      there = _mm512_cmplt_epi32_mask(lane_rows, _mm512_set1_epi32(left));
    }
    const float* from = first < row_count ? x + first * feature_count_ : x;
    const __m512 value = _mm512_mask_i32gather_ps(_mm512_setzero_ps(), there, offsets, from, 4);
    const __mmask16 missing = _mm512_cmp_ps_mask(value, value, _CMP_UNORD_Q);
    const Found found = find(search, value);
#pragma GCC unroll 8
    for (size_t b = 0; b < 8; ++b) out[b * kPlaneWords + w] = found.above[7 - b];
    out[8 * kPlaneWords + w] = missing;
    any |= missing;
  }
  return any != 0;
}
#else
bool ThresholdBins::bytes(uint32_t, const float*, size_t, uint8_t, uint8_t*) const noexcept { return false; }
bool ThresholdBins::planes(uint32_t, const float*, size_t, uint16_t*) const noexcept { return false; }
#endif

}  // namespace tenon
