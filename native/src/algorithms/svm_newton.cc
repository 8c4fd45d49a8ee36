#include "svm_newton.h"

#include <algorithm>
#include <cmath>

#include "../kernels/table.h"
#include "../runtime/thread_pool.h"
#include "cholesky.h"
#include "gram.h"
#include "linear_model.h"

namespace tenon {
namespace {

// Memory grows by the square of the columns, for each class that is fitted at once, and time by the cube.
constexpr size_t kMostColumns = 2048;

// Rows of one task, whose sums are added up in order.
constexpr size_t kTaskRows = 4096;
constexpr size_t kPackedRows = 64;

// Rounding takes so much of a pivot; what is left of one is at least 1.
constexpr double kDependent = 1e-15;

// Steps in a row after which the gradient was no smaller than ever before: what is left is rounding.
constexpr int kMostIdle = 10;

// A line search ends at such a share of the slope it began with.
constexpr double kFlat = 1e-3;
constexpr int kMostTrials = 40;

// Rows that cost something, and where each would cost nothing.
struct ActiveRows {
  std::vector<uint32_t> row;
  std::vector<double> aim;
};

// Calls of fn(row) for every row, summed up; anything when stopped.
template <typename Fn>
double sum_over_rows(size_t rows, const TaskControl& control, Fn&& fn) {
  std::vector<double> parts(chunk_count(rows, kTaskRows), 0.0);
  ThreadPool::instance().parallel_for(rows, kTaskRows, [&](size_t begin, size_t end) {
    double sum = 0;
    for (size_t i = begin; i < end; ++i) sum += fn(i);
    parts[begin / kTaskRows] = sum;
  }, &control);
  double sum = 0;
  for (const double part : parts) sum += part;
  return sum;
}

class Newton {
 public:
  Newton(const SquaredSvm& problem, const TaskControl& control)
      : problem_(problem),
        control_(control),
        rows_(problem.target.size()),
        width_(problem.columns + 1),
        sums_(width_, width_ + 1),
        block_(width_ + 1, std::min(GramBlock::rows_for(width_ + 1), rows_), true) {}

  // How far z is from costing nothing, with its sign, and `aim`, where that is.
  double miss(size_t i, double z, double& aim) const {
    const double y = problem_.target[i];
    if (problem_.classes) {
      aim = y;
      return y * z < 1 ? z - y : 0;
    }
    aim = z > y ? y + problem_.epsilon : y - problem_.epsilon;
    return std::abs(z - y) > problem_.epsilon ? z - aim : 0;
  }
  double factor(size_t i) const { return 2 * problem_.c * (problem_.weights.empty() ? 1.0 : problem_.weights[i]); }

  ActiveRows active(const std::vector<double>& z) const {
    ActiveRows result;
    double aim = 0;
    for (size_t i = 0; i < rows_; ++i) {
      if (miss(i, z[i], aim) == 0) continue;
      result.row.push_back(static_cast<uint32_t>(i));
      result.aim.push_back(aim);
    }
    return result;
  }

  // The curvature at the active rows, and where it would lead: A w = b is the minimum if they stay the same. Padding
  // between the matrix and its stride holds anything.
  void accumulate(const ActiveRows& active) {
    for (size_t i = 0; i < width_; ++i) std::fill_n(sums_.row(i), width_ + 1, 0.0);
    const size_t columns = problem_.columns;
    const size_t most = std::min(GramBlock::rows_for(width_ + 1), rows_);
    for (size_t begin = 0; begin < active.row.size() && !control_.stopped(); begin += most) {
      const size_t count = std::min(most, active.row.size() - begin);
      ThreadPool::instance().parallel_for(count, kPackedRows, [&](size_t from, size_t to) {
        for (size_t r = from; r < to; ++r) {
          const size_t row = active.row[begin + r];
          const float* const x = problem_.data.data() + row * columns;
          const double by = factor(row);
          block_.fill(r, 0, [&](size_t first, size_t width, double* right, double* left) {
            const size_t features = first < columns ? std::min(width, columns - first) : 0;
            if (features > 0) std::copy_n(x + first, features, right);
            for (size_t j = features; j < width; ++j) {
              right[j] = first + j == columns ? problem_.bias : active.aim[begin + r];
            }
            for (size_t j = 0; j < width; ++j) left[j] = by * right[j];
          });
        }
      });
      block_.add_to(sums_, count, 0, control_);
    }
    for (size_t i = 0; i < width_; ++i) sums_.row(i)[i] += 1;
  }

  // Its length at w; not finite where something overflows.
  double gradient(const std::vector<double>& w) const {
    std::vector<double> slope(width_);
    for (size_t i = 0; i < width_; ++i) slope[i] = -sums_.row(i)[width_];
    for (size_t i = 0; i < width_; ++i) {
      const double* const row = sums_.row(i);
      slope[i] += row[i] * w[i];
      for (size_t j = i + 1; j < width_; ++j) {
        slope[i] += row[j] * w[j];
        slope[j] += row[j] * w[i];
      }
    }
    double largest = 0;
    for (const double each : slope) {
      if (!std::isfinite(each)) return each;
      largest = std::max(largest, std::abs(each));
    }
    if (largest == 0) return 0;
    double square = 0;
    for (const double each : slope) square += each / largest * (each / largest);
    return largest * std::sqrt(square);
  }

