#pragma once

#include <cstdint>
#include <vector>

#include "binning.h"

namespace tenon {

// At most this many categories of a column are told apart, the most frequent ones; the others and
// those first seen in scoring count as missing.
inline constexpr size_t kMostCategories = 254;

// Replaces the bins of categorical columns: category i of the result, in ascending order, has bin
// i. Columns that are not categorical get no categories. May throw std::bad_alloc.
std::vector<std::vector<float>> bin_categories(const float* data, const std::vector<uint8_t>& categorical,
                                               BinnedFeatures& binned);

}  // namespace tenon
