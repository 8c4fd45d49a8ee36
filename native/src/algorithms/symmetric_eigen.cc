#include "symmetric_eigen.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "../runtime/thread_pool.h"
#include "eigen_kernels.h"
#include "random.h"

namespace tenon {
namespace {

// Below so many rows waking a thread costs more than it brings.
constexpr size_t kParallelRows = 192;
constexpr size_t kRowsPerChunk = 64;
// Eigenvalues nearer to each other than this share of the largest share their vectors' plane.
constexpr double kNear = 1e-3;
constexpr int kInverseIterations = 4;
constexpr int kMaxSweeps = 100;

// Eight sums in a fixed order, which compilers turn into vectors as wide as they may.
double dot(const double* a, const double* b, size_t n) noexcept {
  double sums[8] = {};
  size_t i = 0;
  for (; i + 8 <= n; i += 8) {
    for (size_t l = 0; l < 8; ++l) sums[l] += a[i + l] * b[i + l];
  }
  for (; i < n; ++i) sums[0] += a[i] * b[i];
  return ((sums[0] + sums[4]) + (sums[2] + sums[6])) + ((sums[1] + sums[5]) + (sums[3] + sums[7]));
}

// The matrix as Q T Q': T's diagonal and what is beside it, and Q as reflections I - v v' in the
// rows of `matrix`, v of reflection k with length sqrt(2) in columns k + 1 and on.
struct Tridiagonal {
  std::vector<double> diagonal;
  std::vector<double> beside;  // n - 1
};

// Turns a vector into the reflection that leaves only its first entry, which it returns.
double reflection(double* v, size_t n) noexcept {
  double largest = 0;
  for (size_t i = 1; i < n; ++i) largest = std::max(largest, std::abs(v[i]));
  if (largest == 0) {
    const double kept = v[0];
    std::fill_n(v, n, 0.0);
    return kept;
  }
  largest = std::max(largest, std::abs(v[0]));
  for (size_t i = 0; i < n; ++i) v[i] /= largest;
  const double length = std::sqrt(dot(v, v, n));
  const double kept = v[0] > 0 ? -length : length;
  v[0] -= kept;
  const double scale = std::sqrt(2 / dot(v, v, n));
  for (size_t i = 0; i < n; ++i) v[i] *= scale;
  return kept * largest;
}

// One pass over what is left of the upper triangle per column: the last reflection is applied and the product with the
// next one found in the same read.
Tridiagonal tridiagonalize(std::vector<double>& matrix, size_t n, const TaskControl& control) {
  Tridiagonal result{std::vector<double>(n), std::vector<double>(n > 0 ? n - 1 : 0)};
  std::vector<double> v(n, 0.0), w(n, 0.0), next(n, 0.0), product(n, 0.0);
  // What each chunk of rows adds to the product as columns: added up in order, whoever computed them.
  std::vector<double> mirrored(chunk_count(n, kRowsPerChunk) * n);
  for (size_t k = 0; k < n; ++k) {
    if (control.stopped()) return result;
    double* row = matrix.data() + k * n;
    for (size_t j = k; j < n; ++j) row[j] -= v[k] * w[j] + w[k] * v[j];
    result.diagonal[k] = row[k];
    if (k + 1 == n) break;
    result.beside[k] = reflection(row + k + 1, n - k - 1);
    std::copy(row + k + 1, row + n, next.begin() + static_cast<ptrdiff_t>(k + 1));
    const size_t left = n - k - 1;
    const auto pass = [&](size_t begin, size_t end) {
      double* columns = mirrored.data() + begin / kRowsPerChunk * n;
      std::fill(columns + k + 1 + begin, columns + n, 0.0);
      for (size_t i = k + 1 + begin; i < k + 1 + end; ++i) {
        product[i] = update_row({matrix.data() + i * n + i, w.data() + i, v.data() + i, -v[i], -w[i], next.data() + i,
                                 columns + i, n - i});
      }
    };
    if (left >= kParallelRows) {
      ThreadPool::instance().parallel_for(left, kRowsPerChunk, pass);
    } else {
      for (size_t begin = 0; begin < left; begin += kRowsPerChunk) pass(begin, std::min(left, begin + kRowsPerChunk));
    }
    for (size_t begin = 0; begin < left; begin += kRowsPerChunk) {
      const double* columns = mirrored.data() + begin / kRowsPerChunk * n;
      for (size_t i = k + 1 + begin; i < n; ++i) product[i] += columns[i];
    }
    // A - v w' - w v' with w = A v - v (v'A v) / 2 is the reflected matrix.
    const double half = 0.5 * dot(next.data() + k + 1, product.data() + k + 1, left);
    for (size_t i = k + 1; i < n; ++i) {
      v[i] = next[i];
      w[i] = product[i] - half * next[i];
    }
  }
  return result;
}

// Eigenvalues of a tridiagonal matrix by QL steps with implicit shifts, in descending order.
std::vector<double> eigenvalues(Tridiagonal t, const TaskControl& control) {
  std::vector<double>& d = t.diagonal;
  std::vector<double> e = t.beside;
  const size_t n = d.size();
  e.push_back(0.0);
  for (size_t low = 0; low < n; ++low) {
    for (int sweep = 0; sweep < kMaxSweeps && !control.stopped(); ++sweep) {
      size_t high = low;
      while (high + 1 < n) {
        const double near = std::abs(d[high]) + std::abs(d[high + 1]);
        if (std::abs(e[high]) <= std::numeric_limits<double>::epsilon() * near) break;
        ++high;
      }
      if (high == low) break;
      // The shift is the eigenvalue of the leading 2 x 2 nearer to its first entry.
      const double slope = (d[low + 1] - d[low]) / (2 * e[low]);
      const double root = std::sqrt(slope * slope + 1);
      double g = d[high] - d[low] + e[low] / (slope + std::copysign(root, slope));
      double s = 1, c = 1, carried = 0;
      bool split = false;
      for (size_t i = high; i-- > low;) {
        const double f = s * e[i];
        const double b = c * e[i];
        const double r = std::hypot(f, g);
        e[i + 1] = r;
        if (r == 0) {
          d[i + 1] -= carried;
          e[high] = 0;
          split = true;
          break;
        }
        s = f / r;
        c = g / r;
        const double before = d[i + 1] - carried;
        const double turned = (d[i] - before) * s + 2 * c * b;
        carried = s * turned;
        d[i + 1] = before + carried;
        g = c * turned - b;
      }
      if (split) continue;
      d[low] -= carried;
      e[low] = g;
      e[high] = 0;
    }
  }
  std::sort(d.begin(), d.end(), [](double a, double b) { return a > b; });
  return d;
}

// T - shift as P L U by elimination with row exchanges; solves in place.
class ShiftedSolver {
 public:
  ShiftedSolver(const Tridiagonal& t, double shift, double tiny)
      : n_(t.diagonal.size()), pivot_(n_), first_(n_, 0.0), second_(n_, 0.0), factor_(n_, 0.0), swapped_(n_, 0) {
    double diagonal = t.diagonal[0] - shift;
    double beside = n_ > 1 ? t.beside[0] : 0;
    for (size_t i = 0; i + 1 < n_; ++i) {
      const double below = t.beside[i];
      const double next = t.diagonal[i + 1] - shift;
      const double after = i + 2 < n_ ? t.beside[i + 1] : 0;
      if (std::abs(below) > std::abs(diagonal)) {
        swapped_[i] = 1;
        pivot_[i] = below;
        first_[i] = next;
        second_[i] = after;
        factor_[i] = diagonal / below;
        diagonal = beside - factor_[i] * next;
        beside = -factor_[i] * after;
      } else {
        pivot_[i] = std::abs(diagonal) < tiny ? tiny : diagonal;
        first_[i] = beside;
        factor_[i] = below / pivot_[i];
        diagonal = next - factor_[i] * beside;
        beside = after;
      }
    }
    pivot_[n_ - 1] = std::abs(diagonal) < tiny ? tiny : diagonal;
  }

