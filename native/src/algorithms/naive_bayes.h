#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "../runtime/task.h"
#include "linear_model.h"

namespace tenon {

// Per class a normal distribution of each feature, independent of the others.
struct GaussianBayes {
  uint32_t columns = 0;
  uint32_t classes = 0;
  std::vector<double> mean;       // classes x columns
  std::vector<double> variance;   // the same, positive
  std::vector<double> log_prior;  // classes

  std::vector<double> constant;   // of each class's log-likelihood
  std::vector<double> factor;     // classes x columns: minus half of one over the variance

  // Whether no sum has overflown.
  bool finite() const noexcept;

  // Computes `constant` and `factor` from the others.
  void finish();

  // Probabilities that sum to one; a row gives the same bits in any company.
  void predict(const float* rows, size_t row_count, float* out) const;
};

// Means and variances of finite rows in double; `smoothing` times the largest variance of any
// column is added to each, or to none but constant columns 1e-9. `weights` has a positive number
// per row or is empty. The same bits at any thread count. Meaningless when stopped.
GaussianBayes fit_gaussian_bayes(std::span<const float> data, size_t column_count, const std::vector<double>& target,
                                 const std::vector<double>& weights, uint32_t class_count, double smoothing,
                                 TaskControl& control);

// Multinomial naive Bayes of counts, each class's added to by `alpha`: a linear model in the
// counts, which may be fractions but not negative. With `fit_prior` classes are as likely as they
// are frequent, otherwise equally. The same bits at any thread count and on every instruction set.
// Diverged where sums of features times weights overflow. Meaningless when stopped. May throw std::bad_alloc.
LinearFit fit_multinomial_bayes(std::span<const float> data, size_t column_count, const std::vector<double>& target,
                                const std::vector<double>& weights, uint32_t class_count, double alpha, bool fit_prior,
                                TaskControl& control);

}  // namespace tenon
