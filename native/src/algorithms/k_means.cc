#include "k_means.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <stdexcept>
#include <string>

#include "../kernels/table.h"
#include "../operations/columns.h"
#include "../operations/rounded_up.h"
#include "../runtime/thread_pool.h"
#include "random.h"

namespace tenon {
namespace {

// Rows whose products with the centres are found at once.
constexpr size_t kBlock = 256;
// Partial sums of an iteration, each over a fixed share of the rows, as far as they fit kSumBytes.
constexpr size_t kShares = 64;
constexpr size_t kSumBytes = size_t{64} << 20;
// Columns are not moved to mean zero where the difference might overflow.
constexpr double kHuge = 1e38;

// Up to 16 points in the panel that a dense block multiplies with.
constexpr size_t kPoints = 16;

size_t padded(size_t columns) noexcept { return rounded_up(columns, 16); }

double square_of(const float* x, size_t n) noexcept {
  double sum = 0;
  for (size_t i = 0; i < n; ++i) sum += static_cast<double>(x[i]) * static_cast<double>(x[i]);
  return sum;
}

double uniform(Random& random) noexcept { return static_cast<double>(random.next() >> 11) * 0x1p-53; }

// Rows moved to mean zero and scaled by one power of two into about -1 to 1.
class Rows {
 public:
  Rows(std::span<float> data, size_t columns, const std::vector<double>& weights, const TaskControl& control)
      : data_(data), columns_(columns), weights_(weights), shift_(columns, 0.0f), squares_(data.size() / columns) {
    const ColumnStatistics found = column_statistics(data.data(), count(), columns, &control);
    if (control.stopped()) return;
    double largest = 0;
    for (size_t c = 0; c < columns; ++c) {
      const double reach = std::max(-found.low[c], found.high[c]);
      if (found.count[c] != static_cast<double>(count()) || !std::isfinite(found.low[c]) || !std::isfinite(found.high[c])) {
        throw std::invalid_argument("data column " + std::to_string(c) + " must be finite");
      }
      if (reach < kHuge) shift_[c] = static_cast<float>(found.mean[c]);
      largest = std::max({largest, found.high[c] - shift_[c], shift_[c] - found.low[c]});
      mean_variance_ += found.variance[c] / static_cast<double>(columns);
    }
    int exponent = 0;
    if (largest > 0) std::frexp(largest, &exponent);
    // Beyond these the factor itself, or its inverse, is no ordinary float.
    scale_ = std::ldexp(1.0, std::clamp(exponent, -120, 120));
    mean_variance_ /= scale_ * scale_;
    const std::vector<float> times(columns, static_cast<float>(1 / scale_));
    const std::vector<float> plus(columns, 0.0f);
    affine_columns(data.data(), data.data(), count(), columns, shift_.data(), times.data(), plus.data(), &control);
    ThreadPool::instance().parallel_for(count(), 4096, [&](size_t begin, size_t end) {
      for (size_t i = begin; i < end; ++i) squares_[i] = square_of(row(i), columns_);
    }, &control);
  }

  size_t count() const noexcept { return squares_.size(); }
  size_t columns() const noexcept { return columns_; }
  const float* row(size_t i) const noexcept { return data_.data() + i * columns_; }
  double square(size_t i) const noexcept { return squares_[i]; }
  double weight(size_t i) const noexcept { return weights_.empty() ? 1.0 : weights_[i]; }
  const double* weights(size_t first) const noexcept { return weights_.empty() ? nullptr : weights_.data() + first; }
  double mean_variance() const noexcept { return mean_variance_; }
  double scale() const noexcept { return scale_; }
  double original(double value, size_t column) const noexcept {
    return value * scale_ + static_cast<double>(shift_[column]);
  }