  void solve(std::vector<double>& x) const {
    for (size_t i = 0; i + 1 < n_; ++i) {
      if (swapped_[i]) std::swap(x[i], x[i + 1]);
      x[i + 1] -= factor_[i] * x[i];
    }
    for (size_t i = n_; i-- > 0;) {
      double value = x[i];
      if (i + 1 < n_) value -= first_[i] * x[i + 1];
      if (i + 2 < n_) value -= second_[i] * x[i + 2];
      x[i] = value / pivot_[i];
    }
  }

 private:
  size_t n_;
  std::vector<double> pivot_, first_, second_, factor_;
  std::vector<uint8_t> swapped_;
};

void normalize(double* x, size_t n) noexcept {
  double largest = 0;
  for (size_t i = 0; i < n; ++i) largest = std::max(largest, std::abs(x[i]));
  if (!(largest > 0)) return;
  for (size_t i = 0; i < n; ++i) x[i] /= largest;
  const double length = std::sqrt(dot(x, x, n));
  for (size_t i = 0; i < n; ++i) x[i] /= length;
}

}  // namespace

SymmetricEigen symmetric_eigen(std::vector<double>& matrix, size_t n, size_t wanted, const TaskControl& control) {
  const Tridiagonal t = tridiagonalize(matrix, n, control);
  SymmetricEigen result;
  if (control.stopped()) return result;
  result.values = eigenvalues(t, control);
  result.vectors.assign(wanted * n, 0.0);
  const double size = std::max(std::abs(result.values.front()), std::abs(result.values.back()));
  const double unit = std::numeric_limits<double>::epsilon() * (size > 0 ? size : 1);
  size_t group = 0;  // the first of the near eigenvalues
  double shift = INFINITY;
  for (size_t k = 0; k < wanted && !control.stopped(); ++k) {
    if (k > 0 && result.values[k - 1] - result.values[k] > kNear * size) group = k;
    // Equal ones are held apart, so that each solve finds another vector.
    shift = std::min(result.values[k], shift - 4 * unit);
    const ShiftedSolver solver(t, shift, unit);
    Random random(n, k);
    std::vector<double> x(n);
    for (double& value : x) value = static_cast<double>(random.next() >> 11) * 0x1p-53 - 0.5;
    for (int iteration = 0; iteration < kInverseIterations; ++iteration) {
      solver.solve(x);
      normalize(x.data(), n);
      for (int twice = 0; twice < 2; ++twice) {
        for (size_t other = group; other < k; ++other) {
          const double* y = result.vectors.data() + other * n;
          const double along = dot(x.data(), y, n);
          for (size_t i = 0; i < n; ++i) x[i] -= along * y[i];
        }
      }
      normalize(x.data(), n);
    }
    std::copy(x.begin(), x.end(), result.vectors.begin() + static_cast<ptrdiff_t>(k * n));
  }
  ThreadPool::instance().parallel_for(wanted, 4, [&](size_t begin, size_t end) {
    for (size_t k = begin; k < end && !control.stopped(); ++k) {
      double* x = result.vectors.data() + k * n;
      for (size_t r = n; r-- > 0;) {
        if (r + 1 >= n) continue;
        const double* v = matrix.data() + r * n + r + 1;
        const double along = dot(v, x + r + 1, n - r - 1);
        for (size_t i = 0; i < n - r - 1; ++i) x[r + 1 + i] -= along * v[i];
      }
      size_t largest = 0;
      for (size_t i = 1; i < n; ++i) {
        // Of entries alike but for rounding the first decides.
        if (std::abs(x[i]) > std::abs(x[largest]) * (1 + 1e-9)) largest = i;
      }
      if (x[largest] < 0) {
        for (size_t i = 0; i < n; ++i) x[i] = -x[i];
      }
    }
  }, &control);
  return result;
}

}  // namespace tenon
