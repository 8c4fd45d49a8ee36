#include <algorithm>
#include <cmath>
#include <numeric>

#include "../kernels/table.h"
#include "linear_problem.h"
#include "random.h"

namespace tenon {
namespace {

// Epochs without an improvement of at least the tolerance that end a stochastic fit.
constexpr uint32_t kPatience = 5;
// Steps shrink with the square root of the epoch, in units of this many.
constexpr double kSlowEpochs = 16;
// Beyond this a parameter is on its way to infinity: columns have unit variance.
constexpr double kTooLarge = 1e15;

template <typename T>
bool within_reach(const std::vector<T>& parameters) noexcept {
  for (const T p : parameters) {
    if (!(std::abs(static_cast<double>(p)) < kTooLarge)) return false;
  }
  return true;
}

// L1's step: towards zero by `by`, and not beyond.
template <typename T>
T shrink(T w, double by) noexcept {
  return static_cast<T>(std::copysign(std::max(std::abs(static_cast<double>(w)) - by, 0.0), static_cast<double>(w)));
}

template <typename T>
void shrink_all(const LinearProblem& problem, std::vector<T>& parameters, double rate) noexcept {
  if (problem.options().penalty != LinearPenalty::kL1) return;
  const size_t columns = problem.columns();
  for (size_t i = 0; i < problem.outputs() * columns; ++i) {
    parameters[i] = shrink(parameters[i], rate * problem.penalty_of(i % columns));
  }
}

}  // namespace

void solve_gradient_descent(const LinearProblem& problem, std::vector<double>& parameters, LinearFit& fit,
                            TaskControl& control) {
  const LinearOptions& options = problem.options();
  std::vector<double> gradient;
  std::vector<double> before;
  double value;
  for (fit.epochs = 0; fit.epochs < options.max_epochs; ++fit.epochs) {
    if (!problem.evaluate(parameters, value, gradient, control)) return;
    before = parameters;
    for (size_t p = 0; p < parameters.size(); ++p) parameters[p] -= options.learning_rate * gradient[p];
    shrink_all(problem, parameters, options.learning_rate);
    if (!std::isfinite(value) || !within_reach(parameters)) {
      fit.diverged = true;
      return;
    }
    // The step per unit of rate: the gradient itself unless L1 cut it.
    double largest = 0;
    for (size_t p = 0; p < parameters.size(); ++p) {
      largest = std::max(largest, std::abs(parameters[p] - before[p]) / options.learning_rate);
    }
    control.progress(fit.epochs + 1, options.max_epochs);
    if (largest <= options.tolerance) {
      ++fit.epochs;
      fit.converged = true;
      return;
    }
  }
}

void solve_stochastic(const LinearProblem& problem, std::vector<double>& parameters, LinearFit& fit,
                      TaskControl& control) {
  const LinearOptions& options = problem.options();
  const KernelTable& k = kernels();
  const size_t size = problem.parameter_count();
  const size_t coefficients = problem.outputs() * problem.columns();
  std::vector<float> w(size, 0.0f);
  std::vector<float> gradient(size);
  std::vector<float> first(size, 0.0f);
  std::vector<float> second(size, 0.0f);
  std::vector<float> scratch;
  std::vector<uint32_t> order(problem.rows());
  std::iota(order.begin(), order.end(), 0u);
  Random random(options.seed, 0);
  double best = INFINITY;
  uint32_t stale = 0;
  uint64_t steps = 0;
  for (fit.epochs = 0; fit.epochs < options.max_epochs; ++fit.epochs) {
    for (size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[random.below(static_cast<uint32_t>(i))]);
    const double rate = options.learning_rate / std::sqrt(1.0 + fit.epochs / kSlowEpochs);
    const float step_rate = static_cast<float>(rate);
    double loss = 0;
    for (size_t begin = 0; begin < order.size(); begin += options.batch_size) {
      if (control.stopped()) return;
      const size_t count = std::min<size_t>(options.batch_size, order.size() - begin);
      std::fill(gradient.begin(), gradient.end(), 0.0f);
      loss += problem.batch(w.data(), order.data(), begin, count, gradient.data(), scratch);
      const float share = 1.0f / static_cast<float>(count);
      for (float& g : gradient) g *= share;
      if (options.penalty == LinearPenalty::kL2) {
        for (size_t i = 0; i < coefficients; ++i) {
          gradient[i] += static_cast<float>(problem.penalty_of(i % problem.columns())) * w[i];
        }
      }
      ++steps;
      switch (options.solver) {
        case LinearSolver::kMomentum:
          k.f32_momentum_step(w.data(), gradient.data(), first.data(), size, {step_rate, 0.0f, 0.9f, 0.0f, false});
          break;
        case LinearSolver::kAdam: {
          AdamStep step{};
          step.rate = step_rate;
          step.fresh1 = static_cast<float>(1 - 0.9);
          step.beta2 = 0.999f;
          step.fresh2 = static_cast<float>(1 - 0.999);
          step.epsilon = 1e-8f;
          step.step_size = static_cast<float>(rate / (1 - std::pow(0.9, static_cast<double>(steps))));
          step.inverse_root = static_cast<float>(1 / std::sqrt(1 - std::pow(0.999, static_cast<double>(steps))));
          k.f32_adam_step(w.data(), gradient.data(), first.data(), second.data(), size, step);
          break;
        }
        default: k.f32_sgd_step(w.data(), gradient.data(), size, {step_rate, 0.0f}); break;
      }
      shrink_all(problem, w, rate);
    }
    loss /= static_cast<double>(problem.rows());
    if (!std::isfinite(loss) || !within_reach(w)) {
      fit.diverged = true;
      return;
    }
    control.progress(fit.epochs + 1, options.max_epochs);
    stale = loss > best - options.tolerance ? stale + 1 : 0;
    best = std::min(best, loss);
    if (stale >= kPatience) {
      ++fit.epochs;
      fit.converged = true;
      break;
    }
  }
  parameters.assign(w.begin(), w.end());
}

}  // namespace tenon
