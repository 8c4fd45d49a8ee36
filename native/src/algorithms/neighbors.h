#pragma once

#include <cstdint>
#include <vector>

#include "../operations/buffer.h"
#include "../runtime/task.h"

namespace tenon {

enum class NeighborMetric : uint8_t { kEuclidean, kManhattan, kCosine };

// The rows of training, and how a new row asks its nearest ones. Of a distance of zero a row's
// whole vote goes to those at it, when votes are divided by distance.
struct NeighborOptions {
  uint32_t class_count = 0;  // 0: regression, the mean of the neighbours' numbers
  uint32_t count = 5;        // neighbours asked; all rows if there are fewer
  NeighborMetric metric = NeighborMetric::kEuclidean;
  bool by_distance = false;  // votes are divided by the distance
};

// Exact nearest neighbours by brute force. Distances are first found in single precision by matrix
// products, with a bound on their error; the rows that could be among the nearest are then
// measured again in double. Equal distances go to the earlier row. So the result does not depend
// on threads, on the instruction set, or on how many rows are asked for at once.
class Neighbors {
 public:
  // `rows` are finite and row-major; `target` has a class or number per row, `weights` how much
  // its vote counts, or nothing. Throws std::bad_alloc.
  Neighbors(const NeighborOptions& options, size_t column_count, Buffer<float> rows, std::vector<double> target,
            std::vector<double> weights);

  const NeighborOptions& options() const noexcept { return options_; }
  size_t row_count() const noexcept { return target_.size(); }
  size_t feature_count() const noexcept { return columns_; }
  size_t value_count() const noexcept { return options_.class_count == 0 ? 1 : options_.class_count; }
  size_t size_bytes() const noexcept {
    return rows_.size() * 4 + (target_.size() + weights_.size() + squares_.size()) * 8 +
           (lengths_.size() + halves_.size()) * 4;
  }
  const Buffer<float>& rows() const noexcept { return rows_; }
  const std::vector<double>& target() const noexcept { return target_; }
  const std::vector<double>& weights() const noexcept { return weights_; }

  // Scores on the pool; stops early when `control` says so.
  void predict(const float* queries, size_t query_count, float* out, const TaskControl* control) const;
  // The same on the calling thread.
  void predict_few(const float* queries, size_t query_count, float* out) const;

 private:
  struct Found {
    double distance;
    uint32_t row;
    bool operator<(const Found& other) const noexcept {
      return distance != other.distance ? distance < other.distance : row < other.row;
    }
  };
  class Search;

  void predict_block(const float* queries, size_t query_count, float* out, const TaskControl* control) const;
  double distance(const float* query, double query_square, uint32_t row) const noexcept;
  void vote(const std::vector<Found>& nearest, float* out) const;

  NeighborOptions options_;
  size_t columns_;
  Buffer<float> rows_;
  std::vector<double> target_;
  std::vector<double> weights_;
  std::vector<double> squares_;  // each row's squared length
  // For looking at products 16 at a time: each row's length, and for euclidean distances a little
  // less than half its square; otherwise zero. None where single precision does not hold them.
  std::vector<float> lengths_, halves_;
};

}  // namespace tenon
