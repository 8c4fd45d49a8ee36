#pragma once

#include <cstddef>
#include <cstdint>

#include "boost_objective.h"

namespace tenon {

// Turns sums of trees, output by output, `row_count` each, into predictions, row by row: one number, or
// the probabilities of two classes or more. The same bits on every instruction set.
void apply_link(BoostLink link, const double* sums, uint32_t outputs, size_t row_count, float* out);

}  // namespace tenon
