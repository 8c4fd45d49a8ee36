#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "../runtime/task.h"

namespace tenon {

// Statistics per column of a matrix, NaN left out. Of a column without a number: count 0, the
// rest NaN. An infinite value makes mean and variance NaN and shows in low or high.
struct ColumnStatistics {
  std::vector<double> count;
  std::vector<double> mean;
  std::vector<double> variance;  // divided by count, not count - 1
  std::vector<double> low;
  std::vector<double> high;
};

// One pass, differences from a nearby value summed in double, chunks merged in order: within
// about 1e-12 of exact, relative to the variance, and the same bits at any thread count and
// instruction set. Meaningless if control stopped it.
ColumnStatistics column_statistics(const float* data, size_t rows, size_t columns, const TaskControl* control = nullptr);

// The same, with `before(begin, end)` called just before some rows are looked at, on any thread: to
// put them there, or to copy them while they are in the cache.
ColumnStatistics column_statistics(const float* data, size_t rows, size_t columns,
                                   const std::function<void(size_t begin, size_t end)>& before);

// y[r][c] = (x[r][c] - minus[c]) * times[c] + plus[c]. y may be x; otherwise they do not overlap.
bool affine_columns(const float* x, float* y, size_t rows, size_t columns, const float* minus, const float* times,
                    const float* plus, const TaskControl* control = nullptr);

}  // namespace tenon
