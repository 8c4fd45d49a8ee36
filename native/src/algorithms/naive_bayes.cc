#include "naive_bayes.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "../kernels/table.h"
#include "../operations/buffer.h"
#include "../operations/rounded_up.h"
#include "../runtime/thread_pool.h"

namespace tenon {
namespace {

// Numbers between two looks at whether to stop.
constexpr size_t kStepNumbers = size_t{1} << 16;
// Rows are summed by class in so many shares, or in fewer whose sums take no more than these bytes.
constexpr size_t kShares = 16;
constexpr size_t kShareBytes = size_t{64} << 20;
// Added to variances that would all be zero.
constexpr double kConstantVariance = 1e-9;
// A feature may make a class this unlikely and no more, so that sums stay finite.
constexpr double kLeastLogLikelihood = -1e290;
constexpr double kLog2Pi = 1.8378770664093454836;

// Between the sums of classes, as f64_add_rows wants them.
size_t stride_of(size_t columns) { return rounded_up(columns, 16); }

std::vector<double> class_sums(const std::vector<double>& target, const std::vector<double>& weights,
                               uint32_t class_count) {
  std::vector<double> sums(class_count, 0.0);
  for (size_t i = 0; i < target.size(); ++i) sums[static_cast<size_t>(target[i])] += weights.empty() ? 1.0 : weights[i];
  return sums;
}

// The largest double is as unlikely as a class that no row has can be told to be.
std::vector<double> log_priors(const std::vector<double>& sums, bool from_data) {
  double total = 0;
  for (const double sum : sums) total += sum;
  std::vector<double> result(sums.size(), -std::log(static_cast<double>(sums.size())));
  if (!from_data) return result;
  for (size_t c = 0; c < sums.size(); ++c) result[c] = sums[c] > 0 ? std::log(sums[c] / total) : kLeastLogLikelihood;
  return result;
}

// classes x columns sums, to which add(begin, end, into) adds rows of its share; rows of sums are stride_of(columns)
// apart. Shares of the rows, added up in order: the same bits at any thread count.
template <typename Add>
std::vector<double> by_class(size_t rows, size_t columns, uint32_t classes, const TaskControl& control, Add&& add) {
  const size_t stride = stride_of(columns);
  const size_t size = classes * stride;
  const size_t shares = std::clamp<size_t>(kShareBytes / (size * sizeof(double)), 1, kShares);
  const size_t share = chunk_count(rows, shares);
  const size_t step = std::max<size_t>(1, kStepNumbers / columns);
  Buffer<double> sums(chunk_count(rows, share) * size);
  ThreadPool::instance().parallel_for(rows, share, [&](size_t begin, size_t end) {
    double* const into = sums.data() + begin / share * size;
    std::fill_n(into, size, 0.0);
    for (size_t i = begin; i < end && !control.stopped(); i += step) add(i, std::min(i + step, end), into);
  }, &control);
  std::vector<double> result(classes * columns, 0.0);
  if (control.stopped()) return result;
  for (size_t at = 0; at < sums.size(); at += size) {
    for (size_t k = 0; k < classes; ++k) {
      for (size_t c = 0; c < columns; ++c) result[k * columns + c] += sums[at + k * stride + c];
    }
  }
  return result;
}

// The weighted sum of each class's rows.
std::vector<double> sums_by_class(std::span<const float> data, size_t columns, const std::vector<double>& target,
                                  const std::vector<double>& weights, uint32_t classes, const TaskControl& control) {
  const std::vector<uint32_t> labels(target.begin(), target.end());
  return by_class(target.size(), columns, classes, control, [&](size_t begin, size_t end, double* into) {
    kernels().f64_add_rows(data.data() + begin * columns, end - begin, columns, labels.data() + begin,
                           weights.empty() ? nullptr : weights.data() + begin, into);
  });
}

// The weighted sum of squared differences from `mean`, of each class.
std::vector<double> squares_by_class(std::span<const float> data, size_t columns, const std::vector<double>& target,
                                     const std::vector<double>& weights, uint32_t classes,
                                     const std::vector<double>& mean, const TaskControl& control) {
  return by_class(target.size(), columns, classes, control, [&](size_t begin, size_t end, double* into) {
    for (size_t i = begin; i < end; ++i) {
      const float* const x = data.data() + i * columns;
      const size_t label = static_cast<size_t>(target[i]);
      const double* const middle = mean.data() + label * columns;
      double* __restrict const sums = into + label * stride_of(columns);
      const double weight = weights.empty() ? 1.0 : weights[i];
      for (size_t c = 0; c < columns; ++c) {
        const double away = static_cast<double>(x[c]) - middle[c];
        sums[c] += weight * (away * away);
      }
    }
  });
}

// By the weight of the class; of a class without rows they stay zero.
void divide_by_class(std::vector<double>& values, const std::vector<double>& sums, size_t columns) {
  for (size_t k = 0; k < sums.size(); ++k) {
    for (size_t c = 0; c < columns && sums[k] > 0; ++c) values[k * columns + c] /= sums[k];
  }
}

}  // namespace

bool GaussianBayes::finite() const noexcept {
  for (const double value : mean) {
    if (!std::isfinite(value)) return false;
  }
  for (const double value : variance) {
    if (!std::isfinite(value)) return false;
  }
  return true;
}

void GaussianBayes::finish() {
  constant.resize(classes);
  factor.resize(variance.size());
  for (size_t at = 0; at < variance.size(); ++at) factor[at] = -0.5 / variance[at];
  for (uint32_t k = 0; k < classes; ++k) {
    constant[k] = log_prior[k];
    for (uint32_t c = 0; c < columns; ++c) {
      constant[k] -= 0.5 * (kLog2Pi + std::log(variance[static_cast<size_t>(k) * columns + c]));
    }
  }
}

void GaussianBayes::predict(const float* rows, size_t row_count, float* out) const {
  std::vector<double> scores(classes);
  for (size_t r = 0; r < row_count; ++r) {
    const float* row = rows + r * columns;
    double highest = -INFINITY;
    for (uint32_t k = 0; k < classes; ++k) {
      const double* means = mean.data() + static_cast<size_t>(k) * columns;
      const double* factors = factor.data() + static_cast<size_t>(k) * columns;
      // Sums side by side wait less for each other.
      double sums[8] = {};
      const auto term = [&](size_t c) {
        const double x = static_cast<double>(row[c]) - means[c];
        return std::max(x * x * factors[c], kLeastLogLikelihood);
      };
      size_t c = 0;
      for (; c + 8 <= columns; c += 8) {
        for (size_t lane = 0; lane < 8; ++lane) sums[lane] += term(c + lane);
      }
      for (; c < columns; ++c) sums[0] += term(c);
      const double score = constant[k] + std::accumulate(sums, sums + 8, 0.0);
      scores[k] = score;
      highest = std::max(highest, score);
    }
    double sum = 0;
    for (double& score : scores) sum += score = std::exp(score - highest);
    for (uint32_t k = 0; k < classes; ++k) out[r * classes + k] = static_cast<float>(scores[k] / sum);
  }
}

GaussianBayes fit_gaussian_bayes(std::span<const float> data, size_t column_count, const std::vector<double>& target,
                                 const std::vector<double>& weights, uint32_t class_count, double smoothing,
                                 TaskControl& control) {
  GaussianBayes model;
  model.columns = static_cast<uint32_t>(column_count);
  model.classes = class_count;
  const std::vector<double> sums = class_sums(target, weights, class_count);
  model.log_prior = log_priors(sums, true);
  model.mean = sums_by_class(data, column_count, target, weights, class_count, control);
  divide_by_class(model.mean, sums, column_count);
  model.variance = squares_by_class(data, column_count, target, weights, class_count, model.mean, control);
  if (control.stopped()) return model;
  divide_by_class(model.variance, sums, column_count);
  // Each column's own variance, from those of its classes.
  std::vector<double> column_mean(column_count, 0.0);
  std::vector<double> column_variance(column_count, 0.0);
  const double total = std::accumulate(sums.begin(), sums.end(), 0.0);
  for (uint32_t k = 0; k < class_count; ++k) {
    for (size_t c = 0; c < column_count; ++c) column_mean[c] += sums[k] / total * model.mean[k * column_count + c];
  }
  for (uint32_t k = 0; k < class_count; ++k) {
    for (size_t c = 0; c < column_count; ++c) {
      const double away = model.mean[k * column_count + c] - column_mean[c];
      column_variance[c] += sums[k] / total * (model.variance[k * column_count + c] + away * away);
    }
  }
  const double largest = *std::max_element(column_variance.begin(), column_variance.end());
  const double added = largest > 0 ? smoothing * largest : kConstantVariance;
  for (double& variance : model.variance) variance = std::max(variance + added, 1e-200);
  model.finish();
  control.progress(1, 1);
  return model;
}

LinearFit fit_multinomial_bayes(std::span<const float> data, size_t column_count, const std::vector<double>& target,
                                const std::vector<double>& weights, uint32_t class_count, double alpha, bool fit_prior,
                                TaskControl& control) {
  std::vector<double> counts = sums_by_class(data, column_count, target, weights, class_count, control);
  LinearFit fit;
  if (control.stopped()) return fit;
  const std::vector<double> sums = class_sums(target, weights, class_count);
  std::vector<double> intercept = log_priors(sums, fit_prior);
  const double total_weight = std::accumulate(sums.begin(), sums.end(), 0.0);
  fit.means.assign(column_count, 0.0);
  for (uint32_t k = 0; k < class_count; ++k) {
    for (size_t c = 0; c < column_count; ++c) fit.means[c] += counts[k * column_count + c];
  }
  for (double& mean : fit.means) mean /= total_weight;
  for (uint32_t k = 0; k < class_count; ++k) {
    double* row = counts.data() + static_cast<size_t>(k) * column_count;
    double total = 0;
    for (size_t c = 0; c < column_count; ++c) total += row[c] += alpha;
    for (size_t c = 0; c < column_count; ++c) row[c] = std::log(row[c]) - std::log(total);
  }
  LinearModel& model = fit.model;
  model.feature_count = static_cast<uint32_t>(column_count);
  model.class_count = class_count;
  model.output_count = class_count > 2 ? class_count : 1;
  if (class_count == 2) {
    // The log-odds of class 1.
    for (size_t c = 0; c < column_count; ++c) counts[c] = counts[column_count + c] - counts[c];
    counts.resize(column_count);
    intercept = {intercept[1] - intercept[0]};
  }
  model.weights = std::move(counts);
  model.intercept = std::move(intercept);
  const auto check = [&](const std::vector<double>& values) {
    for (const double value : values) fit.diverged |= !std::isfinite(value);
  };
  check(model.weights);
  check(model.intercept);
  check(fit.means);
  control.progress(1, 1);
  return fit;
}

}  // namespace tenon
