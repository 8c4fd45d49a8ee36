#pragma once

#include <array>
#include <cstdint>

#include "boost_features.h"
#include "boost_kernels.h"

namespace tenon {

// How leaves are valued and splits judged, in real units.
struct BoostPenalties {
  double lambda = 1;            // on the squares of leaf values
  double alpha = 0;             // on their absolute values
  double min_hessian = 0;       // of either side of a split
  double min_gain = 0;
  uint32_t min_rows = 1;
  double category_smoothing = 10;  // added to a category's hessian when categories are put in order
};

// One unit of quantized gradients and hessians, in real units.
struct BoostUnits {
  double gradient = 1;
  double hessian = 1;
};

// Bounds that monotone constraints above a node put on its value.
struct ValueBounds {
  double low = -1e300;
  double high = 1e300;
};

// A way to divide a node. For a categorical feature `left_bins` has a bit per bin.
struct BoostSplit {
  double gain = 0;  // the loss it saves, in real units; 0 for no split
  uint32_t feature = 0;
  uint32_t bin = 0;
  bool missing_left = false;
  bool categorical = false;
  std::array<uint64_t, 4> left_bins{};
  BoostSums left;

  bool goes_left(uint32_t at, uint32_t missing_bin) const noexcept {
    if (categorical) return left_bins[at >> 6] >> (at & 63) & 1;
    return at == missing_bin ? missing_left : at <= bin;
  }
};

// Finds splits in the histograms of one tree.
class SplitFinder {
 public:
  SplitFinder(const BoostFeatures& features, const BoostPenalties& penalties);

  // Sets the units of the tree at hand.
  void start(const BoostUnits& units);

  // The best split of a node among a group's features with a bit in `lanes`.
  BoostSplit best(uint32_t group, const void* histogram, bool wide, const BoostSums& total, uint32_t lanes,
                  const ValueBounds& bounds) const;

  // The value of a leaf before shrinkage, of sums in real units.
  double leaf_value(double gradient, double hessian, const ValueBounds& bounds) const noexcept;
  double value_of(const BoostSums& sums, const ValueBounds& bounds) const noexcept {
    const Real r = real(sums);
    return leaf_value(r.gradient, r.hessian, bounds);
  }

 private:
  struct Real {
    double gradient;
    double hessian;
  };
  Real real(const BoostSums& sums) const noexcept;
  double score(const Real& sums, const ValueBounds& bounds) const noexcept;
  double gain(const BoostSums& left, const BoostSums& right, int monotone, double parent_score,
              const ValueBounds& bounds) const noexcept;
  void try_ordered(uint32_t feature, const void* histogram, bool wide, const BoostSums& total, double parent_score,
                   const ValueBounds& bounds, BoostSplit& best) const;
  void try_categories(uint32_t feature, const void* histogram, bool wide, const BoostSums& total, double parent_score,
                      const ValueBounds& bounds, BoostSplit& best) const;

  const BoostFeatures& features_;
  const BoostPenalties& penalties_;
  const BoostKernels& kernels_;
  BoostUnits units_;
  SplitRule rule_{};
  bool plain_;                       // no feature needs more than the vector kernel knows
  std::vector<uint32_t> vector_lanes_;  // per group: features the vector kernel can judge
};

}  // namespace tenon
