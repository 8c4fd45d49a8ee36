#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "../operations/columns.h"
#include "../runtime/task.h"
#include "network_rate.h"

namespace tenon {

enum class LinearSolver : uint8_t {
  kExact,
  kLbfgs,
  kGradientDescent,
  kSgd,
  kMomentum,
  kNesterov,
  kAdagrad,
  kRmsprop,
  kAdam,
  kAdamw,
};

// What to minimize, and how: the mean over rows of the loss (half the squared error, or the
// logistic loss) plus l1 times the coefficients' absolute values plus l2 times half their
// squares; the intercept is not penalized.
struct LinearOptions {
  uint32_t class_count = 0;  // 0: regression
  LinearSolver solver = LinearSolver::kExact;
  double l1 = 0;
  double l2 = 0;
  RateOptions rate;
  bool slowing = true;  // also divide steps by the square root of 1 + epochs / 16
  double momentum = 0.9;
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;
  double clip_norm = 0;  // the longest gradient of a step; 0: no limit
  // Holds out this share of the rows, and returns the parameters that were best on them; 0: no.
  double validation_fraction = 0;
  uint32_t patience = 5;  // epochs without an improvement that end the fit
  uint32_t max_epochs = 1000;
  uint32_t batch_size = 32;
  double tolerance = 1e-4;
  bool intercept = true;
  uint64_t seed = 0;
};

// Coefficients for the features as given. One output for regression and for two classes (the
// log-odds of class 1), otherwise one per class.
struct LinearModel {
  uint32_t feature_count = 0;
  uint32_t class_count = 0;
  uint32_t output_count = 0;
  // More classes: each sum is the log-odds of its class against the rest, the probabilities scaled
  // to sum to one; otherwise softmax.
  bool one_vs_rest = false;
  std::vector<double> weights;    // output_count x feature_count, and kWeightsBeyond
  std::vector<double> intercept;  // output_count

  // Of numbers beyond the weights predict() reads, and ignores, so many.
  static constexpr size_t kWeightsBeyond = 15;
  size_t weight_count() const noexcept { return static_cast<size_t>(output_count) * feature_count; }

  // Numbers per scored row: the classes, or 1.
  uint32_t value_count() const noexcept { return class_count == 0 ? 1 : class_count; }

  // Predictions, or probabilities that sum to one; a row gives the same bits in any company and on every
  // instruction set. Not before kWeightsBeyond zeros follow the weights.
  void predict(const float* rows, size_t row_count, float* out) const;
};

struct LinearFit {
  LinearModel model;
  std::vector<double> means;  // the weighted mean of each column
  uint32_t epochs = 0;
  bool converged = false;
  // The solver left the finite numbers; the model must not be used.
  bool diverged = false;
};

// Fits to row-major finite rows, of whose columns `found` are the statistics; `own`, if not empty, are
// the same rows and may be overwritten. Solvers see each column with mean zero and unit variance, so that one learning rate suits all; the penalty is still on the
// coefficients of the columns as given. `weights` has a positive number per row, or is empty if
// all count alike; means are then weighted means. The same bits at any thread count. Returns early when
// stopped. May throw std::bad_alloc.
LinearFit fit_linear(std::span<const float> data, std::span<float> own, size_t column_count, const ColumnStatistics& found,
                     const std::vector<double>& target, const std::vector<double>& weights,
                     const LinearOptions& options, TaskControl& control);

}  // namespace tenon
