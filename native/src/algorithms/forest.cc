#include "forest.h"

#include <algorithm>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>

#include "../operations/buffer.h"
#include "../runtime/checkpoint.h"
#include "../runtime/thread_pool.h"
#include "forest_state.h"
#include "tree_builder.h"

namespace tenon {
namespace {

constexpr size_t kMaxNodes = 0x7fffffff;

Forest join(std::vector<Tree>& trees, const ForestOptions& options, size_t feature_count) {
  Forest forest;
  forest.feature_count = static_cast<uint32_t>(feature_count);
  forest.value_count = options.class_count == 0 ? 1 : options.class_count;
  forest.importances.assign(feature_count, 0.0);
  std::vector<size_t> first_value{0};
  size_t nodes = 0;
  forest.tree_start.push_back(0);
  for (const Tree& tree : trees) {
    nodes += tree.feature.size();
    if (nodes > kMaxNodes) break;
    forest.tree_start.push_back(static_cast<uint32_t>(nodes));
    first_value.push_back(first_value.back() + tree.values.size());
    for (size_t c = 0; c < feature_count; ++c) forest.importances[c] += tree.importances[c];
  }
  if (nodes > kMaxNodes) {
    throw std::length_error("the forest has over " + std::to_string(kMaxNodes) + " nodes, must have at most " +
                            std::to_string(kMaxNodes));
  }
  const auto make = [](auto& values, size_t count) {
    reserve_huge(values, count);
    values.resize(count);
  };
  make(forest.feature, nodes);
  make(forest.threshold, nodes);
  make(forest.child, nodes);
  make(forest.missing_left, nodes);
  make(forest.cover, nodes);
  make(forest.values, first_value.back());
  ThreadPool::instance().parallel_for(trees.size(), 1, [&](size_t begin, size_t end) {
    for (size_t t = begin; t < end; ++t) {
      Tree& tree = trees[t];
      const auto start = static_cast<ptrdiff_t>(forest.tree_start[t]);
      std::copy(tree.feature.begin(), tree.feature.end(), forest.feature.begin() + start);
      std::copy(tree.threshold.begin(), tree.threshold.end(), forest.threshold.begin() + start);
      std::copy(tree.missing_left.begin(), tree.missing_left.end(), forest.missing_left.begin() + start);
      std::copy(tree.cover.begin(), tree.cover.end(), forest.cover.begin() + start);
      const size_t width = forest.value_count;
      size_t leaf = first_value[t] / width;
      int32_t* child = forest.child.data() + start;
      for (size_t i = 0; i < tree.feature.size(); ++i) {
        if (tree.feature[i] >= 0) {
          child[i] = tree.child[i];
          continue;
        }
        child[i] = static_cast<int32_t>(leaf);
        std::copy_n(tree.values.data() + static_cast<size_t>(tree.child[i]) * width, width, forest.values.data() + leaf * width);
        ++leaf;
      }
      tree = {};
    }
  });
  double total = 0;
  for (const double value : forest.importances) total += value;
  if (total > 0) {
    for (double& value : forest.importances) value /= total;
  }
  return forest;
}

// From here a row's bins are so many lines of the cache that reading one of each row wastes most of what is read.
constexpr size_t kManyColumns = 96;

// The bins column by column, with room for the partition's reads past the end.
Buffer<uint8_t> transposed(const BinnedFeatures& features) {
  constexpr size_t kBlock = 64;
  const size_t rows = features.row_count;
  const size_t columns = features.column_count;
  Buffer<uint8_t> result(rows * columns + kSplitSlack);
  ThreadPool::instance().parallel_for(rows, 16 * kBlock, [&](size_t begin, size_t end) {
    for (size_t at = begin; at < end; at += kBlock) {
      const size_t last = std::min(end, at + kBlock);
      for (size_t c = 0; c < columns; ++c) {
        for (size_t i = at; i < last; ++i) result.data()[c * rows + i] = features.bins[i * columns + c];
      }
    }
  });
  return result;
}

// Weights divided by their mean.
std::vector<double> relative(const std::vector<double>& weights) {
  constexpr double kLeast = 1e-12;
  double mean = 0;
  for (const double w : weights) mean += w / static_cast<double>(weights.size());
  std::vector<double> result(weights.size());
  for (size_t i = 0; i < weights.size(); ++i) result[i] = std::max(weights[i] / mean, kLeast);
  return result;
}

// For each class the inverse of its share, or 1.
std::vector<double> class_weights_of(const double* target, size_t rows, const std::vector<double>& weights_of_rows,
                                     const ForestOptions& options) {
  std::vector<double> weights(options.class_count, 1.0);
  if (!options.balanced) return weights;
  std::vector<double> counts(options.class_count, 0.0);
  for (size_t i = 0; i < rows; ++i) {
    counts[static_cast<size_t>(target[i])] += weights_of_rows.empty() ? 1.0 : weights_of_rows[i];
  }
  for (size_t c = 0; c < weights.size(); ++c) {
    // Rounded to float, which the vector kernels compute in.
    if (counts[c] > 0) {
      weights[c] = static_cast<float>(static_cast<double>(rows) / (static_cast<double>(options.class_count) * counts[c]));
    }
  }
  return weights;
}

}  // namespace

Forest fit_forest(const BinnedFeatures& features, const BinBounds* bounds, const double* target, const std::vector<double>& weights,
                  const ForestOptions& options, TaskControl& control) {
  std::vector<double> row_weights = relative(weights);
  const std::vector<double> class_weights = class_weights_of(target, features.row_count, row_weights, options);
  std::vector<double> centered;
  double mean = 0;
  if (options.class_count == 0) {
    // Centered, a float keeps the differences between large targets.
    for (size_t i = 0; i < features.row_count; ++i) {
      mean += (weights.empty() ? 1.0 : row_weights[i]) * target[i] / static_cast<double>(features.row_count);
    }
    centered.resize(features.row_count);
    for (size_t i = 0; i < features.row_count; ++i) centered[i] = target[i] - mean;
    target = centered.data();
  } else {
    for (size_t i = 0; i < row_weights.size(); ++i) row_weights[i] *= class_weights[static_cast<size_t>(target[i])];
  }
  // Only classes that are counted are looked at so.
  const bool by_column = features.column_count >= kManyColumns && counts_classes(options, !row_weights.empty()) &&
                         bounds == nullptr;
  const Buffer<uint8_t> columns = by_column ? transposed(features) : Buffer<uint8_t>();
  const ForestData data{features, target, mean, class_weights.data(), bounds, by_column ? columns.data() : nullptr,
                        row_weights.empty() ? nullptr : row_weights.data(), options};
  std::vector<Tree> trees(options.tree_count);
  std::vector<uint32_t> finished;
  Checkpoint* const checkpoint = control.checkpoint.get();
  if (checkpoint != nullptr) {
    checkpoint->resume([&](SnapshotReader& reader, uint64_t step) {
      return read_trees(reader, step, features.column_count, options, trees, finished);
    });
  }
  std::vector<uint32_t> missing;
  for (uint32_t i = 0; i < options.tree_count; ++i) {
    if (trees[i].feature.empty()) missing.push_back(i);
  }
  std::vector<std::unique_ptr<TreeBuilder>> idle;
  std::mutex mutex;
  const bool complete = ThreadPool::instance().parallel_for(
      missing.size(), 1,
      [&](size_t begin, size_t end) {
        std::unique_ptr<TreeBuilder> builder;
        {
          const std::lock_guard lock(mutex);
          if (!idle.empty()) {
            builder = std::move(idle.back());
            idle.pop_back();
          }
        }
        if (!builder) builder = std::make_unique<TreeBuilder>(data);
        for (size_t i = begin; i < end; ++i) {
          if (!builder->grow(missing[i], control, trees[missing[i]])) return;
        }
        std::vector<uint32_t> kept;
        {
          const std::lock_guard lock(mutex);
          idle.push_back(std::move(builder));
          for (size_t i = begin; i < end; ++i) finished.push_back(missing[i]);
          control.progress(finished.size(), options.tree_count);
          if (checkpoint != nullptr && finished.size() < options.tree_count && checkpoint->due()) kept = finished;
        }
        if (kept.empty()) return;
        // Finished trees change no more: others are grown meanwhile.
        checkpoint->save(kept.size(), options.tree_count, trees_bytes(trees, kept),
                         [&](SnapshotWriter& writer) { write_trees(writer, trees, kept); });
      },
      &control);
  if (!complete || control.stopped()) return {};
  return join(trees, options, features.column_count);
}

}  // namespace tenon
