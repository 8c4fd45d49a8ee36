#include <algorithm>
#include <cmath>

#include "../runtime/thread_pool.h"
#include "linear_problem.h"

namespace tenon {
namespace {

// Columns of the product one task computes while it reads every row once.
constexpr size_t kStrip = 4;

// X'X / n, its upper half, and X'y / n; sums in double.
void normal_equations(const LinearProblem& problem, std::vector<double>& gram, std::vector<double>& right,
                      const TaskControl& control) {
  const size_t columns = problem.columns();
  const double n = static_cast<double>(problem.rows());
  gram.assign(columns * columns, 0.0);
  right.assign(columns, 0.0);
  ThreadPool::instance().parallel_for(
      columns, kStrip,
      [&](size_t begin, size_t end) {
        for (size_t r = 0; r < problem.rows(); ++r) {
          if (r % 4096 == 0 && control.stopped()) return;
          const float* x = problem.row(r);
          const double y = problem.targets()[r];
          const double w = problem.weight(r);
          for (size_t i = begin; i < end; ++i) {
            const double factor = w * x[i];
            double* into = gram.data() + i * columns;
            for (size_t j = i; j < columns; ++j) into[j] += factor * static_cast<double>(x[j]);
            right[i] += factor * y;
          }
        }
        for (size_t i = begin; i < end; ++i) {
          for (size_t j = i; j < columns; ++j) gram[i * columns + j] /= n;
          right[i] /= n;
        }
      },
      &control);
}

// Solves by Cholesky. A column that the ones before it determine (as the last of a one-hot
// group) gets coefficient zero, which predicts as any other solution does.
void solve_cholesky(std::vector<double>& gram, std::vector<double>& solution, size_t n, const TaskControl& control) {
  // What is left of a unit variance, below which it is rounding.
  constexpr double kDependent = 1e-9;
  std::vector<double> diagonal(n);
  for (size_t i = 0; i < n; ++i) diagonal[i] = gram[i * n + i];
  std::vector<uint8_t> dropped(n, 0);
  for (size_t k = 0; k < n && !control.stopped(); ++k) {
    double* pivot_row = gram.data() + k * n;
    const double pivot = pivot_row[k];
    dropped[k] = !(pivot > kDependent * std::max(1.0, diagonal[k]));
    if (dropped[k]) continue;
    const double root = std::sqrt(pivot);
    for (size_t j = k; j < n; ++j) pivot_row[j] /= root;
    for (size_t i = k + 1; i < n; ++i) {
      const double factor = pivot_row[i];
      double* row = gram.data() + i * n;
      for (size_t j = i; j < n; ++j) row[j] -= factor * pivot_row[j];
    }
  }
  for (size_t i = 0; i < n; ++i) {
    if (dropped[i]) {
      solution[i] = 0;
      continue;
    }
    for (size_t k = 0; k < i; ++k) {
      if (!dropped[k]) solution[i] -= gram[k * n + i] * solution[k];
    }
    solution[i] /= gram[i * n + i];
  }
  for (size_t i = n; i-- > 0;) {
    if (dropped[i]) continue;
    for (size_t j = i + 1; j < n; ++j) {
      if (!dropped[j]) solution[i] -= gram[i * n + j] * solution[j];
    }
    solution[i] /= gram[i * n + i];
  }
}

// How far from the optimum w can be: the objective less that of a feasible point of the dual
// problem, the residual shrunk until no column pulls harder than its L1 allows. L2 counts as
// rows added below X.
double duality_gap(const LinearProblem& problem, const std::vector<double>& right, const std::vector<double>& residual,
                   const std::vector<double>& w, double target_square) {
  double explained = 0, remaining = 0, l2 = 0, l1 = 0, scale = 1;
  for (size_t i = 0; i < w.size(); ++i) {
    explained += w[i] * right[i];
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
void solve_coordinates(const LinearProblem& problem, const std::vector<double>& gram, const std::vector<double>& right,
                       std::vector<double>& w, LinearFit& fit, TaskControl& control) {
  const size_t n = problem.columns();
  const LinearOptions& options = problem.options();
  std::vector<double> residual = right;  // X'(y - Xw) / n
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
      const double variance = gram[i * n + i];
      if (variance <= 0) continue;
      const double pull = residual[i] + variance * w[i];
      const double shrunk = std::max(std::abs(pull) - problem.l1_of(i), 0.0);
      const double next = std::copysign(shrunk, pull) / (variance + problem.l2_of(i));
      const double step = next - w[i];
      if (step != 0) {
        for (size_t j = 0; j < i; ++j) residual[j] -= step * gram[j * n + i];
        for (size_t j = i; j < n; ++j) residual[j] -= step * gram[i * n + j];
        w[i] = next;
      }
      change = std::max(change, std::abs(step));
      largest = std::max(largest, std::abs(next));
    }
    control.progress(fit.epochs + 1, options.max_epochs);
    // The gap costs as much as a sweep: it is looked at once coefficients hardly move.
    if (change > options.tolerance * largest) continue;
    if (change == 0 || duality_gap(problem, right, residual, w, target_square) <= options.tolerance * target_square) {
      ++fit.epochs;
      fit.converged = true;
      return;
    }
  }
}

}  // namespace

void solve_exactly(const LinearProblem& problem, std::vector<double>& parameters, LinearFit& fit,
                   TaskControl& control) {
  std::vector<double> gram;
  std::vector<double> right;
  normal_equations(problem, gram, right, control);
  if (control.stopped()) return;
  const size_t n = problem.columns();
  if (problem.options().l1 > 0) {
    std::vector<double> w(n, 0.0);
    solve_coordinates(problem, gram, right, w, fit, control);
    std::copy(w.begin(), w.end(), parameters.begin());
    return;
  }
  for (size_t i = 0; i < n; ++i) gram[i * n + i] += problem.l2_of(i);
  solve_cholesky(gram, right, n, control);
  std::copy(right.begin(), right.end(), parameters.begin());
  fit.epochs = 1;
  fit.converged = true;
}

}  // namespace tenon
