#include "boost_tree.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "../runtime/thread_pool.h"

namespace tenon {
namespace {

// Rows that one thread counts before another should help.
constexpr uint32_t kPartRows = 16384;

// Rows divided by one thread in one go.
constexpr uint32_t kPieceRows = 16384;

// Histograms of open nodes are kept up to this size in all; beyond, children are both built anew.
constexpr size_t kMostHistogramBytes = size_t{1} << 30;

// Histograms of the nodes split together.
constexpr size_t kBatchHistogramBytes = size_t{1} << 28;

// Rows per partial sum: fixed, so that sums do not depend on threads.
constexpr size_t kSumRows = 8192;

}  // namespace

BoostTreeBuilder::BoostTreeBuilder(const BoostFeatures& features, uint32_t rows, const BoostTreeOptions& options)
    : features_(features),
      row_count_(rows),
      options_(options),
      kernels_(boost_kernels()),
      finder_(features, options_.penalties),
      rows_(features, rows),
      pool_(features.first_line.back()),
      random_(0, 0),
      packed_(rows) {}

// Scales gradients and hessians to what fits their bits, and so that no sum over all rows exceeds
// 31; rounds them at random, which leaves every sum right in the mean.
void BoostTreeBuilder::quantize(const BoostGradients& gradients, const std::vector<uint32_t>* sample, uint32_t salt) {
  ThreadPool& pool = ThreadPool::instance();
  struct Range {
    float most_gradient = 0;
    float least_hessian = INFINITY;
    float most_hessian = 0;
    double gradient = 0;
    double hessian = 0;
  };
  const size_t chunks = chunk_count(row_count_, kSumRows);
  std::vector<Range> ranges(chunks);
  pool.parallel_for(row_count_, kSumRows, [&](size_t begin, size_t end) {
    Range range;
    for (size_t i = begin; i < end; ++i) {
      const float g = std::abs(gradients.gradient[i]);
      const float h = gradients.hessian[i];
      range.most_gradient = std::max(range.most_gradient, g);
      range.most_hessian = std::max(range.most_hessian, h);
      range.least_hessian = std::min(range.least_hessian, h);
      range.gradient += static_cast<double>(g);
      range.hessian += static_cast<double>(h);
    }
    ranges[begin / kSumRows] = range;
  });
  Range all;
  for (const Range& range : ranges) {
    all.most_gradient = std::max(all.most_gradient, range.most_gradient);
    all.most_hessian = std::max(all.most_hessian, range.most_hessian);
    all.least_hessian = std::min(all.least_hessian, range.least_hessian);
    all.gradient += range.gradient;
    all.hessian += range.hessian;
  }
  const double most_sum = 2147483647.0 - static_cast<double>(row_count_);
  const auto scale = [&](double limit, double most, double sum) {
    return most > 0 ? static_cast<float>(std::min(limit / most, most_sum / sum)) : 1.0f;
  };
  const float gradient_scale = scale(kGradientLimit, static_cast<double>(all.most_gradient), all.gradient);
  // Hessians that are all one count rows, exactly.
  const bool ones = all.least_hessian == 1.0f && all.most_hessian == 1.0f;
  const float hessian_scale = ones ? 1.0f : scale(kHessianLimit, static_cast<double>(all.most_hessian), all.hessian);
  finder_.start({1 / static_cast<double>(gradient_scale), 1 / static_cast<double>(hessian_scale)});

  std::vector<BoostSums> sums(chunks);
  pool.parallel_for(row_count_, kSumRows, [&](size_t begin, size_t end) {
    kernels_.quantize(gradients.gradient + begin, gradients.hessian + begin, end - begin, gradient_scale,
                      hessian_scale, static_cast<uint32_t>(begin), salt, packed_.data() + begin);
    uint64_t packed = 0;
    for (size_t i = begin; i < end; ++i) packed += packed_[i];
    sums[begin / kSumRows] = unpack_sums(packed);
  });
  total_ = {};
  if (sample == nullptr) {
    for (const BoostSums& part : sums) total_ = total_ + part;
  } else {
    for (const uint32_t row : *sample) total_ = total_ + unpack_sums(packed_[row]);
  }
}

// Draws a share of the features, at least one, among those given.
void BoostTreeBuilder::draw_features(std::vector<uint32_t>& lanes, const std::vector<uint32_t>& among, double share) {
  std::vector<uint32_t> features;
  for (uint32_t f = 0; f < features_.feature_count(); ++f) {
    const uint32_t group = features_.group_of(f);
    if (among.empty() || (among[group] >> (f - features_.first[group]) & 1)) features.push_back(f);
  }
  const uint32_t count = static_cast<uint32_t>(features.size());
  const uint32_t wanted = std::max(1u, static_cast<uint32_t>(std::lround(share * count)));
  lanes.assign(features_.group_count, 0);
  for (uint32_t i = 0; i < std::min(wanted, count); ++i) {
    std::swap(features[i], features[i + random_.below(count - i)]);
    const uint32_t group = features_.group_of(features[i]);
    lanes[group] |= 1u << (features[i] - features_.first[group]);
  }
}

bool BoostTreeBuilder::may_split(const Open& node) const noexcept {
  return (options_.max_depth == 0 || node.depth < options_.max_depth) &&
         node.rows() >= 2 * std::max(1u, options_.penalties.min_rows);
}

// Builds the histograms of nodes; those of many rows in several parts, left to be added up.
void BoostTreeBuilder::build(std::vector<Open*>& nodes, std::vector<std::vector<Histogram>*>& parts) {
  struct Task {
    const Open* node;
    Histogram into;
    uint32_t group;
    uint32_t begin;
    uint32_t end;
  };
  ThreadPool& pool = ThreadPool::instance();
  const uint32_t threads = static_cast<uint32_t>(pool.size());
  std::vector<Task> tasks;
  uint64_t updates = 0;
  // Enough tasks without dividing nodes?
  const bool divide = nodes.size() * features_.group_count < 4 * threads;
  for (size_t n = 0; n < nodes.size(); ++n) {
    Open& node = *nodes[n];
    const bool wide = node.rows() > kPackedRows;
    node.histogram = pool_.take(wide);
    if (!wide || !divide) continue;
    const uint32_t count = std::clamp(node.rows() / kPartRows, 1u, threads);
    for (uint32_t part = 1; part < count; ++part) parts[n]->push_back(pool_.take(true));
  }
  for (uint32_t g = 0; g < features_.group_count; ++g) {
    for (size_t n = 0; n < nodes.size(); ++n) {
      const Open& node = *nodes[n];
      updates += static_cast<uint64_t>(node.rows()) * features_.lanes(g);
      const uint32_t count = 1 + static_cast<uint32_t>(parts[n]->size());
      for (uint32_t part = 0; part < count; ++part) {
        const auto at = [&](uint32_t p) { return static_cast<uint32_t>(uint64_t{node.rows()} * p / count); };
        tasks.push_back({&node, part == 0 ? node.histogram : (*parts[n])[part - 1], g, at(part), at(part + 1)});
      }
    }
  }
  const auto run = [&](size_t first, size_t last) {
    alignas(64) uint64_t scratch[kBinCount * kGroupLanes];
    for (size_t t = first; t < last; ++t) {
      const Task& task = tasks[t];
      const uint32_t group = task.group;
      const size_t lines = features_.lines(group);
      const Open& node = *task.node;
      std::byte* histogram = task.into.group(features_, group);
      const uint64_t* packed = rows_.packed(node.depth) + node.begin;
      if (!task.into.wide) {
        std::memset(histogram, 0, lines * kPackedLine);
        kernels_.accumulate(rows_.node(group, node.depth, node.begin), packed, node.rows(), features_.lanes(group),
                            reinterpret_cast<uint64_t*>(histogram));
        continue;
      }
      std::memset(histogram, 0, lines * kWideLine);
      std::memset(scratch, 0, lines * kPackedLine);
      for (uint32_t begin = task.begin; begin < task.end; begin += kPackedRows) {
        const uint32_t count = std::min(kPackedRows, task.end - begin);
        kernels_.accumulate(rows_.node(group, node.depth, node.begin + begin), packed + begin, count,
                            features_.lanes(group), scratch);
        kernels_.widen(scratch, reinterpret_cast<int32_t*>(histogram), lines);
      }
    }
  };
  // Waking threads costs as much as this many updates.
  constexpr uint64_t kFewUpdates = 10'000;
  pool.parallel_for(tasks.size(), updates < kFewUpdates ? tasks.size() : 1, run);
}

// Adds the parts of a node's histogram to the first.
void BoostTreeBuilder::merge(const Histogram& into, const std::vector<Histogram>& parts, uint32_t group) const noexcept {
  for (const Histogram& part : parts) {
    kernels_.merge(reinterpret_cast<int32_t*>(into.group(features_, group)),
                   reinterpret_cast<const int32_t*>(part.group(features_, group)), features_.lines(group));
  }
}

// Completes the children's histograms and finds their best splits.
void BoostTreeBuilder::split(std::vector<Growth>& batch) {
  std::vector<Growth*> open;
  for (Growth& growth : batch) {
    if (growth.open) open.push_back(&growth);
  }
  if (open.empty()) return;
  std::vector<Open*> built;
  std::vector<std::vector<Histogram>*> parts;
  for (Growth* growth : open) {
    built.push_back(&growth->children[growth->small]);
    parts.push_back(&growth->parts[growth->small]);
    if (growth->parent.histogram.data != nullptr) continue;
    built.push_back(&growth->children[1 - growth->small]);
    parts.push_back(&growth->parts[1 - growth->small]);
  }
  build(built, parts);
  for (Growth* growth : open) {
    if (growth->parent.histogram.data == nullptr) continue;
    Open& large = growth->children[1 - growth->small];
    const bool wide = large.rows() > kPackedRows;
    large.histogram = wide == growth->parent.histogram.wide ? growth->parent.histogram : pool_.take(wide);
  }
  const uint32_t groups = features_.group_count;
  std::vector<BoostSplit> found(open.size() * 2 * groups);
  constexpr size_t kGroupsPerTask = 4;
  ThreadPool::instance().parallel_for(
      open.size() * groups, groups > 16 ? kGroupsPerTask : 1, [&](size_t begin, size_t end) {
        for (size_t t = begin; t < end; ++t) {
          // Group after group, like the histograms' building.
          Growth& growth = *open[t % open.size()];
          const uint32_t g = static_cast<uint32_t>(t / open.size());
          const size_t lines = features_.lines(g);
          Open& part = growth.children[growth.small];
          Open& rest = growth.children[1 - growth.small];
          for (uint32_t side = 0; side < 2; ++side) merge(growth.children[side].histogram, growth.parts[side], g);
          if (growth.parent.histogram.data != nullptr) {
            kernels_.subtract(growth.parent.histogram.group(features_, g), growth.parent.histogram.wide,
                              part.histogram.group(features_, g), part.histogram.wide,
                              rest.histogram.group(features_, g), rest.histogram.wide, lines);
          }
          for (uint32_t side = 0; side < 2; ++side) {
            const Open& child = growth.children[side];
            if (!may_split(child)) continue;
            const uint32_t lanes = child.lanes.empty() ? (1u << features_.lanes(g)) - 1 : child.lanes[g];
            if (lanes == 0) continue;
            found[(t % open.size() * 2 + side) * groups + g] =
                finder_.best(g, child.histogram.group(features_, g), child.histogram.wide, child.sums, lanes,
                             child.bounds);
          }
        }
      });
  for (size_t i = 0; i < open.size(); ++i) {
    Growth& growth = *open[i];
    for (auto& side : growth.parts) {
      for (Histogram& part : side) pool_.give_back(part);
    }
    if (growth.parent.histogram.data == growth.children[1 - growth.small].histogram.data) {
      growth.parent.histogram.data = nullptr;
    }
    for (uint32_t side = 0; side < 2; ++side) {
      Open& child = growth.children[side];
      for (uint32_t g = 0; g < groups; ++g) {
        const BoostSplit& candidate = found[(i * 2 + side) * groups + g];
        if (candidate.gain > child.best.gain) child.best = candidate;
      }
    }
  }
}

// A monotone split bounds the values below it by the middle of its sides.
void BoostTreeBuilder::set_bounds(const Open& parent, Open& left, Open& right) const noexcept {
  left.bounds = right.bounds = parent.bounds;
  const int direction = features_.features[parent.best.feature].monotone;
  if (direction == 0) return;
  const double middle = (finder_.value_of(left.sums, parent.bounds) + finder_.value_of(right.sums, parent.bounds)) / 2;
  Open& lower = direction > 0 ? left : right;
  Open& upper = direction > 0 ? right : left;
  lower.bounds.high = std::min(lower.bounds.high, middle);
  upper.bounds.low = std::max(upper.bounds.low, middle);
}

// Splits nodes by their best splits; puts the children among the open nodes or the leaves.
void BoostTreeBuilder::expand(std::vector<Open> batch) {
  const uint32_t leaves = static_cast<uint32_t>(leaves_.size() + open_.size() + 2 * batch.size());
  const bool last = options_.max_leaves != 0 && leaves >= options_.max_leaves;
  std::vector<Growth> growths(batch.size());
  std::vector<BoostRows::Piece> pieces;
  std::vector<std::pair<size_t, size_t>> cut;  // pieces of nodes in several
  for (size_t i = 0; i < batch.size(); ++i) {
    Growth& growth = growths[i];
    growth.parent = std::move(batch[i]);
    Open& parent = growth.parent;
    const BoostSplit& best = parent.best;
    BoostNode& node = nodes_[parent.node];
    const uint32_t left = static_cast<uint32_t>(nodes_.size());
    node.feature = static_cast<int32_t>(best.feature);
    node.left = static_cast<int32_t>(left);
    node.split = best;
    nodes_.emplace_back();
    nodes_.emplace_back();
    const uint32_t middle = parent.begin + static_cast<uint32_t>(best.left.rows);
    Open& l = growth.children[0];
    Open& r = growth.children[1];
    l = {left, parent.begin, middle, parent.depth + 1, {}, best.left, {}, {}, {}};
    r = {left + 1, middle, parent.end, parent.depth + 1, {}, parent.sums - best.left, {}, {}, {}};
    set_bounds(parent, l, r);
    growth.small = l.rows() <= r.rows() ? 0 : 1;
    growth.open = !last && (may_split(l) || may_split(r));
    if (growth.open && options_.features_per_node < 1) {
      draw_features(l.lanes, tree_lanes_, options_.features_per_node);
      draw_features(r.lanes, tree_lanes_, options_.features_per_node);
    } else {
      l.lanes = r.lanes = tree_lanes_;
    }
    const size_t first = pieces.size();
    for (uint32_t begin = parent.begin; begin < parent.end; begin += kPieceRows) {
      const uint32_t end = std::min(begin + kPieceRows, parent.end);
      pieces.push_back({&parent.best, parent.depth, begin, end, parent.begin, middle, !growth.open});
    }
    if (pieces.size() - first > 1) cut.push_back({first, pieces.size()});
  }
  ThreadPool& pool = ThreadPool::instance();
  if (!cut.empty()) {
    std::vector<size_t> counted;
    for (const auto& [first, end] : cut) {
      for (size_t p = first; p + 1 < end; ++p) counted.push_back(p);
    }
    std::vector<uint32_t> lefts(pieces.size());
    pool.parallel_for(counted.size(), 1, [&](size_t begin, size_t end) {
      for (size_t i = begin; i < end; ++i) lefts[counted[i]] = rows_.count_left(pieces[counted[i]]);
    });
    for (const auto& [first, end] : cut) {
      for (size_t p = first; p + 1 < end; ++p) {
        const uint32_t rows = pieces[p].end - pieces[p].begin;
        pieces[p + 1].left = pieces[p].left + lefts[p];
        pieces[p + 1].right = pieces[p].right + rows - lefts[p];
      }
    }
  }
  uint64_t moved = 0;
  for (const auto& piece : pieces) moved += piece.end - piece.begin;
  constexpr uint64_t kFewRows = 2048;
  pool.parallel_for(pieces.size(), moved < kFewRows ? pieces.size() : 1, [&](size_t begin, size_t end) {
    for (size_t p = begin; p < end; ++p) rows_.divide(pieces[p]);
  });
  split(growths);
  for (Growth& growth : growths) {
    pool_.give_back(growth.parent.histogram);
    for (Open& child : growth.children) {
      if (child.best.gain > 0) {
        if (pool_.bytes_out() > kMostHistogramBytes) pool_.give_back(child.histogram);
        open_.push_back(std::move(child));
        continue;
      }
      pool_.give_back(child.histogram);
      leaves_.push_back({child.node, child.begin, child.end, child.depth, child.bounds});
    }
  }
}

bool BoostTreeBuilder::grow(const BoostGradients& gradients, const std::vector<uint32_t>* sample, uint32_t salt,
                            Random random, const TaskControl& control) {
  random_ = random;
  nodes_.clear();
  leaves_.clear();
  for (Open& node : open_) pool_.give_back(node.histogram);
  open_.clear();
  quantize(gradients, sample, salt);
  const uint32_t count = sample == nullptr ? row_count_ : static_cast<uint32_t>(sample->size());
  rows_.start(sample, count, packed_.data());
  tree_lanes_.clear();
  if (options_.features_per_tree < 1) draw_features(tree_lanes_, {}, options_.features_per_tree);
  nodes_.emplace_back();
  Open root{0, 0, count, 0, {}, total_, {}, {}, tree_lanes_};
  if (options_.features_per_node < 1) draw_features(root.lanes, tree_lanes_, options_.features_per_node);
  if (may_split(root) && options_.max_leaves != 1 && features_.group_count > 0) {
    find_root_split(root);
  }
  if (root.best.gain > 0) {
    open_.push_back(std::move(root));
  } else {
    pool_.give_back(root.histogram);
    leaves_.push_back({0, 0, count, 0, root.bounds});
  }
  while (!open_.empty()) {
    if (control.stopped()) return false;
    // The best first; level by level all at once.
    std::stable_sort(open_.begin(), open_.end(), [&](const Open& a, const Open& b) {
      if (!options_.leaf_wise && a.depth != b.depth) return a.depth < b.depth;
      return a.best.gain > b.best.gain;
    });
    const size_t most = std::clamp<size_t>(kBatchHistogramBytes / pool_.bytes_each(), 1, 256);
    size_t wanted = options_.leaf_wise ? 1 : std::min(most, level_size());
    if (options_.max_leaves != 0) {
      wanted = std::min(wanted, options_.max_leaves - (leaves_.size() + open_.size()));
    }
    if (wanted == 0) {
      for (Open& node : open_) {
        pool_.give_back(node.histogram);
        leaves_.push_back({node.node, node.begin, node.end, node.depth, node.bounds});
      }
      open_.clear();
      break;
    }
    std::vector<Open> batch(std::make_move_iterator(open_.begin()), std::make_move_iterator(open_.begin() + static_cast<ptrdiff_t>(wanted)));
    open_.erase(open_.begin(), open_.begin() + static_cast<ptrdiff_t>(wanted));
    if (!options_.leaf_wise) {
      std::sort(batch.begin(), batch.end(), [](const Open& a, const Open& b) { return a.begin < b.begin; });
    }
    expand(std::move(batch));
  }
  set_values(gradients);
  return !control.stopped();
}

void BoostTreeBuilder::find_root_split(Open& root) {
  std::vector<Open*> nodes{&root};
  std::vector<Histogram> more;
  std::vector<std::vector<Histogram>*> parts{&more};
  build(nodes, parts);
  std::vector<BoostSplit> found(features_.group_count);
  ThreadPool::instance().parallel_for(features_.group_count, 1, [&](size_t begin, size_t end) {
    for (size_t i = begin; i < end; ++i) {
      const uint32_t g = static_cast<uint32_t>(i);
      merge(root.histogram, more, g);
      const std::byte* histogram = root.histogram.group(features_, g);
      const uint32_t lanes = root.lanes.empty() ? (1u << features_.lanes(g)) - 1 : root.lanes[g];
      if (lanes != 0) found[i] = finder_.best(g, histogram, root.histogram.wide, root.sums, lanes, root.bounds);
    }
  });
  for (Histogram& part : more) pool_.give_back(part);
  for (const BoostSplit& candidate : found) {
    if (candidate.gain > root.best.gain) root.best = candidate;
  }
}

// How many of the sorted open nodes lie on the first one's level.
size_t BoostTreeBuilder::level_size() const noexcept {
  size_t count = 1;
  while (count < open_.size() && open_[count].depth == open_[0].depth) ++count;
  return count;
}

// Leaf values come from the gradients themselves, not from their rounded sums.
void BoostTreeBuilder::set_values(const BoostGradients& gradients) {
  ThreadPool::instance().parallel_for(leaves_.size(), 1, [&](size_t begin, size_t end) {
    for (size_t i = begin; i < end; ++i) {
      const Span& leaf = leaves_[i];
      const uint32_t* ids = rows_.ids(leaf.depth);
      double gradient[4] = {};
      double hessian[4] = {};
      for (uint32_t k = leaf.begin; k < leaf.end; ++k) {
        gradient[k & 3] += static_cast<double>(gradients.gradient[ids[k]]);
        hessian[k & 3] += static_cast<double>(gradients.hessian[ids[k]]);
      }
      nodes_[leaf.node].value =
          finder_.leaf_value((gradient[0] + gradient[1]) + (gradient[2] + gradient[3]),
                             (hessian[0] + hessian[1]) + (hessian[2] + hessian[3]), leaf.bounds);
    }
  });
}

std::vector<BoostLeaf> BoostTreeBuilder::leaves() const {
  std::vector<BoostLeaf> result;
  result.reserve(leaves_.size());
  for (const Span& leaf : leaves_) {
    result.push_back({leaf.node, rows_.ids(leaf.depth) + leaf.begin, leaf.end - leaf.begin});
  }
  return result;
}

}  // namespace tenon
