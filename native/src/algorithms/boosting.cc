#include "boosting.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <mutex>
#include <numeric>
#include <stdexcept>
#include <string>
#include <utility>

#include "../runtime/checkpoint.h"
#include "../runtime/thread_pool.h"
#include "boost_state.h"
#include "categories.h"
#include "random.h"

namespace tenon {
namespace {

// Streams of random numbers: rounds' trees have the streams from kTreeStream on.
constexpr uint64_t kValidationStream = 1;
constexpr uint64_t kSampleStream = 2;
constexpr uint64_t kDropStream = 3;
constexpr uint64_t kTreeStream = uint64_t{1} << 32;

// Builders of classes side by side may hold this much in histograms, roughly.
constexpr size_t kManyHistogramBytes = size_t{2} << 30;

// Rows that walk down many trees together: their bins stay in the cache.
constexpr size_t kWalkRows = 1024;

// Draws `wanted` of rows 0 to count - 1, in ascending order (Knuth's algorithm S).
void draw_sample(uint32_t count, uint32_t wanted, Random& random, std::vector<uint32_t>& sample) {
  sample.clear();
  for (uint32_t row = 0; row < count && sample.size() < wanted; ++row) {
    if (random.below(count - row) < wanted - sample.size()) sample.push_back(row);
  }
}

// Training rows first, then the rows held out; of every class alike.
std::vector<uint32_t> order_rows(const BoostingData& data, const BoostingOptions& options, size_t& train_count) {
  std::vector<uint32_t> order(data.row_count);
  std::iota(order.begin(), order.end(), 0u);
  train_count = data.row_count;
  if (options.validation_fraction <= 0) return order;
  std::vector<std::vector<uint32_t>> strata(std::max(1u, options.class_count));
  for (const uint32_t row : order) strata[options.class_count ? static_cast<size_t>(data.target[row]) : 0].push_back(row);
  Random random(options.seed, kValidationStream);
  std::vector<uint8_t> held(data.row_count, 0);
  double owed = 0;  // so that many small classes together give their share
  std::vector<uint32_t> chosen;
  for (const auto& rows : strata) {
    owed += options.validation_fraction * static_cast<double>(rows.size());
    const uint32_t wanted = static_cast<uint32_t>(std::min(owed + 0.5, static_cast<double>(rows.size())));
    owed -= wanted;
    draw_sample(static_cast<uint32_t>(rows.size()), wanted, random, chosen);
    for (const uint32_t i : chosen) held[rows[i]] = 1;
  }
  train_count = static_cast<size_t>(std::stable_partition(order.begin(), order.end(), [&](uint32_t row) { return !held[row]; }) -
                                    order.begin());
  return order;
}

// Weights of mean one, none below 1e-12, and their mean. Tables may weigh rows in units of any size,
// beyond what floats hold.
std::vector<float> weights_of(const BoostingData& data, double& mean) {
  std::vector<float> weights;
  mean = 1;
  if (data.weight.empty()) return weights;
  const double most = *std::max_element(data.weight.begin(), data.weight.end());
  double share = 0;  // the mean as a share of the largest, which cannot overflow
  for (const double weight : data.weight) share += weight / most / static_cast<double>(data.row_count);
  weights.reserve(data.row_count);
  for (const double weight : data.weight) weights.push_back(static_cast<float>(std::max(weight / most / share, 1e-12)));
  mean = std::clamp(share * most, 1e-280, 1e280);
  return weights;
}

// The penalties beside weights of mean one that do what the given ones do beside the given weights.
BoostTreeOptions scaled(BoostTreeOptions options, double mean_weight) {
  BoostPenalties& penalties = options.penalties;
  for (double* penalty : {&penalties.lambda, &penalties.alpha, &penalties.min_hessian, &penalties.min_gain}) {
    *penalty = std::min(*penalty / mean_weight, 1e300);
  }
  return options;
}

// The value of the leaf that a row comes to.
double value_at(const BoostFeatures& features, const GrownTree& tree, size_t row) {
  const BoostNode* node = tree.data();
  while (node->feature >= 0) {
    const uint32_t feature = static_cast<uint32_t>(node->feature);
    const uint32_t bin = features.bin(row, feature);
    const bool left = node->split.goes_left(bin, features.value_bins[features.group_of(feature)]);
    node = tree.data() + node->left + (left ? 0 : 1);
  }
  return node->value;
}

// Adds a tree's values to the scores of rows from `first` to `last` by walking down.
void add_by_walking(const BoostFeatures& features, const GrownTree& tree, size_t first, size_t last, double* scores) {
  ThreadPool::instance().parallel_for(last - first, 4096, [&](size_t begin, size_t end) {
    for (size_t row = first + begin; row < first + end; ++row) scores[row] += value_at(features, tree, row);
  });
}

// Adds the values of all trees to the scores of `rows` rows, in the order in which they were grown.
void add_all(const BoostFeatures& features, const std::vector<GrownTree>& trees, uint32_t outputs, size_t rows,
             double* scores, const TaskControl& control) {
  ThreadPool::instance().parallel_for(
      rows, kWalkRows,
      [&](size_t begin, size_t end) {
        for (size_t tree = 0; tree < trees.size() && !control.stopped(); ++tree) {
          double* const output = scores + tree % outputs * rows;
          for (size_t row = begin; row < end; ++row) output[row] += value_at(features, trees[tree], row);
        }
      },
      &control);
}

// The rounds before `round` that it leaves out, in ascending order.
std::vector<uint32_t> draw_dropped(uint32_t round, const BoostingOptions& options) {
  std::vector<uint32_t> dropped;
  if (!options.dart) return dropped;
  Random random(options.seed, kDropStream + (uint64_t{round} << 2));
  const auto chance = [&] { return static_cast<double>(random.next() >> 11) * 0x1p-53; };
  if (chance() < options.skip_drop) return dropped;
  for (uint32_t earlier = 0; earlier < round; ++earlier) {
    if (chance() < options.rate_drop) dropped.push_back(earlier);
  }
  return dropped;
}

// Adds `sign` times the values of some rounds' trees to the scores of all rows.
void add_rounds(const BoostFeatures& features, const std::vector<GrownTree>& trees, const std::vector<uint32_t>& rounds,
                uint32_t outputs, size_t rows, double sign, double* scores) {
  if (rounds.empty()) return;
  ThreadPool::instance().parallel_for(rows, kWalkRows, [&](size_t begin, size_t end) {
    for (const uint32_t round : rounds) {
      for (uint32_t k = 0; k < outputs; ++k) {
        const GrownTree& tree = trees[size_t{round} * outputs + k];
        for (size_t row = begin; row < end; ++row) scores[k * rows + row] += sign * value_at(features, tree, row);
      }
    }
  });
}

// Multiplies the values of some rounds' trees, rounded as the model keeps them.
void scale_rounds(std::vector<GrownTree>& trees, const std::vector<uint32_t>& rounds, uint32_t outputs, double factor) {
  for (const uint32_t round : rounds) {
    for (uint32_t k = 0; k < outputs; ++k) {
      for (BoostNode& node : trees[size_t{round} * outputs + k]) {
        node.value = static_cast<double>(static_cast<float>(node.value * factor));
      }
    }
  }
}

// Lays finished trees out as a forest.
BoostedForest assemble(std::vector<GrownTree>& trees, const BoostFeatures& features,
                       const BinnedFeatures& binned, const std::vector<std::vector<float>>& categories,
                       const BoostingOptions& options, const std::vector<double>& base) {
  BoostedForest model;
  model.class_count = options.class_count;
  model.link = link_of(options.loss);
  model.base = base;
  Forest& forest = model.forest;
  forest.feature_count = static_cast<uint32_t>(binned.column_count);
  forest.value_count = 1;
  forest.importances.assign(binned.column_count, 0.0);
  forest.tree_start.push_back(0);
  size_t nodes = 0;
  for (const GrownTree& tree : trees) nodes += tree.size();
  if (nodes > 0x7fffffff) throw std::length_error("the model has " + std::to_string(nodes) + " nodes, must have below 2^31");
  for (GrownTree& tree : trees) {
    // Children come after their parent.
    for (size_t i = tree.size(); i-- > 0;) {
      BoostNode& node = tree[i];
      if (node.feature >= 0) node.cover = tree[static_cast<size_t>(node.left)].cover + tree[static_cast<size_t>(node.left) + 1].cover;
    }
    for (const BoostNode& node : tree) {
      int32_t set = -1;
      forest.cover.push_back(static_cast<float>(node.cover));
      if (node.feature < 0) {
        forest.feature.push_back(-1);
        forest.threshold.push_back(0);
        forest.child.push_back(static_cast<int32_t>(forest.values.size()));
        forest.missing_left.push_back(0);
        forest.values.push_back(static_cast<float>(node.value));
      } else {
        const BoostSplit& split = node.split;
        const uint32_t column = features.features[static_cast<size_t>(node.feature)].column;
        forest.importances[column] += split.gain;
        forest.feature.push_back(static_cast<int32_t>(column));
        forest.child.push_back(node.left);
        forest.missing_left.push_back(split.missing_left);
        if (split.categorical) {
          set = static_cast<int32_t>(model.sets.size());
          model.sets.push_back(split.left_bins);
          // Bits beyond the known categories say nothing.
          for (uint32_t bit = static_cast<uint32_t>(categories[column].size()); bit < 256; ++bit) {
            model.sets.back()[bit >> 6] &= ~(1ull << (bit & 63));
          }
          forest.threshold.push_back(0);
        } else {
          // Values on one side and missing ones on the other: no finite value is above the largest.
          const auto& edges = binned.edges[column];
          forest.threshold.push_back(split.bin < edges.size() ? edges[split.bin] : 3.402823466e+38f);
        }
      }
      model.category_set.push_back(set);
    }
    forest.tree_start.push_back(static_cast<uint32_t>(forest.feature.size()));
  }
  double total = 0;
  for (const double value : forest.importances) total += value;
  if (total > 0) {
    for (double& value : forest.importances) value /= total;
  }
  if (model.sets.empty()) {
    model.category_set.clear();
    return model;
  }
  for (const auto& column : categories) {
    model.categories_start.push_back(static_cast<uint32_t>(model.categories.size()));
    model.categories.insert(model.categories.end(), column.begin(), column.end());
  }
  model.categories_start.push_back(static_cast<uint32_t>(model.categories.size()));
  return model;
}

}  // namespace

BoostedForest fit_boosting(const BoostingData& data, const BoostingOptions& options, TaskControl& control) {
  ThreadPool& pool = ThreadPool::instance();
  BinnedFeatures binned = bin_features(data.features, data.column_count, nullptr, data.row_count, options.max_bins, control);
  if (control.stopped()) return {};
  const auto categories = bin_categories(data.features, data.categorical, binned);
  size_t train_count = 0;
  const std::vector<uint32_t> order = order_rows(data, options, train_count);
  const BoostFeatures features = arrange_features(binned, order, data.categorical, data.monotone);
  std::vector<uint8_t>().swap(binned.bins);

  double mean_weight = 1;
  const std::vector<float> given_weights = weights_of(data, mean_weight);
  const BoostTreeOptions tree_options = scaled(options.tree, mean_weight);
  std::vector<double> target(order.size());
  std::vector<float> weights(given_weights.empty() ? 0 : order.size());
  for (size_t i = 0; i < order.size(); ++i) {
    target[i] = data.target[order[i]];
    if (!weights.empty()) weights[i] = given_weights[order[i]];
  }
  const BoostObjective objective(options.loss, options.class_count, options.quantile, options.huber_delta, target, weights,
                                 train_count);
  const uint32_t outputs = objective.outputs();
  const size_t rows = order.size();
  const std::vector<double> base = objective.start(train_count);
  std::vector<double> scores(rows * outputs);
  for (uint32_t k = 0; k < outputs; ++k) std::fill_n(scores.begin() + static_cast<ptrdiff_t>(k * rows), rows, base[k]);

  std::vector<float> gradient(train_count * outputs);
  std::vector<float> hessian(train_count * outputs);
  BoostState state;
  state.best_loss = INFINITY;
  std::vector<GrownTree>& trees = state.trees;
  std::vector<std::unique_ptr<BoostTreeBuilder>> idle;
  std::mutex mutex;
  const size_t builder_bytes = features.first_line.back() * kPackedLine *
                               (options.tree.max_leaves == 0 ? 256 : std::min(256u, options.tree.max_leaves));
  const bool side_by_side = outputs > 1 && builder_bytes * pool.size() <= kManyHistogramBytes;
  std::vector<uint32_t> sample;
  const bool sampled = options.subsample < 1;
  Checkpoint* const checkpoint = control.checkpoint.get();
  if (checkpoint != nullptr) {
    checkpoint->resume([&](SnapshotReader& reader, uint64_t rounds) -> std::string {
      if (rounds >= options.round_count) return "it must be of fewer than " + std::to_string(options.round_count) + " rounds";
      return read_state(reader, rounds, outputs, options.dart ? scores.size() : 0, features, state);
    });
    if (state.scores.empty()) {
      add_all(features, trees, outputs, rows, scores.data(), control);
    } else {
      scores = std::exchange(state.scores, {});
    }
  }
  for (uint32_t round = static_cast<uint32_t>(trees.size() / outputs); round < options.round_count; ++round) {
    if (control.stopped()) return {};
    const std::vector<uint32_t> dropped = draw_dropped(round, options);
    const double dropped_count = static_cast<double>(dropped.size());
    // The new round and those dropped weigh together what these did.
    const double shrinkage = options.learning_rate / (dropped.empty() ? 1 : dropped_count + options.learning_rate);
    add_rounds(features, trees, dropped, outputs, rows, -1, scores.data());
    objective.gradients(scores.data(), train_count, gradient.data(), hessian.data());
    if (sampled) {
      Random random(options.seed, kSampleStream + (uint64_t{round} << 2));
      const double wanted = std::max(1.0, std::round(options.subsample * static_cast<double>(train_count)));
      draw_sample(static_cast<uint32_t>(train_count), static_cast<uint32_t>(wanted), random, sample);
    }
    const size_t first_tree = trees.size();
    trees.resize(first_tree + outputs);
    const auto grow = [&](size_t begin, size_t end) {
      std::unique_ptr<BoostTreeBuilder> builder;
      {
        const std::lock_guard lock(mutex);
        if (!idle.empty()) {
          builder = std::move(idle.back());
          idle.pop_back();
        }
      }
      if (!builder) {
        builder = std::make_unique<BoostTreeBuilder>(features, static_cast<uint32_t>(train_count), tree_options);
      }
      for (size_t k = begin; k < end; ++k) {
        const size_t tree = first_tree + k;
        double* tree_scores = scores.data() + k * rows;
        Random random(options.seed, kTreeStream + tree);
        const uint32_t salt = static_cast<uint32_t>(random.next());
        const BoostGradients gradients{gradient.data() + k * train_count, hessian.data() + k * train_count};
        if (!builder->grow(gradients, sampled ? &sample : nullptr, salt, random, control)) return;
        std::vector<BoostNode>& nodes = builder->nodes();
        const std::vector<BoostLeaf> leaves = builder->leaves();
        pool.parallel_for(leaves.size(), 1, [&](size_t first, size_t last) {
          for (size_t i = first; i < last; ++i) {
            const BoostLeaf& leaf = leaves[i];
            double& value = nodes[leaf.node].value;
            if (objective.leaves_are_quantiles()) value = objective.leaf_quantile(tree_scores, leaf.ids, leaf.count);
            // Rounded as the model keeps it.
            value = static_cast<double>(static_cast<float>(value * shrinkage));
            double& cover = nodes[leaf.node].cover;
            if (weights.empty()) cover = leaf.count;
            for (uint32_t r = 0; !weights.empty() && r < leaf.count; ++r) cover += static_cast<double>(weights[leaf.ids[r]]);
            if (sampled) continue;
            for (uint32_t r = 0; r < leaf.count; ++r) tree_scores[leaf.ids[r]] += value;
          }
        });
        trees[tree] = nodes;
        add_by_walking(features, trees[tree], sampled ? 0 : train_count, rows, tree_scores);
      }
      const std::lock_guard lock(mutex);
      idle.push_back(std::move(builder));
    };
    if (side_by_side) {
      pool.parallel_for(outputs, 1, grow, &control);
    } else {
      grow(0, outputs);
    }
    if (control.stopped()) return {};
    scale_rounds(trees, dropped, outputs, dropped_count / (dropped_count + options.learning_rate));
    add_rounds(features, trees, dropped, outputs, rows, 1, scores.data());
    if (train_count < rows) {
      const double loss = objective.loss(scores.data(), train_count, rows);
      if (loss < state.best_loss - options.tolerance) {
        state.best_loss = loss;
        state.best_rounds = round + 1;
      } else if (round + 1 - state.best_rounds >= options.patience) {
        break;
      }
    }
    control.progress(round + 1, options.round_count);
    if (checkpoint != nullptr && round + 1 < options.round_count && checkpoint->due()) {
      if (options.dart) state.scores.swap(scores);
      checkpoint->save(round + 1, options.round_count, state_bytes(state),
                       [&](SnapshotWriter& writer) { write_state(writer, state); });
      if (options.dart) state.scores.swap(scores);
    }
  }
  if (train_count < rows) trees.resize(std::max<size_t>(1, state.best_rounds) * outputs);
  control.progress(options.round_count, options.round_count);
  return assemble(trees, features, binned, categories, options, base);
}

}  // namespace tenon
