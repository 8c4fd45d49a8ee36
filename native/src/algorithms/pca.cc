#include "pca.h"

#include <algorithm>
#include <cmath>

#include "../operations/buffer.h"
#include "../operations/columns.h"
#include "../operations/gemm.h"
#include "../runtime/thread_pool.h"
#include "random.h"
#include "scatter.h"
#include "symmetric_eigen.h"

namespace tenon {
namespace {

// Directions carried beside those asked for, and passes over the rows to turn them.
constexpr size_t kSpare = 10;
constexpr int kPasses = 8;
// What is left of a direction's square after those before it, below which it is rounding.
constexpr double kDependent = 1e-12;

// The upper half of Y'Y in double for a tall Y with few columns.
std::vector<double> gram(const std::vector<float>& y, size_t rows, size_t columns, const TaskControl& control) {
  const size_t share = chunk_count(rows, 64);
  std::vector<double> parts(chunk_count(rows, share) * columns * columns, 0.0);
  ThreadPool::instance().parallel_for(rows, share, [&](size_t begin, size_t end) {
    double* sum = parts.data() + begin / share * columns * columns;
    for (size_t r = begin; r < end; ++r) {
      if (r % 1024 == 0 && control.stopped()) return;
      const float* row = y.data() + r * columns;
      for (size_t i = 0; i < columns; ++i) {
        const double factor = row[i];
        for (size_t j = i; j < columns; ++j) sum[i * columns + j] += factor * static_cast<double>(row[j]);
      }
    }
  }, &control);
  for (size_t at = columns * columns; at < parts.size(); ++at) parts[at % (columns * columns)] += parts[at];
  parts.resize(columns * columns);
  return parts;
}

// Makes the columns of a tall matrix orthonormal: with R'R = Y'Y, Y becomes Y / R, twice for full
// accuracy. Columns that those before them determine become zero.
void orthonormalize(std::vector<float>& y, size_t rows, size_t columns, const TaskControl& control) {
  for (int twice = 0; twice < 2 && !control.stopped(); ++twice) {
    std::vector<double> r = gram(y, rows, columns, control);
    std::vector<uint8_t> dropped(columns, 0);
    std::vector<double> diagonal(columns);
    for (size_t i = 0; i < columns; ++i) diagonal[i] = r[i * columns + i];
    for (size_t k = 0; k < columns; ++k) {
      const double pivot = r[k * columns + k];
      dropped[k] = !(pivot > kDependent * diagonal[k]);
      if (dropped[k]) continue;
      const double root = std::sqrt(pivot);
      for (size_t j = k; j < columns; ++j) r[k * columns + j] /= root;
      for (size_t i = k + 1; i < columns; ++i) {
        const double factor = r[k * columns + i];
        for (size_t j = i; j < columns; ++j) r[i * columns + j] -= factor * r[k * columns + j];
      }
    }
    ThreadPool::instance().parallel_for(rows, 256, [&](size_t begin, size_t end) {
      std::vector<double> x(columns);
      for (size_t row = begin; row < end; ++row) {
        float* values = y.data() + row * columns;
        for (size_t j = 0; j < columns; ++j) {
          x[j] = values[j];
          if (dropped[j]) {
            x[j] = 0;
          } else {
            for (size_t k = 0; k < j; ++k) {
              if (!dropped[k]) x[j] -= x[k] * r[k * columns + j];
            }
            x[j] /= r[j * columns + j];
          }
          values[j] = static_cast<float>(x[j]);
        }
      }
    }, &control);
  }
}

std::vector<float> random_directions(size_t rows, size_t columns, uint64_t seed) {
  std::vector<float> result(rows * columns);
  Random random(seed, 0);
  const auto uniform = [&] { return (static_cast<double>(random.next() >> 11) + 0.5) * 0x1p-53; };
  for (float& value : result) {
    value = static_cast<float>(std::sqrt(-2 * std::log(uniform())) * std::cos(6.283185307179586 * uniform()));
  }
  return result;
}

void fit_randomized(const float* data, size_t rows, size_t columns, size_t wanted, uint64_t seed, Pca& pca,
                    TaskControl& control) {
  const size_t width = std::min({wanted + kSpare, rows, columns});
  Buffer<float> centered(rows * columns);
  const std::vector<float> minus(pca.mean.begin(), pca.mean.end());
  const std::vector<float> ones(columns, 1.0f);
  const std::vector<float> zeros(columns, 0.0f);
  affine_columns(data, centered.data(), rows, columns, minus.data(), ones.data(), zeros.data(), &control);
  std::vector<float> basis = random_directions(columns, width, seed);
  std::vector<float> scores(rows * width);
  const uint64_t steps = kPasses + 1;
  orthonormalize(basis, columns, width, control);
  for (int pass = 0; pass <= kPasses && !control.stopped(); ++pass) {
    if (!gemm({centered.data(), basis.data(), scores.data(), rows, width, columns}, &control)) return;
    if (pass == kPasses) break;
    // Scores can be as large as the data times its size: lengths are brought back first.
    orthonormalize(scores, rows, width, control);
    GemmCall back{centered.data(), scores.data(), basis.data(), columns, width, rows};
    back.transpose_a = true;
    if (!gemm(back, &control)) return;
    orthonormalize(basis, columns, width, control);
    control.progress(static_cast<uint64_t>(pass) + 1, steps);
  }
  if (control.stopped()) return;
  std::vector<double> inner = gram(scores, rows, width, control);
  const SymmetricEigen eigen = symmetric_eigen(inner, width, wanted, control);
  if (control.stopped()) return;
  pca.components.assign(wanted * columns, 0.0);
  for (size_t k = 0; k < wanted; ++k) {
    double* out = pca.components.data() + k * columns;
    for (size_t c = 0; c < columns; ++c) {
      for (size_t j = 0; j < width; ++j) out[c] += eigen.vectors[k * width + j] * static_cast<double>(basis[c * width + j]);
    }
    size_t largest = 0;
    for (size_t c = 1; c < columns; ++c) {
      if (std::abs(out[c]) > std::abs(out[largest]) * (1 + 1e-6)) largest = c;
    }
    if (out[largest] < 0) {
      for (size_t c = 0; c < columns; ++c) out[c] = -out[c];
    }
    pca.variance.push_back(std::max(0.0, eigen.values[k]) / static_cast<double>(rows - 1));
  }
  control.progress(steps, steps);
}

}  // namespace

Pca fit_pca(const float* data, size_t rows, size_t columns, size_t components, uint64_t seed, TaskControl& control) {
  Pca pca;
  const ColumnStatistics found = column_statistics(data, rows, columns, &control);
  if (control.stopped()) return pca;
  for (size_t c = 0; c < columns; ++c) {
    if (found.count[c] != static_cast<double>(rows) || !std::isfinite(found.low[c]) || !std::isfinite(found.high[c])) {
      pca.bad_column = c;
      return pca;
    }
    pca.total_variance += found.variance[c] * (static_cast<double>(rows) / static_cast<double>(rows - 1));
  }
  pca.mean = found.mean;
  if (columns > kCovarianceColumns) {
    fit_randomized(data, rows, columns, components, seed, pca, control);
    return pca;
  }
  const uint64_t steps = scatter_steps(rows, columns) + 1;
  std::vector<double> matrix = scatter(data, rows, columns, pca.mean, control, steps);
  if (control.stopped()) return pca;
  SymmetricEigen eigen = symmetric_eigen(matrix, columns, components, control);
  if (control.stopped()) return pca;
  pca.components = std::move(eigen.vectors);
  for (size_t k = 0; k < components; ++k) {
    pca.variance.push_back(std::max(0.0, eigen.values[k]) / static_cast<double>(rows - 1));
  }
  control.progress(steps, steps);
  return pca;
}

}  // namespace tenon
