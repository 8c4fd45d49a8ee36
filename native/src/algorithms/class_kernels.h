#pragma once

#include <cstddef>
#include <cstdint>

namespace tenon {

// Classes that a histogram by bin and class has room for: a bin's counts are one vector.
inline constexpr uint32_t kHistogramClasses = 16;

// The largest sum of counts in such a histogram: its square fits 32 bits.
inline constexpr uint32_t kHistogramWeight = 65535;

// Rows that a small node may have, and their largest sum of counts: each is a byte of one vector.
inline constexpr uint32_t kFewRows = 64;
inline constexpr uint32_t kFewRowsWeight = 255;

// The best cut behind a bin, and its cost: left - left_squares / left + right - right_squares / right, where `left`
// counts what is left and `left_squares` is the sum of that per class squared. Infinity where no cut leaves enough on
// both sides.
struct ClassCut {
  double cost;
  uint32_t bin;
};

// What a cut is judged by: all counts of the node, and how many there must be on each side.
struct ClassNode {
  uint32_t weight;
  uint32_t least;
};

// The rows of a small node, in order of their classes; arrays of kFewRows, zero draws after `count`.
struct FewRows {
  const uint8_t* bins;
  const uint8_t* draws;
  uint32_t count;
  // Per class that has rows, where its rows end and their sum of draws.
  const uint32_t* ends;
  const uint32_t* totals;
  uint32_t class_count;
};

// The inner loops of splits between many classes. Counts are integers, and each cost comes from the same operations in
// the same order: every instruction set gives the same bits. Null where walking rows in order of bins is as fast.
struct ClassKernels {
  // The first best cut of a histogram of 256 bins by kHistogramClasses counts, the last bin being of missing values.
  // `carry` is left of every bin, `total` all counts per class.
  ClassCut (*scan_histogram)(const uint16_t* histogram, const uint16_t* carry, const uint16_t* total,
                             const ClassNode& node) noexcept;

  // The best cut of few rows, that of the lowest bin among equals, behind none of bin `except`.
  ClassCut (*scan_rows)(const FewRows& rows, uint8_t except, const ClassNode& node) noexcept;
};

// The kernels for the active instruction set.
const ClassKernels& class_kernels() noexcept;

}  // namespace tenon
