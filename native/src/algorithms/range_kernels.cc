#include "range_kernels.h"

#include <algorithm>
#include <cstring>

#include "../kernels/table.h"
#include "binning.h"
#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace tenon {
namespace {

// A tail: times drawn below, and of them those of class 1 above.
uint32_t tail_of(const RecordRows& rows, const uint8_t* record) noexcept {
  uint32_t tail;
  std::memcpy(&tail, record + rows.tail, sizeof tail);
  return tail;
}

const uint8_t* record_of(const RecordRows& rows, uint32_t i) noexcept {
  return rows.records + static_cast<size_t>(rows.ids[i]) * rows.stride;
}

void ranges_scalar(const RecordRows& rows, uint8_t* low, uint8_t* high, uint8_t* missing) noexcept {
  std::fill_n(low, rows.columns, uint8_t{255});
  std::fill_n(high, rows.columns, uint8_t{0});
  std::fill_n(missing, rows.columns, uint8_t{0});
  for (uint32_t i = 0; i < rows.count; ++i) {
    const uint8_t* record = record_of(rows, i);
    for (uint32_t c = 0; c < rows.columns; ++c) {
      low[c] = std::min(low[c], record[c]);
      if (record[c] == kMissingBin) missing[c] = kMissingBin;
      else high[c] = std::max(high[c], record[c]);
    }
  }
}

// Whether a row counts: by its byte and the limit, or as missing.
template <bool kMissing>
void sums_by_row(const RecordRows& rows, const uint8_t* limits, const uint32_t* columns, uint32_t count,
                 uint64_t* sums) noexcept {
  std::fill_n(sums, count, uint64_t{0});
  for (uint32_t i = 0; i < rows.count; ++i) {
    const uint8_t* record = record_of(rows, i);
    const uint32_t tail = tail_of(rows, record);
    const uint64_t both = (tail & 0xffff) | static_cast<uint64_t>(tail >> 16) << 32;
    for (uint32_t k = 0; k < count; ++k) {
      const uint8_t bin = record[columns[k]];
      sums[k] += (kMissing ? bin == kMissingBin : bin <= limits[columns[k]]) ? both : 0;
    }
  }
}

void missing_sums_scalar(const RecordRows& rows, const uint32_t* columns, uint32_t count, uint64_t* sums) noexcept {
  sums_by_row<true>(rows, nullptr, columns, count, sums);
}

constexpr RangeKernels kScalar{0, ranges_scalar, sums_by_row<false>, missing_sums_scalar};

#if defined(__x86_64__)
#define TENON_AVX2 __attribute__((target("avx2")))

TENON_AVX2 inline __m256i load(const uint8_t* from) noexcept {
  return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from));
}

TENON_AVX2 inline void store(uint8_t* to, __m256i value) noexcept {
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(to), value);
}

// kVectors of columns from `first` on.
template <uint32_t kVectors>
TENON_AVX2 void ranges_of(const RecordRows& rows, uint32_t first, uint8_t* low, uint8_t* high,
                          uint8_t* missing) noexcept {
  const __m256i missing_bin = _mm256_set1_epi8(-1);
  __m256i lowest[kVectors];
  __m256i highest[kVectors];
  __m256i any[kVectors];
  for (uint32_t v = 0; v < kVectors; ++v) {
    lowest[v] = missing_bin;
    highest[v] = any[v] = _mm256_setzero_si256();
  }
  for (uint32_t i = 0; i < rows.count; ++i) {
    const uint8_t* record = record_of(rows, i) + first;
    for (uint32_t v = 0; v < kVectors; ++v) {
      const __m256i bytes = load(record + kRangeColumns * v);
      lowest[v] = _mm256_min_epu8(lowest[v], bytes);
      const __m256i is_missing = _mm256_cmpeq_epi8(bytes, missing_bin);
      highest[v] = _mm256_max_epu8(highest[v], _mm256_andnot_si256(is_missing, bytes));
      any[v] = _mm256_or_si256(any[v], is_missing);
    }
  }
  for (uint32_t v = 0; v < kVectors; ++v) {
    store(low + first + kRangeColumns * v, lowest[v]);
    store(high + first + kRangeColumns * v, highest[v]);
    store(missing + first + kRangeColumns * v, any[v]);
  }
}

