#include "linear_problem.h"

#include <algorithm>
#include <cmath>

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
// Differences of larger numbers could overflow single precision.
constexpr double kHuge = 1e37;
// Within so many deviations of zero a mean costs sums of products little of their precision.
constexpr double kNearMean = 2;
// Deviations up to here, and down to the inverse, are far from the ends of single precision.
constexpr double kPlain = 1e15;

}  // namespace

LinearProblem::LinearProblem(std::span<const float> data, size_t column_count, const ColumnStatistics& found,
                             const std::vector<double>& target, const std::vector<double>& weights,
                             const LinearOptions& options, const TaskControl& control)
    : data_(data),
      options_(options),
      columns_(column_count),
      rows_(target.size()),
      outputs_(options.class_count > 2 ? options.class_count : 1),
      means_(found.mean),
      centers_(column_count, 0.0),
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
  choose_scales(found, control);
  for (size_t c = 0; c < columns_; ++c) {
    l1_[c] = options_.l1 / (scales_[c] * target_scale_);
    l2_[c] = options_.l2 / (scales_[c] * scales_[c]);
  }
}

// Such that columns get mean zero (with an intercept) and unit variance about it.
void LinearProblem::choose_scales(const ColumnStatistics& found, const TaskControl& control) {
  std::vector<double> variances = found.variance;
  if (!weights_.empty()) weighted_moments(variances, control);
  const size_t length = columns_ + 16;
  factors_.resize(3 * length);
  float* const minus = factors_.data();
  float* const times = minus + length;
  float* const plus = times + length;
  for (size_t c = 0; c < columns_; ++c) {
    huge_ |= std::max(-found.low[c], found.high[c]) > kHuge;
    if (!options_.intercept) variances[c] += means_[c] * means_[c];
    const double scale = std::sqrt(variances[c]);
    // A column that varies by rounding alone says nothing; it stays zero, as its coefficient.
    const bool varies = scale > 1e-7 * std::abs(means_[c]) && 1 / scale < 1e38;
    if (options_.intercept) centers_[c] = means_[c];
    near_ = near_ && std::abs(centers_[c]) <= kNearMean * scale && (!varies || (scale > 1 / kPlain && scale < kPlain));
    minus[c] = static_cast<float>(centers_[c]);
    times[c] = varies ? static_cast<float>(1 / scale) : 0.0f;
    if (times[c] != 0.0f) scales_[c] = 1 / static_cast<double>(times[c]);
    // What the mean lost in rounding.
    plus[c] = times[c] == 0.0f ? 0.0f : static_cast<float>((static_cast<double>(minus[c]) - centers_[c]) / scales_[c]);
  }
  for (float* const each : {minus, times, plus}) {
    for (size_t c = columns_; c < length; ++c) each[c] = each[c - columns_];
  }
}

AffineColumns LinearProblem::factors() const noexcept {
  const size_t length = columns_ + 16;
  return {factors_.data(), factors_.data() + length, factors_.data() + 2 * length, columns_};
}

void LinearProblem::scale(std::span<float> into, const TaskControl& control) {
  const AffineColumns by = factors();
  const std::span<const float> from = data_;
  data_ = into;
  scaled_ = true;
  if (!huge_) {
    affine_columns(from.data(), into.data(), rows_, columns_, by.minus, by.times, by.plus, &control);
    return;
  }
  ThreadPool::instance().parallel_for(rows_, kCheckRows, [&](size_t begin, size_t end) {
    for (size_t i = begin; i < end; ++i) scale_huge(from.data() + i * columns_, into.data() + i * columns_);
  }, &control);
}

void LinearProblem::scale_huge(const float* from, float* to) const noexcept {
  const float* const times = factors().times;
  for (size_t c = 0; c < columns_; ++c) {
    to[c] = times[c] == 0.0f ? 0.0f : static_cast<float>((from[c] - centers_[c]) / scales_[c]);
  }
}

void LinearProblem::read(size_t first, size_t count, float* x) const noexcept {
  if (!huge_) {
    kernels().f32_affine(row(first), x, count * columns_, factors(), 0, false);
    return;
  }
  for (size_t i = 0; i < count; ++i) scale_huge(row(first + i), x + i * columns_);
}

void LinearProblem::gather(const uint32_t* order, const uint32_t* place, size_t count, float* x) const noexcept {
  if (!huge_) {
    kernels().f32_affine_rows(data_.data(), order, place, count, factors(), x);
    return;
  }
  for (size_t i = 0; i < count; ++i) scale_huge(row(order[i]), x + place[i] * columns_);
}

LinearRows LinearProblem::rows_from(size_t first, size_t count) const noexcept {
  return {count, row(first), targets_.empty() ? nullptr : targets_.data() + first,
          labels_.empty() ? nullptr : labels_.data() + first, weights_.empty() ? nullptr : weights_.data() + first};
}

