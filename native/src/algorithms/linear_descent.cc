#include <algorithm>
#include <cmath>
#include <numeric>

#include "linear_problem.h"
#include "linear_step.h"
#include "random.h"

namespace tenon {
namespace {

// With `slowing`, steps shrink with the square root of the epoch, in units of this many.
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
  if (problem.options().l1 == 0) return;
  const size_t columns = problem.columns();
  for (size_t i = 0; i < problem.outputs() * columns; ++i) {
    parameters[i] = shrink(parameters[i], rate * problem.l1_of(i % columns));
  }
}

// Scales a gradient longer than `longest` down to it.
template <typename T>
void clip(std::vector<T>& gradient, double longest) noexcept {
  if (longest == 0) return;
  double squares = 0;
  for (const T g : gradient) squares += static_cast<double>(g) * static_cast<double>(g);
  const double length = std::sqrt(squares);
  if (!(length > longest)) return;
  for (T& g : gradient) g = static_cast<T>(static_cast<double>(g) * (longest / length));
}

double rate_at(const LinearOptions& options, const LearningRate& schedule, uint64_t step, uint32_t epoch) {
  const double rate = schedule.at(step);
  return options.slowing ? rate / std::sqrt(1.0 + epoch / kSlowEpochs) : rate;
}

// Holds out the share of rows that early stopping asks for, at least one, and keeps one to learn
// from: they go to the end of `order`. Returns how many are learned from.
size_t hold_out(std::vector<uint32_t>& order, double share, Random& random) {
  if (share == 0 || order.size() < 2) return order.size();
  for (size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[random.below(static_cast<uint32_t>(i))]);
  const double wanted = std::floor(share * static_cast<double>(order.size()));
  return order.size() - std::clamp<size_t>(static_cast<size_t>(wanted), 1, order.size() - 1);
}

}  // namespace

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

void solve_stochastic(const LinearProblem& problem, std::vector<double>& parameters, LinearFit& fit,
                      TaskControl& control) {
  const LinearOptions& options = problem.options();
  const size_t size = problem.parameter_count();
  const size_t columns = problem.columns();
  const size_t coefficients = problem.outputs() * columns;
  const bool decoupled = options.solver == LinearSolver::kAdamw;
  std::vector<float> w(size, 0.0f);
  std::vector<float> kept;  // the best on rows held out
  std::vector<float> gradient(size);
  std::vector<float> scratch;
  std::vector<uint32_t> order(problem.rows());
  std::iota(order.begin(), order.end(), 0u);
  Random random(options.seed, 0);
  const size_t learned = hold_out(order, options.validation_fraction, random);
  const size_t held = order.size() - learned;
  const size_t batches = (learned + options.batch_size - 1) / options.batch_size;
  LearningRate schedule(options.rate, batches, options.max_epochs);
  LinearStep step(options, size);
  double best = INFINITY;
  double lowest = INFINITY;
  uint32_t stale = 0;
  uint64_t steps = 0;
  for (fit.epochs = 0; fit.epochs < options.max_epochs; ++fit.epochs) {
    for (size_t i = learned; i > 1; --i) std::swap(order[i - 1], order[random.below(static_cast<uint32_t>(i))]);
    double loss = 0;
    for (size_t begin = 0; begin < learned; begin += options.batch_size) {
      if (control.stopped()) return;
      const size_t count = std::min<size_t>(options.batch_size, learned - begin);
      const double rate = rate_at(options, schedule, steps++, fit.epochs);
      std::fill(gradient.begin(), gradient.end(), 0.0f);
      loss += problem.batch(w.data(), order.data(), begin, count, gradient.data(), scratch);
      const float share = 1.0f / static_cast<float>(count);
      for (float& g : gradient) g *= share;
      if (options.l2 > 0 && !decoupled) {
        for (size_t i = 0; i < coefficients; ++i) gradient[i] += static_cast<float>(problem.l2_of(i % columns)) * w[i];
      }
      clip(gradient, options.clip_norm);
      if (options.l2 > 0 && decoupled) {
        for (size_t i = 0; i < coefficients; ++i) {
          w[i] *= static_cast<float>(std::max(0.0, 1 - rate * problem.l2_of(i % columns)));
        }
      }
      step.take(w.data(), gradient.data(), rate);
      shrink_all(problem, w, rate);
    }
    loss /= static_cast<double>(learned);
    if (held > 0) {
      if (control.stopped()) return;
      loss = problem.mean_loss(w.data(), order.data() + learned, held, scratch);
    }
    if (!std::isfinite(loss) || !within_reach(w)) {
      fit.diverged = true;
      return;
    }
    if (held > 0 && loss < lowest) kept = w;
    lowest = std::min(lowest, loss);
    control.progress(fit.epochs + 1, options.max_epochs);
    const bool improved = loss <= best - options.tolerance;
    schedule.epoch_ended(improved);
    stale = improved ? 0 : stale + 1;
    best = std::min(best, loss);
    if (stale >= options.patience) {
      ++fit.epochs;
      fit.converged = true;
      break;
    }
  }
  if (held > 0) w = kept;
  parameters.assign(w.begin(), w.end());
}

}  // namespace tenon
