#include "tree_builder.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace tenon {
namespace {

// A subtree's records are copied together once they take no more than this: most of a
// first-level cache.
constexpr uint32_t kNearBytes = 32 * 1024;

// Of records of many lines, of which a node looks at some: a part of the second-level cache.
constexpr uint32_t kWideNearBytes = 512 * 1024;
constexpr uint32_t kWideRecord = 128;

constexpr uint32_t kRowsAhead = 4;

// Read past the end by kernels that take several bytes of records at once.
constexpr uint32_t kRecordSlack = 4 * kRangeColumns;

template <typename T>
void store(uint8_t* to, T value) noexcept {
  std::memcpy(to, &value, sizeof value);
}

uint32_t round_up(uint32_t n, uint32_t to) noexcept { return (n + to - 1) / to * to; }

}  // namespace

// A tail is 4 bytes for classes: the times drawn, and above them 16 bits that are the same
// number again for class 1 of two, or the class among more. For regression 8 bytes: the
// target as float, the times drawn. With weights classes are always written as among more, and
// a float follows, the row's weight times the times drawn.
TreeBuilder::TreeBuilder(const ForestData& data)
    : data_(data),
      kernels_(split_kernels()),
      class_kernels_(class_kernels()),
      ranges_(range_kernels()),
      columns_(static_cast<uint32_t>(data.features.column_count)),
      weighted_(data.weights != nullptr),
      counted_(data.options.class_count == 2 && !weighted_),
      counted_classes_(counts_classes(data.options, weighted_)),
      tail_(round_up(columns_, 4)),
      weight_at_(tail_ + (data.options.class_count == 0 ? 8 : 4)),
      stride_(weight_at_ + (weighted_ ? 4 : 0)),
      draws_(data.features.row_count),
      near_bytes_(stride_ > kWideRecord ? kWideNearBytes : kNearBytes),
      features_(columns_),
      node_classes_(std::max(1u, data.options.class_count)),
      left_(std::max(1u, data.options.class_count)),
      right_(std::max(1u, data.options.class_count)),
      child_classes_(std::max(1u, data.options.class_count)) {
  std::memset(moments_, 0, sizeof moments_);
  near_.resize(near_bytes_ + stride_ + kRecordSlack);
  if (counted_classes_) {
    node_counts_.resize(data.options.class_count);
    left_counts_.resize(data.options.class_count);
    class_histograms_.resize(4 * kBinCount * kHistogramClasses);
  }
  if (data.bounds == nullptr) return;
  const uint32_t padded = round_up(columns_, 4 * kRangeColumns);
  low_.resize(padded);
  high_.resize(padded);
  missing_.resize(padded);
  limits_.resize(padded);
}

void TreeBuilder::draw_rows(Random& random) {
  const size_t rows = data_.features.row_count;
  if (data_.options.bootstrap) {
    std::fill(draws_.begin(), draws_.end(), uint8_t{0});
    // 255 draws of one row would take a chance far below 1e-400 in all but tiny tables, where
    // one draw less changes nothing.
    for (size_t i = 0; i < rows; ++i) {
      uint8_t& draw = draws_[random.below(static_cast<uint32_t>(rows))];
      draw = static_cast<uint8_t>(draw + (draw < 255));
    }
    drawn_ = static_cast<uint32_t>(rows - static_cast<size_t>(std::count(draws_.begin(), draws_.end(), uint8_t{0})));
  } else {
    std::fill(draws_.begin(), draws_.end(), uint8_t{1});
    drawn_ = static_cast<uint32_t>(rows);
  }
  ids_.reserve(rows + kSplitSlack);
  scratch_.reserve(rows + kSplitSlack);
  ids_.resize(drawn_ + kSplitSlack);
  scratch_.resize(drawn_ + kSplitSlack);
  if (counted_classes_) tails_.clear();
  if (data_.columns == nullptr) {
    copy_records();
    return;
  }
  // Ids are places in the data, where the bins are looked at column by column.
  tails_.reserve(rows);
  uint32_t* id = ids_.data();
  for (size_t i = 0; i < rows; ++i) {
    tails_.push_back(draws_[i] | static_cast<uint32_t>(data_.target[i]) << 16);
    if (draws_[i] != 0) *id++ = static_cast<uint32_t>(i);
  }
}

