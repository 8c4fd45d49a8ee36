#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "../runtime/task.h"

namespace tenon {

// Half the squared coefficients w, the intercept's w[columns] among them, plus c times the sum over rows of
// weight times the square of how far z = x w + bias w[columns] is from costing nothing: from its target, -1 or
// 1, or beyond it (classes), or from the band of epsilon around it.
struct SquaredSvm {
  std::span<const float> data;  // row-major, finite
  size_t columns;
  double bias;
  std::span<const double> target;
  bool classes;
  double epsilon;
  std::span<const double> weights;  // positive, or empty for 1 each
  double c;
};

// Whether that is done sooner than by descent along one row after another.
bool svm_newton_suits(size_t rows, size_t columns) noexcept;

struct SvmNewtonFit {
  std::vector<double> w;  // columns + 1
  uint32_t epochs = 0;
  bool converged = false;
};

// Newton's method with a line search (Keerthi and DeCoste, 2005): ends at a gradient of `tolerance` times the first
// one's length, and times the share of the rarer class, or where rounding leaves nothing to gain. Coefficients are NaN
// where something overflows. `report` hears of each step. The same bits at any thread count and on every instruction set. Returns early when stopped. May throw
// std::bad_alloc.
SvmNewtonFit fit_svm_newton(const SquaredSvm& problem, uint32_t max_epochs, double tolerance,
                            const TaskControl& control, const std::function<void(uint32_t epoch)>& report);

}  // namespace tenon