 private:
  std::span<float> data_;
  size_t columns_;
  const std::vector<double>& weights_;
  std::vector<float> shift_;
  std::vector<double> squares_;
  double mean_variance_ = 0;
  double scale_ = 1;
};

// Seeds: each next one is the best of a few rows drawn by their squared distance from the others.
std::vector<float> draw_seeds(const Rows& rows, uint32_t clusters, Random& random, const TaskControl& control) {
  const size_t columns = rows.columns();
  const size_t trials = std::min(kPoints, 2 + static_cast<size_t>(std::log(static_cast<double>(clusters))));
  std::vector<float> panel(columns * kPoints, 0.0f);
  std::vector<float> seeds;
  seeds.reserve(clusters * columns);
  std::vector<double> nearest(rows.count(), INFINITY);
  std::vector<std::vector<double>> tried(trials, std::vector<double>(rows.count()));
  const size_t blocks = chunk_count(rows.count(), kBlock);
  std::vector<double> sums(blocks * trials);
  std::vector<double> totals(blocks, 0.0);  // of weight times distance, or weight alone at first
  const auto mass = [&](size_t i) { return nearest[i] == INFINITY ? rows.weight(i) : rows.weight(i) * nearest[i]; };
  const auto draw = [&](double total) {
    double left = uniform(random) * total;
    size_t block = 0;
    while (block + 1 < blocks && left >= totals[block]) left -= totals[block++];
    const size_t end = std::min(rows.count(), (block + 1) * kBlock);
    size_t chosen = end - 1;
    for (size_t i = block * kBlock; i < end; ++i) {
      left -= mass(i);
      if (left < 0) {
        chosen = i;
        break;
      }
    }
    return chosen;
  };
  for (size_t b = 0; b < blocks; ++b) {
    for (size_t i = b * kBlock; i < std::min(rows.count(), (b + 1) * kBlock); ++i) totals[b] += mass(i);
  }
  for (uint32_t cluster = 0; cluster < clusters; ++cluster) {
    double total = 0;
    for (const double sum : totals) total += sum;
    std::vector<size_t> candidates(cluster == 0 ? 1 : trials);
    for (size_t& candidate : candidates) {
      // Fewer different rows than clusters: any of them.
      candidate = total > 0 ? draw(total) : random.below(static_cast<uint32_t>(rows.count()));
    }
    for (size_t t = 0; t < candidates.size(); ++t) {
      for (size_t c = 0; c < columns; ++c) panel[c * kPoints + t] = rows.row(candidates[t])[c];
    }
    ThreadPool::instance().parallel_for(rows.count(), kBlock, [&](size_t begin, size_t end) {
      alignas(64) float products[kBlock * kPoints];
      DenseBlock block{};
      block.a = rows.row(begin);
      block.a_row = columns;
      block.a_depth = 1;
      block.b = panel.data();
      block.b_depth = kPoints;
      block.c = products;
      block.c_row = kPoints;
      block.rows = end - begin;
      block.columns = kPoints;
      block.depth = columns;
      block.floor = -INFINITY;
      kernels().f32_dense_block(block);
      for (size_t t = 0; t < candidates.size(); ++t) {
        double sum = 0;
        for (size_t i = begin; i < end; ++i) {
          const double away = rows.square(i) + rows.square(candidates[t]) - 2.0 * static_cast<double>(products[(i - begin) * kPoints + t]);
          tried[t][i] = std::min(nearest[i], std::max(0.0, away));
          sum += rows.weight(i) * tried[t][i];
        }
        sums[begin / kBlock * trials + t] = sum;
      }
    }, &control);
    if (control.stopped()) return seeds;
    size_t best = 0;
    double least = INFINITY;
    for (size_t t = 0; t < candidates.size(); ++t) {
      double potential = 0;
      for (size_t b = 0; b < blocks; ++b) potential += sums[b * trials + t];
      if (potential < least) {
        least = potential;
        best = t;
      }
    }
    nearest.swap(tried[best]);
    nearest[candidates[best]] = 0;
    for (size_t b = 0; b < blocks; ++b) totals[b] = sums[b * trials + best];
    seeds.insert(seeds.end(), rows.row(candidates[best]), rows.row(candidates[best]) + columns);
  }
  return seeds;
}

// One run of Lloyd's iterations.
class Run {
 public:
  Run(const Rows& rows, const KMeansOptions& options)
      : rows_(rows),
        options_(options),
        size_(static_cast<size_t>(options.clusters) * padded(rows.columns())),
        labels_(rows.count(), UINT32_MAX),
        distances_(rows.count()) {
    const size_t fitting = kSumBytes / sizeof(double) / (size_ + options.clusters);
    const size_t shares = std::clamp<size_t>(fitting, 1, kShares);
    share_ = chunk_count(chunk_count(rows.count(), shares), kBlock) * kBlock;
    sums_.resize(chunk_count(rows.count(), share_) * (size_ + options.clusters));
  }

