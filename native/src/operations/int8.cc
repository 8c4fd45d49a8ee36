#include "int8.h"

#include <algorithm>
#include <atomic>

#include "../kernels/table.h"
#include "../runtime/thread_pool.h"
#include "elementwise.h"

namespace tenon {
namespace {

constexpr float kSmallestMagnitude = 1e-36f;

size_t rows_at_once(size_t columns) { return std::max<size_t>(1, kElementwiseChunk / std::max<size_t>(1, columns)); }

}  // namespace

size_t quantize_rows(const float* x, size_t rows, size_t columns, int8_t* q, float* scale) {
  std::atomic<size_t> spoiled{kNoRow};
  const KernelTable& table = kernels();
  ThreadPool::instance().parallel_for(rows, rows_at_once(columns), [&](size_t begin, size_t end) {
    for (size_t r = begin; r < end; ++r) {
      const float largest = table.f32_magnitude(x + r * columns, columns);
      if (!(largest - largest == 0)) {
        size_t seen = spoiled.load();
        while (r < seen && !spoiled.compare_exchange_weak(seen, r)) {
        }
        continue;
      }
      const bool zero = largest < kSmallestMagnitude;
      scale[r] = zero ? 1.0f : largest / 127.0f;
      table.i8_quantize(x + r * columns, columns, zero ? 0.0f : 127.0f / largest, q + r * columns);
    }
  });
  return spoiled.load();
}

void int8_gemv(const int8_t* a, const int8_t* x, const float* row_scale, float x_scale, float* y, size_t rows,
               size_t columns) {
  const KernelTable& table = kernels();
  ThreadPool::instance().parallel_for(rows, 4 * rows_at_once(columns), [&](size_t begin, size_t end) {
    for (size_t r = begin; r < end; ++r) {
      y[r] = static_cast<float>(table.i8_dot(a + r * columns, x, columns)) * (row_scale[r] * x_scale);
    }
  });
}

}  // namespace tenon
