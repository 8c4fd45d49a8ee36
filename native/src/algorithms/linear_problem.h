#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "../kernels/parameters.h"
#include "linear_model.h"

namespace tenon {

// Rows that lie next to each other, their columns scaled, and what goes with each of them.
struct LinearRows {
  size_t count;
  const float* x;         // count x columns
  const float* target;    // regression and two classes, otherwise null
  const uint32_t* label;  // more classes, otherwise null
  const float* weight;    // null if all count alike

  LinearRows part(size_t first, size_t number, size_t columns) const noexcept {
    return {number, x + first * columns, target == nullptr ? nullptr : target + first,
            label == nullptr ? nullptr : label + first, weight == nullptr ? nullptr : weight + first};
  }
};

// A linear fit in the solvers' terms: columns of mean zero and unit variance, and for
// regression a target of the same kind. Parameters are output_count x columns coefficients,
// then output_count intercepts.
class LinearProblem {
 public:
  // `found` are the statistics of the columns of `data`, whose rows are finite.
  LinearProblem(std::span<const float> data, size_t column_count, const ColumnStatistics& found,
                const std::vector<double>& target, const std::vector<double>& weights, const LinearOptions& options,
                const TaskControl& control);

  size_t rows() const noexcept { return rows_; }
  size_t columns() const noexcept { return columns_; }
  size_t outputs() const noexcept { return outputs_; }
  size_t parameter_count() const noexcept { return outputs_ * (columns_ + 1); }
  const LinearOptions& options() const noexcept { return options_; }
  // The weighted mean of each column as given.
  const std::vector<double>& means() const noexcept { return means_; }

  // Scales the columns into `into`, which may be where they are; until then row() and rows_from() are
  // the columns as given. When stopped, half-scaled columns do no harm: nobody looks at them.
  void scale(std::span<float> into, const TaskControl& control);
  // Whether evaluate() can do without, its sums as exact as they are over scaled columns.
  bool near_zero() const noexcept { return near_ && !huge_; }

  const float* row(size_t i) const noexcept { return data_.data() + i * columns_; }
  // A row's weight, the mean one being 1.
  double weight(size_t i) const noexcept { return weights_.empty() ? 1.0 : static_cast<double>(weights_[i]); }
  const std::vector<float>& targets() const noexcept { return targets_; }
  const std::vector<uint32_t>& labels() const noexcept { return labels_; }
  const std::vector<float>& weights() const noexcept { return weights_; }
  LinearRows rows_from(size_t first, size_t count) const noexcept;

  // Copies rows to `x`, scaled.
  void read(size_t first, size_t count, float* x) const noexcept;
  // The same of row order[i], to row place[i].
  void gather(const uint32_t* order, const uint32_t* place, size_t count, float* x) const noexcept;

  // The penalties' factors for a column's coefficient, in the solvers' terms.
  double l1_of(size_t column) const noexcept { return l1_[column]; }
  double l2_of(size_t column) const noexcept { return l2_[column]; }

  // The weighted loss of rows, summed; adds the gradient's sum to `gradient`. `scratch` is reused.
  double loss(const float* parameters, const LinearRows& rows, float* gradient, std::vector<float>& scratch) const;

  // The mean loss over all rows with a smooth penalty (L2), and its gradient. False if stopped.
  bool evaluate(const std::vector<double>& parameters, double& value, std::vector<double>& gradient,
                const TaskControl& control) const;

  // Coefficients for the columns as given.
  LinearModel model(const std::vector<double>& parameters) const;

 private:
  void choose_scales(const ColumnStatistics& found, const TaskControl& control);
  void weighted_moments(std::vector<double>& variances, const TaskControl& control);
  AffineColumns factors() const noexcept;
  // A scaled column is times[c] x + offset_of(c).
  double offset_of(size_t column) const noexcept;
  // A row scaled, where differences overflow single precision.
  void scale_huge(const float* from, float* to) const noexcept;
  std::vector<float> for_rows(const std::vector<double>& parameters) const;

  std::span<const float> data_;
  const LinearOptions& options_;
  size_t columns_;
  size_t rows_;
  size_t outputs_;
  std::vector<double> means_;
  std::vector<double> centers_;  // the means, or zeros without an intercept
  std::vector<double> scales_;
  // What scales a column, as AffineColumns has it: minus, times and plus.
  std::vector<float> factors_;
  bool huge_ = false;    // differences of some numbers overflow single precision
  bool near_ = true;     // all columns are about zero as given
  bool scaled_ = false;
  std::vector<double> l1_;
  std::vector<double> l2_;
  double target_mean_ = 0;
  double target_scale_ = 1;
  std::vector<float> weights_;    // empty if all are 1
  std::vector<float> targets_;    // regression and two classes
  std::vector<uint32_t> labels_;  // more classes
};

// The solvers; each returns the parameters it ends with in `parameters`. Full ones but the exact one
// want the columns scaled, or near_zero().
void solve_exactly(const LinearProblem& problem, std::vector<double>& parameters, LinearFit& fit, TaskControl& control);
void solve_lbfgs(const LinearProblem& problem, std::vector<double>& parameters, LinearFit& fit, TaskControl& control);
void solve_gradient_descent(const LinearProblem& problem, std::vector<double>& parameters, LinearFit& fit,
                            TaskControl& control);
void solve_stochastic(const LinearProblem& problem, std::vector<double>& parameters, LinearFit& fit,
                      TaskControl& control);

}  // namespace tenon
