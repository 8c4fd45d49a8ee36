#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <vector>

namespace tenon {

struct LbfgsOptions {
  uint32_t max_iterations = 1000;
  double tolerance = 1e-4;  // of the largest slope
};

// A step that was taken, and what it changed.
struct LbfgsCorrection {
  std::vector<double> step;
  std::vector<double> change;  // of the gradient
  double scale;                // 1 / (step . change)
};

// Where a search is after some iterations.
struct LbfgsState {
  uint32_t iterations = 0;
  std::vector<double> parameters;
  std::vector<double> gradient;  // empty: not looked at yet
  double value = 0;
  std::deque<LbfgsCorrection> history;  // the latest last, at most kLbfgsHistory
};

inline constexpr size_t kLbfgsHistory = 10;

// Minimizes by L-BFGS (Liu and Nocedal, 1989) with ten corrections and a line search that halves
// until the decrease is a share of the promised one, from `state` on, which is then where it ended.
// `evaluate(parameters, value, gradient)` is false when stopped, which ends the search;
// `progress(state)` is told after each iteration. True if it converged.
bool minimize_lbfgs(
    const std::function<bool(const std::vector<double>&, double&, std::vector<double>&)>& evaluate,
    const std::function<void(const LbfgsState&)>& progress, const LbfgsOptions& options, LbfgsState& state);

}  // namespace tenon
