#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

#include "linear_problem.h"

namespace tenon {

// What the descending solvers do to parameters and gradients, in single or double precision.

// False where a parameter is on its way to infinity: columns have unit variance.
template <typename T>
bool within_reach(const std::vector<T>& parameters) noexcept {
  constexpr double kTooLarge = 1e15;
  for (const T p : parameters) {
    if (!(std::abs(static_cast<double>(p)) < kTooLarge)) return false;
  }
  return true;
}

// L1's step of all coefficients: towards zero, and not beyond.
template <typename T>
void shrink_all(const LinearProblem& problem, std::vector<T>& parameters, double rate) noexcept {
  if (problem.options().l1 == 0) return;
  const size_t columns = problem.columns();
  for (size_t i = 0; i < problem.outputs() * columns; ++i) {
    const double w = static_cast<double>(parameters[i]);
    parameters[i] = static_cast<T>(std::copysign(std::max(std::abs(w) - rate * problem.l1_of(i % columns), 0.0), w));
  }
}

// Scales a gradient longer than `longest` down to it; 0: no limit.
template <typename T>
void clip(std::vector<T>& gradient, double longest) noexcept {
  if (longest == 0) return;
  double squares = 0;
  for (const T g : gradient) squares += static_cast<double>(g) * static_cast<double>(g);
  const double length = std::sqrt(squares);
  if (!(length > longest)) return;
  for (T& g : gradient) g = static_cast<T>(static_cast<double>(g) * (longest / length));
}

}  // namespace tenon