TENON_AVX2 void ranges_avx2(const RecordRows& rows, uint8_t* low, uint8_t* high, uint8_t* missing) noexcept {
  uint32_t first = 0;
  for (; first + 3 * kRangeColumns < rows.columns; first += 4 * kRangeColumns) ranges_of<4>(rows, first, low, high, missing);
  for (; first + kRangeColumns < rows.columns; first += 2 * kRangeColumns) ranges_of<2>(rows, first, low, high, missing);
  if (first < rows.columns) ranges_of<1>(rows, first, low, high, missing);
}

template <uint32_t kVectors, bool kMissing>
TENON_AVX2 void sums_of(const RecordRows& rows, const uint8_t* limits, const uint32_t* columns, uint32_t count,
                        uint64_t* sums) noexcept {
  __m256i limit[kVectors];
  for (uint32_t v = 0; v < kVectors; ++v) {
    limit[v] = kMissing ? _mm256_set1_epi8(-1) : load(limits + kRangeColumns * v);
  }
  for (uint32_t i = 0; i < rows.count;) {
    __m256i drawn[kVectors];
    __m256i drawn1[kVectors];
    for (uint32_t v = 0; v < kVectors; ++v) drawn[v] = drawn1[v] = _mm256_setzero_si256();
    // As many rows as bytes can count; no row was drawn more often than that.
    uint32_t room = 255;
    for (; i < rows.count; ++i) {
      const uint8_t* record = record_of(rows, i);
      const uint32_t tail = tail_of(rows, record);
      if ((tail & 0xffff) > room) break;
      room -= tail & 0xffff;
      const __m256i draws = _mm256_set1_epi8(static_cast<char>(tail));
      const __m256i draws1 = _mm256_set1_epi8(static_cast<char>(tail >> 16));
      for (uint32_t v = 0; v < kVectors; ++v) {
        const __m256i bytes = load(record + kRangeColumns * v);
        const __m256i counts = _mm256_cmpeq_epi8(kMissing ? limit[v] : _mm256_min_epu8(bytes, limit[v]), bytes);
        drawn[v] = _mm256_add_epi8(drawn[v], _mm256_and_si256(counts, draws));
        drawn1[v] = _mm256_add_epi8(drawn1[v], _mm256_and_si256(counts, draws1));
      }
    }
    alignas(32) uint8_t bytes[2][kVectors * kRangeColumns];
    for (uint32_t v = 0; v < kVectors; ++v) {
      store(bytes[0] + kRangeColumns * v, drawn[v]);
      store(bytes[1] + kRangeColumns * v, drawn1[v]);
    }
    for (uint32_t k = 0; k < count; ++k) {
      sums[k] += bytes[0][columns[k]] | static_cast<uint64_t>(bytes[1][columns[k]]) << 32;
    }
  }
}

template <bool kMissing>
TENON_AVX2 void sums_avx2(const RecordRows& rows, const uint8_t* limits, const uint32_t* columns, uint32_t count,
                          uint64_t* sums) noexcept {
  std::fill_n(sums, count, uint64_t{0});
  if (rows.columns <= kRangeColumns) {
    sums_of<1, kMissing>(rows, limits, columns, count, sums);
  } else if (rows.columns <= 2 * kRangeColumns) {
    sums_of<2, kMissing>(rows, limits, columns, count, sums);
  } else if (rows.columns <= 4 * kRangeColumns && count * kRangeColumns > rows.columns) {
    sums_of<4, kMissing>(rows, limits, columns, count, sums);
  } else {
    sums_by_row<kMissing>(rows, limits, columns, count, sums);
  }
}

void missing_sums_avx2(const RecordRows& rows, const uint32_t* columns, uint32_t count, uint64_t* sums) noexcept {
  sums_avx2<true>(rows, nullptr, columns, count, sums);
}

constexpr RangeKernels kAvx2Kernels{kRangeColumns, ranges_avx2, sums_avx2<false>, missing_sums_avx2};
#endif

}  // namespace

const RangeKernels& range_kernels() noexcept {
#if defined(__x86_64__)
  if (kernels().required & (kAvx2 | kAvx512)) return kAvx2Kernels;
#endif
  return kScalar;
}

}  // namespace tenon
