#include "forest_score.h"

#include <algorithm>
#include <cstring>
#include <stdexcept>
#include <string>

#include "../runtime/thread_pool.h"
#include "forest_walk.h"

namespace tenon {
namespace {

// Rows scored together: they and one tree's nodes stay in the second-level cache while every
// tree passes over them.
constexpr size_t kBlockRows = 2048;

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
  nodes_.resize(forest.node_count());
  for (size_t i = 0; i < nodes_.size(); ++i) {
    uint32_t low;
    uint32_t high;
    if (forest.feature[i] < 0) {
      const uint32_t place = static_cast<uint32_t>(forest.child[i]);
      high = kLeafBit;
      low = place;
      if (sum_count_ == 1) {
        std::memcpy(&low, &forest.values[static_cast<size_t>(place) * value_count_ + value_count_ - 1], 4);
      }
    } else {
      std::memcpy(&low, &forest.threshold[i], 4);
      high = (forest.missing_left[i] ? kMissingLeftBit : 0) |
             static_cast<uint32_t>(forest.feature[i]) << child_bits_ | static_cast<uint32_t>(forest.child[i]);
    }
    nodes_[i] = static_cast<uint64_t>(high) << 32 | low;
  }
  if (sum_count_ > 1) values_ = forest.values;
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

void ForestScorer::predict(const float* rows, size_t row_count, float* out, const TaskControl* control) const {
  // Few rows are divided finely so that every thread has some.
  const size_t threads = ThreadPool::instance().size();
  size_t block = std::clamp((row_count + 4 * threads - 1) / (4 * threads), kWalkWidth, kBlockRows);
  block = (block + kWalkWidth - 1) / kWalkWidth * kWalkWidth;
  ThreadPool::instance().parallel_for(
      row_count, block,
      [&](size_t begin, size_t end) {
        std::vector<double> sums((end - begin) * sum_count_);
        score_block(rows + begin * feature_count_, end - begin, out + begin * value_count_, sums.data());
      },
      control);
}

void ForestScorer::predict_few(const float* rows, size_t row_count, float* out) const {
  const WalkTables tables{nodes_.data(), child_bits_, feature_count_};
  const WalkKernels& walk = walk_kernels();
  const size_t trees = starts_.size() - 1;
  uint64_t leaves[kWalkWidth];
  double few[64];
  std::vector<double> many(sum_count_ > 64 ? sum_count_ : 0);
  double* sums = sum_count_ > 64 ? many.data() : few;
  for (size_t i = 0; i < row_count; ++i) {
    std::fill(sums, sums + sum_count_, 0.0);
    for (size_t t = 0; t < trees; t += kWalkWidth) {
      const size_t count = std::min(kWalkWidth, trees - t);
      walk.trees(tables, starts_.data() + t, rows + i * feature_count_, count, leaves);
      for (size_t k = 0; k < count; ++k) add_leaf(leaves[k], sums);
    }
    finish(sums, out + i * value_count_);
  }
}

}  // namespace tenon
