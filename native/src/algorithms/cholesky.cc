#include "cholesky.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "../runtime/thread_pool.h"

namespace tenon {
namespace {

// Rows of the factor that are found before they change those below: whole panels.
constexpr size_t kFactorRows = 2 * kGramPanel;

// Columns of those rows that one task eliminates.
constexpr size_t kTaskColumns = 256;

}  // namespace

void solve_cholesky(GramSums& sums, double dependent, std::vector<double>& w, const TaskControl& control) {
  const size_t n = sums.rows();
  std::vector<double> diagonal(n);
  for (size_t i = 0; i < n; ++i) diagonal[i] = sums.row(i)[i];
  std::vector<uint8_t> dropped(n, 0);
  GramBlock block(n + 1, std::min(n, kFactorRows), true);
  for (size_t begin = 0; begin < n && !control.stopped(); begin += kFactorRows) {
    const size_t end = std::min(begin + kFactorRows, n);
    // Columns from..to of the rows, whose factors have been found.
    const auto eliminate = [&](size_t k, size_t from, size_t to) {
      const double* const pivot_row = sums.row(k);
      for (size_t i = k + 1; i < end; ++i) {
        const double factor = pivot_row[i];
        double* const row = sums.row(i);
        for (size_t j = std::max(i, from); j < to; ++j) row[j] -= factor * pivot_row[j];
      }
    };
    for (size_t k = begin; k < end; ++k) {
      double* const pivot_row = sums.row(k);
      const double pivot = pivot_row[k];
      dropped[k] = pivot <= dependent * std::max(1.0, diagonal[k]);
      if (dropped[k]) continue;
      pivot_row[k] = std::sqrt(pivot);
      for (size_t j = k + 1; j < end; ++j) pivot_row[j] /= pivot_row[k];
      eliminate(k, k + 1, end);
    }
    ThreadPool::instance().parallel_for(n + 1 - end, kTaskColumns, [&](size_t from, size_t to) {
      for (size_t k = begin; k < end; ++k) {
        if (dropped[k]) continue;
        double* const pivot_row = sums.row(k);
        for (size_t j = end + from; j < end + to; ++j) pivot_row[j] /= pivot_row[k];
        eliminate(k, end + from, end + to);
      }
    });
    if (end == n) break;
    const size_t panel = end / kGramPanel;
    ThreadPool::instance().parallel_for(end - begin, 1, [&](size_t r, size_t) {
      const double* const row = sums.row(begin + r);
      const bool held = !dropped[begin + r];
      block.fill(r, panel, [&](size_t first, size_t width, double* right, double* left) {
        for (size_t j = 0; j < width; ++j) {
          right[j] = held ? row[first + j] : 0;
          left[j] = -right[j];
        }
      });
    });
    block.add_to(sums, end - begin, panel, control);
  }
  for (size_t i = n; i-- > 0;) {
    const double* const row = sums.row(i);
    w[i] = 0;
    if (dropped[i]) continue;
    double left = row[n];
    for (size_t j = i + 1; j < n; ++j) {
      if (!dropped[j]) left -= row[j] * w[j];
    }
    w[i] = left / row[i];
  }
}

}  // namespace tenon
