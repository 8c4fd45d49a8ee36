#include "naive_bayes.h"

#include <algorithm>
#include <cmath>

#include "../runtime/thread_pool.h"

namespace tenon {
namespace {

// Columns a thread sums at a time: a cache line of a row.
constexpr size_t kColumns = 16;
constexpr size_t kCheckRows = 4096;
// Added to variances that would all be zero.
constexpr double kConstantVariance = 1e-9;
// A feature may make a class this unlikely and no more, so that sums stay finite.
constexpr double kLeastLogLikelihood = -1e290;
constexpr double kLog2Pi = 1.8378770664093454836;

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

// body(column begin, column end) for groups of columns.
template <typename Body>
void by_columns(size_t columns, const TaskControl& control, Body&& body) {
  ThreadPool::instance().parallel_for(columns, kColumns, body, &control);
}

}  // namespace

void GaussianBayes::finish() {
  constant.resize(classes);
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
      const double* variances = variance.data() + static_cast<size_t>(k) * columns;
      double score = constant[k];
      for (uint32_t c = 0; c < columns; ++c) {
        const double x = static_cast<double>(row[c]) - means[c];
        score += std::max(-0.5 * (x * x / variances[c]), kLeastLogLikelihood);
      }
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
  model.mean.assign(class_count * column_count, 0.0);
  model.variance.assign(class_count * column_count, 0.0);
  const std::vector<double> sums = class_sums(target, weights, class_count);
  model.log_prior = log_priors(sums, true);
  std::vector<double> column_variance(column_count);
  by_columns(column_count, control, [&](size_t begin, size_t end) {
    const auto pass = [&](const auto& body) {
      for (size_t i = 0; i < target.size(); ++i) {
        if (i % kCheckRows == 0 && control.stopped()) return;
        const double weight = weights.empty() ? 1.0 : weights[i];
        const size_t at = static_cast<size_t>(target[i]) * column_count;
        for (size_t c = begin; c < end; ++c) body(weight, at + c, static_cast<double>(data[i * column_count + c]), c);
      }
    };
    const auto divide = [&](std::vector<double>& values) {
      for (uint32_t k = 0; k < class_count; ++k) {
        for (size_t c = begin; c < end && sums[k] > 0; ++c) values[k * column_count + c] /= sums[k];
      }
    };
    pass([&](double weight, size_t at, double x, size_t) { model.mean[at] += weight * x; });
    divide(model.mean);
    pass([&](double weight, size_t at, double x, size_t) {
      model.variance[at] += weight * ((x - model.mean[at]) * (x - model.mean[at]));
    });
    divide(model.variance);
    // The column's own variance, from those of its classes.
    double total = 0;
    for (const double sum : sums) total += sum;
    for (size_t c = begin; c < end; ++c) {
      double mean = 0, variance = 0;
      for (uint32_t k = 0; k < class_count; ++k) mean += sums[k] / total * model.mean[k * column_count + c];
      for (uint32_t k = 0; k < class_count; ++k) {
        const double away = model.mean[k * column_count + c] - mean;
        variance += sums[k] / total * (model.variance[k * column_count + c] + away * away);
      }
      column_variance[c] = variance;
    }
  });
  if (control.stopped()) return model;
  const double largest = *std::max_element(column_variance.begin(), column_variance.end());
  const double added = largest > 0 ? smoothing * largest : kConstantVariance;
  for (double& variance : model.variance) variance = std::max(variance + added, 1e-200);
  model.finish();
  control.progress(1, 1);
  return model;
}

LinearModel fit_multinomial_bayes(std::span<const float> data, size_t column_count,
                                  const std::vector<double>& target, const std::vector<double>& weights,
                                  uint32_t class_count, double alpha, bool fit_prior, TaskControl& control) {
  std::vector<double> counts(class_count * column_count, 0.0);
  by_columns(column_count, control, [&](size_t begin, size_t end) {
    for (size_t i = 0; i < target.size(); ++i) {
      if (i % kCheckRows == 0 && control.stopped()) return;
      const double weight = weights.empty() ? 1.0 : weights[i];
      double* into = counts.data() + static_cast<size_t>(target[i]) * column_count;
      for (size_t c = begin; c < end; ++c) into[c] += weight * static_cast<double>(data[i * column_count + c]);
    }
  });
  std::vector<double> intercept = log_priors(class_sums(target, weights, class_count), fit_prior);
  for (uint32_t k = 0; k < class_count; ++k) {
    double* row = counts.data() + static_cast<size_t>(k) * column_count;
    double total = 0;
    for (size_t c = 0; c < column_count; ++c) total += row[c] += alpha;
    for (size_t c = 0; c < column_count; ++c) row[c] = std::log(row[c]) - std::log(total);
  }
  LinearModel model;
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
  if (!control.stopped()) control.progress(1, 1);
  return model;
}

}  // namespace tenon
