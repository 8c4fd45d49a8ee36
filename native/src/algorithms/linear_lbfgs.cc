#include <utility>

#include "lbfgs.h"
#include "linear_problem.h"

namespace tenon {

void solve_lbfgs(const LinearProblem& problem, std::vector<double>& parameters, LinearFit& fit,
                 TaskControl& control) {
  const LinearOptions& options = problem.options();
  LbfgsState state;
  state.parameters = std::move(parameters);
  fit.converged = minimize_lbfgs(
      [&](const std::vector<double>& at, double& value, std::vector<double>& gradient) {
        return problem.evaluate(at, value, gradient, control);
      },
      [&](const LbfgsState& now) { control.progress(now.iterations, options.max_epochs); },
      {options.max_epochs, options.tolerance}, state);
  fit.epochs = state.iterations;
  parameters = std::move(state.parameters);
}

}  // namespace tenon
