#include "eigen_kernels.h"

#include "../kernels/table.h"

#define TENON_HERE inline __attribute__((always_inline))

namespace tenon {
namespace {

TENON_HERE double update_row_here(const EigenRow& given) noexcept {
  const auto [row, x, y, a, b, z, mirrored, n] = given;
  const double factor = z[0];
  row[0] += a * x[0] + b * y[0];
  const double first = row[0] * factor;
  double sums[8] = {};
  size_t i = 1;
  for (; i + 8 <= n; i += 8) {
    for (size_t l = 0; l < 8; ++l) {
      const double value = row[i + l] + (a * x[i + l] + b * y[i + l]);
      row[i + l] = value;
      sums[l] += value * z[i + l];
      mirrored[i + l] += value * factor;
    }
  }
  for (; i < n; ++i) {
    row[i] += a * x[i] + b * y[i];
    sums[0] += row[i] * z[i];
    mirrored[i] += row[i] * factor;
  }
  return first + (((sums[0] + sums[4]) + (sums[2] + sums[6])) + ((sums[1] + sums[5]) + (sums[3] + sums[7])));
}

#define TENON_EIGEN_KERNEL(name, target) \
  target double update_row_##name(const EigenRow& row) noexcept { return update_row_here(row); }

TENON_EIGEN_KERNEL(scalar, )
#if defined(__x86_64__)
TENON_EIGEN_KERNEL(avx2, __attribute__((target("avx2"))))
TENON_EIGEN_KERNEL(avx512, __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,prefer-vector-width=512"))))
#endif

}  // namespace

double update_row(const EigenRow& row) noexcept {
#if defined(__x86_64__)
  if (kernels().required & kAvx512) return update_row_avx512(row);
  if (kernels().required & kAvx2) return update_row_avx2(row);
#endif
  return update_row_scalar(row);
}

}  // namespace tenon
