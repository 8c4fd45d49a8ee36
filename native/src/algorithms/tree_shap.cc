#include "tree_shap.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <mutex>
#include <new>
#include <stdexcept>
#include <string>

#include "../runtime/thread_pool.h"

namespace tenon {
namespace {

// Trees whose contributions are summed before they join the total. With few rows the threads
// divide these groups, with many the rows: the sums are the same.
constexpr size_t kTreeGroup = 8;

constexpr size_t kMaxScratch = (256u << 20) / sizeof(double);

// Doubles aligned for vectors.
struct AlignedFree {
  void operator()(double* data) const noexcept { ::operator delete[](data, std::align_val_t{64}); }
};
using AlignedDoubles = std::unique_ptr<double[], AlignedFree>;

AlignedDoubles aligned_doubles(size_t count) {
  return AlignedDoubles(static_cast<double*>(::operator new[](count * sizeof(double), std::align_val_t{64})));
}

// Gauss and Legendre's rule of n points on [0, 1], in the order of ShapPointRow. The roots of
// Legendre's polynomial by Newton's method from their asymptotic places.
void write_points(uint32_t n, double* out) {
  constexpr double kPi = 3.14159265358979323846;
  for (uint32_t i = 0; i < n; ++i) {
    double x = std::cos(kPi * (i + 0.75) / (n + 0.5));
    double derivative = 0;
    for (int step = 0; step < 100; ++step) {
      double value = 1, before = 0;
      for (uint32_t j = 0; j < n; ++j) {
        const double next = ((2.0 * j + 1) * x * value - j * before) / (j + 1);
        before = value;
        value = next;
      }
      derivative = n * (x * value - before) / (x * x - 1);
      const double change = value / derivative;
      x -= change;
      if (std::abs(change) < 1e-15) break;
    }
    // From [-1, 1]; each of point and rest from the root itself, so that neither loses digits.
    out[kShapPoint * n + i] = (1 - x) / 2;
    out[kShapRest * n + i] = (1 + x) / 2;
    out[kShapOffGain * n + i] = -1 / out[kShapRest * n + i];
    out[kShapWeight * n + i] = 1 / ((1 - x * x) * derivative * derivative);
  }
}

size_t points_before(uint32_t n) noexcept { return static_cast<size_t>(kShapPointRows) * n * (n - 1) / 2; }

}  // namespace

// What one thread computes in.
struct TreeShap::Workspace {
  explicit Workspace(const TreeShap& shap)
      : size(static_cast<size_t>(shap.output_count_) * shap.feature_count() * kShapLanes),
        features(aligned_doubles(static_cast<size_t>(shap.feature_count()) * kShapLanes)),
        codes(shap.categorical_ == nullptr ? 0 : static_cast<size_t>(shap.feature_count()) * kShapLanes),
        group(aligned_doubles(size)),
        total(aligned_doubles(size)),
        scratch(aligned_doubles(shap.most_scratch_)),
        path(shap.most_depth_ + 1) {}

