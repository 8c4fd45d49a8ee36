#include "linear_problem.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>

#include "../kernels/table.h"
#include "../operations/columns.h"
#include "../runtime/thread_pool.h"

namespace tenon {
namespace {

// Rows whose gradient is summed in floats before it goes to doubles.
constexpr size_t kBatchRows = 256;
// Partial gradients of a full pass, each over a fixed share of the rows.
constexpr size_t kPartials = 64;
// Rows between two looks at whether to stop.
constexpr size_t kCheckRows = 4096;
// Rows fetched before they are needed, and how much of each: the processor fetches the rest itself.
constexpr size_t kRowsAhead = 16;
constexpr size_t kFloatsAhead = 256;
// Differences of larger numbers could overflow single precision.
constexpr double kHuge = 1e37;

}  // namespace

LinearProblem::LinearProblem(std::vector<float>& data, size_t column_count, const std::vector<double>& target,
                             const std::vector<double>& weights, const LinearOptions& options, const TaskControl& control)
    : data_(data),
      options_(options),
      columns_(column_count),
      rows_(target.size()),
      outputs_(options.class_count > 2 ? options.class_count : 1),
      means_(column_count, 0.0),
      scales_(column_count, 1.0),
      l1_(column_count, 0.0),
      l2_(column_count, 0.0) {
  const double n = static_cast<double>(rows_);
  if (!weights.empty()) {
    double mean = 0;
    for (const double w : weights) mean += w / n;
    weights_.resize(rows_);
    for (size_t i = 0; i < rows_; ++i) weights_[i] = static_cast<float>(weights[i] / mean);
  }
  if (options.class_count == 0) {
    if (options.intercept) {
      for (size_t i = 0; i < rows_; ++i) target_mean_ += weight(i) * target[i] / n;
    }
    double squares = 0;
    for (size_t i = 0; i < rows_; ++i) {
      squares += weight(i) * ((target[i] - target_mean_) * (target[i] - target_mean_));
    }
    target_scale_ = squares > 0 ? std::sqrt(squares / n) : 1.0;
    targets_.resize(rows_);
    for (size_t i = 0; i < rows_; ++i) targets_[i] = static_cast<float>((target[i] - target_mean_) / target_scale_);
  } else if (options.class_count == 2) {
    targets_.assign(target.begin(), target.end());
  } else {
    labels_.assign(target.begin(), target.end());
  }
  scale_columns(control);
  for (size_t c = 0; c < columns_; ++c) {
    l1_[c] = options_.l1 / (scales_[c] * target_scale_);
    l2_[c] = options_.l2 / (scales_[c] * scales_[c]);
  }
}

// The data with columns of mean zero (with an intercept) and unit variance about it. When
// stopped, half-scaled columns do no harm: nobody looks at them.
void LinearProblem::scale_columns(const TaskControl& control) {
  const ColumnStatistics found = column_statistics(data_.data(), rows_, columns_, &control);
  if (control.stopped()) return;
  const double n = static_cast<double>(rows_);
  bool huge = false;
  for (size_t c = 0; c < columns_; ++c) {
    if (found.count[c] != n || !std::isfinite(found.low[c]) || !std::isfinite(found.high[c])) {
      throw std::invalid_argument("data column " + std::to_string(c) + " must be finite");
    }
    huge |= std::max(-found.low[c], found.high[c]) > kHuge;
  }
  std::vector<double> means = found.mean;
  std::vector<double> variances = found.variance;
  if (!weights_.empty()) weighted_moments(means, variances, control);
  std::vector<float> minus(columns_), times(columns_), plus(columns_);
  for (size_t c = 0; c < columns_; ++c) {
    if (!options_.intercept) variances[c] += means[c] * means[c];
    const double scale = std::sqrt(variances[c]);
    // A column that varies by rounding alone says nothing; it stays zero, as its coefficient.
    const bool varies = scale > 1e-7 * std::abs(means[c]) && 1 / scale < 1e38;
    if (options_.intercept) means_[c] = means[c];
    minus[c] = static_cast<float>(means_[c]);
    times[c] = varies ? static_cast<float>(1 / scale) : 0.0f;
    if (times[c] != 0.0f) scales_[c] = 1 / static_cast<double>(times[c]);
    // What the mean lost in rounding.
    plus[c] = times[c] == 0.0f ? 0.0f : static_cast<float>((static_cast<double>(minus[c]) - means_[c]) / scales_[c]);
  }
  if (!huge) {
    affine_columns(data_.data(), data_.data(), rows_, columns_, minus.data(), times.data(), plus.data(), &control);
    return;
  }
  ThreadPool::instance().parallel_for(rows_, kCheckRows, [&](size_t begin, size_t end) {
    for (size_t i = begin; i < end; ++i) {
      for (size_t c = 0; c < columns_; ++c) {
        float& x = data_[i * columns_ + c];
        x = times[c] == 0.0f ? 0.0f : static_cast<float>((x - means_[c]) / scales_[c]);
      }
    }
  }, &control);
}

// Means and variances with the rows' weights; `means` holds the plain ones, about which sums are
// taken. Partial sums over fixed shares of the rows, joined in order.
void LinearProblem::weighted_moments(std::vector<double>& means, std::vector<double>& variances,
                                     const TaskControl& control) const {
  const size_t share = (rows_ + kPartials - 1) / kPartials;
  const size_t shares = chunk_count(rows_, share);
  std::vector<double> sums(shares * columns_ * 2, 0.0);
  std::vector<double> totals(shares, 0.0);
  ThreadPool::instance().parallel_for(rows_, share, [&](size_t begin, size_t end) {
    double* sum = sums.data() + begin / share * columns_ * 2;
    for (size_t i = begin; i < end; ++i) {
      if (i % kCheckRows == 0 && control.stopped()) return;
      const double w = weight(i);
      totals[begin / share] += w;
      for (size_t c = 0; c < columns_; ++c) {
        const double x = data_[i * columns_ + c] - means[c];
        sum[c] += w * x;
        sum[columns_ + c] += w * (x * x);
      }
    }
  }, &control);
  double total = 0;
  for (const double t : totals) total += t;
  for (size_t c = 0; c < columns_; ++c) {
    double sum = 0, square = 0;
    for (size_t s = 0; s < shares; ++s) {
      sum += sums[s * columns_ * 2 + c];
      square += sums[(s * 2 + 1) * columns_ + c];
    }
    sum /= total;
    means[c] += sum;
    variances[c] = std::max(0.0, square / total - sum * sum);
  }
}

double LinearProblem::batch(const float* parameters, const uint32_t* order, size_t first, size_t count,
                            float* gradient, std::vector<float>& scratch) const {
  const KernelTable& k = kernels();
  const float* intercepts = parameters + outputs_ * columns_;
  scratch.resize(2 * count * outputs_);
  float* z = scratch.data();
  float* wanted = z + count * outputs_;
  const auto index = [&](size_t i) { return order ? order[first + i] : first + i; };
  if (outputs_ == 1 && order == nullptr) {
    k.f32_gemv(row(first), columns_, parameters, z, count, columns_);
  } else {
    for (size_t i = 0; i < count; ++i) {
      // Rows in random order are what the processor cannot foresee; the next batch's come too.
      if (order != nullptr && first + i + kRowsAhead < rows_) {
        const float* const next = row(order[first + i + kRowsAhead]);
        for (size_t c = 0; c < std::min(columns_, kFloatsAhead); c += 16) __builtin_prefetch(next + c);
      }
      k.f32_gemv(parameters, columns_, row(index(i)), z + i * outputs_, outputs_, columns_);
    }
  }
  for (size_t i = 0; i < count; ++i) {
    for (size_t o = 0; o < outputs_; ++o) z[i * outputs_ + o] += intercepts[o];
  }
  double loss = 0;
  if (outputs_ == 1) {
    for (size_t i = 0; i < count; ++i) wanted[i] = targets_[index(i)];
    if (options_.class_count == 0) {
      for (size_t i = 0; i < count; ++i) {
        z[i] -= wanted[i];
        loss += weight(index(i)) * (0.5 * static_cast<double>(z[i]) * static_cast<double>(z[i]));
      }
    } else if (weights_.empty()) {
      loss = k.f32_sigmoid_loss(z, wanted, z, count);
    } else {
      for (size_t i = 0; i < count; ++i) loss += weight(index(i)) * k.f32_sigmoid_loss(z + i, wanted + i, z + i, 1);
    }
  } else {
    static_assert(sizeof(float) == sizeof(uint32_t));
    std::vector<uint32_t> labels(count);
    for (size_t i = 0; i < count; ++i) labels[i] = labels_[index(i)];
    if (weights_.empty()) {
      loss = k.f32_softmax_loss(z, labels.data(), z, count, outputs_);
    } else {
      for (size_t i = 0; i < count; ++i) {
        float* row_z = z + i * outputs_;
        loss += weight(index(i)) * k.f32_softmax_loss(row_z, labels.data() + i, row_z, 1, outputs_);
      }
    }
  }
  if (!weights_.empty()) {
    for (size_t i = 0; i < count; ++i) {
      for (size_t o = 0; o < outputs_; ++o) z[i * outputs_ + o] *= weights_[index(i)];
    }
  }
  float* intercept_gradient = gradient + outputs_ * columns_;
  if (outputs_ == 1 && order == nullptr) {
    k.f32_gemv_transposed(row(first), columns_, z, gradient, count, columns_);
    for (size_t i = 0; options_.intercept && i < count; ++i) *intercept_gradient += z[i];
    return loss;
  }
  for (size_t i = 0; i < count; ++i) {
    const float* x = row(index(i));
    for (size_t o = 0; o < outputs_; ++o) {
      const float g = z[i * outputs_ + o];
      k.f32_axpy(g, x, gradient + o * columns_, columns_);
      if (options_.intercept) intercept_gradient[o] += g;
    }
  }
  return loss;
}

bool LinearProblem::evaluate(const std::vector<double>& parameters, double& value, std::vector<double>& gradient,
                             const TaskControl& control) const {
  const size_t size = parameter_count();
  const std::vector<float> rounded(parameters.begin(), parameters.end());
  size_t share = (rows_ + kPartials - 1) / kPartials;
  share = (share + kBatchRows - 1) / kBatchRows * kBatchRows;
  const size_t shares = chunk_count(rows_, share);
  std::vector<double> losses(shares, 0.0);
  std::vector<std::vector<double>> partials(shares);
  const bool complete = ThreadPool::instance().parallel_for(
      rows_, share,
      [&](size_t begin, size_t end) {
        std::vector<double>& sum = partials[begin / share];
        sum.assign(size, 0.0);
        std::vector<float> part(size);
        std::vector<float> scratch;
        for (size_t i = begin; i < end && !control.stopped(); i += kBatchRows) {
          std::fill(part.begin(), part.end(), 0.0f);
          losses[begin / share] +=
              batch(rounded.data(), nullptr, i, std::min(kBatchRows, end - i), part.data(), scratch);
          for (size_t p = 0; p < size; ++p) sum[p] += part[p];
        }
      },
      &control);
  if (!complete || control.stopped()) return false;
  const double n = static_cast<double>(rows_);
  value = 0;
  gradient.assign(size, 0.0);
  for (size_t s = 0; s < shares; ++s) {
    value += losses[s] / n;
    for (size_t p = 0; p < size; ++p) gradient[p] += partials[s][p] / n;
  }
  if (options_.l2 > 0) {
    for (size_t o = 0; o < outputs_; ++o) {
      for (size_t c = 0; c < columns_; ++c) {
        const double w = parameters[o * columns_ + c];
        value += 0.5 * l2_[c] * w * w;
        gradient[o * columns_ + c] += l2_[c] * w;
      }
    }
  }
  return true;
}

double LinearProblem::mean_loss(const float* parameters, const uint32_t* order, size_t count,
                                std::vector<float>& scratch) const {
  std::vector<float> unused(parameter_count());
  double loss = 0;
  double total = 0;
  for (size_t i = 0; i < count; i += kBatchRows) {
    loss += batch(parameters, order, i, std::min(kBatchRows, count - i), unused.data(), scratch);
  }
  for (size_t i = 0; i < count; ++i) total += weight(order[i]);
  return loss / total;
}

LinearModel LinearProblem::model(const std::vector<double>& parameters) const {
  LinearModel result;
  result.feature_count = static_cast<uint32_t>(columns_);
  result.class_count = options_.class_count;
  result.output_count = static_cast<uint32_t>(outputs_);
  result.weights.resize(outputs_ * columns_);
  result.intercept.resize(outputs_);
  for (size_t o = 0; o < outputs_; ++o) {
    double intercept = parameters[outputs_ * columns_ + o] * target_scale_ + target_mean_;
    for (size_t c = 0; c < columns_; ++c) {
      const double w = parameters[o * columns_ + c] * target_scale_ / scales_[c];
      result.weights[o * columns_ + c] = w;
      intercept -= w * means_[c];
    }
    result.intercept[o] = options_.intercept ? intercept : 0.0;
  }
  return result;
}

}  // namespace tenon
