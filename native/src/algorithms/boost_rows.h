#pragma once

#include <cstdint>
#include <vector>

#include "boost_features.h"
#include "boost_split.h"

namespace tenon {

// The rows of a tree in the order of its nodes: each node's rows are a run, in ascending order.
// Rows move between two places as their node is split: a node of even depth lies in the first, one
// of odd depth in the second, at the same positions. With each row goes its packed gradient and,
// in tables of few features, its bins.
class BoostRows {
 public:
  BoostRows(const BoostFeatures& features, uint32_t rows);

  // Makes the root: the rows of `sample`, or rows 0 to count - 1, with packed gradients by row.
  void start(const std::vector<uint32_t>* sample, uint32_t count, const uint64_t* packed);

  const uint32_t* ids(uint32_t depth) const noexcept { return ids_[depth & 1].data(); }
  const uint64_t* packed(uint32_t depth) const noexcept {
    return depth == 0 && identity_ ? root_packed_ : packed_[depth & 1].data();
  }
  // The bins of a group for a node's rows from position `begin`.
  NodeRows node(uint32_t group, uint32_t depth, uint32_t begin) const noexcept;

  // A run of a node's rows to be divided, and where its parts begin.
  struct Piece {
    const BoostSplit* split;
    uint32_t depth;
    uint32_t begin;
    uint32_t end;
    uint32_t left;   // where rows that go left are put
    uint32_t right;
    bool ids_only;   // no child will be split
  };

  // How many rows of a piece go left.
  uint32_t count_left(const Piece& piece) const noexcept;
  // Moves a piece.
  void divide(const Piece& piece) noexcept;

 private:
  size_t test(const BoostSplit& split, uint32_t depth, uint32_t begin, uint32_t count, uint64_t* words) const noexcept;

  const BoostFeatures& features_;
  const BoostKernels& kernels_;
  bool identity_ = true;
  const uint64_t* root_packed_ = nullptr;
  size_t bins_stride_;  // bytes from group to group
  std::vector<uint32_t> ids_[2];
  std::vector<uint64_t> packed_[2];
  std::vector<uint8_t> bins_[2];
};

}  // namespace tenon
