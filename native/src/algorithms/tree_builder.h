#pragma once

#include <cstdint>
#include <cstring>
#include <memory>
#include <vector>

#include "../runtime/task.h"
#include "bin_bounds.h"
#include "binning.h"
#include "class_kernels.h"
#include "forest.h"
#include "random.h"
#include "range_kernels.h"
#include "split_kernels.h"

namespace tenon {

// One grown tree, its nodes numbered from 0; laid out as in Forest.
struct Tree {
  std::vector<int32_t> feature;
  std::vector<float> threshold;
  std::vector<int32_t> child;
  std::vector<uint8_t> missing_left;
  std::vector<float> cover;
  std::vector<float> values;
  std::vector<double> importances;
};

// What every tree of a forest reads.
struct ForestData {
  const BinnedFeatures& features;
  const double* target;         // class, or number minus `target_mean`
  double target_mean;           // 0 for classification
  const double* class_weights;  // per class
  const BinBounds* bounds;      // of random splits, otherwise null
  const uint8_t* columns;       // the bins column by column, or null where there are few columns
  const double* weights;        // per row and with the class's, or null: all alike but for the class
  const ForestOptions& options;
};

// Whether more than two classes are told apart by counts alone: all rows and classes weigh alike.
inline bool counts_classes(const ForestOptions& options, bool weighted) noexcept {
  return options.class_count > 2 && !options.balanced && !weighted;
}

// Bytes and ids that are read past the end by the partition's gather and its last store.
inline constexpr uint32_t kSplitSlack = 16;

// A side whose weight is less of the other is lost in rounding: no split is judged by it.
inline constexpr double kLeastShare = 1e-9;

// What a record holds at any byte.
template <typename T>
T load(const uint8_t* from) noexcept {
  T value;
  std::memcpy(&value, from, sizeof value);
  return value;
}

// Grows trees, one after another; owns the memory they need. Use one per thread.
//
// The rows a tree has drawn are copied side by side: their bins, then a tail with what is to
// be learned, so that a visit to a row touches one cache line. A node is a run of row ids, in
// ascending order. Once a node's rows fit the first-level cache they are copied closer still,
// and the whole subtree grows there.
class TreeBuilder {
 public:
  explicit TreeBuilder(const ForestData& data);

  // Grows tree `index` of the forest; false if stopped.
  bool grow(uint64_t index, const TaskControl& control, Tree& result);

 private:
  // Counts of two classes without weights are the rows, as often as drawn, and above 32 bits those of class 1.
  static constexpr uint64_t kUncounted = ~uint64_t{0};

  struct Split {
    double cost;
    uint32_t feature;
    uint32_t bin;
    bool missing_left;
    float threshold;  // of random splits
    uint64_t left = kUncounted;  // the counts on the left
  };

  // A threshold drawn, to be judged.
  struct Candidate {
    Split split;
    bool any_missing;
  };

  // The bins of a column that a node's rows have, but for missing values: `first` is kMissingBin if there are none.
  struct Range {
    uint32_t first;
    uint32_t last;
    bool any_missing;
  };


  struct Moments {
    double sum;
    double weight;
  };

  // A node still to be looked at.
  struct Pending {
    uint32_t node;
    uint32_t begin;
    uint32_t end;
    uint32_t depth;
    bool compact;
    uint64_t counts = kUncounted;
  };

  // The rows of the node at hand.
  struct Rows {
    const uint8_t* records;
    const uint32_t* ids;
    uint32_t count;
    const uint8_t* record(uint32_t i) const noexcept { return records + static_cast<size_t>(ids[i]) * stride; }
    uint32_t stride;
    size_t column_stride;  // from a row's bin in one column to that in the next; more than 1 only where classes are counted
    const uint8_t* column(uint32_t feature) const noexcept { return records + feature * column_stride; }
  };

  void draw_rows(Random& random);
  void copy_records();
  void compact(const Pending& node);
  Rows rows_of(const uint32_t* ids, uint32_t count, bool compact) const noexcept;
  void count_node(const Rows& rows);
  void set_counts(uint64_t counts);
  void make_leaf(Tree& tree, uint32_t node) const;
  double impurity(const double* sums, double weight) const;

