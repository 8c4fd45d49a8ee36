#pragma once

#include <vector>

#include "../runtime/task.h"
#include "gram.h"

namespace tenon {

// Solves A w = b for [A b], A symmetric and positive, in `sums`, whose last column is b; overwrites it with
// [U z], A = U'U and U'z = b. A column that the ones before it determine but for `dependent` of what it is
// (as the last of a one-hot group) gets zero, as does one that is not positive; NaN in A makes w NaN. The same bits
// at any thread count and on every instruction set. Meaningless when stopped. May throw std::bad_alloc.
void solve_cholesky(GramSums& sums, double dependent, std::vector<double>& w, const TaskControl& control);

}  // namespace tenon
