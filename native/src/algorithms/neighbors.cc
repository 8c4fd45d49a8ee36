#include "neighbors.h"

#include <algorithm>
#include <cmath>

#include "../kernels/table.h"
#include "../operations/gemm.h"
#include "../runtime/thread_pool.h"

namespace tenon {
namespace {

// Queries and rows whose products are found at once: their floats stay in the second-level cache.
constexpr size_t kQueries = 256;
constexpr size_t kRows = 1024;

// Below so many queries a product row by row costs no more than packing for matrix products.
constexpr size_t kFewQueries = 8;

// Beyond this squared lengths are not looked at in single precision.
constexpr double kLargeSquare = 1e30;

// More than what a few roundings in single precision take, as a share.
constexpr double kRounding = 1e-6;

double square_of(const float* x, size_t n) noexcept {
  double sum = 0;
  for (size_t i = 0; i < n; ++i) sum += static_cast<double>(x[i]) * static_cast<double>(x[i]);
  return sum;
}

}  // namespace

// The rows that one query may have as neighbours, as the training rows go by.
class Neighbors::Search {
 public:
  Search(const Neighbors& model, const float* query)
      : model_(model), query_(query), square_(square_of(query, model.columns_)), wanted_(std::min<size_t>(model.options_.count, model.row_count())) {
    nearest_.reserve(wanted_ + 1);
    // Each of n products is rounded, and each sum: n units in the last place of |a||b| at most,
    // with some to spare for what follows.
    relative_error_ = static_cast<double>(model.columns_ + 32) * 0x1p-24;
  }

  // Rows `first` and on, whose products with the query are `products`.
  void see(size_t first, size_t count, const float* products) {
    for (size_t i = 0; i < count; ++i) {
      if (nearest_.size() == wanted_) i = next_candidate(first, i, count, products);
      if (i == count) return;
      const uint32_t row = static_cast<uint32_t>(first + i);
      if (nearest_.size() == wanted_ && least_distance(row, products[i]) > nearest_.front().distance) continue;
      measure(row);
    }
  }

  void measure(uint32_t row) {
    const Found found{model_.distance(query_, square_, row), row};
    if (nearest_.size() == wanted_) {
      if (!(found < nearest_.front())) return;
      std::pop_heap(nearest_.begin(), nearest_.end());
      nearest_.back() = found;
    } else {
      nearest_.push_back(found);
    }
    std::push_heap(nearest_.begin(), nearest_.end());
  }

  // The nearest rows, nearest first.
  const std::vector<Found>& result() {
    std::sort_heap(nearest_.begin(), nearest_.end());
    return nearest_;
  }

 private:
  // The first row from `i` on that could be nearer than the furthest found, or `count`: a coarse look
  // that takes no row out that least_distance() would leave in. What is solved for the product is
  // least_distance(row, product) <= distance, with the factor of a row's length on the left.
  size_t next_candidate(size_t first, size_t i, size_t count, const float* products) const noexcept {
    if (model_.lengths_.empty() || !(square_ < kLargeSquare)) return i;
    const double distance = nearest_.front().distance;
    const double length = std::sqrt(square_);
    const double tiny = static_cast<double>(model_.columns_) * 1e-37 + 1e-30;
    double factor = (relative_error_ + kRounding) * length;
    double bound = -tiny;
    if (model_.options_.metric == NeighborMetric::kCosine) factor -= (1 - distance) * length;
    else bound += 0.5 * (square_ - distance) - kRounding * (square_ + distance);
    return kernels().f32_find_above(products, model_.lengths_.data() + first, static_cast<float>(factor),
                                    model_.halves_.data() + first, static_cast<float>(bound), i, count);
  }

  // No more than the true distance, in the units of distance(). Not finite products are no bound.
  double least_distance(uint32_t row, float product) const noexcept {
    const double other = model_.squares_[row];
    const double lengths = std::sqrt(square_ * other);
    // Products too small for single precision are lost altogether.
    const double error = relative_error_ * lengths + static_cast<double>(model_.columns_) * 1e-37;
    const double most = static_cast<double>(product) + error;
    double least;
    if (model_.options_.metric == NeighborMetric::kCosine) {
      least = lengths > 0 ? 1 - most / lengths - 1e-12 : 0;
    } else {
      least = square_ + other - 2 * most - 1e-12 * (square_ + other);
    }
    return least == least ? least : -INFINITY;
  }