void TreeBuilder::copy_records() {
  const size_t rows = data_.features.row_count;
  // Room for the most rows a tree could draw, untouched but for those it does: a tree that draws a few more
  // than the one before would otherwise move into memory twice as large.
  records_.reserve(rows * stride_ + kRecordSlack);
  records_.resize(static_cast<size_t>(drawn_) * stride_ + kRecordSlack);
  const uint32_t classes = data_.options.class_count;
  uint8_t* record = records_.data();
  for (size_t i = 0; i < rows; ++i) {
    const uint32_t draws = draws_[i];
    if (draws == 0) continue;
    std::memcpy(record, data_.features.bins.data() + i * columns_, columns_);
    if (classes == 0) {
      store(record + tail_, static_cast<float>(data_.target[i]));
      store(record + tail_ + 4, draws);
    } else {
      const uint32_t label = static_cast<uint32_t>(data_.target[i]);
      store(record + tail_, draws | (classes == 2 && !weighted_ ? label * draws : label) << 16);
    }
    if (weighted_) store(record + weight_at_, static_cast<float>(data_.weights[i] * draws));
    if (counted_classes_) tails_.push_back(load<uint32_t>(record + tail_));
    record += stride_;
  }
  for (uint32_t i = 0; i < drawn_; ++i) ids_[i] = i;
}

// The rows of a node, or of a part of it.
TreeBuilder::Rows TreeBuilder::rows_of(const uint32_t* ids, uint32_t count, bool compact) const noexcept {
  if (compact) return {near_.data(), ids, count, stride_, 1};
  if (data_.columns != nullptr) return {data_.columns, ids, count, 1, data_.features.row_count};
  return {records_.data(), ids, count, stride_, 1};
}

void TreeBuilder::compact(const Pending& node) {
  const bool by_column = data_.columns != nullptr;
  const uint8_t* const from = by_column ? data_.features.bins.data() : records_.data();
  const uint32_t length = by_column ? columns_ : stride_;
  const auto record = [&](uint32_t i) { return from + static_cast<size_t>(ids_[i]) * length; };
  uint8_t* to = near_.data();
  for (uint32_t i = node.begin; i < node.end; ++i, to += stride_) {
    // Rows lie far apart: the processor cannot foresee the next one.
    if (i + kRowsAhead < node.end) {
      const uint8_t* const next = record(i + kRowsAhead);
      for (uint32_t at = 0; at < length; at += 64) __builtin_prefetch(next + at);
    }
    std::memcpy(to, record(i), length);
    if (by_column) store(to + tail_, tails_[ids_[i]]);
  }
  for (uint32_t i = node.begin; i < node.end; ++i) ids_[i] = i - node.begin;
}

void TreeBuilder::count_node(const Rows& rows) {
  const uint32_t classes = data_.options.class_count;
  node_weight_ = 0;
  node_mass_ = 0;
  if (classes > 0 && weighted_) {
    std::fill(node_classes_.begin(), node_classes_.end(), 0.0);
    for (uint32_t i = 0; i < rows.count; ++i) {
      const uint8_t* record = rows.record(i);
      const uint32_t tail = load<uint32_t>(record + tail_);
      node_weight_ += tail & 0xffff;
      node_classes_[tail >> 16] += load<float>(record + weight_at_);
    }
  } else if (classes == 2) {
    uint64_t counts = 0;
    for (uint32_t i = 0; i < rows.count; ++i) {
      const uint32_t tail = load<uint32_t>(rows.record(i) + tail_);
      counts += (tail & 0xffff) | static_cast<uint64_t>(tail >> 16) << 32;
    }
    set_counts(counts);
  } else if (classes > 2) {
    std::fill(node_classes_.begin(), node_classes_.end(), 0.0);
    const bool apart = counted_classes_ && rows.records != near_.data();
    for (uint32_t i = 0; i < rows.count; ++i) {
      const uint32_t tail = apart ? tails_[rows.ids[i]] : load<uint32_t>(rows.record(i) + tail_);
      node_weight_ += tail & 0xffff;
      node_classes_[tail >> 16] += static_cast<double>(tail & 0xffff);
    }
    for (uint32_t c = 0; c < classes; ++c) node_classes_[c] *= data_.class_weights[c];
  } else {
    node_sum_ = 0;
    node_sum_squares_ = 0;
    for (uint32_t i = 0; i < rows.count; ++i) {
      const uint8_t* tail = rows.record(i) + tail_;
      const double y = load<float>(tail);
      const uint32_t draws = load<uint32_t>(tail + 4);
      const double mass = weighted_ ? load<float>(tail + 8) : draws;
      node_weight_ += draws;
      node_mass_ += mass;
      node_sum_ += y * mass;
      node_sum_squares_ += y * y * mass;
    }
  }
}

