#include "network_prune.h"

#include <cstddef>

#include "../operations/prune.h"

namespace tenon {

void prune_by_magnitude(const NetworkShape& shape, double sparsity, std::vector<float>& values) {
  float* weights = values.data();
  for (size_t l = 0; l < shape.layers(); ++l) {
    const size_t count = shape.inputs(l) * shape.widths[l];
    prune_smallest(weights, weights, count, static_cast<size_t>(sparsity * static_cast<double>(count)));
    weights += count + (shape.normalizes(l) ? 3 : 1) * shape.widths[l];
  }
}

}  // namespace tenon
