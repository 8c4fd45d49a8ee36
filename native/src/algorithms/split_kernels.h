#pragma once

#include <cstddef>
#include <cstdint>

namespace tenon {

// A way to divide a node's rows: bins up to `bin` go left. A lower cost is a better split;
// infinity means that there is none.
struct BinSplit {
  float cost;
  uint32_t bin;
};

// What a split of a two-class node is judged by. Row counts are packed into one integer, all
// rows in the low half and those of class 1 in the high half, so that one addition updates
// both.
struct TwoClassNode {
  uint32_t total;  // packed; at most 65535 rows
  uint32_t min_leaf;
  float weight0;  // class weights
  float weight1;
};

// Rows that a small node may have: what fits one vector of bytes.
inline constexpr uint32_t kSmallNodeRows = 64;
inline constexpr uint32_t kSmallNodeWeight = 255;

// The inner loops of growing trees. Every instruction set gives the same bits: counts are
// integers, and each cost is computed by the same operations in the same order.
struct SplitKernels {
  // The best split of a histogram of 256 packed counts, and the lowest bin among equals.
  // `carry` is counted as left of every bin.
  BinSplit (*scan)(const uint32_t* histogram, uint32_t carry, const TwoClassNode& node) noexcept;

  // The same for at most 64 rows of at most 255 total weight given one by one; the arrays
  // hold 64 elements, zero weights after `count`.
  BinSplit (*scan_rows)(const uint8_t* bins, const uint8_t* weights, const uint8_t* weights1, uint32_t count,
                        const TwoClassNode& node) noexcept;

  // Moves the ids of rows going left to the front, in order, the others behind them, in
  // order; returns how many go left. A row's byte is at rows[id * stride]; bin 255 goes left
  // if `missing_left`. `ids` and `scratch` have room for 16 more, the bytes for 3 more.
  size_t (*partition)(uint32_t* ids, size_t count, const uint8_t* rows, uint32_t stride, uint32_t bin,
                      bool missing_left, uint32_t* scratch) noexcept;
};

// The kernels for the active instruction set.
const SplitKernels& split_kernels() noexcept;

}  // namespace tenon