  std::vector<double> solve() {
    std::vector<double> w(width_, 0.0);
    solve_cholesky(sums_, kDependent, w, control_);
    return w;
  }

  std::vector<double> scores(const std::vector<double>& w) const {
    std::vector<double> padded(w.begin(), w.end() - 1);
    padded.resize(padded.size() + LinearModel::kWeightsBeyond, 0.0);
    std::vector<double> z(rows_, w.back() * problem_.bias);
    ThreadPool::instance().parallel_for(rows_, kTaskRows, [&](size_t begin, size_t end) {
      for (size_t i = begin; i < end; ++i) {
        const float* const x = problem_.data.data() + i * problem_.columns;
        kernels().f64_row_products(x, padded.data(), problem_.columns, 1, &z[i]);
      }
    }, &control_);
    return z;
  }

  // How far to go from w along `way`, of which the scores change by `change`: the slope along it only ever rises.
  double step(const std::vector<double>& w, const std::vector<double>& way, const std::vector<double>& z,
              const std::vector<double>& change) const {
    double along = 0, square = 0;
    for (size_t i = 0; i < width_; ++i) {
      along += w[i] * way[i];
      square += way[i] * way[i];
    }
    const auto slope = [&](double t) {
      return along + t * square + sum_over_rows(rows_, control_, [&](size_t i) {
               double aim;
               const double missed = miss(i, z[i] + t * change[i], aim);
               return missed == 0 ? 0.0 : factor(i) * missed * change[i];
             });
    };
    const double first = slope(0);
    if (!(first < 0)) return 0;
    double high_slope = slope(1);
    if (!(high_slope > -kFlat * first)) return 1;
    double low = 0, high = 1, low_slope = first;
    for (int trial = 0; trial < kMostTrials && !control_.stopped(); ++trial) {
      // Where a line would meet zero, but not at either end.
      const double share = std::clamp(low_slope / (low_slope - high_slope), 0.05, 0.95);
      const double t = low + share * (high - low);
      const double here = slope(t);
      if (!(std::abs(here) > -kFlat * first)) return t;
      (here < 0 ? low : high) = t;
      (here < 0 ? low_slope : high_slope) = here;
    }
    return low;
  }

  size_t width() const { return width_; }
  size_t rows() const { return rows_; }

 private:
  const SquaredSvm& problem_;
  const TaskControl& control_;
  size_t rows_;
  size_t width_;  // columns and the intercept's
  GramSums sums_;
  GramBlock block_;
};

// The share of the rarer class; 1 for numbers.
double rarer(const SquaredSvm& problem) {
  if (!problem.classes) return 1;
  const auto positive = std::count(problem.target.begin(), problem.target.end(), 1.0);
  const double share = static_cast<double>(positive) / static_cast<double>(problem.target.size());
  // One class alone has nothing that is rarer.
  return share > 0 && share < 1 ? std::min(share, 1 - share) : 1;
}

}  // namespace

bool svm_newton_suits(size_t rows, size_t columns) noexcept { return columns <= kMostColumns && columns <= rows; }

SvmNewtonFit fit_svm_newton(const SquaredSvm& problem, uint32_t max_epochs, double tolerance,
                            const TaskControl& control, const std::function<void(uint32_t epoch)>& report) {
  Newton newton(problem, control);
  SvmNewtonFit fit;
  fit.w.assign(newton.width(), 0.0);
  std::vector<double> z(newton.rows(), 0.0);
  double least = 0, lowest = INFINITY;
  int idle = 0;
  while (fit.epochs < max_epochs) {
    newton.accumulate(newton.active(z));
    if (control.stopped()) return fit;
    const double gradient = newton.gradient(fit.w);
    if (!std::isfinite(gradient)) {
      // As whoever asks will see from coefficients that are none.
      std::fill(fit.w.begin(), fit.w.end(), NAN);
      return fit;
    }
    if (fit.epochs == 0) least = gradient * tolerance * rarer(problem);
    idle = gradient < lowest ? 0 : idle + 1;
    lowest = std::min(lowest, gradient);
    fit.converged = gradient <= least || idle == kMostIdle;
    if (fit.converged) break;
    std::vector<double> way = newton.solve();
    if (control.stopped()) return fit;
    std::vector<double> change = newton.scores(way);
    for (size_t i = 0; i < way.size(); ++i) way[i] -= fit.w[i];
    for (size_t i = 0; i < z.size(); ++i) change[i] -= z[i];
    const double step = newton.step(fit.w, way, z, change);
    // Rounding has turned the way: there is none down.
    if (control.stopped() || step == 0) return fit;
    bool moved = false;
    for (size_t i = 0; i < way.size(); ++i) {
      const double next = fit.w[i] + step * way[i];
      moved |= std::abs(next - fit.w[i]) > 1e-14 * std::abs(next);
      fit.w[i] = next;
    }
    for (size_t i = 0; i < z.size(); ++i) z[i] += step * change[i];
    report(++fit.epochs);
    fit.converged = !moved;
    if (fit.converged) break;
  }
  return fit;
}

}  // namespace tenon
