#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "../runtime/task.h"

namespace tenon {

// The bin every missing value (NaN) falls into; real values use bins 0 to 254.
inline constexpr uint32_t kMissingBin = 255;
inline constexpr uint32_t kBinCount = 256;

// Features as one byte each. Bin b of a feature holds the values x with
// edges[b - 1] < x <= edges[b]; the last bin has no upper edge. So "bin <= b" and
// "x <= edges[b]" agree on every finite row, and a tree grown on bins can be scored on
// raw values.
struct BinnedFeatures {
  size_t row_count = 0;
  size_t column_count = 0;
  std::vector<uint8_t> bins;              // row-major, row_count x column_count
  std::vector<std::vector<float>> edges;  // per column, ascending; values' bins - 1 of them
  std::vector<uint8_t> has_missing;       // per column
};

// Bins the given rows of a row-major matrix, at most `max_bins` (2 to 255) bins of about
// equally many rows each; a column with no more distinct values than that gets one bin
// per value. `rows` null means rows 0 to row_count - 1. Values must not be infinite.
// Runs on the thread pool; when stopped the result is of no use. May throw std::bad_alloc.
BinnedFeatures bin_features(const float* data, size_t column_count, const uint32_t* rows, size_t row_count,
                            uint32_t max_bins, const TaskControl& control);

}  // namespace tenon
