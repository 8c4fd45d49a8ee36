#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "../runtime/task.h"
#include "boost_planes.h"
#include "boosting.h"
#include "forest_walk.h"

namespace tenon {

// A boosted model laid out for scoring. Three engines find the leaves, chosen per model and batch:
//
//   planes   many rows of small trees: see boost_planes.h
//   walk     many rows of other trees, or few rows: see forest_walk.h
//   sets     models with categorical splits, row by row
//
// A row's score is its output's base plus its leaves' values in the order of trees, in double: the
// same bits from every engine, for one row or a million, at any thread count and instruction set.
class BoostScorer {
 public:
  // Throws std::length_error when a tree's nodes and the features do not fit 30 bits.
  explicit BoostScorer(const BoostedForest& model);

  uint32_t feature_count() const noexcept { return feature_count_; }
  // Numbers per row: probabilities of the classes, or 1.
  uint32_t value_count() const noexcept { return value_count_; }
  size_t size_bytes() const noexcept;

  // Scores rows on the thread pool into row_count x value_count numbers; stops early when
  // `control` says so.
  void predict(const float* rows, size_t row_count, float* out, const TaskControl* control) const;

  // The same on the calling thread, for few rows.
  void predict_few(const float* rows, size_t row_count, float* out) const;

 private:
  void walk_rows(const float* rows, size_t row_count, double* sums) const;
  void walk_trees(const float* row, double* sums) const;
  void walk_sets(const float* row, double* sums) const;
  // Base plus trees, output by output, row_count each.
  void sum(const float* rows, size_t row_count, double* sums) const;
  void finish(const double* sums, size_t row_count, float* out) const;

  const BoostedForest& model_;
  const uint32_t feature_count_;
  const uint32_t value_count_;
  const uint32_t outputs_;
  uint32_t child_bits_;
  std::vector<uint64_t> nodes_;  // as in ForestScorer, the low half of a leaf being its value
  std::unique_ptr<const BoostPlanes> planes_;
};

}  // namespace tenon
