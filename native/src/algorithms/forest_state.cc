#include "forest_state.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace tenon {
namespace {

// Whether the arrays are a tree as TreeBuilder grows them.
bool is_tree(const Tree& tree, size_t feature_count, size_t value_count) {
  const size_t nodes = tree.feature.size();
  if (nodes == 0 || nodes > 0x7fffffff) return false;
  std::vector<uint8_t> has_parent(nodes, 0);
  std::vector<uint8_t> has_leaf(nodes, 0);
  size_t leaves = 0;
  for (size_t i = 0; i < nodes; ++i) {
    if (tree.missing_left[i] > 1 || !std::isfinite(tree.threshold[i])) return false;
    if (!(std::isfinite(tree.cover[i]) && tree.cover[i] >= 0)) return false;
    if (i > 0 && !has_parent[i]) return false;
    const int64_t child = tree.child[i];
    if (tree.feature[i] == -1) {
      // Leaves are numbered in any order.
      if (child < 0 || static_cast<size_t>(child) >= nodes || has_leaf[static_cast<size_t>(child)]++) return false;
      ++leaves;
      continue;
    }
    if (tree.feature[i] < 0 || static_cast<size_t>(tree.feature[i]) >= feature_count) return false;
    if (child <= static_cast<int64_t>(i) || static_cast<size_t>(child) + 1 >= nodes) return false;
    uint8_t* const parent = has_parent.data() + child;
    if (parent[0] || parent[1]) return false;
    parent[0] = parent[1] = 1;
  }
  if (tree.values.size() != leaves * value_count) return false;
  for (size_t leaf = 0; leaf < leaves; ++leaf) {
    if (!has_leaf[leaf]) return false;
  }
  const bool shares = value_count > 1;
  return std::all_of(tree.values.begin(), tree.values.end(),
                     [&](float value) { return std::isfinite(value) && (!shares || (value >= 0 && value <= 1)); }) &&
         std::all_of(tree.importances.begin(), tree.importances.end(),
                     [](double value) { return std::isfinite(value) && value >= 0; });
}

}  // namespace

size_t trees_bytes(const std::vector<Tree>& trees, const std::vector<uint32_t>& finished) {
  size_t bytes = sizeof(uint64_t);
  for (const uint32_t i : finished) {
    const Tree& tree = trees[i];
    bytes += sizeof i + 7 * sizeof(uint64_t) + tree.feature.size() * 17 + tree.values.size() * sizeof(float) +
             tree.importances.size() * sizeof(double);
  }
  return bytes;
}

void write_trees(SnapshotWriter& writer, const std::vector<Tree>& trees, const std::vector<uint32_t>& finished) {
  writer.value<uint64_t>(finished.size());
  for (const uint32_t i : finished) {
    const Tree& tree = trees[i];
    writer.value(i);
    writer.array(tree.feature);
    writer.array(tree.threshold);
    writer.array(tree.child);
    writer.array(tree.missing_left);
    writer.array(tree.cover);
    writer.array(tree.values);
    writer.array(tree.importances);
  }
}

std::string read_trees(SnapshotReader& reader, uint64_t wanted, size_t feature_count, const ForestOptions& options,
                       std::vector<Tree>& trees, std::vector<uint32_t>& finished) {
  const size_t value_count = std::max(1u, options.class_count);
  uint64_t count = 0;
  if (!reader.value(count) || count != wanted || count > trees.size()) {
    return "it must hold " + std::to_string(wanted) + " trees, of at most " + std::to_string(trees.size());
  }
  std::vector<std::pair<uint32_t, Tree>> read;
  std::vector<uint8_t> seen(trees.size(), 0);
  for (uint64_t k = 0; k < count; ++k) {
    uint32_t number = 0;
    Tree tree;
    if (!reader.value(number) || !reader.array(tree.feature)) break;
    const size_t nodes = tree.feature.size();
    reader.array(tree.threshold, nodes);
    reader.array(tree.child, nodes);
    reader.array(tree.missing_left, nodes);
    reader.array(tree.cover, nodes);
    reader.array(tree.values);
    if (!reader.array(tree.importances, feature_count)) break;
    if (number >= trees.size() || seen[number]) return "its trees must be different ones of the forest";
    seen[number] = 1;
    if (!is_tree(tree, feature_count, value_count)) return "its tree " + std::to_string(number) + " is none";
    read.emplace_back(number, std::move(tree));
  }
  if (!reader.done()) return "it must hold as many trees as it says, and no more";
  for (auto& [number, tree] : read) {
    trees[number] = std::move(tree);
    finished.push_back(number);
  }
  return "";
}

}  // namespace tenon
