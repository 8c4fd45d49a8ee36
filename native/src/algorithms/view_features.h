#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "column_view.h"

namespace tenon {

// A column's place among the features.
struct FeatureColumn {
  ColumnView view;
  size_t offset;  // its first feature
  // Features: one for each element; for codes (kI32) one for each category, of which the code's is 1, none if it is
  // below 0.
  size_t width;
};

// A feature that single precision cannot hold: the first column that has one, and its first row and element.
struct BadFeature {
  size_t column;
  size_t row;
  size_t element;
};

// Writes the features of all rows into `features`, zeros, rows x columns; those of a missing cell are NaN.
std::optional<BadFeature> write_features(const std::vector<FeatureColumn>& views, size_t rows, size_t columns,
                                         float* features);

}  // namespace tenon
