#include <algorithm>
#include <cmath>

#include "../runtime/thread_pool.h"
#include "cholesky.h"
#include "gram.h"
#include "linear_problem.h"

namespace tenon {
namespace {

// Rows that one task puts in order.
constexpr size_t kTaskRows = 64;

// What is left of a unit variance, below which it is rounding.
constexpr double kDependent = 1e-9;

// [X'X X'y] / n; sums in double. The last column is X'y / n.
GramSums normal_equations(const LinearProblem& problem, const TaskControl& control) {
  const size_t columns = problem.columns();
  GramSums sums(columns, columns + 1);
  const size_t most = std::min(GramBlock::rows_for(columns + 1), problem.rows());
  GramBlock block(columns + 1, most, !problem.weights().empty());
  for (size_t begin = 0; begin < problem.rows() && !control.stopped(); begin += most) {
    const size_t count = std::min(most, problem.rows() - begin);
    ThreadPool::instance().parallel_for(count, kTaskRows, [&](size_t from, size_t to) {
      std::vector<float> scaled((to - from) * columns);
      problem.read(begin + from, to - from, scaled.data());
      for (size_t r = from; r < to; ++r) {
        const float* const x = scaled.data() + (r - from) * columns;
        const double y = problem.targets()[begin + r];
        const double weight = problem.weight(begin + r);
        block.fill(r, 0, [&](size_t first, size_t width, double* right, double* left) {
          const size_t features = std::min(width, columns - first);
          std::copy_n(x + first, features, right);
          if (features < width) right[features] = y;
          for (size_t j = 0; left != nullptr && j < features; ++j) left[j] = weight * right[j];
        });
      }
    });
    block.add_to(sums, count, 0, control);
  }
  const double n = static_cast<double>(problem.rows());
  ThreadPool::instance().parallel_for(columns, kTaskRows, [&](size_t from, size_t to) {
    for (size_t i = from; i < to; ++i) {
      for (size_t j = i; j <= columns; ++j) sums.row(i)[j] /= n;
    }
  }, &control);
  return sums;
}

// How far from the optimum w can be: the objective less that of a feasible point of the dual
// problem, the residual shrunk until no column pulls harder than its L1 allows. L2 counts as
// rows added below X.
double duality_gap(const LinearProblem& problem, const GramSums& sums, const std::vector<double>& residual,
                   const std::vector<double>& w, double target_square) {
  double explained = 0, remaining = 0, l2 = 0, l1 = 0, scale = 1;
  for (size_t i = 0; i < w.size(); ++i) {
    explained += w[i] * sums.row(i)[w.size()];
    remaining += w[i] * residual[i];
    l2 += problem.l2_of(i) * w[i] * w[i];
    l1 += problem.l1_of(i) * std::abs(w[i]);
    const double pull = std::abs(residual[i] - problem.l2_of(i) * w[i]);
    if (pull > problem.l1_of(i)) scale = std::min(scale, problem.l1_of(i) / pull);
  }
  const double squares = std::max(0.0, target_square - explained - remaining) + l2;
  const double dual = scale * (target_square - explained) - 0.5 * scale * scale * squares;
  return 0.5 * squares + l1 - dual;
}

// L1, with L2 or without, by coordinate descent on the normal equations (Friedman, Hastie and
// Tibshirani, 2010): each coefficient in turn to its optimum, until the duality gap is at most
// the tolerance's share of the target's square.
void solve_coordinates(const LinearProblem& problem, const GramSums& sums, std::vector<double>& w, LinearFit& fit,
                       TaskControl& control) {
  const size_t n = problem.columns();
  const LinearOptions& options = problem.options();
  std::vector<double> residual(n);  // X'(y - Xw) / n
  for (size_t i = 0; i < n; ++i) residual[i] = sums.row(i)[n];
  double target_square = 0;
  for (size_t r = 0; r < problem.rows(); ++r) {
    const double y = problem.targets()[r];
    target_square += problem.weight(r) * (y * y) / static_cast<double>(problem.rows());
  }
  for (fit.epochs = 0; fit.epochs < options.max_epochs; ++fit.epochs) {
    double largest = 0;
    double change = 0;
    for (size_t i = 0; i < n; ++i) {
      if (i % 64 == 0 && control.stopped()) return;
      const double variance = sums.row(i)[i];
      if (variance <= 0) continue;
      const double pull = residual[i] + variance * w[i];
      const double shrunk = std::max(std::abs(pull) - problem.l1_of(i), 0.0);
      const double next = std::copysign(shrunk, pull) / (variance + problem.l2_of(i));
      const double step = next - w[i];
      if (step != 0) {
        for (size_t j = 0; j < i; ++j) residual[j] -= step * sums.row(j)[i];
        for (size_t j = i; j < n; ++j) residual[j] -= step * sums.row(i)[j];
        w[i] = next;
      }
      change = std::max(change, std::abs(step));
      largest = std::max(largest, std::abs(next));
    }
    control.progress(fit.epochs + 1, options.max_epochs);
    // The gap costs as much as a sweep: it is looked at once coefficients hardly move.
    if (change > options.tolerance * largest) continue;
    if (change == 0 || duality_gap(problem, sums, residual, w, target_square) <= options.tolerance * target_square) {
      ++fit.epochs;
      fit.converged = true;
      return;
    }
  }
}

}  // namespace

void solve_exactly(const LinearProblem& problem, std::vector<double>& parameters, LinearFit& fit,
                   TaskControl& control) {
  GramSums sums = normal_equations(problem, control);
  if (control.stopped()) return;
  const size_t n = problem.columns();
  std::vector<double> w(n, 0.0);
  if (problem.options().l1 > 0) {
    solve_coordinates(problem, sums, w, fit, control);
  } else {
    for (size_t i = 0; i < n; ++i) sums.row(i)[i] += problem.l2_of(i);
    solve_cholesky(sums, kDependent, w, control);
    fit.epochs = 1;
    fit.converged = true;
  }
  std::copy(w.begin(), w.end(), parameters.begin());
}

}  // namespace tenon
