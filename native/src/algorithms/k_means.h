#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "../runtime/task.h"

namespace tenon {

struct KMeansOptions {
  uint32_t clusters = 8;
  uint32_t starts = 1;  // the best of so many runs from other seeds
  uint32_t max_epochs = 300;
  double tolerance = 1e-4;  // of the mean variance, by which the centres may still move
  uint64_t seed = 0;
};

// Centres; a row belongs to the nearest, of equally near ones to the first.
struct KMeans {
  uint32_t columns = 0;
  uint32_t clusters = 0;
  std::vector<double> centers;  // clusters x columns
  double inertia = 0;           // the sum of squared distances of the training rows; not kept in files
  uint32_t epochs = 0;          // of the best run

  // Each row's cluster as a number, distances in double: the same bits in any company.
  void predict(const float* rows, size_t row_count, float* out) const;
};

// Lloyd's iterations (1982) from seeds drawn by greedy k-means++ (Arthur and Vassilvitskii, 2007).
// Distances come from products in single precision over columns moved to mean zero. A cluster that
// runs empty moves to the row furthest from its centre. `data` holds finite rows, at least as many
// as clusters, and is overwritten; `weights` has a positive number per row or is empty. The same bits
// at any thread count. Meaningless when stopped. May throw std::bad_alloc.
KMeans fit_k_means(std::span<float> data, size_t column_count, const std::vector<double>& weights,
                   const KMeansOptions& options, TaskControl& control);

}  // namespace tenon
