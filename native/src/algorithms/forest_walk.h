#pragma once

#include <cstddef>
#include <cstdint>

namespace tenon {

// What a walk down trees reads; see ForestScorer for the layout of a node.
struct WalkTables {
  const uint64_t* nodes;
  uint32_t child_bits;
  uint32_t feature_count;
};

inline constexpr uint32_t kLeafBit = 0x80000000u;
inline constexpr uint32_t kMissingLeftBit = 0x40000000u;

// Rows or trees that one call walks at once.
inline constexpr size_t kWalkWidth = 128;

// The inner loops of scoring. Comparisons only: every instruction set finds the same leaves.
struct WalkKernels {
  // Walks `count` rows (at most kWalkWidth) down the tree whose first node is `start`, and
  // writes each row's leaf node.
  void (*rows)(const WalkTables& tables, uint32_t start, const float* rows, size_t count, uint64_t* leaves) noexcept;
  // Walks one row down `count` trees (at most kWalkWidth).
  void (*trees)(const WalkTables& tables, const uint32_t* starts, const float* row, size_t count,
                uint64_t* leaves) noexcept;
};

// The kernels for the active instruction set.
const WalkKernels& walk_kernels() noexcept;

}  // namespace tenon