  const Neighbors& model_;
  const float* query_;
  double square_;
  size_t wanted_;
  double relative_error_;
  std::vector<Found> nearest_;  // a heap, the furthest first
};

Neighbors::Neighbors(const NeighborOptions& options, size_t column_count, Buffer<float> rows,
                     std::vector<double> target, std::vector<double> weights)
    : options_(options),
      columns_(column_count),
      rows_(std::move(rows)),
      target_(std::move(target)),
      weights_(std::move(weights)),
      squares_(target_.size()) {
  // Only proportions matter: no vote can then overflow.
  const double largest = weights_.empty() ? 1.0 : *std::max_element(weights_.begin(), weights_.end());
  for (double& weight : weights_) weight = std::max(weight / largest, 1e-200);
  for (size_t i = 0; i < squares_.size(); ++i) squares_[i] = square_of(rows_.data() + i * columns_, columns_);
  if (options.metric == NeighborMetric::kManhattan || !(*std::max_element(squares_.begin(), squares_.end()) < kLargeSquare)) return;
  for (const double square : squares_) {
    lengths_.push_back(static_cast<float>(std::sqrt(square)));
    halves_.push_back(options.metric == NeighborMetric::kEuclidean ? static_cast<float>((0.5 - kRounding) * square) : 0.0f);
  }
}

// The square for euclidean distances, which orders as they do.
double Neighbors::distance(const float* query, double query_square, uint32_t row) const noexcept {
  const float* x = rows_.data() + static_cast<size_t>(row) * columns_;
  double sum = 0;
  switch (options_.metric) {
    case NeighborMetric::kEuclidean:
      for (size_t c = 0; c < columns_; ++c) {
        const double away = static_cast<double>(query[c]) - static_cast<double>(x[c]);
        sum += away * away;
      }
      return sum;
    case NeighborMetric::kManhattan:
      for (size_t c = 0; c < columns_; ++c) sum += std::abs(static_cast<double>(query[c]) - static_cast<double>(x[c]));
      return sum;
    default: {
      for (size_t c = 0; c < columns_; ++c) sum += static_cast<double>(query[c]) * static_cast<double>(x[c]);
      const double lengths = std::sqrt(query_square) * std::sqrt(squares_[row]);
      // Nothing is known of the direction of a row of zeros.
      return lengths > 0 ? std::max(0.0, 1 - sum / lengths) : 1.0;
    }
  }
}

void Neighbors::vote(const std::vector<Found>& nearest, float* out) const {
  const bool touching = nearest.front().distance == 0;
  std::vector<double> votes(value_count(), 0.0);
  double total = 0;
  for (const Found& found : nearest) {
    double weight = weights_.empty() ? 1.0 : weights_[found.row];
    if (options_.by_distance && touching && found.distance > 0) continue;
    if (options_.by_distance && !touching) {
      const double distance = options_.metric == NeighborMetric::kEuclidean ? std::sqrt(found.distance) : found.distance;
      weight /= distance;
    }
    total += weight;
    if (options_.class_count == 0) votes[0] += weight * target_[found.row];
    else votes[static_cast<size_t>(target_[found.row])] += weight;
  }
  for (size_t v = 0; v < votes.size(); ++v) out[v] = static_cast<float>(votes[v] / total);
}

void Neighbors::predict_block(const float* queries, size_t query_count, float* out, const TaskControl* control) const {
  std::vector<Search> searches;
  searches.reserve(query_count);
  for (size_t q = 0; q < query_count; ++q) searches.emplace_back(*this, queries + q * columns_);
  const bool direct = options_.metric == NeighborMetric::kManhattan;
  const bool few = query_count < kFewQueries;
  std::vector<float> products(direct ? 0 : query_count * kRows);
  for (size_t first = 0; first < row_count(); first += kRows) {
    const size_t count = std::min(kRows, row_count() - first);
    const float* rows = rows_.data() + first * columns_;
    if (!direct && !few) {
      GemmCall call{queries, rows, products.data(), query_count, count, columns_};
      call.transpose_b = true;
      call.chain = true;
      gemm(call);
    }
    for (size_t q = 0; q < query_count; ++q) {
      if (control != nullptr && control->stopped()) return;
      if (direct) {
        for (size_t i = 0; i < count; ++i) searches[q].measure(static_cast<uint32_t>(first + i));
        continue;
      }
      float* mine = products.data() + q * count;
      if (few) kernels().f32_gemv(rows, columns_, queries + q * columns_, mine, count, columns_);
      searches[q].see(first, count, mine);
    }
  }
  for (size_t q = 0; q < query_count; ++q) vote(searches[q].result(), out + q * value_count());
}

void Neighbors::predict(const float* queries, size_t query_count, float* out, const TaskControl* control) const {
  const size_t threads = ThreadPool::instance().size();
  const size_t grain = std::clamp<size_t>(query_count / (2 * threads), 1, kQueries);
  ThreadPool::instance().parallel_for(
      query_count, grain,
      [&](size_t begin, size_t end) {
        predict_block(queries + begin * columns_, end - begin, out + begin * value_count(), control);
      },
      control);
}

void Neighbors::predict_few(const float* queries, size_t query_count, float* out) const {
  for (size_t q = 0; q < query_count; ++q) predict_block(queries + q * columns_, 1, out + q * value_count(), nullptr);
}

}  // namespace tenon
