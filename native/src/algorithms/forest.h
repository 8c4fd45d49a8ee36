#pragma once

#include <cstdint>
#include <vector>

#include "../runtime/task.h"
#include "bin_bounds.h"
#include "binning.h"

namespace tenon {

// How a forest is grown. The TypeScript face documents each and checks its range.
struct ForestOptions {
  uint32_t tree_count = 100;
  uint32_t max_depth = 0;  // 0: no limit
  uint32_t min_samples_split = 2;
  uint32_t min_samples_leaf = 1;
  uint32_t features_per_split = 1;
  bool bootstrap = true;
  bool balanced = false;  // weigh each class by the inverse of its share
  double min_impurity_decrease = 0;
  uint64_t seed = 0;
  uint32_t class_count = 0;  // 0: regression
};

// A grown forest. Nodes of all trees lie one after another; a tree's nodes are numbered from
// its start. Children are siblings (right = left + 1) and come after their parent. Leaves are
// numbered in the order of their nodes, through all trees.
struct Forest {
  uint32_t feature_count = 0;
  uint32_t value_count = 0;  // numbers per leaf: the classes, or 1 for regression
  std::vector<uint32_t> tree_start;   // tree count + 1
  std::vector<int32_t> feature;       // -1 for a leaf
  std::vector<float> threshold;       // left if x <= threshold; 0 for a leaf
  std::vector<int32_t> child;         // the left child, or a leaf's number
  std::vector<uint8_t> missing_left;  // whether a missing value goes left
  std::vector<float> cover;           // the weight of the training rows in the node; empty if not known
  std::vector<float> values;          // leaf count x value_count
  std::vector<double> importances;    // per feature, summing to 1 unless no tree has a split

  uint32_t tree_count() const noexcept { return static_cast<uint32_t>(tree_start.size()) - 1; }
  size_t node_count() const noexcept { return feature.size(); }
};

// Grows a forest on binned features. `target` has one number per binned row: the class, or
// the number to predict; `weights` one for each row, or is empty if all count alike: they weigh
// impurities, leaves' values and the least decrease, while limits on rows count rows. Only
// their proportions matter; they are rounded to single precision, and none counts less than
// 1e-12 of the mean one. The same options and data give the same forest at any thread count
// and instruction set. Returns an empty forest if stopped. May throw std::bad_alloc, or
// std::length_error when the forest would exceed 2^31 nodes.
//
// With `bounds`, thresholds are drawn at random between a node's lowest and highest value, one per
// drawn feature, instead of sought: extremely randomized trees.
Forest fit_forest(const BinnedFeatures& features, const BinBounds* bounds, const double* target, const std::vector<double>& weights,
                  const ForestOptions& options, TaskControl& control);

}  // namespace tenon
