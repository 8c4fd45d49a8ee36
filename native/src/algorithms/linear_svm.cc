#include "linear_svm.h"

#include <algorithm>
#include <cmath>
#include <mutex>
#include <numeric>

#include "../kernels/table.h"
#include "../operations/rounded_up.h"
#include "../runtime/thread_pool.h"
#include "platt.h"
#include "random.h"
#include "svm_newton.h"

namespace tenon {
namespace {

// Coordinates between two looks at whether to stop, for a hundred thousand columns at most.
constexpr size_t kCheckRows = 256;

// Numbers summed up between two such looks.
constexpr size_t kSummedNumbers = size_t{1} << 20;

// From so many numbers on Newton's method keeps all threads busy with one class; below, each takes another one.
constexpr size_t kManyNumbers = size_t{1} << 20;

// The rows as both problems see them, with the intercept as one more column.
struct SvmRows {
  std::span<const float> data;
  size_t columns;
  double bias;
  std::vector<double> squares;  // of each row's length; empty until measure()

  SvmRows(std::span<const float> values, size_t column_count, double intercept)
      : data(values), columns(column_count), bias(intercept) {}

  void measure() {
    squares.resize(count());
    for (size_t i = 0; i < squares.size(); ++i) {
      double sum = bias * bias;
      for (size_t c = 0; c < columns; ++c) sum += static_cast<double>(row(i)[c]) * row(i)[c];
      squares[i] = sum;
    }
  }
  size_t count() const noexcept { return data.size() / columns; }
  const float* row(size_t i) const noexcept { return data.data() + i * columns; }

  double dot(const double* w, size_t i) const noexcept {
    const float* x = row(i);
    double s0 = 0, s1 = 0, s2 = 0, s3 = 0;
    size_t c = 0;
    for (; c + 4 <= columns; c += 4) {
      s0 += w[c] * static_cast<double>(x[c]);
      s1 += w[c + 1] * static_cast<double>(x[c + 1]);
      s2 += w[c + 2] * static_cast<double>(x[c + 2]);
      s3 += w[c + 3] * static_cast<double>(x[c + 3]);
    }
    for (; c < columns; ++c) s0 += w[c] * static_cast<double>(x[c]);
    return (s0 + s1) + (s2 + s3) + w[columns] * bias;
  }

