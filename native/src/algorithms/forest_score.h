#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "../runtime/task.h"
#include "forest.h"
#include "forest_lanes.h"

namespace tenon {

// A forest laid out for scoring. Where it and the processor allow, rows' bins are walked, eight trees at
// once: see forest_lanes.h. Otherwise, the values themselves are walked through nodes of 8 bytes, so
// that a visit costs one cache line:
//
//   low half    threshold, or for a leaf its value (one or two values per leaf) or place
//   high half   [leaf:1][missing goes left:1][feature][left child, from the tree's start]
//
// The bits between feature and child are divided to suit the forest.
//
// A row's result is the sum over trees in order, in double, divided by their number: the same
// bits for one row or a million, at any thread count and instruction set.
class ForestScorer {
 public:
  // Throws std::length_error when a tree's nodes and the features do not fit 30 bits.
  explicit ForestScorer(const Forest& forest);

  uint32_t feature_count() const noexcept { return feature_count_; }
  uint32_t value_count() const noexcept { return value_count_; }
  size_t size_bytes() const noexcept {
    return nodes_.size() * 8 + values_.size() * 4 + starts_.size() * 4 + (lanes_ ? lanes_->size_bytes() : 0);
  }

  // Scores `row_count` rows on the thread pool into row_count x value_count numbers; stops
  // early when `control` says so.
  void predict(const float* rows, size_t row_count, float* out, const TaskControl* control) const;

  // The same on the calling thread with many trees of one row under way at once: for a few
  // rows, where waking threads would take longer.
  void predict_few(const float* rows, size_t row_count, float* out) const;

 private:
  void make_nodes(const Forest& forest, const std::vector<uint32_t>& payloads);
  void score_lanes(const float* rows, size_t row_count, float* out, const TaskControl* control) const;
  void score_block(const float* rows, size_t row_count, float* out, double* sums) const;
  void finish(const double* sums, float* out) const;
  void add_leaf(uint64_t node, double* sums) const noexcept;

  uint32_t feature_count_;
  uint32_t value_count_;
  uint32_t sum_count_;  // 1 for two classes: the other is what is left to one
  uint32_t child_bits_;
  std::vector<uint32_t> starts_;
  std::unique_ptr<const ForestLanes> lanes_;
  std::vector<uint64_t> nodes_;  // empty if lanes serve all rows
  std::vector<float> values_;  // more than two values per leaf only
};

}  // namespace tenon
