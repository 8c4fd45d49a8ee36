#include "boost_link.h"

#include <algorithm>
#include <vector>

#include "../kernels/table.h"
#include "portable_exp.h"
#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace tenon {
namespace {

void logistic(const double* sums, size_t row_count, float* out) noexcept {
  for (size_t i = 0; i < row_count; ++i) {
    const double e = portable_exp(sums[i] < 0 ? sums[i] : -sums[i]);
    const float large = static_cast<float>(1 / (1 + e));
    const float small = static_cast<float>(e / (1 + e));
    out[2 * i] = sums[i] < 0 ? large : small;
    out[2 * i + 1] = sums[i] < 0 ? small : large;
  }
}

#if defined(__x86_64__)
#define TENON_AVX512 __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl")))

// portable_exp() of eight numbers of at most 708, operation by operation.
TENON_AVX512 inline __m512d exp_avx512(__m512d x) noexcept {
  constexpr double kRound = 6755399441055744.0;
  constexpr double kTerms[] = {1.0 / 479001600.0, 1.0 / 39916800.0, 1.0 / 3628800.0, 1.0 / 362880.0, 1.0 / 40320.0,
                               1.0 / 5040.0,      1.0 / 720.0,      1.0 / 120.0,     1.0 / 24.0,     1.0 / 6.0,
                               0.5,               1.0,              1.0};
  x = _mm512_max_pd(x, _mm512_set1_pd(-708));
  const __m512d scaled = _mm512_mul_pd(x, _mm512_set1_pd(1.4426950408889634));
  const __m512d n = _mm512_sub_pd(_mm512_add_pd(scaled, _mm512_set1_pd(kRound)), _mm512_set1_pd(kRound));
  const __m512d high = _mm512_sub_pd(x, _mm512_mul_pd(n, _mm512_set1_pd(0.693147180369123816490)));
  const __m512d r = _mm512_sub_pd(high, _mm512_mul_pd(n, _mm512_set1_pd(1.90821492927058770002e-10)));
  __m512d p = _mm512_set1_pd(1.0 / 6227020800.0);
  for (const double term : kTerms) p = _mm512_add_pd(_mm512_mul_pd(p, r), _mm512_set1_pd(term));
  const __m512i bits = _mm512_slli_epi64(_mm512_add_epi64(_mm512_cvttpd_epi64(n), _mm512_set1_epi64(1023)), 52);
  return _mm512_mul_pd(p, _mm512_castsi512_pd(bits));
}

TENON_AVX512 void logistic_avx512(const double* sums, size_t row_count, float* out) noexcept {
  const __m512d one = _mm512_set1_pd(1);
  const __m512i in_turn = _mm512_setr_epi32(0, 8, 1, 9, 2, 10, 3, 11, 4, 12, 5, 13, 6, 14, 7, 15);
  size_t i = 0;
  for (; i + 8 <= row_count; i += 8) {
    const __m512d sum = _mm512_loadu_pd(sums + i);
    const __mmask8 negative = _mm512_cmp_pd_mask(sum, _mm512_setzero_pd(), _CMP_LT_OQ);
    const __m512d e = exp_avx512(_mm512_mask_sub_pd(sum, static_cast<__mmask8>(~negative), _mm512_setzero_pd(), sum));
    const __m512d whole = _mm512_add_pd(one, e);
    const __m256 large = _mm512_cvtpd_ps(_mm512_div_pd(one, whole));
    const __m256 small = _mm512_cvtpd_ps(_mm512_div_pd(e, whole));
    const __m256 first = _mm256_mask_blend_ps(negative, small, large);
    const __m256 second = _mm256_mask_blend_ps(negative, large, small);
    _mm512_storeu_ps(out + 2 * i,
                     _mm512_permutexvar_ps(in_turn, _mm512_insertf32x8(_mm512_castps256_ps512(first), second, 1)));
  }
  logistic(sums + i, row_count - i, out + 2 * i);
}
#endif

void softmax(const double* sums, uint32_t outputs, size_t row_count, float* out) {
  std::vector<double> shares(outputs);
  for (size_t i = 0; i < row_count; ++i) {
    double most = sums[i];
    for (uint32_t k = 1; k < outputs; ++k) most = std::max(most, sums[k * row_count + i]);
    double total = 0;
    for (uint32_t k = 0; k < outputs; ++k) total += shares[k] = portable_exp(sums[k * row_count + i] - most);
    for (uint32_t k = 0; k < outputs; ++k) out[i * outputs + k] = static_cast<float>(shares[k] / total);
  }
}

}  // namespace

void apply_link(BoostLink link, const double* sums, uint32_t outputs, size_t row_count, float* out) {
  switch (link) {
    case BoostLink::kIdentity:
      for (size_t i = 0; i < row_count; ++i) out[i] = static_cast<float>(sums[i]);
      return;
    case BoostLink::kExp:
      // Within what a float holds.
      for (size_t i = 0; i < row_count; ++i) out[i] = static_cast<float>(portable_exp(std::min(sums[i], 88.0)));
      return;
    case BoostLink::kLogistic:
#if defined(__x86_64__)
      if (kernels().required & kAvx512) return logistic_avx512(sums, row_count, out);
#endif
      return logistic(sums, row_count, out);
    case BoostLink::kSoftmax:
      return softmax(sums, outputs, row_count, out);
  }
}

}  // namespace tenon
