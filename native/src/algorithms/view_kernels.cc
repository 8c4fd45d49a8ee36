#include "view_kernels.h"

#include <cmath>
#include <limits>

#include "../kernels/table.h"

namespace tenon {
namespace {

#define TENON_HERE __attribute__((always_inline)) inline

typedef double Lanes __attribute__((vector_size(64)));
constexpr size_t kLanes = 8;

TENON_HERE Lanes load(const double* x) noexcept {
  Lanes lanes;
  __builtin_memcpy(&lanes, x, sizeof lanes);
  return lanes;
}

TENON_HERE double sum_of(const Lanes& x) noexcept {
  return ((x[0] + x[4]) + (x[2] + x[6])) + ((x[1] + x[5]) + (x[3] + x[7]));
}

TENON_HERE void scale_here(double* x, size_t n, const ColumnScale& scale) noexcept {
  const auto [center, divisor, span, lower] = scale;
  if (divisor == 0) {
    for (size_t i = 0; i < n; ++i) x[i] = lower;
    return;
  }
  for (size_t i = 0; i < n; ++i) x[i] = (x[i] - center) / divisor * span + lower;
}

TENON_HERE bool to_floats_here(const double* x, size_t n, float* y) noexcept {
  uint32_t wrong = 0;
  for (size_t i = 0; i < n; ++i) {
    y[i] = static_cast<float>(x[i]);
    // 0 for a finite one, otherwise NaN.
    const float nothing = y[i] * 0.0f;
    wrong |= nothing == 0.0f ? 0u : 1u;
  }
  return wrong == 0;
}

// Both halves of the sum are keyed, so that who writes a table cannot choose cells that meet.
TENON_HERE void hash_here(const uint64_t* bits, size_t n, uint64_t key, uint64_t* hashes) noexcept {
  for (size_t i = 0; i < n; ++i) {
    const uint64_t keyed = bits[i] ^ key;
    hashes[i] += (keyed & 0xffffffff) * (keyed >> 32) + (bits[i] << 32 | bits[i] >> 32);
  }
}

TENON_HERE NumberMoments moments_here(const double* x, size_t n) noexcept {
  if (n == 0) return {};
  const size_t whole = n / kLanes * kLanes;
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  Lanes sum = {};
  Lanes low = Lanes{} + kInfinity;
  Lanes high = Lanes{} - kInfinity;
  for (size_t i = 0; i < whole; i += kLanes) {
    const Lanes value = load(x + i);
    sum += value;
    low = value < low ? value : low;
    high = value > high ? value : high;
  }
  for (size_t i = whole; i < n; ++i) {
    sum[i - whole] += x[i];
    low[i - whole] = x[i] < low[i - whole] ? x[i] : low[i - whole];
    high[i - whole] = x[i] > high[i - whole] ? x[i] : high[i - whole];
  }
  NumberMoments found;
  found.count = static_cast<double>(n);
  found.low = kInfinity;
  found.high = -kInfinity;
  for (size_t l = 0; l < kLanes; ++l) {
    found.low = low[l] < found.low ? low[l] : found.low;
    found.high = high[l] > found.high ? high[l] : found.high;
  }
  // Adding zero turns -0 into 0, whichever of the two came first.
  found.low += 0.0;
  found.high += 0.0;
  const double rough = sum_of(sum) / found.count;
  Lanes residual = {};
  Lanes squares = {};
  for (size_t i = 0; i < whole; i += kLanes) {
    const Lanes difference = load(x + i) - rough;
    residual += difference;
    squares += difference * difference;
  }
  for (size_t i = whole; i < n; ++i) {
    const double difference = x[i] - rough;
    residual[i - whole] += difference;
    squares[i - whole] += difference * difference;
  }
  const double left = sum_of(residual);
  found.mean = rough;
  found.rest = left / found.count;
  const double square = sum_of(squares) - left * left / found.count;
  // Kept when it is NaN.
  found.square = square < 0 ? 0 : square;
  return found;
}

#define TENON_VIEW_KERNELS(name, target)                                                                  \
  target void scale_##name(double* x, size_t n, const ColumnScale& scale) noexcept {                      \
    scale_here(x, n, scale);                                                                              \
  }                                                                                                       \
  target bool to_floats_##name(const double* x, size_t n, float* y) noexcept {                            \
    return to_floats_here(x, n, y);                                                                       \
  }                                                                                                       \
  target void hash_##name(const uint64_t* bits, size_t n, uint64_t key, uint64_t* hashes) noexcept {      \
    hash_here(bits, n, key, hashes);                                                                      \
  }                                                                                                       \
  target NumberMoments moments_##name(const double* x, size_t n) noexcept { return moments_here(x, n); }  \
  constexpr ViewKernels k_##name{scale_##name, to_floats_##name, hash_##name, moments_##name};

TENON_VIEW_KERNELS(scalar, )
#if defined(__x86_64__)
TENON_VIEW_KERNELS(avx2, __attribute__((target("avx2"))))
TENON_VIEW_KERNELS(avx512, __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,prefer-vector-width=512"))))
#endif

}  // namespace

const ViewKernels& view_kernels() noexcept {
#if defined(__x86_64__)
  if (kernels().required & kAvx512) return k_avx512;
  if (kernels().required & kAvx2) return k_avx2;
#endif
  return k_scalar;
}

}  // namespace tenon