  const std::vector<float>& centers() const noexcept { return centers_; }

  // Returns the epochs taken.
  template <typename Report>
  uint32_t go(std::vector<float> seeds, const TaskControl& control, const Report& report) {
    centers_ = std::move(seeds);
    for (uint32_t epoch = 0; epoch < options_.max_epochs; ++epoch) {
      if (!assign(control)) return epoch;
      report(epoch + 1);
      const double moved = update();
      if (changed_ == 0 || moved <= options_.tolerance * rows_.mean_variance()) return epoch + 1;
    }
    return options_.max_epochs;
  }

 private:
  // Gives each row its nearest centre and sums the rows of each.
  bool assign(const TaskControl& control) {
    const size_t columns = rows_.columns();
    const uint32_t clusters = options_.clusters;
    // The nearest centre has the largest product with the row less half its own square.
    const size_t panels = chunk_count(clusters, kPanel);
    std::vector<float> packed(panels * columns * kPanel, 0.0f);
    std::vector<float> start(panels * kPanel, 0.0f);
    for (uint32_t k = 0; k < clusters; ++k) {
      const float* const center = centers_.data() + k * columns;
      start[k] = static_cast<float>(-0.5 * square_of(center, columns));
      for (size_t c = 0; c < columns; ++c) packed[(k / kPanel * columns + c) * kPanel + k % kPanel] = center[c];
    }
    const size_t stride = panels * kPanel + kPanel / 2;
    changed_ = 0;
    std::fill(sums_.begin(), sums_.end(), 0.0);
    const bool complete = ThreadPool::instance().parallel_for(rows_.count(), share_, [&](size_t begin, size_t end) {
      std::vector<float> scores(kBlock * stride);
      uint32_t labels[kBlock];
      float best[kBlock];
      double* sums = sums_.data() + begin / share_ * (size_ + clusters);
      size_t changed = 0;
      for (size_t first = begin; first < end; first += kBlock) {
        if (control.stopped()) return;
        const size_t count = std::min(kBlock, end - first);
        DenseBlock block{};
        block.a = rows_.row(first);
        block.a_row = columns;
        block.a_depth = 1;
        block.b = packed.data();
        block.b_depth = kPanel;
        block.b_panel = columns * kPanel;
        block.start = start.data();
        block.c = scores.data();
        block.c_row = stride;
        block.rows = count;
        block.columns = padded(clusters);
        block.depth = columns;
        block.floor = -INFINITY;
        kernels().f32_dense_block(block);
        kernels().f32_row_best(scores.data(), stride, count, clusters, labels, best);
        kernels().f64_add_rows(rows_.row(first), count, columns, labels, rows_.weights(first), sums);
        for (size_t i = 0; i < count; ++i) {
          const size_t row = first + i;
          changed += labels_[row] != labels[i];
          labels_[row] = labels[i];
          distances_[row] = std::max(0.0, rows_.square(row) - 2.0 * static_cast<double>(best[i]));
          sums[size_ + labels[i]] += rows_.weight(row);
        }
      }
      changed_.fetch_add(changed);
    }, &control);
    return complete && !control.stopped();
  }

  // Moves the centres to their rows' means; returns the sum of squared ways.
  double update() {
    const size_t columns = rows_.columns();
    const size_t stride = size_ + options_.clusters;
    for (size_t at = stride; at < sums_.size(); ++at) sums_[at % stride] += sums_[at];
    double moved = 0;
    std::vector<uint32_t> furthest;
    for (uint32_t k = 0; k < options_.clusters; ++k) {
      const double weight = sums_[size_ + k];
      const float* from = nullptr;
      if (weight == 0) {
        if (furthest.empty()) furthest = furthest_rows();
        from = rows_.row(furthest.back());
        if (furthest.size() > 1) furthest.pop_back();
      }
      for (size_t c = 0; c < columns; ++c) {
        float& center = centers_[k * columns + c];
        const float next = from != nullptr ? from[c] : static_cast<float>(sums_[k * padded(columns) + c] / weight);
        const double way = static_cast<double>(next) - static_cast<double>(center);
        moved += way * way;
        center = next;
      }
    }
    return moved;
  }

