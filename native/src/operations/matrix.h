#pragma once

#include <cstddef>

#include "buffer.h"

namespace tenon {

// A row-major matrix in native memory.
struct Matrix {
  size_t rows = 0;
  size_t columns = 0;
  Buffer<float> values;

  Matrix(size_t row_count, size_t column_count)
      : rows(row_count), columns(column_count), values(row_count * column_count) {}
};

}  // namespace tenon
