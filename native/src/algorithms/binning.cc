#include "binning.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

#include "../kernels/table.h"
#include "../operations/buffer.h"
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

// Adding zero turns -0 into +0, which must share a bin.
uint32_t key_of(float x) noexcept { return ordered(x + 0.0f); }

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

// The values of a column while they are no more than there are bins: a table of keys at the place of their hash.
class FewValues {
 public:
  void clear() noexcept {
    std::fill_n(table_, kSize, kEmpty);
    keys_.clear();
  }

  // Adds values that may be missing; false once there are more than `most` of them.
  bool add(const float* values, size_t count, uint32_t most) {
    for (size_t i = 0; i < count; ++i) {
      if (values[i] != values[i]) continue;
      const uint32_t key = key_of(values[i]);
      uint32_t at = (key * 2654435761u) >> (32 - kBits);
      while (table_[at] != key) {
        if (table_[at] == kEmpty) {
          if (keys_.size() == most) return false;
          table_[at] = key;
          keys_.push_back(key);
          break;
        }
        at = (at + 1) % kSize;
      }
    }
    return true;
  }

  // Edges between all of them.
  std::vector<float> edges() {
    std::sort(keys_.begin(), keys_.end());
    std::vector<float> result;
    for (size_t i = 0; i + 1 < keys_.size(); ++i) {
      result.push_back(edge_between(unordered(keys_[i]), unordered(keys_[i + 1])));
    }
    return result;
  }

 private:
  static constexpr uint32_t kBits = 12;  // so many places that hardly any two values meet at one
  static constexpr uint32_t kSize = 1u << kBits;
  static constexpr uint32_t kEmpty = 0xffffffff;  // the key of a value that is missing
  uint32_t table_[kSize];
  std::vector<uint32_t> keys_;
};

// Edges of a column that has more values than bins.
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
  reserve_huge(binned.bins, row_count * column_count);
  binned.bins.resize(row_count * column_count);
  binned.edges.resize(column_count);
  binned.has_missing.assign(column_count, 0);
  const auto source = [&](size_t i) { return data + (rows ? rows[i] : i) * column_count; };

  // Columns are read 32 at a time, so that a row is looked at seldom and each of its cache lines once.
  constexpr size_t kGroup = 64;
  constexpr size_t kRowsAhead = 16;
  constexpr size_t kRun = 256;
  std::vector<float> padded(column_count * 256, INFINITY);
  const size_t group_count = (column_count + kGroup - 1) / kGroup;
  const size_t sampled = std::min(row_count, kQuantileRows);
  ThreadPool::instance().parallel_for(group_count * 2, 1, [&](size_t begin, size_t end) {
    std::vector<FewValues> few(kGroup / 2);
    std::vector<float> runs(kRun * kGroup / 2);
    std::vector<uint32_t> keys[kGroup / 2];
    std::vector<uint32_t> scratch;
    for (size_t half = begin; half < end; ++half) {
      const size_t group_first = (half / 2) * kGroup;
      const size_t group_last = std::min(group_first + kGroup, column_count);
      const size_t middle = group_first + (group_last - group_first + 1) / 2;
      const size_t first = half % 2 == 0 ? group_first : middle;
      const size_t last = half % 2 == 0 ? middle : group_last;
      if (first == last) continue;
      const auto row_of = [&](size_t s) { return source(sampled == row_count ? s : s * row_count / sampled); };
      // Rows of many columns lie so far apart that the processor does not foresee the next one.
      const auto row_at = [&](size_t s) {
        const float* const ahead = row_of(std::min(s + kRowsAhead, sampled - 1));
        for (size_t c = first; c < last; c += 16) __builtin_prefetch(ahead + c);
        return row_of(s);
      };
      uint32_t many = 0;  // a bit per column
      const uint32_t all = ~uint32_t{0} >> (32 - (last - first));
      for (auto& values : few) values.clear();
      for (size_t s = 0; s < sampled && many != all; s += kRun) {
        // Side by side, so that each column's table is in the cache while it is used.
        const size_t count = std::min(kRun, sampled - s);
        for (size_t i = 0; i < count; ++i) {
          const float* const row = row_at(s + i);
          for (size_t c = first; c < last; ++c) runs[(c - first) * kRun + i] = row[c];
        }
        for (size_t c = 0; c < last - first; ++c) {
          if ((many >> c & 1) == 0 && !few[c].add(runs.data() + c * kRun, count, max_bins)) many |= 1u << c;
        }
      }
      for (auto& list : keys) list.clear();
      for (size_t s = 0; s < sampled && many != 0; ++s) {
        const float* row = row_at(s);
        for (uint32_t bits = many; bits != 0; bits &= bits - 1) {
          const size_t c = static_cast<size_t>(std::countr_zero(bits));
          if (row[first + c] == row[first + c]) keys[c].push_back(key_of(row[first + c]));
        }
      }
      for (size_t c = first; c < last; ++c) {
        if (control.stopped()) return;
        if ((many >> (c - first) & 1) == 0) {
          binned.edges[c] = few[c - first].edges();
        } else {
          auto& list = keys[c - first];
          scratch.resize(list.size());
          radix_sort(list, scratch);
          binned.edges[c] = edges_of(list, max_bins);
        }
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
