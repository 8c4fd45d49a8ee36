#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "forest.h"

namespace tenon {

// Scores batches of rows on trees of at most 64 leaves, 512 rows at a time, without walking.
//
// Every column's thresholds in the model, at most 254 of them, divide its values into bins of one
// byte, and "x <= threshold" is "bin <= number of the threshold". Once a batch is binned, column by
// column, one byte comparison answers a node's question for 64 rows, as 64 bits. From the root
// down, a node's rows are a plane of 512 bits: its parent's, and the answer or its opposite. A leaf
// has a number of six bits; bit j of all rows' leaf numbers is the union of the planes of leaves
// that have bit j. Six such planes turn into numbers, and numbers into values by a table lookup.
//
//   rows:            0 1 2 3            leaf numbers, bit 0:  B or D
//   root goes left:  1 0 1 0                          bit 1:  C or D
//   leaf A:          1 0 0 0
//   leaf B:          0 0 1 0
//
// The sums are those of walking, bit for bit: the same leaves, added in the order of trees.
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
  struct Node {
    uint16_t column;  // among the columns used
    uint8_t bin;
    uint8_t missing_left;
    uint8_t left;     // planes of the children; the right one's is the next
    uint8_t plane;
  };
  struct Tree {
    uint32_t first_node;
    uint32_t node_count;
    uint32_t leaf_count;
    uint32_t first_place;  // of the leaves' planes, in the order of numbers
    alignas(64) std::array<float, 64> values;
  };
  struct Column {
    uint32_t feature;
    alignas(64) std::array<float, 16> pivots;
    alignas(64) std::array<float, 256> thresholds;  // ascending, padded with infinity
  };

  void bin_rows(const float* rows, size_t row_count, uint8_t* bins, uint8_t* has_missing) const;

  uint32_t feature_count_ = 0;
  uint32_t outputs_ = 1;
  std::vector<Column> columns_;
  std::vector<Node> nodes_;
  std::vector<uint8_t> places_;
  std::vector<Tree> trees_;
};

}  // namespace tenon
