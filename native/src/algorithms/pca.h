#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "../runtime/task.h"

namespace tenon {

// The directions in which rows vary most, most first.
struct Pca {
  std::vector<double> mean;        // per column
  std::vector<double> components;  // components x columns, each of length one
  std::vector<double> variance;    // along each, divided by rows - 1
  double total_variance = 0;       // of all columns together
  std::optional<size_t> bad_column;  // the first that is not finite: then nothing else is there
};

// With up to kCovarianceColumns columns the eigenvectors of the covariance matrix (scatter.h). With more, subspace
// iteration from random directions, ten more than asked for (Halko, Martinsson and Tropp, 2011);
// exact to about three digits of the smallest variance found. Of each component the entry of
// largest size is positive. At least two rows; components at most the smaller of rows and columns.
// The same bits at any thread count; on AMX, other bits than elsewhere. Throws std::bad_alloc;
// meaningless when stopped.
Pca fit_pca(const float* data, size_t rows, size_t columns, size_t components, uint64_t seed, TaskControl& control);

inline constexpr size_t kCovarianceColumns = 2000;

}  // namespace tenon
