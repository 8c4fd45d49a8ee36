#pragma once

#include <cstdint>
#include <vector>

#include "linear_model.h"

namespace tenon {

// A linear fit in the solvers' terms: columns of mean zero and unit variance, and for
// regression a target of the same kind. Parameters are output_count x columns coefficients,
// then output_count intercepts.
class LinearProblem {
 public:
  // Scales `data` in place. Throws std::invalid_argument naming a column that is not finite.
  LinearProblem(std::vector<float>& data, size_t column_count, const std::vector<double>& target,
                const std::vector<double>& weights, const LinearOptions& options, const TaskControl& control);

  size_t rows() const noexcept { return rows_; }
  size_t columns() const noexcept { return columns_; }
  size_t outputs() const noexcept { return outputs_; }
  size_t parameter_count() const noexcept { return outputs_ * (columns_ + 1); }
  const float* row(size_t i) const noexcept { return data_.data() + i * columns_; }
  // A row's weight, the mean one being 1.
  double weight(size_t i) const noexcept { return weights_.empty() ? 1.0 : static_cast<double>(weights_[i]); }
  const std::vector<float>& targets() const noexcept { return targets_; }
  const LinearOptions& options() const noexcept { return options_; }

  // The penalties' factors for a column's coefficient, in the solvers' terms.
  double l1_of(size_t column) const noexcept { return l1_[column]; }
  double l2_of(size_t column) const noexcept { return l2_[column]; }

  // The weighted loss of `count` rows listed in `order` (or first to first + count if null), summed;
  // adds the gradient's sum to `gradient`. `parameters` are floats. `scratch` is reused.
  double batch(const float* parameters, const uint32_t* order, size_t first, size_t count, float* gradient,
               std::vector<float>& scratch) const;

  // The mean loss of the `count` rows listed in `order`, without penalty.
  double mean_loss(const float* parameters, const uint32_t* order, size_t count, std::vector<float>& scratch) const;

  // The mean loss over all rows with a smooth penalty (L2), and its gradient. False if stopped.
  bool evaluate(const std::vector<double>& parameters, double& value, std::vector<double>& gradient,
                const TaskControl& control) const;

  // Coefficients for the columns as given.
  LinearModel model(const std::vector<double>& parameters) const;

 private:
  void scale_columns(const TaskControl& control);
  void weighted_moments(std::vector<double>& means, std::vector<double>& variances, const TaskControl& control) const;

  std::vector<float>& data_;
  const LinearOptions& options_;
  size_t columns_;
  size_t rows_;
  size_t outputs_;
  std::vector<double> means_;
  std::vector<double> scales_;
  std::vector<double> l1_;
  std::vector<double> l2_;
  double target_mean_ = 0;
  double target_scale_ = 1;
  std::vector<float> weights_;     // empty if all are 1
  std::vector<float> targets_;     // regression and two classes
  std::vector<uint32_t> labels_;   // more classes
};

// The solvers; each returns the parameters it ends with in `parameters`.
void solve_exactly(const LinearProblem& problem, std::vector<double>& parameters, LinearFit& fit, TaskControl& control);
void solve_lbfgs(const LinearProblem& problem, std::vector<double>& parameters, LinearFit& fit, TaskControl& control);
void solve_gradient_descent(const LinearProblem& problem, std::vector<double>& parameters, LinearFit& fit,
                            TaskControl& control);
void solve_stochastic(const LinearProblem& problem, std::vector<double>& parameters, LinearFit& fit,
                      TaskControl& control);

}  // namespace tenon
