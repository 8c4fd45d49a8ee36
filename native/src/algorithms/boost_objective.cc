#include "boost_objective.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

#include "../runtime/thread_pool.h"
#include "portable_exp.h"

namespace tenon {
namespace {

// Rows per partial sum: fixed, so that sums do not depend on threads.
constexpr size_t kSumRows = 8192;

// The share of rows whose errors Huber's loss squares at the start, where it is not told.
constexpr double kTypicalShare = 0.9;

// Of the range of targets: beyond what doubles tell apart.
constexpr int kHalvings = 60;

// Shares of classes that no row has, so that logarithms stay finite.
constexpr double kLeastShare = 1e-15;

double sum_over(size_t begin, size_t end, const std::function<double(size_t, size_t)>& part) {
  std::vector<double> parts(chunk_count(end - begin, kSumRows));
  ThreadPool::instance().parallel_for(end - begin, kSumRows, [&](size_t first, size_t last) {
    parts[first / kSumRows] = part(begin + first, begin + last);
  });
  return std::accumulate(parts.begin(), parts.end(), 0.0);
}

// The smallest value with at least `share` of the weight at or below it.
double weighted_quantile(std::vector<std::pair<double, double>>& values, double share) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  double total = 0;
  for (const auto& [value, weight] : values) total += weight;
  double sum = 0;
  for (size_t i = 0; i < values.size(); ++i) {
    sum += values[i].second;
    if (sum < share * total) continue;
    // Exactly between two values: their middle, as the median of an even number has it.
    const bool tie = sum == share * total && i + 1 < values.size();
    return tie ? (values[i].first + values[i + 1].first) / 2 : values[i].first;
  }
  return values.back().first;
}

// log(1 + e^x)
double softplus(double x) noexcept { return x > 0 ? x + std::log1p(portable_exp(-x)) : std::log1p(portable_exp(x)); }

}  // namespace

BoostLink link_of(BoostLoss loss) noexcept {
  switch (loss) {
    case BoostLoss::kLogistic: return BoostLink::kLogistic;
    case BoostLoss::kSoftmax: return BoostLink::kSoftmax;
    case BoostLoss::kPoisson: return BoostLink::kExp;
    default: return BoostLink::kIdentity;
  }
}

BoostObjective::BoostObjective(BoostLoss loss, uint32_t class_count, double quantile, double huber_delta,
                               const std::vector<double>& target, const std::vector<float>& weight, size_t count)
    : loss_(loss),
      outputs_(loss == BoostLoss::kSoftmax ? class_count : 1),
      quantile_(loss == BoostLoss::kAbsolute ? 0.5 : quantile),
      target_(target),
      weight_(weight),
      row_count_(target.size()),
      huber_delta_(huber_delta) {
  if (loss == BoostLoss::kLogistic) labels_.assign(target.begin(), target.end());
  if (loss == BoostLoss::kHuber && huber_delta == 0) huber_delta_ = typical_distance(count);
}

double BoostObjective::typical_distance(size_t count) const {
  std::vector<std::pair<double, double>> values;
  for (size_t i = 0; i < count; ++i) values.emplace_back(target_[i], weight(i));
  const double median = weighted_quantile(values, 0.5);
  for (auto& [value, weight] : values) value = std::abs(value - median);
  const double distance = weighted_quantile(values, kTypicalShare);
  if (distance > 0) return distance;
  // Nearly all are alike: of those that are not, none is far.
  return values.back().first > 0 ? values.back().first : 1;
}

// Where the slope of the loss changes its sign: it rises with the constant.
double BoostObjective::huber_start(size_t count) const {
  double low = *std::min_element(target_.begin(), target_.begin() + static_cast<ptrdiff_t>(count));
  double high = *std::max_element(target_.begin(), target_.begin() + static_cast<ptrdiff_t>(count));
  for (int halving = 0; halving < kHalvings && low < high; ++halving) {
    const double middle = low + (high - low) / 2;
    const double slope = sum_over(0, count, [&](size_t begin, size_t end) {
      double sum = 0;
      for (size_t i = begin; i < end; ++i) sum += weight(i) * std::clamp(middle - target_[i], -huber_delta_, huber_delta_);
      return sum;
    });
    (slope < 0 ? low : high) = middle;
  }
  return low + (high - low) / 2;
}

std::vector<double> BoostObjective::start(size_t count) const {
  double total = 0;
  for (size_t i = 0; i < count; ++i) total += weight(i);
  if (loss_ == BoostLoss::kSoftmax || loss_ == BoostLoss::kLogistic) {
    std::vector<double> shares(std::max(outputs_, 2u), 0.0);
    for (size_t i = 0; i < count; ++i) shares[static_cast<size_t>(target_[i])] += weight(i);
    for (double& share : shares) share = std::log(std::max(share / total, kLeastShare));
    if (loss_ == BoostLoss::kLogistic) return {shares[1] - shares[0]};
    return shares;
  }
  if (leaves_are_quantiles()) {
    std::vector<std::pair<double, double>> values;
    for (size_t i = 0; i < count; ++i) values.emplace_back(target_[i], weight(i));
    return {weighted_quantile(values, quantile_)};
  }
  if (loss_ == BoostLoss::kHuber) return {huber_start(count)};
  const double mean =
      sum_over(0, count, [&](size_t begin, size_t end) {
        double sum = 0;
        for (size_t i = begin; i < end; ++i) sum += weight(i) * target_[i];
        return sum;
      }) / total;
  return {loss_ == BoostLoss::kPoisson ? std::log(std::max(mean, kLeastShare)) : mean};
}

