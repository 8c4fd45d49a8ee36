#include "boost_score.h"

#include <algorithm>
#include <cstring>
#include <stdexcept>
#include <string>

#include "../runtime/thread_pool.h"
#include "boost_link.h"

namespace tenon {
namespace {

// Rows scored together by walking.
constexpr size_t kWalkRows = 2048;

// From so many rows on, planes are faster than walks.
constexpr size_t kPlanesFrom = 24;

uint32_t bits_for(uint32_t count) noexcept {
  uint32_t bits = 1;
  while (bits < 32 && (1ull << bits) < count) ++bits;
  return bits;
}

double value_of(uint64_t leaf) noexcept {
  const uint32_t low = static_cast<uint32_t>(leaf);
  float value;
  std::memcpy(&value, &low, 4);
  return static_cast<double>(value);
}

}  // namespace

BoostScorer::BoostScorer(const BoostedForest& model)
    : model_(model),
      feature_count_(model.forest.feature_count),
      value_count_(std::max(1u, model.class_count)),
      outputs_(model.outputs()),
      child_bits_(30 - std::min(29u, bits_for(model.forest.feature_count))) {
  if (!model.sets.empty()) return;
  const Forest& forest = model.forest;
  for (uint32_t t = 0; t < forest.tree_count(); ++t) {
    const uint32_t count = forest.tree_start[t + 1] - forest.tree_start[t];
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
      high = kLeafBit;
      std::memcpy(&low, &forest.values[static_cast<size_t>(forest.child[i])], 4);
    } else {
      std::memcpy(&low, &forest.threshold[i], 4);
      high = (forest.missing_left[i] ? kMissingLeftBit : 0) |
             static_cast<uint32_t>(forest.feature[i]) << child_bits_ | static_cast<uint32_t>(forest.child[i]);
    }
    nodes_[i] = static_cast<uint64_t>(high) << 32 | low;
  }
  planes_ = BoostPlanes::make(forest, outputs_);
}

size_t BoostScorer::size_bytes() const noexcept {
  return nodes_.size() * 8 + (planes_ ? planes_->size_bytes() : 0);
}

void BoostScorer::walk_rows(const float* rows, size_t row_count, double* sums) const {
  const WalkTables tables{nodes_.data(), child_bits_, feature_count_};
  const WalkKernels& walk = walk_kernels();
  const auto& starts = model_.forest.tree_start;
  uint64_t leaves[kWalkWidth];
  for (size_t t = 0; t + 1 < starts.size(); ++t) {
    double* tree_sums = sums + t % outputs_ * row_count;
    for (size_t i = 0; i < row_count; i += kWalkWidth) {
      const size_t count = std::min(kWalkWidth, row_count - i);
      walk.rows(tables, starts[t], rows + i * feature_count_, count, leaves);
      for (size_t k = 0; k < count; ++k) tree_sums[i + k] += value_of(leaves[k]);
    }
  }
}

void BoostScorer::walk_trees(const float* row, double* sums) const {
  const WalkTables tables{nodes_.data(), child_bits_, feature_count_};
  const WalkKernels& walk = walk_kernels();
  const auto& starts = model_.forest.tree_start;
  const size_t trees = starts.size() - 1;
  uint64_t leaves[kWalkWidth];
  uint32_t output = 0;
  for (size_t t = 0; t < trees; t += kWalkWidth) {
    const size_t count = std::min(kWalkWidth, trees - t);
    walk.trees(tables, starts.data() + t, row, count, leaves);
    for (size_t k = 0; k < count; ++k) {
      sums[output] += value_of(leaves[k]);
      output = output + 1 == outputs_ ? 0 : output + 1;
    }
  }
}

void BoostScorer::walk_sets(const float* row, double* sums) const {
  const Forest& forest = model_.forest;
  for (uint32_t t = 0; t < forest.tree_count(); ++t) {
    const uint32_t start = forest.tree_start[t];
    uint32_t node = start;
    while (forest.feature[node] >= 0) {
      const size_t column = static_cast<size_t>(forest.feature[node]);
      const float x = row[column];
      bool left;
      if (model_.category_set[node] < 0) {
        left = x != x ? forest.missing_left[node] != 0 : x <= forest.threshold[node];
      } else {
        const float* begin = model_.categories.data() + model_.categories_start[column];
        const float* end = model_.categories.data() + model_.categories_start[column + 1];
        const float* found = x == x ? std::lower_bound(begin, end, x) : end;
        if (found == end || *found != x) {
          left = forest.missing_left[node] != 0;
        } else {
          const size_t bit = static_cast<size_t>(found - begin);
          left = model_.sets[static_cast<size_t>(model_.category_set[node])][bit >> 6] >> (bit & 63) & 1;
        }
      }
      node = start + static_cast<uint32_t>(forest.child[node]) + (left ? 0 : 1);
    }
    sums[t % outputs_] += static_cast<double>(forest.values[static_cast<size_t>(forest.child[node])]);
  }
}

void BoostScorer::sum(const float* rows, size_t row_count, double* sums) const {
  for (uint32_t k = 0; k < outputs_; ++k) std::fill_n(sums + k * row_count, row_count, model_.base[k]);
  if (!model_.sets.empty()) {
    std::vector<double> one(outputs_);
    for (size_t i = 0; i < row_count; ++i) {
      one = model_.base;
      walk_sets(rows + i * feature_count_, one.data());
      for (uint32_t k = 0; k < outputs_; ++k) sums[k * row_count + i] = one[k];
    }
  } else if (planes_ && row_count >= kPlanesFrom) {
    planes_->add(rows, row_count, sums);
  } else {
    walk_rows(rows, row_count, sums);
  }
}

void BoostScorer::finish(const double* sums, size_t row_count, float* out) const {
  apply_link(model_.link, sums, outputs_, row_count, out);
}

void BoostScorer::predict(const float* rows, size_t row_count, float* out, const TaskControl* control) const {
  ThreadPool& pool = ThreadPool::instance();
  // Few rows are divided finely so that every thread has some.
  const size_t share = (row_count + 4 * pool.size() - 1) / (4 * pool.size());
  const size_t most = planes_ ? BoostPlanes::kRows : kWalkRows;
  const size_t grain = std::clamp((share + 63) / 64 * 64, size_t{64}, most);
  pool.parallel_for(
      row_count, grain,
      [&](size_t begin, size_t end) {
        std::vector<double> sums((end - begin) * outputs_);
        sum(rows + begin * feature_count_, end - begin, sums.data());
        finish(sums.data(), end - begin, out + begin * value_count_);
      },
      control);
}

void BoostScorer::predict_few(const float* rows, size_t row_count, float* out) const {
  if (row_count >= kPlanesFrom && planes_) {
    std::vector<double> sums(std::min(row_count, BoostPlanes::kRows) * outputs_);
    for (size_t i = 0; i < row_count; i += BoostPlanes::kRows) {
      const size_t count = std::min(BoostPlanes::kRows, row_count - i);
      sum(rows + i * feature_count_, count, sums.data());
      finish(sums.data(), count, out + i * value_count_);
    }
    return;
  }
  double few[64];
  std::vector<double> many(outputs_ > 64 ? outputs_ : 0);
  double* sums = outputs_ > 64 ? many.data() : few;
  for (size_t i = 0; i < row_count; ++i) {
    std::copy(model_.base.begin(), model_.base.end(), sums);
    if (model_.sets.empty()) {
      walk_trees(rows + i * feature_count_, sums);
    } else {
      walk_sets(rows + i * feature_count_, sums);
    }
    finish(sums, 1, out + i * value_count_);
  }
}

}  // namespace tenon