  // As many rows as there are clusters, the furthest last.
  std::vector<uint32_t> furthest_rows() const {
    std::vector<uint32_t> order(rows_.count());
    for (size_t i = 0; i < order.size(); ++i) order[i] = static_cast<uint32_t>(i);
    const size_t wanted = std::min<size_t>(options_.clusters, order.size());
    const auto further = [this](uint32_t a, uint32_t b) {
      return distances_[a] != distances_[b] ? distances_[a] > distances_[b] : a < b;
    };
    std::partial_sort(order.begin(), order.begin() + static_cast<ptrdiff_t>(wanted), order.end(), further);
    order.resize(wanted);
    std::reverse(order.begin(), order.end());
    return order;
  }

  const Rows& rows_;
  const KMeansOptions& options_;
  size_t size_;
  size_t share_ = 0;
  std::vector<uint32_t> labels_;
  std::vector<double> distances_;
  std::vector<double> sums_;  // per share: clusters x padded columns, then the clusters' weights
  std::vector<float> centers_;
  std::atomic<size_t> changed_{0};
};

// The nearest centre and its squared distance.
uint32_t nearest_of(const KMeans& model, const float* row, double& least) noexcept {
  uint32_t label = 0;
  least = INFINITY;
  for (uint32_t k = 0; k < model.clusters; ++k) {
    const double* center = model.centers.data() + static_cast<size_t>(k) * model.columns;
    double sum = 0;
    for (uint32_t c = 0; c < model.columns; ++c) {
      const double away = static_cast<double>(row[c]) - center[c];
      sum += away * away;
    }
    if (sum < least) {
      least = sum;
      label = k;
    }
  }
  return label;
}

// Of the rows as scaled, in the units of the rows as given.
double inertia_of(const Rows& rows, const std::vector<float>& centers, uint32_t clusters, const TaskControl& control) {
  KMeans scaled;
  scaled.columns = static_cast<uint32_t>(rows.columns());
  scaled.clusters = clusters;
  scaled.centers.assign(centers.begin(), centers.end());
  std::vector<double> sums(chunk_count(rows.count(), kBlock), 0.0);
  ThreadPool::instance().parallel_for(rows.count(), kBlock, [&](size_t begin, size_t end) {
    double least;
    for (size_t i = begin; i < end; ++i) {
      nearest_of(scaled, rows.row(i), least);
      sums[begin / kBlock] += rows.weight(i) * least;
    }
  }, &control);
  double total = 0;
  for (const double sum : sums) total += sum;
  return total * rows.scale() * rows.scale();
}

}  // namespace

void KMeans::predict(const float* rows, size_t row_count, float* out) const {
  double least;
  for (size_t r = 0; r < row_count; ++r) out[r] = static_cast<float>(nearest_of(*this, rows + r * columns, least));
}

KMeans fit_k_means(std::span<float> data, size_t column_count, const std::vector<double>& weights,
                   const KMeansOptions& options, TaskControl& control) {
  KMeans best;
  best.inertia = INFINITY;
  const Rows rows(data, column_count, weights, control);
  const uint64_t total = static_cast<uint64_t>(options.starts) * options.max_epochs;
  for (uint32_t start = 0; start < options.starts && !control.stopped(); ++start) {
    Random random(options.seed, start);
    std::vector<float> seeds = draw_seeds(rows, options.clusters, random, control);
    if (control.stopped()) return best;
    Run run(rows, options);
    const uint64_t before = static_cast<uint64_t>(start) * options.max_epochs;
    const uint32_t epochs = run.go(std::move(seeds), control,
                                   [&](uint32_t epoch) { control.progress(std::min(before + epoch, total - 1), total); });
    if (control.stopped()) return best;
    const double inertia = inertia_of(rows, run.centers(), options.clusters, control);
    if (!(inertia < best.inertia) && start > 0) continue;
    best.columns = static_cast<uint32_t>(column_count);
    best.clusters = options.clusters;
    best.inertia = inertia;
    best.epochs = epochs;
    best.centers.resize(run.centers().size());
    for (size_t i = 0; i < best.centers.size(); ++i) {
      best.centers[i] = rows.original(run.centers()[i], i % column_count);
    }
  }
  if (!control.stopped()) control.progress(total, total);
  return best;
}

}  // namespace tenon
