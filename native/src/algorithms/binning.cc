#include "binning.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "../kernels/table.h"
#include "../runtime/thread_pool.h"
#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace tenon {
namespace {

// Edges come from at most this many rows, evenly spaced: quantiles of 255 bins need no more.
constexpr size_t kQuantileRows = 200'000;

// Maps a float to an integer of the same order.
uint32_t ordered(float x) noexcept {
  uint32_t bits;
  std::memcpy(&bits, &x, 4);
  return bits ^ (static_cast<uint32_t>(-static_cast<int32_t>(bits >> 31)) | 0x80000000u);
}

float unordered(uint32_t key) noexcept {
  const uint32_t bits = key ^ (((key >> 31) - 1) | 0x80000000u);
  float x;
  std::memcpy(&x, &bits, 4);
  return x;
}

// Sorts keys by three passes of 11 bits; `scratch` is as long as `keys`.
void radix_sort(std::vector<uint32_t>& keys, std::vector<uint32_t>& scratch) {
  std::vector<uint32_t> counts(3 * 2048, 0);
  for (const uint32_t key : keys) {
    ++counts[key & 2047];
    ++counts[2048 + ((key >> 11) & 2047)];
    ++counts[4096 + (key >> 22)];
  }
  for (int pass = 0; pass < 3; ++pass) {
    uint32_t* offsets = counts.data() + 2048 * pass;
    uint32_t sum = 0;
    for (int i = 0; i < 2048; ++i) {
      const uint32_t count = offsets[i];
      offsets[i] = sum;
      sum += count;
    }
    const int shift = 11 * pass;
    for (const uint32_t key : keys) scratch[offsets[(key >> shift) & 2047]++] = key;
    keys.swap(scratch);
  }
}

// The largest float edge with low <= edge < high, halfway where the type allows.
float edge_between(float low, float high) noexcept {
  const float middle = static_cast<float>((static_cast<double>(low) + static_cast<double>(high)) / 2);
  return middle < high && middle >= low ? middle : low;
}

std::vector<float> edges_of(const std::vector<uint32_t>& sorted, uint32_t max_bins) {
  struct Run {
    uint32_t key;
    uint32_t count;
  };
  std::vector<float> edges;
  std::vector<Run> runs;
  for (const uint32_t key : sorted) {
    if (!runs.empty() && runs.back().key == key) {
      ++runs.back().count;
    } else {
      runs.push_back({key, 1});
    }
  }
  if (runs.size() <= max_bins) {
    for (size_t i = 0; i + 1 < runs.size(); ++i) {
      edges.push_back(edge_between(unordered(runs[i].key), unordered(runs[i + 1].key)));
    }
    return edges;
  }
  // Close a bin once it holds its share of what is left, so that one frequent value does
  // not starve the bins after it.
  size_t left = sorted.size();
  size_t bins_left = max_bins;
  size_t in_bin = 0;
  for (size_t i = 0; i + 1 < runs.size() && bins_left > 1; ++i) {
    in_bin += runs[i].count;
    if (in_bin * bins_left >= left) {
      edges.push_back(edge_between(unordered(runs[i].key), unordered(runs[i + 1].key)));
      left -= in_bin;
      in_bin = 0;
      --bins_left;
    }
  }
  return edges;
}

// Eight branch-free halvings over edges padded with +infinity to 255.
uint8_t bin_of(const float* padded, float x) noexcept {
  uint32_t position = 0;
  for (uint32_t step = 128; step > 0; step >>= 1) position += padded[position + step - 1] < x ? step : 0;
  return static_cast<uint8_t>(position);
}

// Bins one column of some rows: `x` and `out` are the first row's, `columns` apart from row to row.
// Returns whether any is missing.
bool bin_column(const float* padded, const float* x, size_t row_count, size_t columns, uint8_t* out) noexcept {
  bool any = false;
  for (size_t i = 0; i < row_count; ++i, x += columns, out += columns) {
    const bool is_missing = *x != *x;
    const uint8_t bin = bin_of(padded, *x);
    *out = is_missing ? static_cast<uint8_t>(kMissingBin) : bin;
    any |= is_missing;
  }
  return any;
}

#if defined(__x86_64__)
// Every sixteenth edge below the value says in which sixteen the others lie: two comparisons
// instead of eight steps that wait for each other.
__attribute__((target("avx512f,avx512dq,popcnt"))) bool bin_column_avx512(const float* padded, const float* x,
                                                                          size_t row_count, size_t columns,
                                                                          uint8_t* out) noexcept {
  alignas(64) float sixteenth[16];
  for (int i = 0; i < 16; ++i) sixteenth[i] = padded[16 * i + 15];
  const __m512 pivots = _mm512_load_ps(sixteenth);
  uint32_t any = 0;
  for (size_t i = 0; i < row_count; ++i, x += columns, out += columns) {
    const __m512 value = _mm512_set1_ps(*x);
    const uint32_t above = static_cast<uint32_t>(_mm_popcnt_u32(_mm512_cmp_ps_mask(pivots, value, _CMP_LT_OQ)));
    // Nothing is above the last sixteenth, which is infinite.
    const __m512 near = _mm512_loadu_ps(padded + 16 * above);
    const uint32_t bin = 16 * above + static_cast<uint32_t>(_mm_popcnt_u32(_mm512_cmp_ps_mask(near, value, _CMP_LT_OQ)));
    const uint32_t is_missing = *x != *x;
    *out = static_cast<uint8_t>(bin | (0 - is_missing));
    any |= is_missing;
  }
  return any != 0;
}
#endif

}  // namespace