// Means and variances with the rows' weights; sums are taken about the plain means. Partial sums
// over fixed shares of the rows, joined in order.
void LinearProblem::weighted_moments(std::vector<double>& variances, const TaskControl& control) {
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
        const double x = data_[i * columns_ + c] - means_[c];
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
    means_[c] += sum;
    variances[c] = std::max(0.0, square / total - sum * sum);
  }
}

double LinearProblem::loss(const float* parameters, const LinearRows& rows, float* gradient,
                           std::vector<float>& scratch) const {
  const KernelTable& k = kernels();
  const size_t count = rows.count;
  const float* intercepts = parameters + outputs_ * columns_;
  float* intercept_gradient = gradient + outputs_ * columns_;
  scratch.resize(count * outputs_);
  float* z = scratch.data();
  double sum = 0;
  if (outputs_ == 1) {
    k.f32_gemv(rows.x, columns_, parameters, z, count, columns_);
    for (size_t i = 0; i < count; ++i) z[i] += *intercepts;
    if (options_.class_count == 0) {
      for (size_t i = 0; i < count; ++i) {
        z[i] -= rows.target[i];
        const double w = rows.weight == nullptr ? 1.0 : static_cast<double>(rows.weight[i]);
        sum += w * (0.5 * static_cast<double>(z[i]) * static_cast<double>(z[i]));
      }
    } else if (rows.weight == nullptr) {
      sum = k.f32_sigmoid_loss(z, rows.target, z, count);
    } else {
      for (size_t i = 0; i < count; ++i) {
        sum += static_cast<double>(rows.weight[i]) * k.f32_sigmoid_loss(z + i, rows.target + i, z + i, 1);
      }
    }
    for (size_t i = 0; rows.weight != nullptr && i < count; ++i) z[i] *= rows.weight[i];
    k.f32_gemv_transposed(rows.x, columns_, z, gradient, count, columns_);
    for (size_t i = 0; options_.intercept && i < count; ++i) *intercept_gradient += z[i];
    return sum;
  }
  for (size_t i = 0; i < count; ++i) {
    k.f32_gemv(parameters, columns_, rows.x + i * columns_, z + i * outputs_, outputs_, columns_);
    for (size_t o = 0; o < outputs_; ++o) z[i * outputs_ + o] += intercepts[o];
  }
  if (rows.weight == nullptr) {
    sum = k.f32_softmax_loss(z, rows.label, z, count, outputs_);
  } else {
    for (size_t i = 0; i < count; ++i) {
      float* row_z = z + i * outputs_;
      sum += static_cast<double>(rows.weight[i]) * k.f32_softmax_loss(row_z, rows.label + i, row_z, 1, outputs_);
      for (size_t o = 0; o < outputs_; ++o) row_z[o] *= rows.weight[i];
    }
  }
  for (size_t i = 0; i < count; ++i) {
    for (size_t o = 0; o < outputs_; ++o) {
      const float g = z[i * outputs_ + o];
      k.f32_axpy(g, rows.x + i * columns_, gradient + o * columns_, columns_);
      if (options_.intercept) intercept_gradient[o] += g;
    }
  }
  return sum;
}

double LinearProblem::offset_of(size_t column) const noexcept {
  const AffineColumns by = factors();
  const double times = by.times[column];
  return static_cast<double>(by.plus[column]) - static_cast<double>(by.minus[column]) * times;
}

// In single precision, and such that sums over the columns as they are now are those over scaled ones.
std::vector<float> LinearProblem::for_rows(const std::vector<double>& parameters) const {
  std::vector<float> result(parameters.begin(), parameters.end());
  for (size_t o = 0; !scaled_ && o < outputs_; ++o) {
    double intercept = parameters[outputs_ * columns_ + o];
    for (size_t c = 0; c < columns_; ++c) {
      const double w = parameters[o * columns_ + c];
      result[o * columns_ + c] = static_cast<float>(w * static_cast<double>(factors().times[c]));
      intercept += w * offset_of(c);
    }
    result[outputs_ * columns_ + o] = static_cast<float>(intercept);
  }
  return result;
}

bool LinearProblem::evaluate(const std::vector<double>& parameters, double& value, std::vector<double>& gradient,
                             const TaskControl& control) const {
  const size_t size = parameter_count();
  const std::vector<float> rounded = for_rows(parameters);
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
          const LinearRows rows = rows_from(i, std::min(kBatchRows, end - i));
          losses[begin / share] += loss(rounded.data(), rows, part.data(), scratch);
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
  for (size_t o = 0; !scaled_ && o < outputs_; ++o) {
    for (size_t c = 0; c < columns_; ++c) {
      double& slope = gradient[o * columns_ + c];
      slope = slope * factors().times[c] + gradient[outputs_ * columns_ + o] * offset_of(c);
    }
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
      intercept -= w * centers_[c];
    }
    result.intercept[o] = options_.intercept ? intercept : 0.0;
  }
  return result;
}

}  // namespace tenon