  size_t size;
  AlignedDoubles features;
  std::vector<uint8_t> codes;
  AlignedDoubles group;
  AlignedDoubles total;
  AlignedDoubles scratch;
  std::vector<const ShapEdge*> path;
};

TreeShap::TreeShap(const Forest& forest, uint32_t sums) : TreeShap(forest, sums, nullptr) {}

TreeShap::TreeShap(const BoostedForest& boosted) : TreeShap(boosted.forest, boosted.outputs(), &boosted) {}

TreeShap::TreeShap(const Forest& forest, uint32_t sums, const BoostedForest* boosted)
    : forest_(forest),
      categorical_(boosted == nullptr || boosted->sets.empty() ? nullptr : boosted),
      sums_(sums),
      scale_(sums == 0 ? 1.0 / forest.tree_count() : 1.0),
      opposite_(sums == 0 && forest.value_count == 2),
      tree_outputs_(opposite_ ? 1 : forest.value_count),
      output_count_(sums == 0 ? tree_outputs_ : sums),
      base_values_(sums == 0 ? forest.value_count : sums) {
  if (forest.cover.size() != forest.node_count()) throw std::invalid_argument("the forest has no covers");
  if (sums > 0 && forest.value_count != 1) throw std::invalid_argument("trees that are summed must have one value per leaf");
  edges_.reserve(forest.node_count() - forest.tree_count());
  for (uint32_t t = 0; t < forest.tree_count(); ++t) add_tree(t);
  trees_.push_back({edges_.size(), 0});
  for (double& value : base_values_) value *= scale_;
  if (opposite_) base_values_[0] = 1 - base_values_[1];
  for (uint32_t k = 0; boosted != nullptr && k < sums; ++k) base_values_[k] += boosted->base[k];
  points_.resize(points_before(most_points_ + 1));
  for (uint32_t n = 1; n <= most_points_; ++n) write_points(n, points_.data() + points_before(n));
}

// Lays a tree's edges out in preorder, with what is known of the path above each.
void TreeShap::add_tree(uint32_t tree) {
  struct Step {
    uint32_t node;
    uint32_t depth;
    bool left;
    uint32_t parent;
  };
  struct Level {
    uint32_t feature;
    uint32_t previous;
    uint32_t distinct;  // features on the path
    double zero;
    double reach;  // the share of training rows that come here
  };
  const uint32_t start = forest_.tree_start[tree];
  const size_t first = edges_.size();
  std::vector<Level> path(1, Level{0, 0, 0, 1, 1});
  std::vector<uint32_t> depth_of(forest_.feature_count, 0);
  std::vector<Step> pending;
  uint32_t distinct = 0;
  size_t deepest = 0;
  const auto visit = [&](uint32_t node, uint32_t depth) {
    if (forest_.feature[node] >= 0) {
      const uint32_t left = start + static_cast<uint32_t>(forest_.child[node]);
      pending.push_back({left + 1, depth + 1, false, node});
      pending.push_back({left, depth + 1, true, node});
      return;
    }
    const float* values = forest_.values.data() + static_cast<size_t>(forest_.child[node]) * forest_.value_count;
    double* base = base_values_.data() + (sums_ == 0 ? 0 : tree % sums_);
    for (uint32_t v = 0; v < forest_.value_count; ++v) base[v] += path.back().reach * static_cast<double>(values[v]);
    distinct = std::max(distinct, path.back().distinct);
  };
  visit(start, 0);
  while (!pending.empty()) {
    const Step step = pending.back();
    pending.pop_back();
    while (path.size() > step.depth) {
      depth_of[path.back().feature] = path.back().previous;
      path.pop_back();
    }
    const uint32_t feature = static_cast<uint32_t>(forest_.feature[step.parent]);
    const uint32_t left = start + static_cast<uint32_t>(forest_.child[step.parent]);
    // Of the children's sum rather than of the parent's own cover, which may be rounded.
    const double here = forest_.cover[step.node];
    const double both = static_cast<double>(forest_.cover[left]) + static_cast<double>(forest_.cover[left + 1]);
    const double share = both > 0 ? here / both : 0.5;
    const uint32_t previous = depth_of[feature];
    const double zero = share * path[previous].zero;
    edges_.push_back({share, zero, forest_.threshold[step.parent], feature, step.depth, previous,
                      forest_.feature[step.node] < 0 ? forest_.child[step.node] : -1,
                      categorical_ == nullptr ? -1 : categorical_->category_set[step.parent], step.left,
                      forest_.missing_left[step.parent]});
    const Level& above = path.back();
    path.push_back({feature, previous, above.distinct + (previous == 0), zero, above.reach * share});
    depth_of[feature] = step.depth;
    deepest = std::max<size_t>(deepest, step.depth);
    visit(step.node, step.depth);
  }
  const uint32_t points = std::max(1u, (distinct + 1) / 2);
  const size_t scratch = shap_scratch_size(deepest, points, tree_outputs_);
  if (scratch > kMaxScratch) {
    throw std::length_error("a tree is " + std::to_string(deepest) + " deep with " + std::to_string(distinct) +
                            " features on a path, too much to explain in " +
                            std::to_string(kMaxScratch * sizeof(double)) + " bytes");
  }
  trees_.push_back({first, points});
  most_points_ = std::max(most_points_, points);
  most_depth_ = std::max(most_depth_, deepest);
  most_scratch_ = std::max(most_scratch_, scratch);
}

// Lanes without a row of their own see zeros.
void TreeShap::read_rows(const float* rows, size_t count, Workspace& work) const {
  const size_t columns = feature_count();
  for (size_t c = 0; c < columns; ++c) {
    for (size_t i = 0; i < kShapLanes; ++i) {
      work.features[c * kShapLanes + i] = i < count ? static_cast<double>(rows[i * columns + c]) : 0;
    }
  }
  if (categorical_ == nullptr) return;
  for (size_t c = 0; c < columns; ++c) {
    const float* begin = categorical_->categories.data() + categorical_->categories_start[c];
    const float* end = categorical_->categories.data() + categorical_->categories_start[c + 1];
    for (size_t i = 0; i < kShapLanes; ++i) {
      uint8_t code = kShapNoCategory;
      const float x = i < count ? rows[i * columns + c] : 0;
      if (begin < end && x == x) {
        const float* found = std::lower_bound(begin, end, x);
        if (found < end && *found == x) code = static_cast<uint8_t>(found - begin);
      }
      work.codes[c * kShapLanes + i] = code;
    }
  }
}

void TreeShap::write_rows(const double* sums, size_t count, double* out) const {
  const size_t columns = feature_count();
  for (size_t i = 0; i < count; ++i) {
    for (uint32_t m = 0; m < output_count_; ++m) {
      for (size_t c = 0; c < columns; ++c) {
        const double value = sums[(m * columns + c) * kShapLanes + i] * scale_;
        *out++ = opposite_ ? -value : value;
      }
    }
    if (!opposite_) continue;
    for (size_t c = 0; c < columns; ++c, ++out) *out = -*(out - columns);
  }
}

// Sums the contributions of one group of trees into work.group; false if stopped.
bool TreeShap::explain_trees(size_t first, size_t last, Workspace& work, const TaskControl& control) const {
  const ShapWalk walk = shap_walk();
  std::fill_n(work.group.get(), work.size, 0.0);
  for (size_t t = first; t < last; ++t) {
    if (control.stopped()) return false;
    const TreePlace& place = trees_[t];
    const ShapTree tree{edges_.data() + place.first_edge,
                        trees_[t + 1].first_edge - place.first_edge,
                        forest_.values.data() + (opposite_ ? 1 : 0),
                        forest_.value_count,
                        tree_outputs_,
                        feature_count(),
                        place.point_count,
                        points_.data() + points_before(place.point_count),
                        categorical_ == nullptr ? nullptr : categorical_->sets.data(),
                        work.codes.data()};
    double* sums = work.group.get() + (sums_ == 0 ? 0 : t % sums_) * feature_count() * kShapLanes;
    walk(tree, work.features.get(), work.scratch.get(), work.path.data(), sums);
  }
  return true;
}

void TreeShap::explain(const float* rows, size_t row_count, double* out, TaskControl& control) const {
  const size_t columns = feature_count();
  const size_t width = columns * value_count();
  const size_t trees = forest_.tree_count();
  const size_t groups = chunk_count(trees, kTreeGroup);
  ThreadPool& pool = ThreadPool::instance();
  std::mutex mutex;
  std::vector<std::unique_ptr<Workspace>> idle;
  const auto borrow = [&] {
    const std::lock_guard lock(mutex);
    if (idle.empty()) return std::make_unique<Workspace>(*this);
    auto work = std::move(idle.back());
    idle.pop_back();
    return work;
  };
  const auto give_back = [&](std::unique_ptr<Workspace> work) {
    const std::lock_guard lock(mutex);
    idle.push_back(std::move(work));
  };
  const auto last_of = [&](size_t group) { return std::min(trees, (group + 1) * kTreeGroup); };

  if (chunk_count(row_count, kShapLanes) >= 2 * pool.size()) {
    size_t done = 0;
    pool.parallel_for(
        row_count, kShapLanes,
        [&](size_t begin, size_t end) {
          auto work = borrow();
          read_rows(rows + begin * columns, end - begin, *work);
          std::fill_n(work->total.get(), work->size, 0.0);
          for (size_t g = 0; g < groups; ++g) {
            if (!explain_trees(g * kTreeGroup, last_of(g), *work, control)) return;
            for (size_t i = 0; i < work->size; ++i) work->total[i] += work->group[i];
          }
          write_rows(work->total.get(), end - begin, out + begin * width);
          give_back(std::move(work));
          const std::lock_guard lock(mutex);
          done += end - begin;
          control.progress(done, row_count);
        },
        &control);
    return;
  }
  for (size_t begin = 0; begin < row_count; begin += kShapLanes) {
    const size_t count = std::min(kShapLanes, row_count - begin);
    const auto total = borrow();
    std::fill_n(total->total.get(), total->size, 0.0);
    // Groups finish in any order and are added in theirs.
    std::vector<AlignedDoubles> waiting(groups);
    size_t next = 0;
    const bool complete = pool.parallel_for(
        groups, 1,
        [&](size_t g, size_t) {
          auto work = borrow();
          read_rows(rows + begin * columns, count, *work);
          if (!explain_trees(g * kTreeGroup, last_of(g), *work, control)) return;
          AlignedDoubles sums = aligned_doubles(work->size);
          std::swap(sums, work->group);
          const std::lock_guard lock(mutex);
          idle.push_back(std::move(work));
          waiting[g] = std::move(sums);
          for (; next < groups && waiting[next]; ++next) {
            for (size_t i = 0; i < total->size; ++i) total->total[i] += waiting[next][i];
            waiting[next].reset();
          }
        },
        &control);
    if (!complete || control.stopped()) return;
    write_rows(total->total.get(), count, out + begin * width);
    control.progress(begin + count, row_count);
  }
}

}  // namespace tenon
