#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace tenon {

// Rows that one walk explains at once.
inline constexpr size_t kShapLanes = 16;

// An edge of a tree, from a parent to the node below.
struct ShapEdge {
  double share;        // of the parent's training rows that go this way
  double zero;         // of training rows that pass all of the path's tests of this feature
  float threshold;
  uint32_t feature;
  uint32_t depth;      // 1 below the root
  uint32_t previous;   // the depth of the edge above that tests the same feature; 0 if none does
  int32_t leaf;        // the leaf below, or -1
  int32_t set;         // the categories that go left, or -1 for a threshold
  uint8_t goes_left;   // whether this is the way of x <= threshold
  uint8_t missing_left;
};

// The rule's points t in [0, 1]: rows of point_count numbers.
enum ShapPointRow : uint32_t {
  kShapPoint,         // t
  kShapRest,          // 1 - t
  kShapOffGain,       // -1 / (1 - t)
  kShapWeight,
  kShapPointRows,
};

// A tree as a walk reads it.
struct ShapTree {
  const ShapEdge* edges;
  size_t edge_count;
  const float* values;      // the first output of leaf 0
  uint32_t value_stride;    // from leaf to leaf
  uint32_t output_count;
  uint32_t feature_count;
  uint32_t point_count;
  const double* points;
  const std::array<uint64_t, 4>* sets;  // per set, a bit per category; null without
  const uint8_t* codes;  // feature_count x kShapLanes categories, or kShapNoCategory; null without sets
};

// The category of a value that is missing or unknown: it goes where missing values go.
inline constexpr uint8_t kShapNoCategory = 255;

// How much memory a walk needs, in doubles.
inline size_t shap_scratch_size(size_t depth, size_t points, size_t outputs) noexcept {
  return (depth + 1) * (kShapLanes * (1 + points + points * outputs) + 4 * points);
}

// Adds the contributions of one tree to `sums` (output_count x feature_count x kShapLanes) for
// rows given as `features` (feature_count x kShapLanes). All arrays are aligned to 64 bytes;
// `path` holds as many edges as the tree is deep, and one.
using ShapWalk = void (*)(const ShapTree& tree, const double* features, double* scratch, const ShapEdge** path,
                          double* sums) noexcept;

// The walk for the active instruction set. Lanes do not meet and nothing is contracted: all give
// the same bits.
ShapWalk shap_walk() noexcept;

}  // namespace tenon
