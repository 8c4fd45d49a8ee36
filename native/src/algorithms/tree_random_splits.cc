#include <algorithm>
#include <cmath>
#include <cstring>

#include "tree_builder.h"

// The splits of extremely randomized trees: one threshold per drawn feature, anywhere between the
// node's lowest and highest value with equal chance. Geurts, Ernst and Wehenkel, 2006.
namespace tenon {
namespace {

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
  // The last bin but one whose middle is not above the number, or the first.
  const double* middle = data_.bounds->middle.data() + static_cast<size_t>(feature) * kBinCount;
  uint32_t bin = first;
  for (uint32_t length = last - first; length > 1;) {
    const uint32_t half = length / 2;
    bin += middle[bin + half] <= drawn ? half : 0;
    length -= half;
  }
  threshold = static_cast<float>(drawn);
  if (threshold < high[bin] || threshold >= low[bin + 1]) threshold = data_.features.edges[feature][bin];
  return bin;
}

TreeBuilder::Range TreeBuilder::range_of(const Rows& rows, uint32_t feature) const {
  Range range{kMissingBin, 0, false};
  for (uint32_t i = 0; i < rows.count; ++i) {
    const uint32_t bin = rows.record(i)[feature];
    range.first = std::min(range.first, bin);
    if (bin == kMissingBin) range.any_missing = true;
    else range.last = std::max(range.last, bin);
  }
  return range;
}

// All thresholds are drawn before any is judged: of two classes without weights they are judged together.
TreeBuilder::Split TreeBuilder::best_random_split(const Rows& rows, Random& random) {
  const uint32_t wanted = data_.options.features_per_split;
  const RecordRows records{rows.records, rows.ids, rows.count, stride_, columns_, tail_};
  const bool at_once = columns_ <= static_cast<uint64_t>(ranges_.columns_at_once) * wanted;
  if (at_once) ranges_.ranges(records, low_.data(), high_.data(), missing_.data());
  candidates_.clear();
  judged_.clear();
  gaps_.clear();
  uint32_t drawn = 0;
  bool varies = false;
  // As best_split() draws features.
  while (drawn < columns_ && (drawn < wanted || !varies)) {
    const uint32_t group = drawn < wanted ? std::min(4u, wanted - drawn) : 1;
    for (uint32_t i = drawn; i < drawn + group; ++i) {
      std::swap(features_[i], features_[i + random.below(columns_ - i)]);
    }
    for (uint32_t i = drawn; i < drawn + group; ++i) {
      const uint32_t feature = features_[i];
      const Range range =
          at_once ? Range{low_[feature], high_[feature], missing_[feature] != 0} : range_of(rows, feature);
      const bool constant = range.first == range.last && !range.any_missing;
      if (range.first == kMissingBin || constant) continue;
      varies = true;
      Split split{INFINITY, feature, range.first, false, 3.402823466e+38f};
      if (range.first < range.last) split.bin = draw_threshold(feature, range.first, range.last, random, split.threshold);
      candidates_.push_back({split, range.any_missing});
      if (!counted_) continue;
      judged_.push_back(feature);
      limits_[feature] = static_cast<uint8_t>(split.bin);
      if (range.any_missing) gaps_.push_back(feature);
    }
    drawn += group;
  }
  sums_.resize(judged_.size());
  missing_sums_.resize(gaps_.size());
  if (!judged_.empty()) {
    ranges_.sums(records, limits_.data(), judged_.data(), static_cast<uint32_t>(judged_.size()), sums_.data());
  }
  if (!gaps_.empty()) {
    ranges_.missing_sums(records, gaps_.data(), static_cast<uint32_t>(gaps_.size()), missing_sums_.data());
  }
  Split best{INFINITY, 0, 0, false, 0};
  size_t next = 0;
  size_t next_missing = 0;
  for (Candidate& candidate : candidates_) {
    if (counted_) {
      candidate.split.left = sums_[next++];
      judge_counts(candidate.split, candidate.any_missing ? missing_sums_[next_missing++] : 0, best);
    } else if (data_.options.class_count == 0) {
      judge_regression(rows, candidate.split, candidate.any_missing, best);
    } else {
      judge_classes(rows, candidate.split, candidate.any_missing, best);
    }
  }
  return best;
}

// Takes a split for the best if it is, by its counts, with missing values on either side.
void TreeBuilder::judge_counts(Split split, uint64_t missing, Split& best) const {
  const uint64_t least = data_.options.min_samples_leaf;
  for (int side = 0; side <= (missing != 0 ? 1 : 0); ++side) {
    split.missing_left = side == 1;
    if (side == 1) split.left += missing;
    const uint64_t left_rows = split.left & 0xffffffff;
    const uint64_t left_rows1 = split.left >> 32;
    if (left_rows < least || node_weight_ - left_rows < least) continue;
    const double left0 = static_cast<double>(left_rows - left_rows1) * data_.class_weights[0];
    const double left1 = static_cast<double>(left_rows1) * data_.class_weights[1];
    const double right0 = node_classes_[0] - left0;
    const double right1 = node_classes_[1] - left1;
    const double left = left0 + left1;
    const double right = right0 + right1;
    if (right < kLeastShare * left) continue;
    split.cost = (left - (left0 * left0 + left1 * left1) / left) + (right - (right0 * right0 + right1 * right1) / right);
    if (split.cost < best.cost) best = split;
  }
}

// The same of other targets, row by row.
void TreeBuilder::judge_classes(const Rows& rows, Split split, bool any_missing, Split& best) {
  const uint32_t classes = data_.options.class_count;
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
    const uint32_t label = tail >> 16;
    sums[label] += weighted_ ? load<float>(record + weight_at_) : (tail & 0xffff) * data_.class_weights[label];
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