void BoostObjective::gradients(const double* scores, size_t count, float* gradient, float* hessian) const {
  const BoostKernels& kernels = boost_kernels();
  ThreadPool::instance().parallel_for(count, 4096, [&](size_t begin, size_t end) {
    switch (loss_) {
      case BoostLoss::kLogistic:
        kernels.logistic(scores + begin, labels_.data() + begin, weight_.empty() ? nullptr : weight_.data() + begin,
                         end - begin, gradient + begin, hessian + begin);
        return;
      case BoostLoss::kSoftmax: {
        // The factor makes two classes learn as fast as the logistic loss does.
        const float factor = static_cast<float>(outputs_) / static_cast<float>(outputs_ - 1);
        std::vector<float> most(end - begin, -INFINITY);
        std::vector<float> sum(end - begin, 0.0f);
        for (uint32_t k = 0; k < outputs_; ++k) {
          for (size_t i = begin; i < end; ++i) {
            most[i - begin] = std::max(most[i - begin], static_cast<float>(scores[k * row_count_ + i]));
          }
        }
        for (uint32_t k = 0; k < outputs_; ++k) {
          kernels.exp_below(scores + k * row_count_ + begin, most.data(), end - begin, gradient + k * count + begin);
          for (size_t i = begin; i < end; ++i) sum[i - begin] += gradient[k * count + i];
        }
        for (float& s : sum) s = 1.0f / s;
        for (uint32_t k = 0; k < outputs_; ++k) {
          float* g = gradient + k * count;
          float* h = hessian + k * count;
          for (size_t i = begin; i < end; ++i) {
            const float p = g[i] * sum[i - begin];
            const float w = weight_.empty() ? 1.0f : weight_[i];
            h[i] = factor * p * (1.0f - p) * w;
            g[i] = (target_[i] == k ? p - 1.0f : p) * w;
          }
        }
        return;
      }
      case BoostLoss::kSquared:
        for (size_t i = begin; i < end; ++i) {
          const float w = weight_.empty() ? 1.0f : weight_[i];
          gradient[i] = static_cast<float>(scores[i] - target_[i]) * w;
          hessian[i] = w;
        }
        return;
      case BoostLoss::kHuber:
        for (size_t i = begin; i < end; ++i) {
          const float w = weight_.empty() ? 1.0f : weight_[i];
          gradient[i] = static_cast<float>(std::clamp(scores[i] - target_[i], -huber_delta_, huber_delta_)) * w;
          // Where the loss is a line it has no curvature; the most there is makes no step too long.
          hessian[i] = w;
        }
        return;
      case BoostLoss::kAbsolute:
      case BoostLoss::kQuantile:
        for (size_t i = begin; i < end; ++i) {
          const double w = weight(i);
          gradient[i] = static_cast<float>((target_[i] > scores[i] ? -quantile_ : 1 - quantile_) * w);
          hessian[i] = static_cast<float>(w);
        }
        return;
      case BoostLoss::kPoisson:
        for (size_t i = begin; i < end; ++i) {
          const double w = weight(i);
          const double mean = portable_exp(scores[i]);
          gradient[i] = static_cast<float>((mean - target_[i]) * w);
          hessian[i] = static_cast<float>(mean * w);
        }
        return;
    }
  });
}

double BoostObjective::leaf_quantile(const double* scores, const uint32_t* ids, size_t count) const {
  std::vector<std::pair<double, double>> errors;
  errors.reserve(count);
  for (size_t i = 0; i < count; ++i) errors.emplace_back(target_[ids[i]] - scores[ids[i]], weight(ids[i]));
  return weighted_quantile(errors, quantile_);
}

double BoostObjective::loss(const double* scores, size_t first, size_t last) const {
  const auto of_row = [&](size_t i) -> double {
    const double s = scores[i];
    const double y = target_[i];
    switch (loss_) {
      case BoostLoss::kLogistic: return softplus(y > 0.5 ? -s : s);
      case BoostLoss::kSoftmax: {
        double most = s;
        for (uint32_t k = 1; k < outputs_; ++k) most = std::max(most, scores[k * row_count_ + i]);
        double sum = 0;
        for (uint32_t k = 0; k < outputs_; ++k) sum += portable_exp(scores[k * row_count_ + i] - most);
        return std::log(sum) + most - scores[static_cast<size_t>(y) * row_count_ + i];
      }
      case BoostLoss::kSquared: return (s - y) * (s - y) / 2;
      case BoostLoss::kPoisson: return portable_exp(s) - y * s;
      case BoostLoss::kHuber: {
        const double size = std::abs(s - y);
        return size <= huber_delta_ ? size * size / 2 : huber_delta_ * (size - huber_delta_ / 2);
      }
      default: return y > s ? quantile_ * (y - s) : (1 - quantile_) * (s - y);
    }
  };
  const auto weighted = [&](size_t begin, size_t end) {
    double sum = 0;
    for (size_t i = begin; i < end; ++i) sum += weight(i) * of_row(i);
    return sum;
  };
  const auto weights = [&](size_t begin, size_t end) {
    double sum = 0;
    for (size_t i = begin; i < end; ++i) sum += weight(i);
    return sum;
  };
  return sum_over(first, last, weighted) / sum_over(first, last, weights);
}

}  // namespace tenon