void TreeBuilder::set_counts(uint64_t counts) {
  node_weight_ = counts & 0xffffffff;
  node_count1_ = static_cast<uint32_t>(counts >> 32);
  node_classes_[0] = static_cast<double>(node_weight_ - node_count1_) * data_.class_weights[0];
  node_classes_[1] = static_cast<double>(node_count1_) * data_.class_weights[1];
}

// Weight times impurity: what a split reduces.
double TreeBuilder::impurity(const double* sums, double weight) const {
  double squares = 0;
  for (uint32_t c = 0; c < data_.options.class_count; ++c) squares += sums[c] * sums[c];
  return weight - squares / weight;
}

void TreeBuilder::make_leaf(Tree& tree, uint32_t node) const {
  const uint32_t classes = data_.options.class_count;
  const size_t width = classes == 0 ? 1 : classes;
  tree.feature[node] = -1;
  tree.threshold[node] = 0;
  tree.missing_left[node] = 0;
  tree.child[node] = static_cast<int32_t>(tree.values.size() / width);
  if (classes == 0) {
    tree.values.push_back(static_cast<float>(data_.target_mean + node_sum_ / node_mass_));
    return;
  }
  double weight = 0;
  for (uint32_t c = 0; c < classes; ++c) weight += node_classes_[c];
  for (uint32_t c = 0; c < classes; ++c) tree.values.push_back(static_cast<float>(node_classes_[c] / weight));
}