BinnedFeatures bin_features(const float* data, size_t column_count, const uint32_t* rows, size_t row_count,
                            uint32_t max_bins, const TaskControl& control) {
  BinnedFeatures binned;
  binned.row_count = row_count;
  binned.column_count = column_count;
  binned.bins.resize(row_count * column_count);
  binned.edges.resize(column_count);
  binned.has_missing.assign(column_count, 0);
  const auto source = [&](size_t i) { return data + (rows ? rows[i] : i) * column_count; };

  // Columns are read sixteen at a time, so that each cache line of a row is read once.
  constexpr size_t kGroup = 16;
  std::vector<float> padded(column_count * 256, INFINITY);
  const size_t group_count = (column_count + kGroup - 1) / kGroup;
  const size_t sampled = std::min(row_count, kQuantileRows);
  ThreadPool::instance().parallel_for(group_count * 2, 1, [&](size_t begin, size_t end) {
    std::vector<uint32_t> keys[kGroup];
    std::vector<uint32_t> scratch;
    for (size_t half = begin; half < end; ++half) {
      const size_t group_first = (half / 2) * kGroup;
      const size_t group_last = std::min(group_first + kGroup, column_count);
      const size_t middle = group_first + (group_last - group_first + 1) / 2;
      const size_t first = half % 2 == 0 ? group_first : middle;
      const size_t last = half % 2 == 0 ? middle : group_last;
      for (auto& list : keys) list.clear();
      for (size_t s = 0; s < sampled; ++s) {
        const float* row = source(sampled == row_count ? s : s * row_count / sampled);
        for (size_t c = first; c < last; ++c) {
          // Adding zero turns -0 into +0, which must share a bin.
          if (row[c] == row[c]) keys[c - first].push_back(ordered(row[c] + 0.0f));
        }
      }
      for (size_t c = first; c < last; ++c) {
        if (control.stopped()) return;
        auto& list = keys[c - first];
        scratch.resize(list.size());
        radix_sort(list, scratch);
        binned.edges[c] = edges_of(list, max_bins);
        std::copy(binned.edges[c].begin(), binned.edges[c].end(), padded.begin() + static_cast<ptrdiff_t>(c * 256));
      }
    }
  }, &control);

  constexpr size_t kRows = 4096;
  // Columns pass over as many rows as the second-level cache holds.
  const size_t run_rows = std::clamp<size_t>(65536 / column_count, 1, kRows);
  auto* const bin = [] {
#if defined(__x86_64__)
    if (kernels().required & kAvx512) return bin_column_avx512;
#endif
    return bin_column;
  }();
  const size_t block_count = (row_count + kRows - 1) / kRows;
  std::vector<uint8_t> missing(block_count * column_count, 0);
  ThreadPool::instance().parallel_for(block_count, 1, [&](size_t begin, size_t end) {
    for (size_t block = begin; block < end; ++block) {
      const size_t last = std::min((block + 1) * kRows, row_count);
      for (size_t i = block * kRows; i < last; i += rows == nullptr ? run_rows : 1) {
        // Chosen rows need not lie side by side.
        const size_t count = rows == nullptr ? std::min(run_rows, last - i) : 1;
        for (size_t c = 0; c < column_count; ++c) {
          missing[block * column_count + c] |= bin(padded.data() + c * 256, source(i) + c, count, column_count,
                                                   binned.bins.data() + i * column_count + c);
        }
      }
    }
  }, &control);
  for (size_t i = 0; i < missing.size(); ++i) binned.has_missing[i % column_count] |= missing[i];
  return binned;
}

}  // namespace tenon
