#include <algorithm>
#include <cmath>

#include "linear_parameters.h"
#include "linear_problem.h"

namespace tenon {

void solve_gradient_descent(const LinearProblem& problem, std::vector<double>& parameters, LinearFit& fit,
                            TaskControl& control) {
  const LinearOptions& options = problem.options();
  LearningRate schedule(options.rate, 1, options.max_epochs);
  std::vector<double> gradient;
  std::vector<double> before;
  double value;
  double best = INFINITY;
  for (fit.epochs = 0; fit.epochs < options.max_epochs; ++fit.epochs) {
    if (!problem.evaluate(parameters, value, gradient, control)) return;
    before = parameters;
    const double rate = schedule.at(fit.epochs);
    clip(gradient, options.clip_norm);
    for (size_t p = 0; p < parameters.size(); ++p) parameters[p] -= rate * gradient[p];
    shrink_all(problem, parameters, rate);
    if (!std::isfinite(value) || !within_reach(parameters)) {
      fit.diverged = true;
      return;
    }
    // The step per unit of rate: the gradient itself unless L1 cut it.
    double largest = 0;
    for (size_t p = 0; p < parameters.size(); ++p) largest = std::max(largest, std::abs(parameters[p] - before[p]));
    control.progress(fit.epochs + 1, options.max_epochs);
    if (largest <= options.tolerance * rate) {
      ++fit.epochs;
      fit.converged = true;
      return;
    }
    schedule.epoch_ended(value <= best - options.tolerance);
    best = std::min(best, value);
  }
}

}  // namespace tenon
