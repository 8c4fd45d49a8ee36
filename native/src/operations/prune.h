#pragma once

#include <cstddef>

namespace tenon {

// y = x with the `zeros` values of the smallest magnitude set to +0; of equal ones the first. An
// infinity is larger than every number, NaN than every infinity. `zeros` is at most n; y may be x,
// otherwise they do not overlap.
//
// The bound is bracketed by a sample; one pass counts what is below the bracket and collects what is
// in it, a radix select finds the bound there, another pass writes. Where the sample misleads, the
// bracket holds everything. On all threads when n is large; the same bits everywhere.
void prune_smallest(const float* x, float* y, size_t n, size_t zeros);

}  // namespace tenon
