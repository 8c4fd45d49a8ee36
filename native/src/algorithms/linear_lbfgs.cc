#include "lbfgs.h"
#include "linear_problem.h"

namespace tenon {

void solve_lbfgs(const LinearProblem& problem, std::vector<double>& parameters, LinearFit& fit,
                 TaskControl& control) {
  const LinearOptions& options = problem.options();
  const LbfgsResult result = minimize_lbfgs(
      [&](const std::vector<double>& at, double& value, std::vector<double>& gradient) {
        return problem.evaluate(at, value, gradient, control);
      },
      [&](uint32_t iterations, double) { control.progress(iterations, options.max_epochs); },
      {options.max_epochs, options.tolerance}, parameters);
  fit.epochs = result.iterations;
  fit.converged = result.converged;
}

}  // namespace tenon