bool TreeBuilder::grow(uint64_t index, const TaskControl& control, Tree& result) {
  Tree& tree = grown_;
  const ForestOptions& options = data_.options;
  Random random(options.seed, index);
  draw_rows(random);
  for (uint32_t c = 0; c < columns_; ++c) features_[c] = c;
  const auto add_node = [&tree] {
    tree.feature.push_back(-1);
    tree.threshold.push_back(0);
    tree.child.push_back(0);
    tree.missing_left.push_back(0);
    tree.cover.push_back(0);
  };
  tree.feature.clear();
  tree.threshold.clear();
  tree.child.clear();
  tree.missing_left.clear();
  tree.cover.clear();
  tree.values.clear();
  tree.importances.assign(columns_, 0.0);
  add_node();
  pending_.assign(1, Pending{0, 0, drawn_, 0, false});
  double root_weight = 0;
  while (!pending_.empty()) {
    if (control.stopped()) return false;
    Pending node = pending_.back();
    pending_.pop_back();
    const uint32_t count = node.end - node.begin;
    if (!node.compact && static_cast<uint64_t>(count) * stride_ <= near_bytes_) {
      compact(node);
      node.compact = true;
    }
    const Rows rows = rows_of(ids_.data() + node.begin, count, node.compact);
    if (node.counts != kUncounted) set_counts(node.counts);
    else count_node(rows);

    const uint32_t classes = options.class_count;
    double weight = node_mass_;
    double node_impurity;
    if (classes == 0) {
      node_impurity = node_sum_squares_ - node_sum_ * node_sum_ / weight;
    } else {
      weight = 0;
      for (const double w : node_classes_) weight += w;
      node_impurity = impurity(node_classes_.data(), weight);
    }
    if (node.depth == 0) root_weight = weight;
    tree.cover[node.node] = static_cast<float>(weight);
    bool pure = true;
    if (classes == 0) {
      const float first = load<float>(rows.record(0) + tail_);
      for (uint32_t i = 1; i < count && pure; ++i) pure = load<float>(rows.record(i) + tail_) == first;
    } else {
      for (const double w : node_classes_) pure &= w == 0 || w == weight;
    }
    if (pure || count < 2 || node_weight_ < options.min_samples_split ||
        node_weight_ < 2ull * options.min_samples_leaf || (options.max_depth != 0 && node.depth >= options.max_depth)) {
      make_leaf(tree, node.node);
      continue;
    }

    const Split split = data_.bounds == nullptr ? best_split(rows, random) : best_random_split(rows, random);
    if (split.cost == INFINITY) {
      make_leaf(tree, node.node);
      continue;
    }

    uint32_t* ids = ids_.data() + node.begin;
    const uint32_t left_count = static_cast<uint32_t>(kernels_.partition(
        ids, count, rows.column(split.feature), rows.stride, split.bin, split.missing_left, scratch_.data()));

    // The decrease, from the children's own sums.
    const double weight_before = weight;
    const uint64_t rows_before = node_weight_;
    const double sum_before = node_sum_;
    const double squares_before = node_sum_squares_;
    double decrease;
    uint64_t left_rows;
    uint64_t left_counts = kUncounted;
    uint64_t right_counts = kUncounted;
    {
      child_classes_ = node_classes_;
      const uint32_t count1_before = node_count1_;
      if (split.left != kUncounted) set_counts(split.left);
      else count_node(rows_of(ids, left_count, node.compact));
      left_rows = node_weight_;
      if (counted_) {
        left_counts = left_rows | static_cast<uint64_t>(node_count1_) << 32;
        right_counts = (rows_before | static_cast<uint64_t>(count1_before) << 32) - left_counts;
      }
      if (classes == 0) {
        const double left_weight = node_mass_;
        const double right_weight = weight_before - left_weight;
        const double right_sum = sum_before - node_sum_;
        decrease = node_sum_ * node_sum_ / left_weight + right_sum * right_sum / right_weight -
                   sum_before * sum_before / weight_before;
      } else {
        double left_weight = 0;
        for (const double w : node_classes_) left_weight += w;
        const double left_impurity = impurity(node_classes_.data(), left_weight);
        for (uint32_t c = 0; c < classes; ++c) left_[c] = child_classes_[c] - node_classes_[c];
        decrease = node_impurity - left_impurity - impurity(left_.data(), weight_before - left_weight);
      }
      node_classes_ = child_classes_;
      node_weight_ = rows_before;
      node_mass_ = classes == 0 ? weight_before : 0;
      node_sum_ = sum_before;
      node_sum_squares_ = squares_before;
      node_count1_ = count1_before;
    }
    if (options.min_impurity_decrease > 0 && decrease / root_weight < options.min_impurity_decrease) {
      make_leaf(tree, node.node);
      continue;
    }
    tree.importances[split.feature] += std::max(decrease, 0.0);

    const uint32_t left = static_cast<uint32_t>(tree.feature.size());
    add_node();
    add_node();
    tree.feature[node.node] = static_cast<int32_t>(split.feature);
    if (data_.bounds != nullptr) {
      tree.threshold[node.node] = split.threshold;
    } else {
      const auto& edges = data_.features.edges[split.feature];
      // Values on one side and missing ones on the other: every value is below infinity's
      // stand-in, the largest float.
      const uint32_t edge = bin_after(rows, split);
      tree.threshold[node.node] = edge < edges.size() ? edges[edge] : 3.402823466e+38f;
    }
    tree.child[node.node] = static_cast<int32_t>(left);
    // A missing value where training saw none goes with the larger side.
    bool missing_left = split.missing_left;
    if (data_.features.has_missing[split.feature] == 0) missing_left = 2 * left_rows > rows_before;
    tree.missing_left[node.node] = missing_left;
    const uint32_t middle = node.begin + left_count;
    pending_.push_back({left + 1, middle, node.end, node.depth + 1, node.compact, right_counts});
    pending_.push_back({left, node.begin, middle, node.depth + 1, node.compact, left_counts});
  }
  double total = 0;
  for (const double value : tree.importances) total += value;
  if (total > 0) {
    for (double& value : tree.importances) value /= total;
  }
  result = tree;
  return true;
}

// The bin whose upper edge the threshold is taken from: halfway through the bins that none of
// the node's rows falls into.
uint32_t TreeBuilder::bin_after(const Rows& rows, const Split& split) const {
  uint32_t next = 255;
  const uint8_t* const bins = rows.column(split.feature);
  for (uint32_t i = 0; i < rows.count; ++i) {
    const uint32_t bin = bins[static_cast<size_t>(rows.ids[i]) * rows.stride];
    if (bin > split.bin && bin < next) next = bin;
  }
  if (next == 255) return 255;
  return (split.bin + next - 1) / 2 < split.bin ? split.bin : (split.bin + next - 1) / 2;
}

}  // namespace tenon
