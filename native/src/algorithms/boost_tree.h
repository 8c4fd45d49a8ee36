#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "../runtime/task.h"
#include "boost_features.h"
#include "boost_histograms.h"
#include "boost_kernels.h"
#include "boost_rows.h"
#include "boost_split.h"
#include "random.h"

namespace tenon {

// How one tree grows.
struct BoostTreeOptions {
  BoostPenalties penalties;
  bool leaf_wise = true;    // the best leaf next; otherwise a level at a time
  uint32_t max_leaves = 0;  // 0: no limit
  uint32_t max_depth = 0;   // 0: no limit
  double features_per_tree = 1;
  double features_per_node = 1;
};

// A node of a grown tree; leaves have feature -1. Children are siblings and come after their parent.
struct BoostNode {
  int32_t feature = -1;
  int32_t left = -1;
  BoostSplit split;
  double value = 0;  // leaves
  double cover = 0;  // the weight of the training rows in it
};

// A finished tree: its splits, and the values that scores have been given.
using GrownTree = std::vector<BoostNode>;

// What a tree learns from: the gradient and hessian of each row.
struct BoostGradients {
  const float* gradient;
  const float* hessian;
};

// A leaf's rows.
struct BoostLeaf {
  uint32_t node;
  const uint32_t* ids;
  uint32_t count;
};

// Grows trees, one after another; owns the memory they need. Inner loops run on the thread pool;
// a builder made for one thread of several is called from inside a chunk, and then runs alone.
class BoostTreeBuilder {
 public:
  // Rows `rows` and above are never learned from.
  BoostTreeBuilder(const BoostFeatures& features, uint32_t rows, const BoostTreeOptions& options);

  // Grows a tree. `sample` chooses rows in ascending order, null for all. False if stopped.
  bool grow(const BoostGradients& gradients, const std::vector<uint32_t>* sample, uint32_t salt, Random random,
            const TaskControl& control);

  // About the tree grown last.
  const std::vector<BoostNode>& nodes() const noexcept { return nodes_; }
  std::vector<BoostNode>& nodes() noexcept { return nodes_; }
  std::vector<BoostLeaf> leaves() const;

 private:
  // A node that may still be split.
  struct Open {
    uint32_t node;
    uint32_t begin;
    uint32_t end;
    uint32_t depth;
    ValueBounds bounds;
    BoostSums sums;
    Histogram histogram;
    BoostSplit best;
    std::vector<uint32_t> lanes;  // per group, a bit per feature that may be used; empty for all

    uint32_t rows() const noexcept { return end - begin; }
  };

  // A node being split, its children and what must be done for them.
  struct Growth {
    Open parent;
    Open children[2];
    bool open;       // children may be split again, and need histograms
    uint32_t small;  // the child with fewer rows, whose histogram is built
    std::vector<Histogram> parts[2];
  };

  void quantize(const BoostGradients& gradients, const std::vector<uint32_t>* sample, uint32_t salt);
  void draw_features(std::vector<uint32_t>& lanes, const std::vector<uint32_t>& among, double share);
  void build(std::vector<Open*>& nodes, std::vector<std::vector<Histogram>*>& parts);
  void find_root_split(Open& root);
  void merge(const Histogram& into, const std::vector<Histogram>& parts, uint32_t group) const noexcept;
  void split(std::vector<Growth>& batch);
  size_t level_size() const noexcept;
  void expand(std::vector<Open> batch);
  bool may_split(const Open& node) const noexcept;
  void set_bounds(const Open& parent, Open& left, Open& right) const noexcept;
  void set_values(const BoostGradients& gradients);

  const BoostFeatures& features_;
  const uint32_t row_count_;
  const BoostTreeOptions options_;
  const BoostKernels& kernels_;
  SplitFinder finder_;
  BoostRows rows_;
  HistogramPool pool_;
  Random random_;
  std::vector<uint64_t> packed_;  // per row of the table
  std::vector<uint32_t> tree_lanes_;
  std::vector<BoostNode> nodes_;
  struct Span {
    uint32_t node;
    uint32_t begin;
    uint32_t end;
    uint32_t depth;
    ValueBounds bounds;
  };
  std::vector<Span> leaves_;
  std::vector<Open> open_;
  BoostSums total_;
};

}  // namespace tenon
