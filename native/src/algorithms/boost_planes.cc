#include "boost_planes.h"

#include <algorithm>

namespace tenon {
namespace {

uint32_t depth_of(const Forest& forest, uint32_t start, uint32_t count) {
  std::vector<uint32_t> depth(count, 0);
  uint32_t most = 0;
  // Children come after their parent.
  for (uint32_t i = 0; i < count; ++i) {
    most = std::max(most, depth[i]);
    if (forest.feature[start + i] < 0) continue;
    const size_t child = static_cast<size_t>(forest.child[start + i]);
    depth[child] = depth[child + 1] = depth[i] + 1;
  }
  return most;
}

}  // namespace

std::unique_ptr<const BoostPlanes> BoostPlanes::make(const Forest& forest, uint32_t outputs) {
  for (uint32_t t = 0; t < forest.tree_count(); ++t) {
    if (forest.tree_start[t + 1] - forest.tree_start[t] > 2 * kMostLeaves - 1) return nullptr;
  }
  auto bins = ThresholdBins::make(forest);
  if (!bins) return nullptr;
  std::unique_ptr<BoostPlanes> planes(new BoostPlanes(std::move(*bins)));
  planes->outputs_ = outputs;
  planes->plane_count_ = 2;
  for (uint32_t c = 0; c < planes->bins_.column_count(); ++c) {
    const uint32_t thresholds = planes->bins_.threshold_count(c);
    const Column column{planes->plane_count_, std::min(15u, thresholds), thresholds >> 4};
    planes->columns_.push_back(column);
    planes->plane_count_ += 1 + column.lower_count + column.upper_count;
  }
  for (uint32_t t = 0; t < forest.tree_count(); ++t) {
    const uint32_t start = forest.tree_start[t];
    const uint32_t count = forest.tree_start[t + 1] - start;
    Tree tree{};
    tree.first_node = static_cast<uint32_t>(planes->nodes_.size());
    tree.depth = depth_of(forest, start, count);
    if (tree.depth <= kMostDepth) {
      planes->add_shallow(forest, start, tree.depth, tree);
    } else {
      planes->add_deep(forest, start, count, tree);
    }
    planes->trees_.push_back(tree);
  }
  return planes;
}

BoostPlanes::Node BoostPlanes::node_of(const Forest& forest, size_t node) const {
  const uint32_t c = bins_.column_of(static_cast<uint32_t>(forest.feature[node]));
  const Column& column = columns_[c];
  const uint32_t threshold = bins_.number_of(c, forest.threshold[node]);
  const uint32_t upper = threshold >> 4, lower = threshold & 15;
  const uint32_t first_lower = column.first_plane + 1, first_upper = first_lower + column.lower_count;
  return {upper < column.upper_count ? first_upper + upper : kNone, upper == 0 ? kAll : first_upper + upper - 1,
          lower < column.lower_count ? first_lower + lower : kNone,
          forest.missing_left[node] ? kNone : column.first_plane};
}

// All places of the levels above the last are taken: below a leaf by nodes that all rows pass to the left.
void BoostPlanes::add_shallow(const Forest& forest, uint32_t start, uint32_t depth, Tree& tree) {
  constexpr uint32_t kAbsent = ~0u;
  std::vector<uint32_t> level{0};
  for (uint32_t d = 0; d <= depth; ++d) {
    std::vector<uint32_t> next;
    for (size_t place = 0; place < level.size(); ++place) {
      const uint32_t i = level[place];
      const bool leaf = i != kAbsent && forest.feature[start + i] < 0;
      if (leaf) {
        const float value = forest.values[static_cast<size_t>(forest.child[start + i])];
        tree.values[place << (kMostDepth - d)] = value;
      }
      if (d == depth) continue;
      if (leaf || i == kAbsent) {
        nodes_.push_back({kNone, kNone, kNone, kNone});
        next.insert(next.end(), {kAbsent, kAbsent});
      } else {
        nodes_.push_back(node_of(forest, start + i));
        const uint32_t child = static_cast<uint32_t>(forest.child[start + i]);
        next.insert(next.end(), {child, child + 1});
      }
    }
    level = std::move(next);
  }
}

void BoostPlanes::add_deep(const Forest& forest, uint32_t start, uint32_t count, Tree& tree) {
  tree.first_link = static_cast<uint32_t>(links_.size());
  tree.first_place = static_cast<uint32_t>(places_.size());
  for (uint32_t i = 0; i < count; ++i) {
    const int32_t child = forest.child[start + i];
    if (forest.feature[start + i] < 0) {
      tree.values[tree.leaf_count++] = forest.values[static_cast<size_t>(child)];
      places_.push_back(static_cast<uint8_t>(i));
      continue;
    }
    nodes_.push_back(node_of(forest, start + i));
    links_.push_back({static_cast<uint8_t>(i), static_cast<uint8_t>(child)});
    ++tree.node_count;
  }
}

size_t BoostPlanes::size_bytes() const noexcept {
  return bins_.size_bytes() + columns_.size() * sizeof(Column) + nodes_.size() * sizeof(Node) +
         links_.size() * sizeof(Link) + places_.size() + trees_.size() * sizeof(Tree);
}

}  // namespace tenon
