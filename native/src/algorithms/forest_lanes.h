#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "forest.h"
#include "threshold_bins.h"

namespace tenon {

// Walks forests whose thresholds are few per feature, as those of trees grown on bins are: a row's bins
// lie in one register, where the eight lanes of a vector, each on a tree of its own, look up what they
// compare. A node is 8 bytes and holds up to three splits, a, and b and c below it:
//
//   bits 0-23   the splits' numbers of thresholds; 255, which no bin is above, for one that is not there
//   bits 24-41  where in the register their bins are, 6 bits each
//   bits 42-44  the shape: which of up to four exits a, b and c lead to
//   bits 45-63  the first exit's node; the others are the next ones
//
// A leaf has shape 0 and leads to itself; its bits 0-31 are its payload.
//
// Trees are walked eight at a time, in the order of the forest: the nodes of eight stay in the
// second-level cache while rows pass.
class ForestLanes {
 public:
  static constexpr size_t kTrees = 8;
  static constexpr size_t kRecord = 64;
  static constexpr uint8_t kMissing = 255;  // the bin of missing values, above all thresholds
  static constexpr int kShape = 42;         // the bit where a node's shape begins
  static constexpr int kFirstExit = 45;
  // Rows that one call walks.
  static constexpr size_t kRows = 64;

  // Null if the processor lacks AVX-512 VBMI, a feature has more thresholds than a byte numbers, over 64
  // features are used, or eight trees have too many nodes. `payloads` has one for each leaf.
  static std::unique_ptr<const ForestLanes> make(const Forest& forest, const std::vector<uint32_t>& payloads);

  size_t size_bytes() const noexcept;
  // Groups of eight trees; the last may have fewer.
  size_t group_count() const noexcept { return starts_.size() - 1; }
  // Whether rows with missing values may be walked.
  bool takes_missing() const noexcept { return takes_missing_; }

  // Writes rows' bins, kRecord bytes each and aligned to them. Returns whether a value is missing.
  bool record(const float* rows, size_t row_count, uint8_t* records) const noexcept;

  // Walks at most kRows rows down a group's trees and writes the leaves, kTrees for each row: their
  // payloads are the low halves.
  void walk(size_t group, const uint8_t* records, size_t row_count, uint64_t* leaves) const noexcept;

  // Adds the payloads of rows' leaves, which are floats, of the group's first `trees` trees to a sum for each
  // row, in the order of trees.
  static void add(const uint64_t* leaves, size_t row_count, size_t trees, double* sums) noexcept;

  // Walks one row down at most kRows groups from `group` on and writes the leaves, kTrees for each group.
  void walk_groups(size_t group, size_t count, const uint8_t* record, uint64_t* leaves) const noexcept;

 private:
  explicit ForestLanes(ThresholdBins bins) : bins_(std::move(bins)) {}
  bool make_group(const Forest& forest, uint32_t first_tree, const std::vector<uint32_t>& payloads,
                  std::vector<uint64_t>& nodes) const;

  ThresholdBins bins_;
  bool takes_missing_ = false;
  std::vector<size_t> starts_;  // of the groups' nodes; those of trees' roots come first
  std::vector<uint64_t> nodes_;
};

}  // namespace tenon
