#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "../runtime/task.h"

namespace tenon {

enum class NumberKind : uint8_t { kDouble, kInteger };

// What a column of numbers holds. All zero, and no quantiles, without a number.
struct NumberProfile {
  bool finite = true;     // if not, the rest says nothing
  uint64_t distinct = 0;  // exact; -0 is 0
  double mean = 0;
  double std_dev = 0;  // divided by count - 1; 0 of one number
  double min = 0;
  double max = 0;
  std::vector<double> quantiles;  // one per level
};

// Profiles numbers given by their bits, doubles or 64-bit integers, which are overwritten; `spare` is as
// long. Quantiles are those of numpy's and DuckDB's linear interpolation: between the neighbours of rank
// (count - 1) level. Means and deviations are of values divided by a power of two where squares would
// overflow or vanish, and corrected by the sum of differences (Chan, Golub and LeVeque, 1983); they
// are finite. The same bits at any thread count. Meaningless if control stopped it.
NumberProfile profile_numbers(std::span<uint64_t> numbers, std::span<uint64_t> spare, NumberKind kind,
                              std::span<const double> levels, const TaskControl& control);

}  // namespace tenon
