#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "column_view.h"

namespace tenon {

// Writes the rows whose cells are all there to `left`, ascending; returns how many.
size_t rows_without_missing(const std::vector<ColumnView>& columns, size_t rows, uint32_t* left);

// Writes the rows that equal no earlier one to `left`, ascending; returns how many. Rows are parted by
// a hash, so that each part's table stays in the cache, and hashes that meet are told apart by every
// cell. May throw std::bad_alloc.
size_t distinct_rows(const std::vector<ColumnView>& columns, size_t rows, uint32_t* left);

}  // namespace tenon
