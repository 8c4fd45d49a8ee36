#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "binning.h"
#include "boost_kernels.h"

namespace tenon {

// What boosting reads of a column.
struct BoostColumn {
  uint32_t column;     // in the table
  uint32_t bins;       // of values
  bool has_missing;
  bool categorical;
  int8_t monotone;     // 1: predictions rise with it, -1: they fall, 0: either
};

// Binned features in groups of at most eight, constant columns left out. A group's rows lie side by
// side, eight bytes each, so that a group stays in the second-level cache while every node reads
// it. In tables of few features growing moves the bins along with their rows.
struct BoostFeatures {
  size_t row_count = 0;
  uint32_t group_count = 0;
  bool moves = true;
  size_t group_stride = 0;            // bytes from group to group
  std::vector<uint8_t> bins;
  std::vector<BoostColumn> features;  // group by group
  std::vector<uint32_t> first;        // feature of each group, and their number
  // A group's histogram: a line per value bin, as many as its largest feature has, then one of
  // missing values, whose number is the byte of a missing value.
  std::vector<uint32_t> value_bins;
  std::vector<size_t> first_line;     // of each group, and their number

  uint32_t feature_count() const noexcept { return static_cast<uint32_t>(features.size()); }
  uint32_t lanes(uint32_t group) const noexcept { return first[group + 1] - first[group]; }
  size_t lines(uint32_t group) const noexcept { return first_line[group + 1] - first_line[group]; }
  // The group of a feature; its lane is feature - first[group].
  uint32_t group_of(uint32_t feature) const noexcept { return group_of_[feature]; }
  uint8_t bin(size_t row, uint32_t feature) const noexcept {
    const uint32_t group = group_of_[feature];
    return bins[row * kGroupLanes + group * group_stride + (feature - first[group])];
  }

  std::vector<uint32_t> group_of_;
};

// Arranges binned rows, row order[i] becoming row i. `categorical` and `monotone` have one entry
// per column or none. Runs on the thread pool; may throw std::bad_alloc.
BoostFeatures arrange_features(const BinnedFeatures& binned, const std::vector<uint32_t>& order,
                               const std::vector<uint8_t>& categorical, const std::vector<int8_t>& monotone);

}  // namespace tenon