  void add(double factor, size_t i, double* w) const noexcept {
    const float* x = row(i);
    for (size_t c = 0; c < columns; ++c) w[c] += factor * static_cast<double>(x[c]);
    w[columns] += factor * bias;
  }
};

// What a row's multiplier may be, and what the squared loss adds to its curvature.
struct Bounds {
  double most;
  double extra;
};

Bounds bounds_of(const LinearSvmOptions& options, double weight) {
  const double c = options.c * weight;
  return options.squared ? Bounds{INFINITY, 0.5 / c} : Bounds{c, 0.0};
}

void shuffle(std::vector<uint32_t>& order, size_t count, Random& random) {
  for (size_t i = count; i > 1; --i) std::swap(order[i - 1], order[random.below(static_cast<uint32_t>(i))]);
}

// One class against the rest: y is +1 for rows in `positive`. Returns the epochs taken.
template <typename Report>
uint32_t solve_classes(const SvmRows& rows, const std::vector<uint8_t>& positive, const std::vector<double>& weights,
                       const LinearSvmOptions& options, uint64_t stream, double* w, bool& converged,
                       const TaskControl& control, const Report& report) {
  std::vector<double> alpha(rows.count(), 0.0);
  std::vector<uint32_t> order(rows.count());
  std::iota(order.begin(), order.end(), 0u);
  Random random(options.seed, stream);
  size_t active = rows.count();
  // Multipliers at a bound whose gradient is beyond the last epoch's extremes are set aside.
  double highest_before = INFINITY;
  double lowest_before = -INFINITY;
  for (uint32_t epoch = 0; epoch < options.max_epochs; ++epoch) {
    shuffle(order, active, random);
    double highest = -INFINITY;
    double lowest = INFINITY;
    for (size_t at = 0; at < active; ++at) {
      if (at % kCheckRows == 0 && control.stopped()) return epoch;
      const uint32_t i = order[at];
      const double y = positive[i] ? 1.0 : -1.0;
      const Bounds bounds = bounds_of(options, weights.empty() ? 1.0 : weights[i]);
      const double gradient = y * rows.dot(w, i) - 1 + bounds.extra * alpha[i];
      double pull = gradient;
      if (alpha[i] == 0) {
        if (gradient > highest_before) {
          std::swap(order[at--], order[--active]);
          continue;
        }
        pull = std::min(gradient, 0.0);
      } else if (alpha[i] == bounds.most) {
        if (gradient < lowest_before) {
          std::swap(order[at--], order[--active]);
          continue;
        }
        pull = std::max(gradient, 0.0);
      }
      highest = std::max(highest, pull);
      lowest = std::min(lowest, pull);
      if (std::abs(pull) <= 1e-12) continue;
      const double curvature = rows.squares[i] + bounds.extra;
      if (!(curvature > 0)) continue;
      const double next = std::clamp(alpha[i] - gradient / curvature, 0.0, bounds.most);
      rows.add((next - alpha[i]) * y, i, w);
      alpha[i] = next;
    }
    report(epoch + 1);
    if (!(highest - lowest > options.tolerance)) {
      if (active == rows.count()) {
        converged = true;
        return epoch + 1;
      }
      active = rows.count();
      highest_before = INFINITY;
      lowest_before = -INFINITY;
      continue;
    }
    highest_before = highest > 0 ? highest : INFINITY;
    lowest_before = lowest < 0 ? lowest : -INFINITY;
  }
  return options.max_epochs;
}

template <typename Report>
uint32_t solve_numbers(const SvmRows& rows, const std::vector<double>& target, const std::vector<double>& weights,
                       const LinearSvmOptions& options, double* w, bool& converged, const TaskControl& control,
                       const Report& report) {
  std::vector<double> beta(rows.count(), 0.0);
  std::vector<uint32_t> order(rows.count());
  std::iota(order.begin(), order.end(), 0u);
  Random random(options.seed, 0);
  double first = -1;
  for (uint32_t epoch = 0; epoch < options.max_epochs; ++epoch) {
    shuffle(order, rows.count(), random);
    double violation = 0;
    for (size_t at = 0; at < order.size(); ++at) {
      if (at % kCheckRows == 0 && control.stopped()) return epoch;
      const uint32_t i = order[at];
      const Bounds bounds = bounds_of(options, weights.empty() ? 1.0 : weights[i]);
      const double curvature = rows.squares[i] + bounds.extra;
      const double gradient = rows.dot(w, i) - target[i] + bounds.extra * beta[i];
      const double up = gradient + options.epsilon;    // of a growing positive part
      const double down = gradient - options.epsilon;  // of a growing negative part
      if (beta[i] == 0) violation += std::max({0.0, -up, down});
      else if (beta[i] >= bounds.most) violation += std::max(0.0, up);
      else if (beta[i] <= -bounds.most) violation += std::max(0.0, -down);
      else violation += std::abs(beta[i] > 0 ? up : down);
      if (!(curvature > 0)) continue;
      double step = -beta[i];
      if (up < curvature * beta[i]) step = -up / curvature;
      else if (down > curvature * beta[i]) step = -down / curvature;
      if (std::abs(step) < 1e-12) continue;
      const double next = std::clamp(beta[i] + step, -bounds.most, bounds.most);
      rows.add(next - beta[i], i, w);
      beta[i] = next;
    }
    report(epoch + 1);
    if (first < 0) first = violation;
    if (!(violation > options.tolerance * first)) {
      converged = true;
      return epoch + 1;
    }
  }
  return options.max_epochs;
}

// Meaningless when stopped.
std::vector<double> weighted_means(std::span<const float> data, size_t columns, const std::vector<double>& weights,
                                   const TaskControl& control) {
  const size_t rows = data.size() / columns;
  const size_t step = std::max<size_t>(1, kSummedNumbers / columns);
  const std::vector<uint32_t> labels(std::min(step, rows), 0);
  std::vector<double> sums(rounded_up(columns, 16), 0.0);
  for (size_t i = 0; i < rows && !control.stopped(); i += step) {
    kernels().f64_add_rows(data.data() + i * columns, std::min(step, rows - i), columns, labels.data(),
                           weights.empty() ? nullptr : weights.data() + i, sums.data());
  }
  sums.resize(columns);
  double total = static_cast<double>(rows);
  if (!weights.empty()) total = std::accumulate(weights.begin(), weights.end(), 0.0);
  for (double& sum : sums) sum /= total;
  return sums;
}

}  // namespace

LinearFit fit_linear_svm(std::span<const float> data, size_t column_count, const std::vector<double>& target,
                         const std::vector<double>& weights, const LinearSvmOptions& options, TaskControl& control) {
  SvmRows rows(data, column_count, options.intercept_scaling);
  const bool newton = options.squared && svm_newton_suits(rows.count(), column_count);
  if (!newton) rows.measure();
  const uint32_t outputs = options.class_count > 2 ? options.class_count : 1;
  LinearFit fit;
  LinearModel& model = fit.model;
  model.feature_count = static_cast<uint32_t>(column_count);
  model.class_count = options.class_count;
  model.output_count = outputs;
  model.one_vs_rest = outputs > 1;
  model.weights.assign(outputs * column_count, 0.0);
  model.intercept.assign(outputs, 0.0);
  const uint64_t total = static_cast<uint64_t>(outputs) * options.max_epochs;
  std::mutex mutex;
  uint64_t ended = 0;
  uint64_t furthest = 0;
  fit.converged = true;
  const auto solve = [&](size_t output, size_t) {
    std::vector<double> w(column_count + 1, 0.0);
    bool converged = false;
    uint32_t epochs;
    const auto report = [&](uint32_t epoch) {
      const std::lock_guard lock(mutex);
      furthest = std::max(furthest, std::min(ended + epoch, total - 1));
      control.progress(furthest, total);
    };
    PlattScale scale;
    const bool classes = options.class_count > 0;
    const double label = outputs == 1 ? 1.0 : static_cast<double>(output);
    std::vector<uint8_t> positive(classes ? rows.count() : 0);
    for (size_t i = 0; i < positive.size(); ++i) positive[i] = target[i] == label;
    if (newton) {
      std::vector<double> signs(positive.size());
      for (size_t i = 0; i < signs.size(); ++i) signs[i] = positive[i] ? 1 : -1;
      const std::vector<double>& aims = classes ? signs : target;
      const SquaredSvm problem{data, column_count, rows.bias, aims, classes, options.epsilon, weights, options.c};
      SvmNewtonFit found = fit_svm_newton(problem, options.max_epochs, options.tolerance, control, report);
      w = std::move(found.w);
      epochs = found.epochs;
      converged = found.converged;
    } else if (classes) {
      epochs = solve_classes(rows, positive, weights, options, output, w.data(), converged, control, report);
    } else {
      epochs = solve_numbers(rows, target, weights, options, w.data(), converged, control, report);
    }
    if (control.stopped()) return;
    if (classes) {
      std::vector<double> margins(rows.count());
      for (size_t i = 0; i < margins.size(); ++i) margins[i] = rows.dot(w.data(), i);
      scale = fit_platt(margins, positive, weights, control);
    }
    for (size_t c = 0; c < column_count; ++c) model.weights[output * column_count + c] = scale.slope * w[c];
    model.intercept[output] = scale.slope * (w[column_count] * rows.bias) + scale.offset;
    const std::lock_guard lock(mutex);
    ended += options.max_epochs;
    fit.epochs = std::max(fit.epochs, epochs);
    fit.converged &= converged;
  };
  if (outputs == 1 || (newton && data.size() >= kManyNumbers)) {
    for (uint32_t output = 0; output < outputs && !control.stopped(); ++output) solve(output, 0);
  } else {
    ThreadPool::instance().parallel_for(outputs, 1, solve, &control);
  }
  if (control.stopped()) return fit;
  fit.means = weighted_means(data, column_count, weights, control);
  if (control.stopped()) return fit;
  for (const double mean : fit.means) fit.diverged |= !std::isfinite(mean);
  for (const double w : model.weights) fit.diverged |= !std::isfinite(w);
  for (const double w : model.intercept) fit.diverged |= !std::isfinite(w);
  if (!fit.diverged) control.progress(total, total);
  return fit;
}

}  // namespace tenon
