#include "lbfgs.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace tenon {
namespace {

constexpr double kSufficient = 1e-4;  // Armijo's share of the promised decrease
constexpr int kMaxHalvings = 30;

using Vector = std::vector<double>;

double dot(const Vector& a, const Vector& b) noexcept {
  double sum = 0;
  for (size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

double largest_of(const Vector& a) noexcept {
  double largest = 0;
  for (const double x : a) largest = std::max(largest, std::abs(x));
  return largest;
}

// The two loops: minus an approximate inverse Hessian times the gradient.
Vector direction_of(const std::deque<LbfgsCorrection>& history, const Vector& gradient) {
  Vector q = gradient;
  Vector alphas(history.size());
  for (size_t i = history.size(); i-- > 0;) {
    alphas[i] = history[i].scale * dot(history[i].step, q);
    for (size_t p = 0; p < q.size(); ++p) q[p] -= alphas[i] * history[i].change[p];
  }
  if (!history.empty()) {
    const LbfgsCorrection& last = history.back();
    const double factor = 1 / (last.scale * dot(last.change, last.change));
    for (double& x : q) x *= factor;
  }
  for (size_t i = 0; i < history.size(); ++i) {
    const double beta = history[i].scale * dot(history[i].change, q);
    for (size_t p = 0; p < q.size(); ++p) q[p] += history[i].step[p] * (alphas[i] - beta);
  }
  for (double& x : q) x = -x;
  return q;
}

}  // namespace

bool minimize_lbfgs(const std::function<bool(const Vector&, double&, Vector&)>& evaluate,
                    const std::function<void(const LbfgsState&)>& progress, const LbfgsOptions& options,
                    LbfgsState& state) {
  auto& [iterations, parameters, gradient, value, history] = state;
  if (gradient.empty() && !evaluate(parameters, value, gradient)) return false;
  while (iterations < options.max_iterations) {
    if (largest_of(gradient) <= options.tolerance) return true;
    Vector direction = direction_of(history, gradient);
    double slope = dot(direction, gradient);
    if (!(slope < 0)) {
      history.clear();
      direction = gradient;
      for (double& x : direction) x = -x;
      slope = -dot(gradient, gradient);
    }
    double length = history.empty() ? std::min(1.0, 1.0 / largest_of(gradient)) : 1.0;
    Vector next(parameters.size());
    Vector next_gradient;
    double next_value = value;
    bool found = false;
    for (int halving = 0; halving < kMaxHalvings && !found; ++halving, length /= 2) {
      for (size_t p = 0; p < next.size(); ++p) next[p] = parameters[p] + length * direction[p];
      if (!evaluate(next, next_value, next_gradient)) return false;
      found = next_value <= value + kSufficient * length * slope;
    }
    // Below what single precision can tell apart: this is as far as it goes.
    if (!found) return true;
    LbfgsCorrection correction;
    correction.step.resize(next.size());
    correction.change.resize(next.size());
    for (size_t p = 0; p < next.size(); ++p) {
      correction.step[p] = next[p] - parameters[p];
      correction.change[p] = next_gradient[p] - gradient[p];
    }
    const double curvature = dot(correction.step, correction.change);
    if (curvature > 1e-12 * dot(correction.change, correction.change)) {
      correction.scale = 1 / curvature;
      history.push_back(std::move(correction));
      if (history.size() > kLbfgsHistory) history.pop_front();
    }
    parameters.swap(next);
    gradient.swap(next_gradient);
    value = next_value;
    ++iterations;
    progress(state);
  }
  return false;
}

}  // namespace tenon
