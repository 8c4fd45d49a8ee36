#pragma once

#include <cstdint>
#include <functional>
#include <vector>

namespace tenon {

struct LbfgsOptions {
  uint32_t max_iterations = 1000;
  double tolerance = 1e-4;  // of the largest slope
};

struct LbfgsResult {
  uint32_t iterations = 0;
  bool converged = false;
};

// Minimizes by L-BFGS (Liu and Nocedal, 1989) with ten corrections and a line search that halves
// until the decrease is a share of the promised one. `evaluate(parameters, value, gradient)` is
// false when stopped, which ends the search; `progress(iterations)` is told of each.
LbfgsResult minimize_lbfgs(
    const std::function<bool(const std::vector<double>&, double&, std::vector<double>&)>& evaluate,
    const std::function<void(uint32_t, double)>& progress, const LbfgsOptions& options,
    std::vector<double>& parameters);

}  // namespace tenon
