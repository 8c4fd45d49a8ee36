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

// L1 by coordinate descent on the normal equations: each coefficient in turn to its optimum.
void solve_lasso(const LinearProblem& problem, const std::vector<double>& gram, const std::vector<double>& right,
                 std::vector<double>& w, LinearFit& fit, TaskControl& control) {
  const size_t n = problem.columns();
  const LinearOptions& options = problem.options();
  std::vector<double> residual = right;  // X'(y - Xw) / n
  for (fit.epochs = 0; fit.epochs < options.max_epochs && !control.stopped(); ++fit.epochs) {
    double largest = 0;
    double change = 0;
    for (size_t i = 0; i < n; ++i) {
      const double variance = gram[i * n + i];
      if (variance <= 0) continue;
      const double pull = residual[i] + variance * w[i];
      const double shrunk = std::max(std::abs(pull) - problem.penalty_of(i), 0.0);
      const double next = std::copysign(shrunk, pull) / variance;
      const double step = next - w[i];
      if (step != 0) {
        for (size_t j = 0; j < n; ++j) residual[j] -= step * (j >= i ? gram[i * n + j] : gram[j * n + i]);
        w[i] = next;
      }
      change = std::max(change, std::abs(step));
      largest = std::max(largest, std::abs(next));
    }
    control.progress(fit.epochs + 1, options.max_epochs);
    if (change <= options.tolerance * 1e-3 * largest || largest == 0) {
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
  if (problem.options().penalty == LinearPenalty::kL1) {
    std::vector<double> w(n, 0.0);
    solve_lasso(problem, gram, right, w, fit, control);
    std::copy(w.begin(), w.end(), parameters.begin());
    return;
  }
  for (size_t i = 0; i < n; ++i) gram[i * n + i] += problem.penalty_of(i);
  solve_cholesky(gram, right, n, control);
  std::copy(right.begin(), right.end(), parameters.begin());
  fit.epochs = 1;
  fit.converged = true;
}

}  // namespace tenon
