#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "../runtime/task.h"
#include "boosting.h"
#include "forest.h"
#include "tree_shap_walk.h"

namespace tenon {

// Exact Shapley values of a forest's features, path-dependent: a feature that a coalition does
// not hold is averaged over by sending a row down both sides of a split, in proportion to their
// training rows (Lundberg et al., From local explanations to global understanding with
// explainable AI for trees, Nature Machine Intelligence, 2020).
//
// For a leaf of value v whose path tests the features 1 to D, a coalition S plays the game
// v x prod(in S: o_j) x prod(not in S: z_j), with o_j 1 if the row passes the path's tests of
// feature j and else 0, and z_j the share of training rows that pass them. The Shapley value of
// such a product is an integral,
//
//   phi_i = v (o_i - z_i) integral over t in [0, 1] of prod(j != i: t o_j + (1 - t) z_j),
//
// of a polynomial of degree D - 1, which Gauss and Legendre's rule of ceil(D / 2) points gives
// exactly. At one point the leaves below an edge share all factors above it, so one descent
// multiplies factors in and the way back sums leaves up: nodes x D / 2 steps per row, where the
// algorithm of the paper takes leaves x D^2. No term is subtracted from one of its own size.
class TreeShap {
 public:
  // Explains the average of the trees for `sums` 0, and otherwise that many sums, tree t of one
  // value per leaf adding to sum t % sums. `forest` must outlive this and have covers. Throws
  // std::length_error when paths are so long that a thread would need more than 256 MiB.
  TreeShap(const Forest& forest, uint32_t sums);

  // Explains a boosted model's scores before the link: one log-odds, one number per class, or one
  // number. Its base is part of the base values. The same conditions.
  explicit TreeShap(const BoostedForest& boosted);

  uint32_t feature_count() const noexcept { return forest_.feature_count; }
  uint32_t value_count() const noexcept { return static_cast<uint32_t>(base_values_.size()); }
  size_t size_bytes() const noexcept { return edges_.size() * sizeof(ShapEdge) + points_.size() * sizeof(double); }

  // What the trees answer on average over their training rows, per value.
  const std::vector<double>& base_values() const noexcept { return base_values_; }

  // Explains row-major rows into row_count x value_count x feature_count numbers, which with the
  // base value sum to the trees' answer. Runs on the thread pool; the same bits for a row in
  // any company, at any thread count and instruction set. When stopped, `out` is of no use.
  void explain(const float* rows, size_t row_count, double* out, TaskControl& control) const;

 private:
  struct Workspace;

  TreeShap(const Forest& forest, uint32_t sums, const BoostedForest* boosted);
  struct TreePlace {
    size_t first_edge;
    uint32_t point_count;
  };

  void add_tree(uint32_t tree);
  bool explain_trees(size_t first, size_t last, Workspace& work, const TaskControl& control) const;
  void read_rows(const float* rows, size_t count, Workspace& work) const;
  void write_rows(const double* sums, size_t count, double* out) const;

  const Forest& forest_;
  const BoostedForest* const categorical_;  // null without categorical splits
  const uint32_t sums_;
  const double scale_;
  const bool opposite_;          // two classes: of the first the opposite of the second
  const uint32_t tree_outputs_;  // numbers that one tree adds to
  const uint32_t output_count_;  // numbers that are worked out
  std::vector<ShapEdge> edges_;  // per tree in preorder
  std::vector<TreePlace> trees_;  // tree count + 1
  std::vector<double> points_;    // for each number of points, kPointRows rows of them
  uint32_t most_points_ = 1;
  size_t most_depth_ = 0;
  size_t most_scratch_ = 0;
  std::vector<double> base_values_;
};

}  // namespace tenon
