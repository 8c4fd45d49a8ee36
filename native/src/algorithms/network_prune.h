#pragma once

#include <vector>

#include "network_shape.h"

namespace tenon {

// Sets the smallest weights of each layer, by magnitude, to zero: `sparsity` of all, ties by
// position. Biases stay.
void prune_by_magnitude(const NetworkShape& shape, double sparsity, std::vector<float>& values);

}  // namespace tenon
