#include "boost_split.h"

#include <algorithm>
#include <cmath>

namespace tenon {
namespace {

// A split must save more than rounding could.
constexpr double kLeastGain = 1e-10;

// Categories of which fewer than this share of the smallest leaf are at hand say too little to be
// put in order: they go with the missing values.
constexpr int32_t kCategoryRows = 2;

}  // namespace

SplitFinder::SplitFinder(const BoostFeatures& features, const BoostPenalties& penalties)
    : features_(features), penalties_(penalties), kernels_(boost_kernels()), plain_(penalties.alpha == 0) {
  for (const BoostColumn& column : features.features) plain_ &= column.monotone == 0;
  for (uint32_t g = 0; g < features.group_count; ++g) {
    uint32_t lanes = 0;
    for (uint32_t f = features.first[g]; f < features.first[g + 1]; ++f) {
      if (!features.features[f].categorical) lanes |= 1u << (f - features.first[g]);
    }
    vector_lanes_.push_back(plain_ ? lanes : 0);
  }
}

void SplitFinder::start(const BoostUnits& units) {
  units_ = units;
  // Products of two such sums stay within what floats hold.
  rule_.lambda = static_cast<float>(std::min(penalties_.lambda / units.hessian, 1e15));
  // At least one unit, which keeps a score without a penalty finite.
  rule_.min_hessian = static_cast<float>(std::clamp(std::ceil(penalties_.min_hessian / units.hessian - 1e-6), 1.0, 1e30));
  rule_.min_rows = static_cast<int32_t>(penalties_.min_rows);
}

SplitFinder::Real SplitFinder::real(const BoostSums& sums) const noexcept {
  return {sums.gradient * units_.gradient, sums.hessian * units_.hessian};
}

double SplitFinder::leaf_value(double gradient, double hessian, const ValueBounds& bounds) const noexcept {
  const double shrunk = std::max(std::abs(gradient) - penalties_.alpha, 0.0);
  const double weight = hessian + penalties_.lambda;
  if (shrunk == 0 || weight <= 0) return std::clamp(0.0, bounds.low, bounds.high);
  return std::clamp((gradient < 0 ? shrunk : -shrunk) / weight, bounds.low, bounds.high);
}

// Twice the loss a leaf saves, at its best value within the bounds.
double SplitFinder::score(const Real& sums, const ValueBounds& bounds) const noexcept {
  const double value = leaf_value(sums.gradient, sums.hessian, bounds);
  return -(2 * sums.gradient * value + 2 * penalties_.alpha * std::abs(value) +
           (sums.hessian + penalties_.lambda) * value * value);
}

double SplitFinder::gain(const BoostSums& left, const BoostSums& right, int monotone, double parent_score,
                         const ValueBounds& bounds) const noexcept {
  const Real l = real(left);
  const Real r = real(right);
  if (monotone != 0) {
    const double step = leaf_value(r.gradient, r.hessian, bounds) - leaf_value(l.gradient, l.hessian, bounds);
    if (step * monotone < 0) return 0;
  }
  return score(l, bounds) + score(r, bounds) - parent_score;
}

BoostSplit SplitFinder::best(uint32_t group, const void* histogram, bool wide, const BoostSums& total, uint32_t lanes,
                             const ValueBounds& bounds) const {
  BoostSplit best;
  const double parent_score = score(real(total), bounds);
  const uint32_t first = features_.first[group];
  const uint32_t value_bins = features_.value_bins[group];
  const uint32_t vectored = lanes & vector_lanes_[group];
  if (vectored != 0) {
    const GroupSplit found = kernels_.scan(histogram, wide, value_bins, total, vectored, rule_);
    if (found.score >= 0) {
      best.feature = first + found.lane;
      best.bin = found.bin;
      best.missing_left = found.missing_left;
      for (uint32_t bin = 0; bin <= found.bin; ++bin) best.left = best.left + sums_at(histogram, wide, bin, found.lane);
      if (found.missing_left) best.left = best.left + sums_at(histogram, wide, value_bins, found.lane);
      best.gain = gain(best.left, total - best.left, 0, parent_score, bounds);
    }
  }
  for (uint32_t rest = lanes & ~vectored; rest != 0; rest &= rest - 1) {
    const uint32_t feature = first + static_cast<uint32_t>(__builtin_ctz(rest));
    if (features_.features[feature].categorical) {
      try_categories(feature, histogram, wide, total, parent_score, bounds, best);
    } else {
      try_ordered(feature, histogram, wide, total, parent_score, bounds, best);
    }
  }
  if (best.gain <= std::max(penalties_.min_gain, kLeastGain)) best.gain = 0;
  return best;
}

void SplitFinder::try_ordered(uint32_t feature, const void* histogram, bool wide, const BoostSums& total,
                              double parent_score, const ValueBounds& bounds, BoostSplit& best) const {
  const uint32_t group = features_.group_of(feature);
  const uint32_t lane = feature - features_.first[group];
  const BoostColumn& column = features_.features[feature];
  const BoostSums missing = sums_at(histogram, wide, features_.value_bins[group], lane);
  for (const bool missing_left : {false, true}) {
    if (missing_left && missing.rows == 0) break;
    BoostSums left = missing_left ? missing : BoostSums{};
    for (uint32_t bin = 0; bin < column.bins; ++bin) {
      left = left + sums_at(histogram, wide, bin, lane);
      const BoostSums right = total - left;
      if (left.rows < rule_.min_rows || static_cast<float>(left.hessian) < rule_.min_hessian) continue;
      if (right.rows < rule_.min_rows || static_cast<float>(right.hessian) < rule_.min_hessian) continue;
      const double saved = gain(left, right, column.monotone, parent_score, bounds);
      if (saved > best.gain) best = {saved, feature, bin, missing_left, false, {}, left};
    }
  }
}

// Fisher's result: with categories in the order of their gradient ratio the best division is one
// of the cuts. Both sides are tried for the missing and the rare ones.
void SplitFinder::try_categories(uint32_t feature, const void* histogram, bool wide, const BoostSums& total,
                                 double parent_score, const ValueBounds& bounds, BoostSplit& best) const {
  const uint32_t group = features_.group_of(feature);
  const uint32_t lane = feature - features_.first[group];
  struct Category {
    double ratio;
    uint32_t bin;
    BoostSums sums;
  };
  std::array<Category, 256> order;
  uint32_t count = 0;
  BoostSums known;
  for (uint32_t bin = 0; bin < features_.features[feature].bins; ++bin) {
    const BoostSums sums = sums_at(histogram, wide, bin, lane);
    if (sums.rows < kCategoryRows) continue;
    const Real r = real(sums);
    order[count++] = {r.gradient / (r.hessian + penalties_.category_smoothing), bin, sums};
    known = known + sums;
  }
  std::sort(order.begin(), order.begin() + count, [](const Category& a, const Category& b) {
    return a.ratio != b.ratio ? a.ratio < b.ratio : a.bin < b.bin;
  });
  const BoostSums others = total - known;
  for (const bool others_left : {false, true}) {
    if (others_left && others.rows == 0) break;
    BoostSums left = others_left ? others : BoostSums{};
    for (uint32_t i = 0; i < count; ++i) {
      left = left + order[i].sums;
      const BoostSums right = total - left;
      if (left.rows < rule_.min_rows || static_cast<float>(left.hessian) < rule_.min_hessian) continue;
      if (right.rows < rule_.min_rows || static_cast<float>(right.hessian) < rule_.min_hessian) continue;
      const double saved = gain(left, right, 0, parent_score, bounds);
      if (saved <= best.gain) continue;
      best = {saved, feature, 0, others_left, true, {}, left};
      if (others_left) {
        best.left_bins.fill(~uint64_t{0});
        for (uint32_t k = 0; k < count; ++k) best.left_bins[order[k].bin >> 6] &= ~(1ull << (order[k].bin & 63));
      }
      for (uint32_t k = 0; k <= i; ++k) best.left_bins[order[k].bin >> 6] |= 1ull << (order[k].bin & 63);
    }
  }
}

}  // namespace tenon
