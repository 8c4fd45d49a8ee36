#pragma once

#include <cstddef>
#include <vector>

#include "column_view.h"

namespace tenon {

// The numbers of a column that a quantile lies between; equal where it is one of them.
struct QuantileNeighbours {
  double low;
  double high;
};

// A column's present numbers in ascending order at place share * (count - 1) and one further.
struct ColumnQuantiles {
  size_t count = 0;
  std::vector<QuantileNeighbours> neighbours;  // by share; empty if there is no number
};

// For shares from 0 to 1, of columns of one element per cell. Numbers are counted by their first bits and only those
// beside a quantile are put in order. May throw std::bad_alloc.
std::vector<ColumnQuantiles> view_quantiles(const std::vector<ColumnView>& columns, size_t rows,
                                            const std::vector<double>& shares);

}  // namespace tenon
