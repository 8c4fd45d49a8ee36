#include "linear_model.h"

#include <algorithm>
#include <cmath>

#include "../kernels/table.h"
#include "../operations/buffer.h"
#include "linear_problem.h"

namespace tenon {

void LinearModel::predict(const float* rows, size_t row_count, float* out) const {
  std::vector<double> scores(output_count);
  for (size_t r = 0; r < row_count; ++r) {
    std::copy(intercept.begin(), intercept.end(), scores.begin());
    kernels().f64_row_products(rows + r * feature_count, weights.data(), feature_count, output_count, scores.data());
    float* values = out + r * value_count();
    if (class_count == 0) {
      values[0] = static_cast<float>(scores[0]);
    } else if (class_count == 2) {
      // The smaller probability by its power, the other as the rest to one.
      const double power = std::exp(-std::abs(scores[0]));
      const double smaller = power / (1 + power);
      values[0] = static_cast<float>(scores[0] > 0 ? smaller : 1 - smaller);
      values[1] = static_cast<float>(scores[0] > 0 ? 1 - smaller : smaller);
    } else if (one_vs_rest) {
      // By the largest, so that no row has only zeros: sigmoid(s) / sigmoid(highest).
      double highest = scores[0];
      for (const double score : scores) highest = std::max(highest, score);
      const double power = std::exp(-std::abs(highest));
      double sum = 0;
      for (double& score : scores) {
        // (1 + e^-highest) / (1 + e^-score), by whichever powers do not overflow.
        if (score >= 0) score = (1 + power) / (1 + std::exp(-score));
        else score = highest >= 0 ? (1 + power) * std::exp(score) / (1 + std::exp(score))
                                  : (1 + power) * std::exp(score - highest) / (1 + std::exp(score));
        sum += score;
      }
      for (uint32_t c = 0; c < class_count; ++c) values[c] = static_cast<float>(scores[c] / sum);
    } else {
      double highest = scores[0];
      for (const double score : scores) highest = score > highest ? score : highest;
      double sum = 0;
      for (double& score : scores) sum += score = std::exp(score - highest);
      for (uint32_t c = 0; c < class_count; ++c) values[c] = static_cast<float>(scores[c] / sum);
    }
  }
}

namespace {

LinearFit solved(const LinearProblem& problem, TaskControl& control) {
  const LinearOptions& options = problem.options();
  if (control.stopped()) return {};
  std::vector<double> parameters(problem.parameter_count(), 0.0);
  LinearFit fit;
  switch (options.solver) {
    case LinearSolver::kExact: solve_exactly(problem, parameters, fit, control); break;
    case LinearSolver::kLbfgs: solve_lbfgs(problem, parameters, fit, control); break;
    case LinearSolver::kGradientDescent: solve_gradient_descent(problem, parameters, fit, control); break;
    default: solve_stochastic(problem, parameters, fit, control); break;
  }
  if (control.stopped()) return fit;
  fit.model = problem.model(parameters);
  fit.means = problem.means();
  for (const double w : fit.model.weights) fit.diverged |= !std::isfinite(w);
  for (const double w : fit.model.intercept) fit.diverged |= !std::isfinite(w);
  if (!fit.diverged) control.progress(options.max_epochs, options.max_epochs);
  return fit;
}

}  // namespace

LinearFit fit_linear(std::span<const float> data, std::span<float> own, size_t column_count, const ColumnStatistics& found,
                     const std::vector<double>& target, const std::vector<double>& weights,
                     const LinearOptions& options, TaskControl& control) {
  LinearProblem problem(data, column_count, found, target, weights, options, control);
  const bool whole = options.solver == LinearSolver::kLbfgs || options.solver == LinearSolver::kGradientDescent;
  Buffer<float> scaled;
  if (whole && !problem.near_zero()) {
    if (own.empty()) own = scaled = Buffer<float>(data.size());
    problem.scale(own, control);
  }
  return solved(problem, control);
}

}  // namespace tenon
