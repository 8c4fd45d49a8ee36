#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "boost_kernels.h"

namespace tenon {

// What boosting makes small. Classification takes the first two, by the number of classes.
enum class BoostLoss : uint32_t { kLogistic, kSoftmax, kSquared, kAbsolute, kQuantile, kPoisson, kHuber };

// How sums of trees become predictions.
enum class BoostLink : uint32_t { kIdentity, kLogistic, kSoftmax, kExp };

BoostLink link_of(BoostLoss loss) noexcept;

// A loss over rows with targets and weights. Scores lie output by output, `row_count` each; a
// score of a row is its sum of trees so far.
class BoostObjective {
 public:
  // `weight` may be empty. `quantile` is for kQuantile; `huber_delta` for kHuber: the error from
  // which on the loss rises in a line. 0 takes what nine tenths of the first `count` rows are at most
  // away from their median.
  BoostObjective(BoostLoss loss, uint32_t class_count, double quantile, double huber_delta,
                 const std::vector<double>& target, const std::vector<float>& weight, size_t count);

  uint32_t outputs() const noexcept { return outputs_; }

  // The constants to start from: those of least loss over the first `count` rows.
  std::vector<double> start(size_t count) const;

  // Gradients and hessians by score of the first `count` rows, output by output, `count` each.
  void gradients(const double* scores, size_t count, float* gradient, float* hessian) const;

  // Losses of which the second derivative says nothing: a leaf takes the quantile of its rows'
  // errors instead of a Newton step.
  bool leaves_are_quantiles() const noexcept { return loss_ == BoostLoss::kAbsolute || loss_ == BoostLoss::kQuantile; }
  double leaf_quantile(const double* scores, const uint32_t* ids, size_t count) const;

  // The mean loss of rows from `begin` to `end`.
  double loss(const double* scores, size_t begin, size_t end) const;

 private:
  double typical_distance(size_t count) const;
  double huber_start(size_t count) const;
  double weight(size_t row) const noexcept { return weight_.empty() ? 1.0 : static_cast<double>(weight_[row]); }

  const BoostLoss loss_;
  const uint32_t outputs_;
  const double quantile_;
  const std::vector<double>& target_;
  const std::vector<float>& weight_;
  std::vector<float> labels_;  // kLogistic
  const size_t row_count_;
  double huber_delta_;
};

}  // namespace tenon
