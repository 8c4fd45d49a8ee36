#include "forest_score.h"

#include <algorithm>
#include <cstring>
#include <stdexcept>
#include <string>

#include "../operations/buffer.h"
#include "../runtime/thread_pool.h"
#include "forest_walk.h"

namespace tenon {
namespace {

// Rows scored together: they and one tree's nodes stay in the second-level cache while every
// tree passes over them.
constexpr size_t kBlockRows = 2048;

// The same for rows' bins, which are smaller, and at most so many sums for them.
constexpr size_t kLaneRows = 8192;
constexpr size_t kLaneSums = 65536;

uint32_t bits_for(uint32_t count) noexcept {
  uint32_t bits = 1;
  while (bits < 32 && (1ull << bits) < count) ++bits;
  return bits;
}

}  // namespace

ForestScorer::ForestScorer(const Forest& forest)
    : feature_count_(forest.feature_count),
      value_count_(forest.value_count),
      sum_count_(forest.value_count == 2 ? 1 : forest.value_count),
      child_bits_(30 - std::min(29u, bits_for(forest.feature_count))),
      starts_(forest.tree_start) {
  for (uint32_t t = 0; t < forest.tree_count(); ++t) {
    const uint32_t count = starts_[t + 1] - starts_[t];
    if (count > (1u << child_bits_)) {
      throw std::length_error("a tree has " + std::to_string(count) + " nodes, must have at most " +
                              std::to_string(1u << child_bits_) + " with " + std::to_string(feature_count_) +
                              " features");
    }
  }
  // What a leaf holds: its value, or its place where it has several.
  std::vector<uint32_t> payloads(forest.values.size() / value_count_);
  for (size_t place = 0; place < payloads.size(); ++place) {
    payloads[place] = static_cast<uint32_t>(place);
    if (sum_count_ == 1) std::memcpy(&payloads[place], &forest.values[(place + 1) * value_count_ - 1], 4);
  }
  lanes_ = ForestLanes::make(forest, payloads);
  if (!lanes_ || !lanes_->takes_missing()) make_nodes(forest, payloads);
  if (sum_count_ > 1) values_ = forest.values;
}

void ForestScorer::make_nodes(const Forest& forest, const std::vector<uint32_t>& payloads) {
  nodes_.resize(forest.node_count());
  for (size_t i = 0; i < nodes_.size(); ++i) {
    uint32_t low;
    uint32_t high;
    if (forest.feature[i] < 0) {
      high = kLeafBit;
      low = payloads[static_cast<size_t>(forest.child[i])];
    } else {
      std::memcpy(&low, &forest.threshold[i], 4);
      high = (forest.missing_left[i] ? kMissingLeftBit : 0) |
             static_cast<uint32_t>(forest.feature[i]) << child_bits_ | static_cast<uint32_t>(forest.child[i]);
    }
    nodes_[i] = static_cast<uint64_t>(high) << 32 | low;
  }
}

void ForestScorer::add_leaf(uint64_t node, double* sums) const noexcept {
  const uint32_t low = static_cast<uint32_t>(node);
  if (sum_count_ == 1) {
    float value;
    std::memcpy(&value, &low, 4);
    *sums += static_cast<double>(value);
    return;
  }
  const float* values = values_.data() + static_cast<size_t>(low) * value_count_;
  for (uint32_t v = 0; v < value_count_; ++v) sums[v] += static_cast<double>(values[v]);
}

void ForestScorer::finish(const double* sums, float* out) const {
  const double trees = static_cast<double>(starts_.size() - 1);
  if (value_count_ == 2) {
    const double second = sums[0] / trees;
    out[0] = static_cast<float>(1 - second);
    out[1] = static_cast<float>(second);
    return;
  }
  for (uint32_t v = 0; v < value_count_; ++v) out[v] = static_cast<float>(sums[v] / trees);
}

void ForestScorer::score_block(const float* rows, size_t row_count, float* out, double* sums) const {
  const WalkTables tables{nodes_.data(), child_bits_, feature_count_};
  const WalkKernels& walk = walk_kernels();
  uint64_t leaves[kWalkWidth];
  std::fill(sums, sums + row_count * sum_count_, 0.0);
  for (size_t t = 0; t + 1 < starts_.size(); ++t) {
    for (size_t i = 0; i < row_count; i += kWalkWidth) {
      const size_t count = std::min(kWalkWidth, row_count - i);
      walk.rows(tables, starts_[t], rows + i * feature_count_, count, leaves);
      for (size_t k = 0; k < count; ++k) add_leaf(leaves[k], sums + (i + k) * sum_count_);
    }
  }
  for (size_t i = 0; i < row_count; ++i) finish(sums + i * sum_count_, out + i * value_count_);
}

void ForestScorer::score_lanes(const float* rows, size_t row_count, float* out, const TaskControl* control) const {
  std::vector<double> sums(row_count * sum_count_);
  Buffer<uint8_t> records(row_count * ForestLanes::kRecord);
  if (lanes_->record(rows, row_count, records.data()) && !lanes_->takes_missing()) {
    score_block(rows, row_count, out, sums.data());
    return;
  }
  uint64_t leaves[ForestLanes::kRows * ForestLanes::kTrees];
  for (size_t group = 0; group < lanes_->group_count(); ++group) {
    if (control != nullptr && control->stopped()) return;
    const size_t trees = std::min(ForestLanes::kTrees, starts_.size() - 1 - group * ForestLanes::kTrees);
    for (size_t i = 0; i < row_count; i += ForestLanes::kRows) {
      const size_t count = std::min(ForestLanes::kRows, row_count - i);
      lanes_->walk(group, records.data() + i * ForestLanes::kRecord, count, leaves);
      if (sum_count_ == 1) {
        ForestLanes::add(leaves, count, trees, sums.data() + i);
        continue;
      }
      for (size_t k = 0; k < count; ++k) {
        const uint64_t* leaf = leaves + k * ForestLanes::kTrees;
        for (size_t t = 0; t < trees; ++t) add_leaf(leaf[t], sums.data() + (i + k) * sum_count_);
      }
    }
  }
  for (size_t i = 0; i < row_count; ++i) finish(sums.data() + i * sum_count_, out + i * value_count_);
}

void ForestScorer::predict(const float* rows, size_t row_count, float* out, const TaskControl* control) const {
  // Few rows are divided finely so that every thread has some.
  const size_t threads = ThreadPool::instance().size();
  const size_t most = lanes_ ? std::clamp(kLaneSums / sum_count_, kWalkWidth, kLaneRows) : kBlockRows;
  size_t block = std::clamp((row_count + 4 * threads - 1) / (4 * threads), kWalkWidth, most);
  block = (block + kWalkWidth - 1) / kWalkWidth * kWalkWidth;
  ThreadPool::instance().parallel_for(
      row_count, block,
      [&](size_t begin, size_t end) {
        const float* block_rows = rows + begin * feature_count_;
        float* block_out = out + begin * value_count_;
        if (lanes_) {
          score_lanes(block_rows, end - begin, block_out, control);
          return;
        }
        std::vector<double> sums((end - begin) * sum_count_);
        score_block(block_rows, end - begin, block_out, sums.data());
      },
      control);
}

void ForestScorer::predict_few(const float* rows, size_t row_count, float* out) const {
  const WalkTables tables{nodes_.data(), child_bits_, feature_count_};
  const WalkKernels& walk = walk_kernels();
  const size_t trees = starts_.size() - 1;
  uint64_t leaves[std::max(kWalkWidth, ForestLanes::kRows * ForestLanes::kTrees)];
  alignas(ForestLanes::kRecord) uint8_t record[ForestLanes::kRecord];
  double few[64];
  std::vector<double> many(sum_count_ > 64 ? sum_count_ : 0);
  double* sums = sum_count_ > 64 ? many.data() : few;
  for (size_t i = 0; i < row_count; ++i) {
    std::fill(sums, sums + sum_count_, 0.0);
    if (lanes_ && (!lanes_->record(rows + i * feature_count_, 1, record) || lanes_->takes_missing())) {
      for (size_t group = 0; group < lanes_->group_count(); group += ForestLanes::kRows) {
        const size_t count = std::min(ForestLanes::kRows, lanes_->group_count() - group);
        lanes_->walk_groups(group, count, record, leaves);
        const size_t found = std::min(count * ForestLanes::kTrees, trees - group * ForestLanes::kTrees);
        for (size_t k = 0; k < found; ++k) add_leaf(leaves[k], sums);
      }
      finish(sums, out + i * value_count_);
      continue;
    }
    for (size_t t = 0; t < trees; t += kWalkWidth) {
      const size_t count = std::min(kWalkWidth, trees - t);
      walk.trees(tables, starts_.data() + t, rows + i * feature_count_, count, leaves);
      for (size_t k = 0; k < count; ++k) add_leaf(leaves[k], sums);
    }
    finish(sums, out + i * value_count_);
  }
}

}  // namespace tenon