  Split best_split(const Rows& rows, Random& random);
  void try_features(const Rows& rows, const uint32_t* features, uint32_t count, Split& best, bool& varies);
  void try_two_class_small(const Rows& rows, const uint32_t* features, uint32_t count, Split& best, bool& varies);
  void try_two_class(const Rows& rows, const uint32_t* features, uint32_t count, Split& best, bool& varies);
  void try_two_class_wide(const Rows& rows, uint32_t feature, Split& best, bool& varies);
  void list_node(const Rows& rows);
  void list_few(const Rows& rows);
  void try_counted(const Rows& rows, const uint32_t* features, uint32_t count, Split& best, bool& varies);
  void try_few(const Rows& rows, uint32_t feature, Split& best, bool& varies);
  void try_histograms(const Rows& rows, const uint32_t* features, uint32_t count, Split& best, bool& varies);
  void try_ordered(const Rows& rows, uint32_t feature, Split& best, bool& varies);
  void sort_bins(uint32_t count);
  ClassCut sweep_counts(uint32_t values, uint32_t count, bool missing_left);
  void try_sorted(const Rows& rows, uint32_t feature, Split& best, bool& varies);
  void try_regression(const Rows& rows, uint32_t feature, Split& best, bool& varies);
  void sweep_classes(const uint32_t* order, uint32_t from, uint32_t to, uint32_t feature, bool missing_left,
                     Split& best);
  void sweep_regression(uint32_t feature, bool missing_left, Split& best);
  Split best_random_split(const Rows& rows, Random& random);
  Range range_of(const Rows& rows, uint32_t feature) const;
  uint32_t draw_threshold(uint32_t feature, uint32_t first, uint32_t last, Random& random, float& threshold) const;
  void judge_counts(Split split, uint64_t missing, Split& best) const;
  void judge_classes(const Rows& rows, Split split, bool any_missing, Split& best);
  void judge_regression(const Rows& rows, Split split, bool any_missing, Split& best);
  uint32_t bin_after(const Rows& rows, const Split& split) const;

  const ForestData& data_;
  const SplitKernels& kernels_;
  const ClassKernels& class_kernels_;
  const RangeKernels& ranges_;
  const uint32_t columns_;
  const bool weighted_;
  const bool counted_;          // two classes without weights
  const bool counted_classes_;  // more than two classes, all rows and classes alike
  const uint32_t tail_;    // where a record's tail starts
  const uint32_t weight_at_;  // and where in it the weight times the draws is, if rows have weights
  const uint32_t stride_;  // bytes per record

  std::vector<uint8_t> draws_;     // how often each row was drawn
  std::vector<uint8_t> records_;   // drawn rows
  std::vector<uint8_t> near_;      // the compact copy
  const uint32_t near_bytes_;
  std::vector<uint32_t> ids_;
  std::vector<uint32_t> scratch_;
  std::vector<uint32_t> features_;
  std::vector<Pending> pending_;
  Tree grown_;  // in memory that the next tree uses again
  uint32_t drawn_ = 0;

  // About the node at hand.
  uint64_t node_weight_ = 0;          // rows, as often as drawn
  double node_mass_ = 0;              // the same with the rows' weights; regression only
  std::vector<double> node_classes_;  // weighted counts per class
  uint32_t node_count1_ = 0;          // unweighted, two classes only
  double node_sum_ = 0;
  double node_sum_squares_ = 0;

  std::vector<double> left_;
  std::vector<double> right_;
  std::vector<uint32_t> order_;
  std::vector<float> order_weights_;  // with weights only
  std::vector<double> child_classes_;
  // Where classes are counted.
  std::vector<uint32_t> tails_;    // per id outside of the compact copy
  std::vector<uint32_t> listed_;   // of the node's rows, 8 bits of draws and 24 of class
  std::vector<uint8_t> column_;    // their bins in the column at hand
  std::vector<uint64_t> node_counts_;  // per class
  std::vector<uint64_t> left_counts_;
  std::vector<double> cut_left_squares_;
  std::vector<double> cut_right_squares_;
  std::vector<double> cut_left_weight_;
  std::vector<uint8_t> cut_bin_;
  uint32_t few_ids_[kFewRows];     // of a small node, in order of classes
  uint32_t few_ends_[kFewRows];    // per class that has rows
  uint32_t few_totals_[kFewRows];
  uint32_t few_classes_ = 0;       // 0 for a node that is not small
  alignas(64) uint8_t few_draws_[kFewRows];
  std::vector<uint16_t> class_histograms_;  // four
  alignas(64) uint32_t bin_counts_[256] = {};

  // Of random splits.
  std::vector<uint8_t> low_;
  std::vector<uint8_t> high_;
  std::vector<uint8_t> missing_;
  std::vector<uint8_t> limits_;
  std::vector<Candidate> candidates_;
  std::vector<uint32_t> judged_;
  std::vector<uint32_t> gaps_;  // those of them with missing values
  std::vector<uint64_t> sums_;
  std::vector<uint64_t> missing_sums_;
  alignas(64) uint32_t packed_[4][256];
  alignas(64) uint64_t wide_[256];
  alignas(64) Moments moments_[256];
};

}  // namespace tenon
