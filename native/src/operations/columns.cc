#include "columns.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "../kernels/table.h"
#include "../runtime/thread_pool.h"
#include "buffer.h"

namespace tenon {
namespace {

// Elements in one chunk: 1 MiB, long enough to hide the hand-over, short enough to cancel.
constexpr size_t kChunk = size_t{1} << 18;

// Rows are taken several at a time as one wider row, so that 16 lanes are full even when the
// columns are not a multiple of 16; not beyond this width, where the running sums would no
// longer stay in the first-level cache.
constexpr size_t kWidest = 512;

// Outputs larger than this go past the caches.
constexpr size_t kStreamFloats = size_t{2} << 20;

// The moments of one column over some rows.
struct Moments {
  double count = 0;
  double mean = 0;
  double square = 0;  // sum of squared differences from the mean
  float low = std::numeric_limits<float>::infinity();
  float high = -std::numeric_limits<float>::infinity();

  // Chan, Golub and LeVeque's rule for joining two sets.
  void add(const Moments& other) {
    if (other.count == 0) return;
    const double both = count + other.count;
    const double difference = other.mean - mean;
    square += other.square + difference * difference * (count * (other.count / both));
    mean += difference * (other.count / both);
    count = both;
    low = std::min(low, other.low);
    high = std::max(high, other.high);
  }
};

// What the kernel adds to, for `width` lanes.
class Lanes {
 public:
  Lanes(size_t width, size_t columns)
      : width_(width), columns_(columns), padded_((width + 15) / 16 * 16), doubles_(2 * padded_, 0.0),
        floats_(4 * padded_, 0.0f) {}

  void fill(const float* data, size_t rows, const std::vector<float>& shift) {
    std::fill(doubles_.begin(), doubles_.end(), 0.0);
    float* const shifts = floats_.data();
    for (size_t i = 0; i < width_; ++i) shifts[i] = shift[i % columns_];
    std::fill(shifts + padded_, shifts + 2 * padded_, 0.0f);
    std::fill(shifts + 2 * padded_, shifts + 3 * padded_, std::numeric_limits<float>::infinity());
    std::fill(shifts + 3 * padded_, shifts + 4 * padded_, -std::numeric_limits<float>::infinity());
    const ColumnMoments into = {shifts, doubles_.data(), doubles_.data() + padded_, shifts + padded_,
                                shifts + 2 * padded_, shifts + 3 * padded_};
    kernels().f32_column_moments(data, rows, width_, into);
    rows_ = rows;
  }

  void merge_into(Moments* columns) const {
    const float* const f = floats_.data();
    for (size_t i = 0; i < width_; ++i) {
      Moments lane;
      lane.count = static_cast<double>(rows_) - f[padded_ + i];
      if (lane.count == 0) continue;
      const double sum = doubles_[i];
      lane.mean = f[i] + sum / lane.count;
      lane.square = std::max(0.0, doubles_[padded_ + i] - sum * (sum / lane.count));
      if (!(sum - sum == 0)) lane.square = std::numeric_limits<double>::quiet_NaN();
      lane.low = f[2 * padded_ + i];
      lane.high = f[3 * padded_ + i];
      columns[i % columns_].add(lane);
    }
  }

 private:
  size_t width_;
  size_t columns_;
  size_t padded_;
  size_t rows_ = 0;
  std::vector<double> doubles_;
  std::vector<float> floats_;
};

// Each column's first number among the rows; 0 if it has none.
std::vector<float> first_numbers(const float* data, size_t rows, size_t columns) {
  std::vector<float> found(columns, 0.0f);
  for (size_t c = 0; c < columns; ++c) {
    for (size_t r = 0; r < rows; ++r) {
      const float value = data[r * columns + c];
      if (value == value) {
        found[c] = value;
        break;
      }
    }
  }
  return found;
}

void chunk_moments(const float* data, size_t rows, size_t columns, size_t together, Moments* into) {
  const std::vector<float> shift = first_numbers(data, rows, columns);
  const size_t wide_rows = rows / together;
  if (wide_rows > 0) {
    Lanes lanes(columns * together, columns);
    lanes.fill(data, wide_rows, shift);
    lanes.merge_into(into);
  }
  const size_t left = rows - wide_rows * together;
  if (left > 0) {
    Lanes lanes(columns, columns);
    lanes.fill(data + wide_rows * together * columns, left, shift);
    lanes.merge_into(into);
  }
}

template <typename Before>
ColumnStatistics statistics_of(const float* data, size_t rows, size_t columns, const TaskControl* control,
                               const Before& before) {
  const size_t period = 16 / std::gcd<size_t>(16, columns);
  const size_t together = columns * period <= kWidest ? period : 1;
  const size_t grain = std::max(together, kChunk / std::max<size_t>(1, columns) / together * together);
  std::vector<Moments> parts(chunk_count(rows, grain) * columns);
  ThreadPool::instance().parallel_for(
      rows, grain,
      [&](size_t begin, size_t end) {
        before(begin, end);
        chunk_moments(data + begin * columns, end - begin, columns, together, parts.data() + begin / grain * columns);
      },
      control);

  ColumnStatistics result;
  for (std::vector<double>* each : {&result.count, &result.mean, &result.variance, &result.low, &result.high}) {
    each->resize(columns);
  }
  for (size_t c = 0; c < columns; ++c) {
    Moments all;
    for (size_t i = c; i < parts.size(); i += columns) all.add(parts[i]);
    const double none = std::numeric_limits<double>::quiet_NaN();
    const bool any = all.count > 0;
    result.count[c] = all.count;
    result.mean[c] = any ? all.mean : none;
    result.variance[c] = any ? all.square / all.count : none;
    result.low[c] = any ? all.low : none;
    result.high[c] = any ? all.high : none;
  }
  return result;
}

}  // namespace

ColumnStatistics column_statistics(const float* data, size_t rows, size_t columns, const TaskControl* control) {
  return statistics_of(data, rows, columns, control, [](size_t, size_t) {});
}

ColumnStatistics column_statistics(const float* data, size_t rows, size_t columns,
                                   const std::function<void(size_t, size_t)>& before) {
  return statistics_of(data, rows, columns, nullptr, before);
}

bool affine_columns(const float* x, float* y, size_t rows, size_t columns, const float* minus, const float* times,
                    const float* plus, const TaskControl* control) {
  if (rows == 0 || columns == 0) return true;
  // Entries repeat cyclically for 16 more, so that 16 lanes can start at any column.
  const size_t length = columns + 16;
  std::vector<float> repeated(3 * length);
  for (size_t i = 0; i < length; ++i) {
    repeated[i] = minus[i % columns];
    repeated[length + i] = times[i % columns];
    repeated[2 * length + i] = plus[i % columns];
  }
  const AffineColumns factors = {repeated.data(), repeated.data() + length, repeated.data() + 2 * length, columns};
  const size_t n = rows * columns;
  const bool stream = n >= kStreamFloats && x != y;
  // Streaming stores need whole cache lines: the elements before the first go the usual way.
  const size_t misaligned = reinterpret_cast<uintptr_t>(y) % 64 / sizeof(float);
  const size_t head = stream && misaligned != 0 ? 16 - misaligned : 0;
  const KernelTable& table = kernels();
  if (head > 0) table.f32_affine(x, y, head, factors, 0, false);
  return ThreadPool::instance().parallel_for(
      n - head, kChunk,
      [&](size_t begin, size_t end) {
        table.f32_affine(x + head + begin, y + head + begin, end - begin, factors, (head + begin) % columns, stream);
      },
      control);
}

}  // namespace tenon
