#include <algorithm>
#include <cmath>
#include <cstring>

#include "tree_builder.h"

// The splits of extremely randomized trees: one threshold per drawn feature, anywhere between the
// node's lowest and highest value with equal chance. Geurts, Ernst and Wehenkel, 2006.
namespace tenon {
namespace {

constexpr double kLeastShare = 1e-9;

template <typename T>
T load(const uint8_t* from) noexcept {
  T value;
  std::memcpy(&value, from, sizeof value);
  return value;
}

double uniform(Random& random) noexcept { return static_cast<double>(random.next() >> 11) * 0x1p-53; }

}  // namespace

// Draws among the values of bins `first` to `last` and returns the bin that ends the left side.
// Where the drawn number lies between two bins it is the threshold, otherwise the edge is.
uint32_t TreeBuilder::draw_threshold(uint32_t feature, uint32_t first, uint32_t last, Random& random,
                                     float& threshold) const {
  const float* low = data_.bounds->low.data() + static_cast<size_t>(feature) * kBinCount;
  const float* high = data_.bounds->high.data() + static_cast<size_t>(feature) * kBinCount;
  const double from = low[first];
  const double drawn = from + (static_cast<double>(high[last]) - from) * uniform(random);
  // The last bin but one whose middle is not above the number.
  uint32_t bin = first;
  uint32_t after = last;
  while (after - bin > 1) {
    const uint32_t middle = (bin + after) / 2;
    const bool below = (static_cast<double>(low[middle]) + static_cast<double>(high[middle])) / 2 <= drawn;
    (below ? bin : after) = middle;
  }
  threshold = static_cast<float>(drawn);
  if (threshold < high[bin] || threshold >= low[bin + 1]) threshold = data_.features.edges[feature][bin];
  return bin;
}

void TreeBuilder::try_random(const Rows& rows, uint32_t feature, Random& random, Split& best, bool& varies) {
  uint32_t first = kMissingBin;
  uint32_t last = 0;
  uint32_t missing = 0;
  for (uint32_t i = 0; i < rows.count; ++i) {
    const uint32_t bin = rows.record(i)[feature];
    if (bin == kMissingBin) {
      ++missing;
      continue;
    }
    first = std::min(first, bin);
    last = std::max(last, bin);
  }
  if (missing == rows.count || (first == last && missing == 0)) return;
  varies = true;
  Split split{INFINITY, feature, first, false, 3.402823466e+38f};
  if (first < last) split.bin = draw_threshold(feature, first, last, random, split.threshold);
  if (data_.options.class_count == 0) judge_regression(rows, split, missing > 0, best);
  else judge_classes(rows, split, missing > 0, best);
}

// Takes a split for the best if it is, with missing values on either side.
void TreeBuilder::judge_classes(const Rows& rows, Split split, bool any_missing, Split& best) {
  const uint32_t classes = data_.options.class_count;
  const bool packed = classes == 2 && !weighted_;
  std::fill(left_.begin(), left_.end(), 0.0);
  std::fill(right_.begin(), right_.end(), 0.0);  // missing values here
  uint64_t left_rows = 0;
  uint64_t missing_rows = 0;
  for (uint32_t i = 0; i < rows.count; ++i) {
    const uint8_t* record = rows.record(i);
    const uint32_t bin = record[split.feature];
    if (bin > split.bin && bin != kMissingBin) continue;
    const uint32_t tail = load<uint32_t>(record + tail_);
    std::vector<double>& sums = bin == kMissingBin ? right_ : left_;
    (bin == kMissingBin ? missing_rows : left_rows) += tail & 0xffff;
    if (packed) {
      sums[0] += ((tail & 0xffff) - (tail >> 16)) * data_.class_weights[0];
      sums[1] += (tail >> 16) * data_.class_weights[1];
    } else {
      const uint32_t label = tail >> 16;
      sums[label] += weighted_ ? load<float>(record + weight_at_) : (tail & 0xffff) * data_.class_weights[label];
    }
  }
  for (int side = 0; side <= (any_missing ? 1 : 0); ++side) {
    split.missing_left = side == 1;
    if (side == 1) {
      left_rows += missing_rows;
      for (uint32_t c = 0; c < classes; ++c) left_[c] += right_[c];
    }
    double l = 0, r = 0, l2 = 0, r2 = 0;
    for (uint32_t c = 0; c < classes; ++c) {
      const double right = std::max(0.0, node_classes_[c] - left_[c]);
      l += left_[c];
      l2 += left_[c] * left_[c];
      r += right;
      r2 += right * right;
    }
    if (left_rows < data_.options.min_samples_leaf || node_weight_ - left_rows < data_.options.min_samples_leaf) continue;
    if (r < kLeastShare * l) continue;
    split.cost = (l - l2 / l) + (r - r2 / r);
    if (split.cost < best.cost) best = split;
  }
}

void TreeBuilder::judge_regression(const Rows& rows, Split split, bool any_missing, Split& best) {
  Moments left{0, 0};
  Moments missing{0, 0};
  uint64_t left_rows = 0;
  uint64_t missing_rows = 0;
  for (uint32_t i = 0; i < rows.count; ++i) {
    const uint8_t* record = rows.record(i);
    const uint32_t bin = record[split.feature];
    if (bin > split.bin && bin != kMissingBin) continue;
    const uint32_t draws = load<uint32_t>(record + tail_ + 4);
    const double mass = weighted_ ? load<float>(record + weight_at_) : draws;
    Moments& sums = bin == kMissingBin ? missing : left;
    (bin == kMissingBin ? missing_rows : left_rows) += draws;
    sums.sum += load<float>(record + tail_) * mass;
    sums.weight += mass;
  }
  for (int side = 0; side <= (any_missing ? 1 : 0); ++side) {
    split.missing_left = side == 1;
    if (side == 1) {
      left_rows += missing_rows;
      left.sum += missing.sum;
      left.weight += missing.weight;
    }
    if (left_rows < data_.options.min_samples_leaf || node_weight_ - left_rows < data_.options.min_samples_leaf) continue;
    const double right_weight = node_mass_ - left.weight;
    if (right_weight < kLeastShare * node_mass_) continue;
    const double right_sum = node_sum_ - left.sum;
    split.cost = -(left.sum * left.sum / left.weight + right_sum * right_sum / right_weight);
    if (split.cost < best.cost) best = split;
  }
}

}  // namespace tenon
