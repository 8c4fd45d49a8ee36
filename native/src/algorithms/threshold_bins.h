#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "forest.h"

namespace tenon {

// Numbers values by the thresholds of a forest: a value's bin is how many of its column's thresholds
// are below it, so that "x <= threshold" is "bin <= number of the threshold". Sixteen rows are
// searched for at once, the thresholds lying in registers. Needs AVX-512.
class ThresholdBins {
 public:
  static constexpr size_t kMostThresholds = 254;

  // Empty if the processor lacks AVX-512 or a column has more thresholds than kMostThresholds.
  static std::optional<ThresholdBins> make(const Forest& forest);

  uint32_t feature_count() const noexcept { return feature_count_; }
  // Columns that have thresholds: only these have bins.
  uint32_t column_count() const noexcept { return static_cast<uint32_t>(columns_.size()); }
  uint32_t feature_of(uint32_t column) const noexcept { return columns_[column].feature; }
  // The column of a feature with thresholds, and the number of one of them there.
  uint32_t column_of(uint32_t feature) const noexcept { return column_of_[feature]; }
  uint8_t number_of(uint32_t column, float threshold) const noexcept;
  uint32_t threshold_count(uint32_t column) const noexcept { return columns_[column].count; }

  size_t size_bytes() const noexcept { return columns_.size() * sizeof(Column) + column_of_.size() * 4; }

  // Writes the bins of a column, `out` having room for row_count rounded up to 16; a missing value's
  // is `missing_bin`. Returns whether there is one.
  bool bytes(uint32_t column, const float* rows, size_t row_count, uint8_t missing_bin, uint8_t* out) const noexcept;

  // Rows that one call of planes() takes at most, and the words of 16 rows each that this makes.
  static constexpr size_t kPlaneRows = 512;
  static constexpr size_t kPlaneWords = kPlaneRows / 16;

  // The same as planes of bits: bit b of the bins lies in the words from b * kPlaneWords, a missing value
  // has bin 0 and a bit in those from 8 * kPlaneWords. Bit i of word w stands for row
  //
  //   64 * (w % 8) + 4 * (w / 8) + 16 * (i / 4) + i % 4
  //
  // which is the order that turning bytes into vectors of rows and back is quick in.
  bool planes(uint32_t column, const float* rows, size_t row_count, uint16_t* out) const noexcept;

 private:
  // The thresholds in the order of a search: entry 1 is the middle one, entries 2k and 2k + 1 are
  // the middles of what lies below and above entry k. Padded with infinity to 255.
  struct Column {
    alignas(64) std::array<float, 256> search;
    uint32_t feature;
    uint32_t count;
  };

  uint32_t feature_count_ = 0;
  std::vector<Column> columns_;
  std::vector<uint32_t> column_of_;
};

}  // namespace tenon
