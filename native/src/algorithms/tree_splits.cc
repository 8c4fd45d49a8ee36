#include <algorithm>
#include <cmath>
#include <cstring>

#include "tree_builder.h"

// The best splits of a node by histograms of its rows' bins: two classes, classes with weights, and numbers.
namespace tenon {

TreeBuilder::Split TreeBuilder::best_split(const Rows& rows, Random& random) {
  Split best{INFINITY, 0, 0, false, 0};
  bool varies = false;
  if (counted_classes_) list_node(rows);
  // The first features_per_split of a shuffle; then one more at a time while all that were
  // drawn are constant here.
  uint32_t drawn = 0;
  const uint32_t wanted = data_.options.features_per_split;
  while (drawn < columns_ && (drawn < wanted || !varies)) {
    const uint32_t group = drawn < wanted ? std::min(4u, wanted - drawn) : 1;
    for (uint32_t i = drawn; i < drawn + group; ++i) {
      std::swap(features_[i], features_[i + random.below(columns_ - i)]);
    }
    try_features(rows, features_.data() + drawn, group, best, varies);
    drawn += group;
  }
  return best;
}

void TreeBuilder::try_features(const Rows& rows, const uint32_t* features, uint32_t count, Split& best, bool& varies) {
  const uint32_t classes = data_.options.class_count;
  if (classes == 2 && !weighted_ && rows.count <= kSmallNodeRows && node_weight_ <= kSmallNodeWeight) {
    try_two_class_small(rows, features, count, best, varies);
  } else if (classes == 2 && !weighted_ && node_weight_ <= 0xffff) {
    try_two_class(rows, features, count, best, varies);
  } else if (counted_classes_) {
    try_counted(rows, features, count, best, varies);
  } else {
    for (uint32_t f = 0; f < count; ++f) {
      if (classes == 2 && !weighted_) {
        try_two_class_wide(rows, features[f], best, varies);
      } else if (classes > 0) {
        try_sorted(rows, features[f], best, varies);
      } else {
        try_regression(rows, features[f], best, varies);
      }
    }
  }
}

void TreeBuilder::try_two_class_small(const Rows& rows, const uint32_t* features, uint32_t count, Split& best,
                                      bool& varies) {
  alignas(64) uint8_t bins[4][64];
  alignas(64) uint8_t weights[64] = {};
  alignas(64) uint8_t weights1[64] = {};
  for (uint32_t i = 0; i < rows.count; ++i) {
    const uint8_t* record = rows.record(i);
    const uint32_t tail = load<uint32_t>(record + tail_);
    weights[i] = static_cast<uint8_t>(tail);
    weights1[i] = static_cast<uint8_t>(tail >> 16);
    for (uint32_t f = 0; f < count; ++f) bins[f][i] = record[features[f]];
  }
  const TwoClassNode node{static_cast<uint32_t>(node_weight_) | node_count1_ << 16, data_.options.min_samples_leaf,
                          static_cast<float>(data_.class_weights[0]), static_cast<float>(data_.class_weights[1])};
  for (uint32_t f = 0; f < count; ++f) {
    uint8_t* column = bins[f];
    bool any_missing = false;
    uint8_t differs = 0;
    for (uint32_t i = 0; i < rows.count; ++i) differs |= column[i] ^ column[0];
    if (differs == 0) continue;
    varies = true;
    BinSplit found = kernels_.scan_rows(column, weights, weights1, rows.count, node);
    if (found.cost < best.cost) best = {found.cost, features[f], found.bin, false, 0};
    if (data_.features.has_missing[features[f]] == 0) continue;
    // Missing values first: bin 0, and the others one higher.
    for (uint32_t i = 0; i < rows.count; ++i) {
      any_missing |= column[i] == kMissingBin;
      column[i] = static_cast<uint8_t>(column[i] + 1);
    }
    if (!any_missing) continue;
    found = kernels_.scan_rows(column, weights, weights1, rows.count, node);
    if (found.cost < best.cost) best = {found.cost, features[f], found.bin - 1, true, 0};
  }
}

void TreeBuilder::try_two_class(const Rows& rows, const uint32_t* features, uint32_t count, Split& best,
                                bool& varies) {
  std::memset(packed_, 0, sizeof(packed_[0]) * count);
  if (count == 4) {
    const uint32_t a = features[0], b = features[1], c = features[2], d = features[3];
    for (uint32_t i = 0; i < rows.count; ++i) {
      const uint8_t* record = rows.record(i);
      const uint32_t tail = load<uint32_t>(record + tail_);
      packed_[0][record[a]] += tail;
      packed_[1][record[b]] += tail;
      packed_[2][record[c]] += tail;
      packed_[3][record[d]] += tail;
    }
  } else {
    for (uint32_t i = 0; i < rows.count; ++i) {
      const uint8_t* record = rows.record(i);
      const uint32_t tail = load<uint32_t>(record + tail_);
      for (uint32_t f = 0; f < count; ++f) packed_[f][record[features[f]]] += tail;
    }
  }
  const TwoClassNode node{static_cast<uint32_t>(node_weight_) | node_count1_ << 16, data_.options.min_samples_leaf,
                          static_cast<float>(data_.class_weights[0]), static_cast<float>(data_.class_weights[1])};
  for (uint32_t f = 0; f < count; ++f) {
    uint32_t* histogram = packed_[f];
    if (histogram[rows.record(0)[features[f]]] == node.total) continue;
    varies = true;
    BinSplit found = kernels_.scan(histogram, 0, node);
    if (found.cost < best.cost) best = {found.cost, features[f], found.bin, false, 0};
    const uint32_t missing = histogram[kMissingBin];
    if (missing == 0) continue;
    histogram[kMissingBin] = 0;
    found = kernels_.scan(histogram, missing, node);
    if (found.cost < best.cost) best = {found.cost, features[f], found.bin, true, 0};
  }
}

// The same with 32-bit counts, for the few nodes above 65535 rows.
void TreeBuilder::try_two_class_wide(const Rows& rows, uint32_t feature, Split& best, bool& varies) {
  std::memset(wide_, 0, sizeof wide_);
  for (uint32_t i = 0; i < rows.count; ++i) {
    const uint8_t* record = rows.record(i);
    const uint32_t tail = load<uint32_t>(record + tail_);
    wide_[record[feature]] += (tail & 0xffff) | static_cast<uint64_t>(tail >> 16) << 32;
  }
  const uint64_t total = node_weight_ | static_cast<uint64_t>(node_count1_) << 32;
  if (wide_[rows.record(0)[feature]] == total) return;
  varies = true;
  const double weight0 = data_.class_weights[0];
  const double weight1 = data_.class_weights[1];
  const uint64_t min_leaf = data_.options.min_samples_leaf;
  const auto scan = [&](uint64_t left, bool missing_left) {
    for (uint32_t bin = 0; bin < kMissingBin; ++bin) {
      if (wide_[bin] == 0) continue;
      left += wide_[bin];
      const uint64_t right = total - left;
      const uint64_t left_rows = left & 0xffffffff;
      const uint64_t right_rows = right & 0xffffffff;
      if (left_rows < min_leaf || right_rows < min_leaf) continue;
      const double l1 = static_cast<double>(left >> 32) * weight1;
      const double l0 = static_cast<double>(left_rows - (left >> 32)) * weight0;
      const double r1 = static_cast<double>(right >> 32) * weight1;
      const double r0 = static_cast<double>(right_rows - (right >> 32)) * weight0;
      const double cost = l0 * l1 / (l0 + l1) + r0 * r1 / (r0 + r1);
      if (cost < best.cost) best = {cost, feature, bin, missing_left, 0};
    }
  };
  scan(0, false);
  if (wide_[kMissingBin] != 0) scan(wide_[kMissingBin], true);
}

// Many classes, or weights: rows in order of bins by counting, then one walk over them in which a row
// changes one class only.
void TreeBuilder::try_sorted(const Rows& rows, uint32_t feature, Split& best, bool& varies) {
  uint32_t* starts = packed_[0];
  std::memset(starts, 0, sizeof packed_[0]);
  for (uint32_t i = 0; i < rows.count; ++i) ++starts[rows.record(i)[feature]];
  if (starts[rows.record(0)[feature]] == rows.count) return;
  varies = true;
  const uint32_t missing = starts[kMissingBin];
  uint32_t sum = 0;
  for (uint32_t bin = 0; bin < kBinCount; ++bin) {
    const uint32_t count = starts[bin];
    starts[bin] = sum;
    sum += count;
  }
  // Bin in the upper half; the tail in the lower: 8 bits of draws, 16 of class.
  order_.resize(rows.count);
  if (weighted_) order_weights_.resize(rows.count);
  for (uint32_t i = 0; i < rows.count; ++i) {
    const uint8_t* record = rows.record(i);
    const uint32_t bin = record[feature];
    const uint32_t tail = load<uint32_t>(record + tail_);
    const uint32_t place = starts[bin]++;
    order_[place] = bin << 24 | (tail >> 16) << 8 | (tail & 0xff);
    if (weighted_) order_weights_[place] = load<float>(record + weight_at_);
  }
  const uint32_t values = rows.count - missing;
  sweep_classes(order_.data(), values, rows.count, feature, false, best);
  if (missing > 0) sweep_classes(order_.data(), values, rows.count, feature, true, best);
}

void TreeBuilder::sweep_classes(const uint32_t* order, uint32_t values, uint32_t count, uint32_t feature,
                                bool missing_left, Split& best) {
  const uint32_t classes = data_.options.class_count;
  std::fill(left_.begin(), left_.end(), 0.0);
  right_ = node_classes_;
  double left_squares = 0, right_squares = 0, left_weight = 0, right_weight = 0;
  for (uint32_t c = 0; c < classes; ++c) {
    right_squares += right_[c] * right_[c];
    right_weight += right_[c];
  }
  uint64_t left_rows = 0;
  const auto move_left = [&](uint32_t place) {
    const uint32_t entry = order[place];
    const uint32_t label = (entry >> 8) & 0xffff;
    const double weight = weighted_ ? order_weights_[place] : (entry & 0xff) * data_.class_weights[label];
    left_squares += weight * (2 * left_[label] + weight);
    right_squares -= weight * (2 * right_[label] - weight);
    left_[label] += weight;
    right_[label] -= weight;
    left_weight += weight;
    right_weight -= weight;
    left_rows += entry & 0xff;
  };
  if (missing_left) {
    for (uint32_t i = values; i < count; ++i) move_left(i);
  }
  const uint32_t min_leaf = data_.options.min_samples_leaf;
  for (uint32_t i = 0; i < values; ++i) {
    move_left(i);
    if (i + 1 < count && order[i] >> 24 == order[i + 1] >> 24) continue;
    if (left_rows < min_leaf || node_weight_ - left_rows < min_leaf) continue;
    if (left_rows == node_weight_) break;
    if (weighted_ && right_weight < kLeastShare * left_weight) continue;
    // Negative purity, plus the node's weight so that a cost is not below zero.
    const double cost = (left_weight - left_squares / left_weight) + (right_weight - right_squares / right_weight);
    if (cost < best.cost) best = {cost, feature, order[i] >> 24, missing_left, 0};
  }
}

void TreeBuilder::try_regression(const Rows& rows, uint32_t feature, Split& best, bool& varies) {
  std::memset(moments_, 0, sizeof moments_);
  uint32_t* counts = packed_[0];
  if (weighted_) std::memset(counts, 0, sizeof packed_[0]);
  for (uint32_t i = 0; i < rows.count; ++i) {
    const uint8_t* record = rows.record(i);
    const uint32_t draws = load<uint32_t>(record + tail_ + 4);
    const double mass = weighted_ ? load<float>(record + weight_at_) : draws;
    Moments& bin = moments_[record[feature]];
    bin.sum += load<float>(record + tail_) * mass;
    bin.weight += mass;
    if (weighted_) counts[record[feature]] += draws;
  }
  const uint32_t first = rows.record(0)[feature];
  if (weighted_ ? counts[first] == node_weight_ : moments_[first].weight == static_cast<double>(node_weight_)) return;
  varies = true;
  sweep_regression(feature, false, best);
  if (moments_[kMissingBin].weight > 0) sweep_regression(feature, true, best);
}

void TreeBuilder::sweep_regression(uint32_t feature, bool missing_left, Split& best) {
  const uint32_t* counts = packed_[0];
  const double total_rows = static_cast<double>(node_weight_);
  const double min_leaf = data_.options.min_samples_leaf;
  double left_sum = missing_left ? moments_[kMissingBin].sum : 0;
  double left_weight = missing_left ? moments_[kMissingBin].weight : 0;
  double left_rows = !missing_left ? 0 : weighted_ ? counts[kMissingBin] : left_weight;
  for (uint32_t bin = 0; bin < kMissingBin; ++bin) {
    if (moments_[bin].weight == 0) continue;
    left_sum += moments_[bin].sum;
    left_weight += moments_[bin].weight;
    left_rows += weighted_ ? counts[bin] : moments_[bin].weight;
    if (left_rows < min_leaf || total_rows - left_rows < min_leaf) continue;
    const double right_weight = node_mass_ - left_weight;
    if (weighted_ && right_weight < kLeastShare * node_mass_) continue;
    const double right_sum = node_sum_ - left_sum;
    const double cost = -(left_sum * left_sum / left_weight + right_sum * right_sum / right_weight);
    if (cost < best.cost) best = {cost, feature, bin, missing_left, 0};
  }
}

}  // namespace tenon
