#include "boost_state.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace tenon {
namespace {

constexpr uint8_t kMissingLeft = 1;
constexpr uint8_t kCategorical = 2;

// Values and scores beyond would not stay within what floats hold. A fit that gets there begins anew.
constexpr double kMostValue = 1e30;

// A node but for its set.
constexpr size_t kNodeBytes = 4 + 4 + 1 + 1 + 8 + 4 + 8;

// Nodes of trees one after another, an array for each of their fields.
struct NodeArrays {
  std::vector<int32_t> feature;
  std::vector<int32_t> left;
  std::vector<uint8_t> bin;
  std::vector<uint8_t> flags;
  std::vector<double> gain;
  std::vector<float> value;
  std::vector<double> cover;
  std::vector<uint64_t> sets;  // four words per categorical node
};

// Whether the nodes are a tree as BoostTreeBuilder grows them on these features.
bool is_tree(const GrownTree& tree, const BoostFeatures& features) {
  if (tree.empty() || tree.size() > 0x7fffffff) return false;
  std::vector<uint8_t> has_parent(tree.size(), 0);
  for (size_t i = 0; i < tree.size(); ++i) {
    const BoostNode& node = tree[i];
    if (i > 0 && !has_parent[i]) return false;
    if (!(std::abs(node.value) <= kMostValue) || !(std::isfinite(node.cover) && node.cover >= 0)) return false;
    if (!(std::isfinite(node.split.gain) && node.split.gain >= 0)) return false;
    if (node.feature == -1) continue;
    if (node.feature < 0 || static_cast<uint32_t>(node.feature) >= features.feature_count()) return false;
    const BoostColumn& column = features.features[static_cast<size_t>(node.feature)];
    if (node.split.categorical != column.categorical) return false;
    if (!column.categorical && node.split.bin >= column.bins) return false;
    const int64_t left = node.left;
    if (left <= static_cast<int64_t>(i) || static_cast<size_t>(left) + 1 >= tree.size()) return false;
    uint8_t* const parent = has_parent.data() + left;
    if (parent[0] || parent[1]) return false;
    parent[0] = parent[1] = 1;
  }
  return true;
}

}  // namespace

size_t state_bytes(const BoostState& state) {
  size_t bytes = 11 * sizeof(uint64_t) + state.trees.size() * sizeof(uint32_t) + state.scores.size() * sizeof(double);
  for (const GrownTree& tree : state.trees) {
    bytes += tree.size() * kNodeBytes;
    for (const BoostNode& node : tree) bytes += node.split.categorical ? sizeof node.split.left_bins : 0;
  }
  return bytes;
}

void write_state(SnapshotWriter& writer, const BoostState& state) {
  std::vector<uint32_t> sizes;
  NodeArrays nodes;
  for (const GrownTree& tree : state.trees) {
    sizes.push_back(static_cast<uint32_t>(tree.size()));
    for (const BoostNode& node : tree) {
      const BoostSplit& split = node.split;
      nodes.feature.push_back(node.feature);
      nodes.left.push_back(node.left);
      nodes.bin.push_back(static_cast<uint8_t>(split.bin));
      nodes.flags.push_back(static_cast<uint8_t>((split.missing_left ? kMissingLeft : 0) |
                                                 (split.categorical ? kCategorical : 0)));
      nodes.gain.push_back(split.gain);
      // Values are rounded to floats already.
      nodes.value.push_back(static_cast<float>(node.value));
      nodes.cover.push_back(node.cover);
      if (split.categorical) nodes.sets.insert(nodes.sets.end(), split.left_bins.begin(), split.left_bins.end());
    }
  }
  writer.value(state.best_loss);
  writer.value<uint64_t>(state.best_rounds);
  writer.array(sizes);
  writer.array(nodes.feature);
  writer.array(nodes.left);
  writer.array(nodes.bin);
  writer.array(nodes.flags);
  writer.array(nodes.gain);
  writer.array(nodes.value);
  writer.array(nodes.cover);
  writer.array(nodes.sets);
  writer.array(state.scores);
}

std::string read_state(SnapshotReader& reader, uint64_t rounds, uint32_t outputs, size_t score_count,
                       const BoostFeatures& features, BoostState& state) {
  BoostState read;
  uint64_t best_rounds = 0;
  std::vector<uint32_t> sizes;
  NodeArrays nodes;
  reader.value(read.best_loss);
  reader.value(best_rounds);
  reader.array(sizes);
  reader.array(nodes.feature);
  const size_t count = nodes.feature.size();
  reader.array(nodes.left, count);
  reader.array(nodes.bin, count);
  reader.array(nodes.flags, count);
  reader.array(nodes.gain, count);
  reader.array(nodes.value, count);
  reader.array(nodes.cover, count);
  reader.array(nodes.sets);
  reader.array(read.scores, score_count);
  if (!reader.done()) return "its arrays must have the lengths of the trees and the rows";
  if (!std::all_of(read.scores.begin(), read.scores.end(), [](double score) { return std::abs(score) <= kMostValue; })) {
    return "its scores must be numbers that floats hold";
  }
  if (rounds == 0 || sizes.size() / outputs != rounds || sizes.size() % outputs != 0) {
    return "it must hold the trees of " + std::to_string(rounds) + " rounds";
  }
  // Infinite until a round was better than none.
  if (std::isnan(read.best_loss) || best_rounds > rounds) return "its best round must be one of its rounds";
  read.best_rounds = best_rounds;
  size_t at = 0;
  size_t set = 0;
  for (const uint32_t size : sizes) {
    if (size > count - at) return "its trees must have as many nodes as there are";
    GrownTree tree(size);
    for (BoostNode& node : tree) {
      node.feature = nodes.feature[at];
      node.left = nodes.left[at];
      node.value = static_cast<double>(nodes.value[at]);
      node.cover = nodes.cover[at];
      node.split.gain = nodes.gain[at];
      node.split.feature = node.feature < 0 ? 0 : static_cast<uint32_t>(node.feature);
      node.split.bin = nodes.bin[at];
      if (nodes.flags[at] > (kMissingLeft | kCategorical)) return "a node's flags are unknown";
      node.split.missing_left = (nodes.flags[at] & kMissingLeft) != 0;
      node.split.categorical = (nodes.flags[at] & kCategorical) != 0;
      if (node.split.categorical) {
        if (nodes.sets.size() - set < node.split.left_bins.size()) return "a node's set is missing";
        for (uint64_t& word : node.split.left_bins) word = nodes.sets[set++];
      }
      ++at;
    }
    if (!is_tree(tree, features)) return "its tree " + std::to_string(read.trees.size()) + " is none";
    read.trees.push_back(std::move(tree));
  }
  if (at != count || set != nodes.sets.size()) return "its trees must have as many nodes as there are";
  state = std::move(read);
  return "";
}

}  // namespace tenon
