#include "forest_lanes.h"

#include <algorithm>
#include <atomic>
#include <utility>

#include "../kernels/table.h"
#include "../operations/buffer.h"
#include "../runtime/thread_pool.h"

namespace tenon {
namespace {

constexpr uint32_t kNever = 255;         // a threshold that no bin is above
constexpr size_t kMostNodes = 1u << 19;  // of a group of trees

bool processor_fits() noexcept {
#if defined(__x86_64__)
  return (kernels().required & kAvx512) != 0 && __builtin_cpu_supports("avx512vbmi");
#else
  return false;
#endif
}

}  // namespace

std::unique_ptr<const ForestLanes> ForestLanes::make(const Forest& forest, const std::vector<uint32_t>& payloads) {
  if (!processor_fits()) return nullptr;
  auto bins = ThresholdBins::make(forest);
  if (!bins || bins->column_count() > kRecord) return nullptr;
  std::unique_ptr<ForestLanes> lanes(new ForestLanes(std::move(*bins)));
  lanes->takes_missing_ = lanes->bins_.column_count() <= kRecord / 2;
  std::vector<std::vector<uint64_t>> groups((forest.tree_count() + kTrees - 1) / kTrees);
  std::atomic<bool> all_fit{true};
  ThreadPool& pool = ThreadPool::instance();
  pool.parallel_for(groups.size(), 1, [&](size_t begin, size_t end) {
    for (size_t g = begin; g < end; ++g) {
      if (!lanes->make_group(forest, static_cast<uint32_t>(g * kTrees), payloads, groups[g])) all_fit = false;
    }
  });
  if (!all_fit) return nullptr;
  lanes->starts_.push_back(0);
  for (const auto& group : groups) lanes->starts_.push_back(lanes->starts_.back() + group.size());
  reserve_huge(lanes->nodes_, lanes->starts_.back());
  for (auto& group : groups) {
    lanes->nodes_.insert(lanes->nodes_.end(), group.begin(), group.end());
    std::vector<uint64_t>().swap(group);
  }
  return lanes;
}

// False if there are more nodes than an exit can name.
bool ForestLanes::make_group(const Forest& forest, uint32_t first_tree, const std::vector<uint32_t>& payloads,
                             std::vector<uint64_t>& nodes) const {
  struct Root {
    uint32_t node;
    uint32_t tree_start;
  };
  const uint32_t end_tree = std::min(first_tree + static_cast<uint32_t>(kTrees), forest.tree_count());
  const size_t expected = forest.tree_start[end_tree] - forest.tree_start[first_tree] + kTrees;
  std::vector<Root> queue;  // what the group's nodes stand for, in their order
  queue.reserve(expected);
  // About three nodes in four of the forest's: a leaf each, and one for two or three splits.
  nodes.reserve(expected * 3 / 4);
  for (uint32_t t = first_tree; t < first_tree + kTrees; ++t) {
    const uint32_t tree = std::min(t, forest.tree_count() - 1);
    queue.push_back({forest.tree_start[tree], forest.tree_start[tree]});
  }
  const auto is_leaf = [&](uint32_t node) { return forest.feature[node] < 0; };
  const auto weight = [&](uint32_t node) {
    return is_leaf(node) ? -1.0f : forest.cover.empty() ? 0.0f : forest.cover[node];
  };
  for (size_t at = 0; at < queue.size(); ++at) {
    const auto [a, tree_start] = queue[at];
    if (queue.size() + 4 > kMostNodes) return false;
    if (is_leaf(a)) {
      const uint64_t payload = payloads[static_cast<size_t>(forest.child[a])];
      nodes.push_back(static_cast<uint64_t>(at) << kFirstExit | payload);
      continue;
    }
    const auto left_of = [&](uint32_t node) { return tree_start + static_cast<uint32_t>(forest.child[node]); };
    const uint32_t l = left_of(a), r = l + 1;
    uint32_t shape;
    uint32_t splits[3] = {a, a, a};
    bool there[3] = {true, false, false};
    uint32_t exits[4];
    uint32_t exit_count;
    if (is_leaf(l) && is_leaf(r)) {
      shape = 5;
      exits[0] = l, exits[1] = r;
      exit_count = 2;
    } else {
      // b is the child that more rows come to, c the next in this respect among those then below.
      const bool b_right = weight(r) > weight(l);
      const uint32_t b = b_right ? r : l;
      const uint32_t other = b_right ? l : r;
      const uint32_t bl = left_of(b), br = bl + 1;
      splits[1] = b;
      there[1] = true;
      there[2] = true;
      if (!is_leaf(other) && weight(other) >= weight(bl) && weight(other) >= weight(br)) {
        shape = 1;
        const uint32_t ol = left_of(other);
        splits[2] = other;
        if (b_right) std::swap(splits[1], splits[2]);
        const uint32_t first = b_right ? ol : bl, second = b_right ? bl : ol;
        exits[0] = first, exits[1] = first + 1, exits[2] = second, exits[3] = second + 1;
        exit_count = 4;
      } else if (is_leaf(bl) && is_leaf(br)) {
        there[2] = false;
        exit_count = 3;
        if (b_right) {
          shape = 5;
          exits[0] = l, exits[1] = bl, exits[2] = br;
        } else {
          shape = 1;
          exits[0] = bl, exits[1] = br, exits[2] = r;
        }
      } else {
        const bool c_right = weight(br) > weight(bl);
        const uint32_t c = c_right ? br : bl;
        const uint32_t cl = left_of(c), cr = cl + 1;
        splits[2] = c;
        exit_count = 4;
        shape = b_right ? (c_right ? 5 : 4) : (c_right ? 3 : 2);
        uint32_t* out = exits;
        if (b_right) *out++ = l;
        if (c_right) *out++ = bl;
        *out++ = cl;
        *out++ = cr;
        if (!c_right) *out++ = br;
        if (!b_right) *out++ = r;
      }
    }
    uint64_t node = static_cast<uint64_t>(queue.size()) << kFirstExit | static_cast<uint64_t>(shape) << kShape;
    for (int i = 0; i < 3; ++i) {
      if (!there[i]) {
        node |= static_cast<uint64_t>(kNever) << 8 * i;
        continue;
      }
      const uint32_t column = bins_.column_of(static_cast<uint32_t>(forest.feature[splits[i]]));
      const bool low = takes_missing_ && forest.missing_left[splits[i]];
      node |= static_cast<uint64_t>(bins_.number_of(column, forest.threshold[splits[i]])) << 8 * i;
      node |= static_cast<uint64_t>(column + (low ? kRecord / 2 : 0)) << (24 + 6 * i);
    }
    nodes.push_back(node);
    for (uint32_t i = 0; i < exit_count; ++i) queue.push_back({exits[i], tree_start});
  }
  return true;
}

size_t ForestLanes::size_bytes() const noexcept {
  return bins_.size_bytes() + nodes_.size() * sizeof(uint64_t) + starts_.size() * sizeof(size_t);
}

}  // namespace tenon
