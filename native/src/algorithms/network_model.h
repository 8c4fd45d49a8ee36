#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "../operations/buffer.h"
#include "../runtime/task.h"
#include "network_shape.h"

namespace tenon {

// How scoring ended: well, early because it was stopped, or with a feature or a result that is
// NaN or infinite.
enum class NetworkScoring : uint8_t { kDone, kStopped, kBadRow, kOverflow };

// A network that scores.
class NetworkModel {
 public:
  explicit NetworkModel(NetworkShape shape) : shape_(std::move(shape)) {}
  virtual ~NetworkModel() = default;

  const NetworkShape& shape() const noexcept { return shape_; }
  virtual size_t size_bytes() const noexcept = 0;

  // Predictions, or probabilities that sum to one: row_count x value_count(). On the pool when
  // the work is worth it. A row gives the same bits in any company, but that large batches may be
  // scored by a network that split_for() gives, with other roundings. Looks at every feature and
  // result itself, while they are in the cache. May throw std::bad_alloc.
  NetworkScoring predict(const float* rows, size_t row_count, float* out, const TaskControl* control = nullptr) const;

  // Rows scored together, on one thread, at most; as a rule kBlockRows, and by split weights panels.
  static constexpr size_t kBlockRows = 56;
  static constexpr size_t kSplitRows = 64;
  virtual size_t block_rows() const noexcept { return kBlockRows; }

  // The last layer's sums of at most block_rows() rows, row_stride(widths.back()) apart, in memory of
  // the calling thread.
  virtual const float* block_sums(const float* rows, size_t row_count) const = 0;

  // The same, or null if a feature is NaN or infinite.
  virtual const float* finite_block_sums(const float* rows, size_t row_count) const;

  // The weights as tiles, in memory of the calling thread, when so many rows are worth splitting
  // them for; null otherwise, and when stopped. May throw std::bad_alloc.
  virtual const uint16_t* split_for(size_t, const TaskControl*) const { return nullptr; }

  // finite_block_sums() by them.
  virtual const float* split_block_sums(const uint16_t*, const float* rows, size_t row_count) const {
    return finite_block_sums(rows, row_count);
  }

  // The last layer's sums: row_count x widths.back().
  bool sums(const float* rows, size_t row_count, float* out, const TaskControl* control = nullptr) const;

 private:
  template <typename Finish>
  bool each_block(size_t row_count, size_t rows_at_once, const TaskControl* control, const Finish& finish) const;

  NetworkShape shape_;
};

// What a hidden layer does after its sums, for rows that are `stride` apart.
void normalize_rows(const float* gain, const float* shift, size_t width, float* rows, size_t row_count, size_t stride);

// Memory of the calling thread for one layer's values; kept between calls, two of them.
float* network_scratch(size_t which, size_t floats);

// The least and the greatest of some values.
struct ValueRange {
  float low;
  float high;
};

// Weights in panels of kPanel units, each with every input's row.
class DenseNetwork final : public NetworkModel {
 public:
  // `values` in canonical order. May throw std::bad_alloc.
  DenseNetwork(NetworkShape shape, const float* values);

  size_t size_bytes() const noexcept override;

  // The values it was made of.
  std::vector<float> values() const;

  // What the inputs of each layer come to for some rows, at least one; for fewer when stopped.
  std::vector<ValueRange> input_ranges(const float* rows, size_t row_count, const TaskControl& control) const;

  const float* block_sums(const float* rows, size_t row_count) const override {
    return pass(rows, row_count, nullptr, nullptr);
  }
  const uint16_t* split_for(size_t row_count, const TaskControl* control) const override;
  const float* split_block_sums(const uint16_t* split, const float* rows, size_t row_count) const override;

 private:
  struct Layer {
    Buffer<float> weights;
    Buffer<float> bias;
    Buffer<float> gain;  // empty without normalization
    Buffer<float> shift;
    bool splits = false;       // large batches are multiplied on tiles
    size_t split_at = 0;       // entries of the layers before it
  };
  void plan_splits();
  // One layer's product on tiles; false if its inputs are not finite.
  bool multiply_split(size_t l, const uint16_t* split, const DenseBlock& block) const;
  // block_sums, or with `split` the same by it, then null if a layer's inputs are not finite; widens `ranges`, one per layer, if given.
  const float* pass(const float* rows, size_t row_count, std::vector<ValueRange>* ranges, const uint16_t* split) const;

  std::vector<Layer> layers_;
  size_t split_entries_ = 0;
};

}  // namespace tenon
