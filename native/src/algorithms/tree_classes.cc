#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <numeric>
#include <type_traits>

#include "tree_builder.h"

// Splits between more than two classes whose rows all count alike: everything up to the cost is a sum of integers, so
// that rows may be added in any order.
namespace tenon {
// What all features of a node have in common.
void TreeBuilder::list_node(const Rows& rows) {
  const bool near = rows.records == near_.data();
  listed_.resize(rows.count);
  for (uint32_t i = 0; i < rows.count; ++i) {
    const uint32_t tail = near ? load<uint32_t>(rows.record(i) + tail_) : tails_[rows.ids[i]];
    listed_[i] = (tail >> 16) << 8 | (tail & 0xff);
  }
  for (size_t c = 0; c < node_counts_.size(); ++c) node_counts_[c] = static_cast<uint64_t>(node_classes_[c]);
  few_classes_ = 0;
  if (class_kernels_.scan_rows != nullptr && rows.count <= kFewRows && node_weight_ <= kFewRowsWeight) {
    list_few(rows);
  } else {
    column_.resize(rows.count);
    order_.resize(rows.count + 1);
    cut_left_squares_.resize(rows.count + 1);
    cut_right_squares_.resize(rows.count + 1);
    cut_left_weight_.resize(rows.count + 1);
    cut_bin_.resize(rows.count + 1);
  }
}

// Brings the rows of a small node into order of their classes.
void TreeBuilder::list_few(const Rows& rows) {
  uint32_t places[kFewRows];  // per class with rows, where the next goes
  uint32_t sum = 0;
  for (size_t c = 0; c < node_counts_.size(); ++c) {
    if (node_counts_[c] == 0) continue;
    few_totals_[few_classes_] = static_cast<uint32_t>(node_counts_[c]);
    // Until rows are placed, the class's own.
    left_counts_[c] = few_classes_;
    places[few_classes_] = 0;
    ++few_classes_;
  }
  for (uint32_t i = 0; i < rows.count; ++i) ++places[left_counts_[listed_[i] >> 8]];
  for (uint32_t c = 0; c < few_classes_; ++c) {
    const uint32_t count = places[c];
    places[c] = sum;
    sum += count;
    few_ends_[c] = sum;
  }
  std::memset(few_draws_, 0, sizeof few_draws_);
  for (uint32_t i = 0; i < rows.count; ++i) {
    const uint32_t place = places[left_counts_[listed_[i] >> 8]]++;
    few_ids_[place] = rows.ids[i];
    few_draws_[place] = static_cast<uint8_t>(listed_[i]);
  }
}

// Up to four features at once.
void TreeBuilder::try_counted(const Rows& rows, const uint32_t* features, uint32_t count, Split& best, bool& varies) {
  if (few_classes_ > 0) {
    for (uint32_t f = 0; f < count; ++f) try_few(rows, features[f], best, varies);
  } else if (class_kernels_.scan_histogram != nullptr && node_weight_ <= kHistogramWeight &&
             node_counts_.size() <= kHistogramClasses) {
    try_histograms(rows, features, count, best, varies);
  } else {
    for (uint32_t f = 0; f < count; ++f) try_ordered(rows, features[f], best, varies);
  }
}

void TreeBuilder::try_few(const Rows& rows, uint32_t feature, Split& best, bool& varies) {
  alignas(64) uint8_t bins[kFewRows];
  const uint8_t* const column = rows.column(feature);
  const size_t stride = rows.stride;
  uint8_t differs = 0;
  uint8_t missing = 0;
  const uint8_t first = column[few_ids_[0] * stride];
  for (uint32_t i = 0; i < rows.count; ++i) {
    const uint8_t bin = column[few_ids_[i] * stride];
    bins[i] = bin;
    differs |= bin ^ first;
    missing |= bin == kMissingBin;
  }
  if (differs == 0) return;
  varies = true;
  const FewRows few{bins, few_draws_, rows.count, few_ends_, few_totals_, few_classes_};
  const ClassNode node{static_cast<uint32_t>(node_weight_), data_.options.min_samples_leaf};
  ClassCut cut = class_kernels_.scan_rows(few, kMissingBin, node);
  if (cut.cost < best.cost) best = {cut.cost, feature, cut.bin, false, 0};
  if (!missing) return;
  // Missing values first: bin 0, and the others one higher.
  for (uint32_t i = 0; i < rows.count; ++i) bins[i] = static_cast<uint8_t>(bins[i] + 1);
  cut = class_kernels_.scan_rows(few, 0, node);
  if (cut.cost < best.cost) best = {cut.cost, feature, cut.bin - 1, true, 0};
}

void TreeBuilder::try_histograms(const Rows& rows, const uint32_t* features, uint32_t count, Split& best,
                                 bool& varies) {
  constexpr size_t kSize = kBinCount * kHistogramClasses;
  std::memset(class_histograms_.data(), 0, count * kSize * sizeof(uint16_t));
  const auto add = [&](auto width) {
    constexpr uint32_t kWidth = decltype(width)::value;
    const uint8_t* columns[kWidth];
    for (uint32_t f = 0; f < kWidth; ++f) columns[f] = rows.column(features[f]);
    uint16_t* const histograms = class_histograms_.data();
    const uint32_t* const ids = rows.ids;
    const uint32_t* const listed = listed_.data();
    const size_t stride = rows.stride;
    for (uint32_t i = 0; i < rows.count; ++i) {
      const size_t at = ids[i] * stride;
      const uint32_t label = listed[i] >> 8;
      const uint16_t draws = listed[i] & 0xff;
      for (uint32_t f = 0; f < kWidth; ++f) {
        uint16_t& cell = histograms[f * kSize + columns[f][at] * kHistogramClasses + label];
        cell = static_cast<uint16_t>(cell + draws);
      }
    }
  };
  switch (count) {
    case 1: add(std::integral_constant<uint32_t, 1>()); break;
    case 2: add(std::integral_constant<uint32_t, 2>()); break;
    case 3: add(std::integral_constant<uint32_t, 3>()); break;
    default: add(std::integral_constant<uint32_t, 4>());
  }
  const ClassNode node{static_cast<uint32_t>(node_weight_), data_.options.min_samples_leaf};
  const uint16_t none[kHistogramClasses] = {};
  uint16_t total[kHistogramClasses] = {};
  for (size_t c = 0; c < node_counts_.size(); ++c) total[c] = static_cast<uint16_t>(node_counts_[c]);
  for (uint32_t f = 0; f < count; ++f) {
    const uint16_t* const histogram = class_histograms_.data() + f * kSize;
    const uint8_t first = rows.column(features[f])[rows.ids[0] * static_cast<size_t>(rows.stride)];
    const auto in_bin = [histogram](uint32_t bin) {
      const uint16_t* const own = histogram + bin * kHistogramClasses;
      return std::accumulate(own, own + kHistogramClasses, uint32_t{0});
    };
    if (in_bin(first) == node_weight_) continue;
    varies = true;
    ClassCut cut = class_kernels_.scan_histogram(histogram, none, total, node);
    if (cut.cost < best.cost) best = {cut.cost, features[f], cut.bin, false, 0};
    if (in_bin(kMissingBin) == 0) continue;
    cut = class_kernels_.scan_histogram(histogram, histogram + kMissingBin * kHistogramClasses, total, node);
    if (cut.cost < best.cost) best = {cut.cost, features[f], cut.bin, true, 0};
  }
}

void TreeBuilder::try_ordered(const Rows& rows, uint32_t feature, Split& best, bool& varies) {
  const uint32_t count = rows.count;
  const uint8_t* const bins = rows.column(feature);
  const size_t stride = rows.stride;
  uint8_t differs = 0;
  for (uint32_t i = 0; i < count; ++i) {
    column_[i] = bins[rows.ids[i] * stride];
    differs |= column_[i] ^ column_[0];
  }
  if (differs == 0) return;
  varies = true;
  sort_bins(count);
  uint32_t values = count;
  while (order_[values - 1] >> 24 == kMissingBin) --values;
  ClassCut cut = sweep_counts(values, count, false);
  if (cut.cost < best.cost) best = {cut.cost, feature, cut.bin, false, 0};
  if (values == count) return;
  cut = sweep_counts(values, count, true);
  if (cut.cost < best.cost) best = {cut.cost, feature, cut.bin, true, 0};
}

// Brings the rows into order of their bins, with the bin in the upper 8 bits of each entry.
void TreeBuilder::sort_bins(uint32_t count) {
  const uint8_t* const column = column_.data();
  uint64_t seen[4] = {};
  for (uint32_t i = 0; i < count; ++i) {
    ++bin_counts_[column[i]];
    seen[column[i] >> 6] |= uint64_t{1} << (column[i] & 63);
  }
  uint32_t sum = 0;
  for (uint32_t word = 0; word < 4; ++word) {
    for (uint64_t bits = seen[word]; bits != 0; bits &= bits - 1) {
      uint32_t& start = bin_counts_[word * 64 + static_cast<uint32_t>(std::countr_zero(bits))];
      const uint32_t next = sum + start;
      start = sum;
      sum = next;
    }
  }
  for (uint32_t i = 0; i < count; ++i) {
    order_[bin_counts_[column[i]]++] = static_cast<uint32_t>(column[i]) << 24 | listed_[i];
  }
  for (uint32_t i = 0; i < count; ++i) bin_counts_[column[i]] = 0;
}

// One walk over rows in order of bins.
ClassCut TreeBuilder::sweep_counts(uint32_t values, uint32_t count, bool missing_left) {
  uint64_t* const left = left_counts_.data();
  const uint64_t* const total = node_counts_.data();
  std::fill(left_counts_.begin(), left_counts_.end(), uint64_t{0});
  uint64_t total_squares = 0;
  for (const uint64_t n : node_counts_) total_squares += n * n;
  uint64_t squares = 0;
  uint64_t products = 0;  // of what is left with the total, per class
  uint64_t weight = 0;
  const auto move_left = [&](uint32_t entry) {
    const uint32_t label = (entry >> 8) & 0xffff;
    const uint64_t draws = entry & 0xff;
    const uint64_t before = left[label];
    squares += draws * (2 * before + draws);
    left[label] = before + draws;
    products += draws * total[label];
    weight += draws;
  };
  if (missing_left) {
    for (uint32_t i = values; i < count; ++i) move_left(order_[i]);
  }
  order_[count] = 0xffffffff;
  uint32_t cuts = 0;
  for (uint32_t i = 0; i < values; ++i) {
    const uint32_t entry = order_[i];
    move_left(entry);
    cut_left_squares_[cuts] = static_cast<double>(squares);
    cut_right_squares_[cuts] = static_cast<double>(total_squares - 2 * products + squares);
    cut_left_weight_[cuts] = static_cast<double>(weight);
    cut_bin_[cuts] = static_cast<uint8_t>(entry >> 24);
    cuts += entry >> 24 != order_[i + 1] >> 24;
  }
  // Apart from the walk, so that its steps do not wait for divisions.
  const double total_weight = static_cast<double>(node_weight_);
  const double least = data_.options.min_samples_leaf;
  ClassCut best{INFINITY, 0};
  for (uint32_t i = 0; i < cuts; ++i) {
    const double l = cut_left_weight_[i];
    const double r = total_weight - l;
    const double cost = (l - cut_left_squares_[i] / l) + (r - cut_right_squares_[i] / r);
    if (cost < best.cost && l >= least && r >= least) best = {cost, cut_bin_[i]};
  }
  return best;
}

}  // namespace tenon
