#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "../runtime/task.h"
#include "linear_model.h"

namespace tenon {

// A linear support vector machine: half the squared coefficients, the intercept's among them, plus
// C times the sum of the losses. For classes the hinge or its square, one against the rest; for
// numbers the distance beyond epsilon, or its square.
struct LinearSvmOptions {
  uint32_t class_count = 0;  // 0: regression
  bool squared = true;
  double c = 1;
  double epsilon = 0;           // regression
  double intercept_scaling = 1;  // the value of the column that stands for the intercept; 0: none
  uint32_t max_epochs = 1000;
  double tolerance = 1e-4;
  uint64_t seed = 0;
};

// Newton's method where the loss is squared and there are no more columns than rows nor many (svm_newton.h), otherwise
// dual coordinate descent with shrinking (Hsieh, Chang, Lin, Keerthi and Sundararajan, 2008; for regression Ho and Lin,
// 2012). The margins become log-odds by Platt's scaling, fitted to those of
// the training rows (Platt, 1999, with Lin, Lin and Weng's Newton iterations, 2007) and folded into
// coefficients and intercept, so that the result is an ordinary linear model. `weights` has a
// positive number per row that multiplies C, or is empty. The same bits at any thread count.
// Returns early when stopped. May throw std::bad_alloc.
LinearFit fit_linear_svm(std::span<const float> data, size_t column_count, const std::vector<double>& target,
                         const std::vector<double>& weights, const LinearSvmOptions& options, TaskControl& control);

}  // namespace tenon
