#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "forest.h"
#include "threshold_bins.h"

namespace tenon {

// Scores batches of rows on trees of at most 64 leaves, 512 rows at a time, without walking: every
// step is taken for 512 rows, a plane of 512 bits.
//
// Every column's thresholds in the model, at most 254 of them, divide its values into bins of one
// byte, and "x <= threshold" is "bin <= number of the threshold". Of a column's bins the planes say
// for which rows the upper four bits are above 0, 1, 2, ..., and the same of the lower four. Three
// such planes make a node's answer:
//
//   right = upper > t's upper | (upper >= t's upper & lower > t's lower)
//
// In a tree no deeper than six, six planes say where a row ends: the first is the root's answer, the
// second that of the root's left or right child, as the first chooses, and so on. In a deeper tree a
// node's rows are a plane as well: its parent's, and the answer or its opposite. A leaf has a number of
// six bits; bit j of all rows' leaf numbers is the union of the planes of leaves that have bit j.
//
//   rows:             0 1 2 3            leaf numbers, bit 0:  B or D
//   root goes right:  0 1 0 1                          bit 1:  C or D
//   leaf A:           1 0 0 0
//   leaf B:           0 0 1 0
//
// Either way six planes turn into numbers, and numbers into values by a table lookup. The sums are
// those of walking, bit for bit: the same leaves, added in the order of trees.
class BoostPlanes {
 public:
  static constexpr size_t kRows = 512;

  // Null if the processor lacks AVX-512, a tree has more than 64 leaves, or a column has more
  // thresholds than a byte numbers.
  static std::unique_ptr<const BoostPlanes> make(const Forest& forest, uint32_t outputs);

  size_t size_bytes() const noexcept;

  // Adds the leaves of at most kRows rows to sums, output by output, row_count each.
  void add(const float* rows, size_t row_count, double* sums) const;

 private:
  static constexpr uint32_t kMostLeaves = 64;
  static constexpr uint32_t kMostDepth = 6;  // of trees whose rows are chosen level by level
  static constexpr size_t kWords = kRows / 64;
  // Planes that every model has: no row, and all rows.
  static constexpr uint32_t kNone = 0;
  static constexpr uint32_t kAll = 1;

  // The places of the planes that make an answer, and of those rows that go right whatever the bin.
  struct Node {
    uint32_t above;
    uint32_t same;
    uint32_t lower;
    uint32_t missing;
  };
  // A node of a tree that is deeper than six.
  struct Link {
    uint8_t plane;
    uint8_t left;  // the plane of the left child; the right one's is the next
  };
  struct Tree {
    uint32_t first_node;
    uint32_t depth;  // of at most six: nodes are in the order of levels, all places of a level taken
    uint32_t node_count;  // otherwise
    uint32_t first_link;
    uint32_t leaf_count;
    uint32_t first_place;  // of the leaves' planes, in the order of numbers
    alignas(64) std::array<float, 64> values;
  };
  struct Column {
    uint32_t first_plane;  // whether missing; the lower bits above 0, 1, ...; the upper ones
    uint32_t lower_count;
    uint32_t upper_count;
  };

  explicit BoostPlanes(ThresholdBins bins) : bins_(std::move(bins)) {}
  Node node_of(const Forest& forest, size_t node) const;
  void add_shallow(const Forest& forest, uint32_t start, uint32_t depth, Tree& tree);
  void add_deep(const Forest& forest, uint32_t start, uint32_t count, Tree& tree);
  bool make_planes(const float* rows, size_t row_count, uint64_t* planes) const;

  ThresholdBins bins_;
  uint32_t outputs_ = 1;
  uint32_t plane_count_ = 0;
  std::vector<Column> columns_;
  std::vector<Node> nodes_;
  std::vector<Link> links_;
  std::vector<uint8_t> places_;
  std::vector<Tree> trees_;
};

}  // namespace tenon
