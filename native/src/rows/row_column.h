#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "../algorithms/column_view.h"
#include "text_index.h"

namespace tenon {

// What the cells of an input column are.
enum class RowCell : uint8_t { kDouble, kInteger, kBoolean, kText, kFloats, kBytes };

// How the cells of an input column become features; every list was computed with the recipe's own operations.
struct RowColumn {
  RowCell type = RowCell::kDouble;
  // Where its features begin in a row, and how many they are.
  size_t offset = 0;
  size_t width = 1;

  // Features of a null; empty where a null is refused.
  std::vector<float> null_features;

  // Of numbers and of floats in tensors.
  std::vector<ColumnScale> scales;

  // Whether a cell is a category: a text, or a number by its value.
  bool encoded = false;
  TextIndex texts;
  std::vector<std::pair<double, uint32_t>> numbers;  // categories by number, in order
  // The feature of each category; of one-hot columns there is none, a category is the place of its 1.
  std::vector<float> category_features;
  // Features of a category that was not seen in training; empty where it is refused.
  std::vector<float> unknown_features;

  // Features of false and of true; empty where it is refused.
  std::vector<float> false_features;
  std::vector<float> true_features;

  // The feature of each byte of a tensor of bytes.
  std::vector<float> byte_features;

  // The sizes of a tensor's dimensions.
  std::vector<size_t> shape;
  // What stands before the elements of a typed tensor of the column's type and shape; with the elements it is the whole.
  std::string tensor_head;

  size_t element_bytes() const noexcept { return type == RowCell::kBytes ? 1 : 4; }
};

}  // namespace tenon
