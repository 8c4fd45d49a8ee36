#pragma once

#include <cstddef>
#include <vector>

#include "../runtime/task.h"

namespace tenon {

// The largest eigenvalues of a symmetric matrix, in descending order, and their vectors.
struct SymmetricEigen {
  std::vector<double> values;   // all n of them
  std::vector<double> vectors;  // `wanted` x n: one vector of length one per row
};

// Reduces `matrix` (n x n, row-major; its upper half is read and overwritten) to tridiagonal form by
// Householder's reflections, finds all eigenvalues by implicit QL and the vectors of the `wanted`
// largest by inverse iteration, made orthogonal among near eigenvalues (Wilkinson, The Algebraic
// Eigenvalue Problem, 1965; Golub and Van Loan, 8.3 and 8.4). Of each vector the entry of largest
// size is positive. The same bits at any thread count and instruction set. Meaningless when
// stopped. May throw std::bad_alloc.
SymmetricEigen symmetric_eigen(std::vector<double>& matrix, size_t n, size_t wanted, const TaskControl& control);

}  // namespace tenon
