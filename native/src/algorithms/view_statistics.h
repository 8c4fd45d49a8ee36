#pragma once

#include <cstddef>
#include <vector>

#include "column_view.h"
#include "view_kernels.h"

namespace tenon {

// Moments of the numbers that are there in each column, every element of a cell counting. Blocks of rows
// have theirs taken twice over while they are in the cache and are then joined about the mean of
// all, in order: the same bits at any thread count and on every instruction set. May throw std::bad_alloc.
std::vector<NumberMoments> view_statistics(const std::vector<ColumnView>& columns, size_t rows);

// Writes the numbers that are there to `out`, in row order; returns how many. For cells of one element.
size_t present_numbers(const ColumnView& view, size_t rows, double* out);

}  // namespace tenon
