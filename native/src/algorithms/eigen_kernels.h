#pragma once

#include <cstddef>

namespace tenon {

// A row of a symmetric matrix from its diagonal on, in one pass of tridiagonalization.
struct EigenRow {
  double* row;        // row += a x + b y
  const double* x;
  const double* y;
  double a;
  double b;
  const double* z;    // is multiplied with the result: with the row, which is returned,
  double* mirrored;   // and with the column that the row also is: mirrored[j] += row[j] z[0], but for j = 0
  size_t n;           // at least 1
};

// Returns the product of the row and z. Every instruction set gives the same bits: eight lanes everywhere.
double update_row(const EigenRow& row) noexcept;

}  // namespace tenon
