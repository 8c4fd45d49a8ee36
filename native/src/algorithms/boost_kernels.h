#pragma once

#include <cstddef>
#include <cstdint>

namespace tenon {

// Features are taken eight at a time: one group's bins of a row are 8 bytes, one bin's sums of a
// group one cache line.
inline constexpr uint32_t kGroupLanes = 8;

// A row's gradient, hessian and presence in one integer, so that one addition updates a bin:
//
//   [gradient: 25 bits, signed][hessian: 25 bits][rows: 14 bits]
//
// Sums of up to kPackedRows rows fit. Integers add to the same sum in any order: histograms, and
// with them trees, do not depend on threads or instruction sets.
inline constexpr uint32_t kPackedRows = 8192;
inline constexpr int kGradientShift = 39;
inline constexpr int kHessianShift = 14;
inline constexpr int32_t kGradientLimit = 2047;
inline constexpr int32_t kHessianLimit = 4095;

inline uint64_t pack_sums(int64_t gradient, int64_t hessian, int64_t rows) noexcept {
  return (static_cast<uint64_t>(gradient) << kGradientShift) + (static_cast<uint64_t>(hessian) << kHessianShift) +
         static_cast<uint64_t>(rows);
}

// The sums of a set of rows, in quantized units.
struct BoostSums {
  int32_t gradient = 0;
  int32_t hessian = 0;
  int32_t rows = 0;

  BoostSums operator-(const BoostSums& other) const noexcept {
    return {gradient - other.gradient, hessian - other.hessian, rows - other.rows};
  }
  BoostSums operator+(const BoostSums& other) const noexcept {
    return {gradient + other.gradient, hessian + other.hessian, rows + other.rows};
  }
};

inline BoostSums unpack_sums(uint64_t packed) noexcept {
  return {static_cast<int32_t>(static_cast<int64_t>(packed) >> kGradientShift),
          static_cast<int32_t>(packed >> kHessianShift & ((1u << (kGradientShift - kHessianShift)) - 1)),
          static_cast<int32_t>(packed & ((1u << kHessianShift) - 1))};
}

// A histogram of one group, in one of two forms. Packed: a line of eight packed integers per bin,
// for nodes of at most kPackedRows rows. Wide: per bin three times eight 32-bit integers,
// gradients, hessians and rows.
inline constexpr size_t kPackedLine = 8 * sizeof(uint64_t);
inline constexpr size_t kWideLine = 24 * sizeof(int32_t);

inline BoostSums sums_at(const void* histogram, bool wide, uint32_t bin, uint32_t lane) noexcept {
  if (!wide) return unpack_sums(static_cast<const uint64_t*>(histogram)[bin * 8 + lane]);
  const int32_t* line = static_cast<const int32_t*>(histogram) + bin * 24;
  return {line[lane], line[8 + lane], line[16 + lane]};
}

// What makes a split allowed and good, in quantized units.
struct SplitRule {
  float lambda;
  float min_hessian;
  int32_t min_rows;
};

// A group's best split: bins up to `bin` go left, and missing values too if `missing_left`. The
// score is the sum over both sides of gradient^2 / (hessian + lambda); below zero for no split.
struct GroupSplit {
  float score;
  uint32_t lane;
  uint32_t bin;
  bool missing_left;
};

// Rows of a node: a group's bins at `bins` + 8 * row, where row is i or ids[i].
struct NodeRows {
  const uint8_t* bins;
  const uint32_t* ids;  // null: rows lie side by side
};

// Which rows of a node go left: those whose bin is at most `bin`, or is `missing_bin` if
// `missing_left`.
struct BinTest {
  uint32_t lane;
  uint32_t bin;
  uint32_t missing_bin;
  bool missing_left;
};

// The inner loops of boosting. Every instruction set gives the same bits: sums are integers, and
// the rest is computed by the same operations in the same order, none of them fused.
struct BoostKernels {
  // Adds rows to a packed histogram of a group with `lanes` features.
  void (*accumulate)(const NodeRows& rows, const uint64_t* packed, size_t count, uint32_t lanes,
                     uint64_t* histogram) noexcept;
  // wide += packed; packed = 0
  void (*widen)(uint64_t* packed, int32_t* wide, size_t lines) noexcept;
  // wide += other
  void (*merge)(int32_t* wide, const int32_t* other, size_t lines) noexcept;
  // rest = all - part, each in the form said; `rest` may be `all` if both have one form.
  void (*subtract)(const void* all, bool all_wide, const void* part, bool part_wide, void* rest, bool rest_wide,
                   size_t lines) noexcept;
  // The best split of a group: `value_bins` lines of values and one of missing ones. Lanes whose
  // bit in `lanes` is clear are left out.
  GroupSplit (*scan)(const void* histogram, bool wide, uint32_t value_bins, const BoostSums& total, uint32_t lanes,
                     const SplitRule& rule) noexcept;
  // Bit i of the words, 64 rows to a word: whether row i goes left. Returns how many do.
  size_t (*test)(const NodeRows& rows, size_t count, const BinTest& test, uint64_t* words) noexcept;
  // Moves elements to `left` and `right` by those bits, in order. Writes nothing beyond.
  void (*move_ids)(const uint32_t* from, size_t count, const uint64_t* words, uint32_t* left,
                   uint32_t* right) noexcept;
  void (*move_packed)(const uint64_t* from, size_t count, const uint64_t* words, uint64_t* left,
                      uint64_t* right) noexcept;
  // packed[i] of gradient g[i] * gradient_scale and hessian h[i] * hessian_scale, each rounded up or
  // down at random, in proportion; `first` numbers the rows and `salt` the draws.
  void (*quantize)(const float* gradient, const float* hessian, size_t count, float gradient_scale,
                   float hessian_scale, uint32_t first, uint32_t salt, uint64_t* packed) noexcept;
  // Gradients and hessians of the logistic loss; `target` is 0 or 1, `weight` may be null.
  void (*logistic)(const double* score, const float* target, const float* weight, size_t count, float* gradient,
                   float* hessian) noexcept;
  // out = e^(score - most), for most >= score
  void (*exp_below)(const double* score, const float* most, size_t count, float* out) noexcept;
};

const BoostKernels& boost_kernels() noexcept;

}  // namespace tenon
