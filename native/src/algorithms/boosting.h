#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "../runtime/task.h"
#include "binning.h"
#include "boost_objective.h"
#include "boost_tree.h"
#include "forest.h"

namespace tenon {

// How trees are boosted. The TypeScript face documents each and checks its range.
struct BoostingOptions {
  BoostTreeOptions tree;
  BoostLoss loss = BoostLoss::kSquared;
  uint32_t class_count = 0;  // 0: regression
  uint32_t round_count = 100;
  double learning_rate = 0.1;
  double quantile = 0.5;
  double huber_delta = 0;
  double subsample = 1;
  uint32_t max_bins = 255;
  // Rows held out to stop at the best round; 0 for no stopping.
  double validation_fraction = 0;
  uint32_t patience = 10;  // rounds without improvement
  double tolerance = 0;    // the least improvement
  // Dropout of earlier rounds (Rashmi and Gilad-Bachrach, DART, 2015). Without early stopping.
  bool dart = false;
  double rate_drop = 0.1;  // the chance of each earlier round to be left out of what a round corrects
  double skip_drop = 0.5;  // the chance of a round to leave none out
  uint64_t seed = 0;
};

// What is learned from, by row.
struct BoostingData {
  const float* features;  // row-major; NaN is missing
  size_t row_count;
  size_t column_count;
  const std::vector<double>& target;    // class, or number to predict
  const std::vector<double>& weight;    // or empty for all one
  const std::vector<uint8_t>& categorical;  // per column: values are categories' numbers; or empty
  const std::vector<int8_t>& monotone;      // per column; or empty
};

// A division of categories: of a column's known ones, those with a bit go left.
using CategorySet = std::array<uint64_t, 4>;

// A boosted model. Tree t adds its leaf's value to output t % outputs; the sum, from `base` on,
// passes through the link. Categorical nodes have no threshold but a set; elsewhere the forest is
// as any other, with one value per leaf.
struct BoostedForest {
  Forest forest;
  uint32_t class_count = 0;
  BoostLink link = BoostLink::kIdentity;
  std::vector<double> base;               // per output
  std::vector<int32_t> category_set;      // per node, -1 for none; empty without categorical splits
  std::vector<CategorySet> sets;
  std::vector<uint32_t> categories_start; // per column, and their number; empty likewise
  std::vector<float> categories;          // of each column, ascending: category i has bit i

  uint32_t outputs() const noexcept { return static_cast<uint32_t>(base.size()); }
};

// Boosts trees. The same options and data give the same model at any thread count and instruction
// set. Returns a model without trees if stopped. May throw std::bad_alloc, or std::length_error
// when the model would exceed 2^31 nodes.
BoostedForest fit_boosting(const BoostingData& data, const BoostingOptions& options, TaskControl& control);

}  // namespace tenon
