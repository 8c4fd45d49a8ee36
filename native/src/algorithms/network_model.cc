#include "network_model.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstring>

#include "../kernels/table.h"
#include "../operations/scratch.h"
#include "../runtime/thread_pool.h"

namespace tenon {
namespace {

// Below about a million operations waking a thread costs more than it brings.
constexpr size_t kParallelOperations = size_t{1} << 20;

// A tenth of a second on a slow processor.
constexpr size_t kBlockOperations = size_t{1} << 30;

// More than this is given back by the next call that needs less.
constexpr size_t kKeptFloats = size_t{1} << 20;

thread_local Scratch<float> scratch[2];

// From the last layer's sums to what a model answers.
void finish(const NetworkShape& shape, const float* sums, size_t stride, size_t rows, float* out) {
  const size_t width = shape.widths.back();
  for (size_t r = 0; r < rows; ++r, sums += stride) {
    if (shape.output == NetworkOutput::kIdentity) {
      std::copy_n(sums, width, out + r * width);
    } else if (shape.output == NetworkOutput::kSoftmax) {
      kernels().f32_softmax(sums, out + r * width, 1, width);
    } else {
      // The smaller probability by its power, the other as the rest to one.
      const double power = std::exp(-std::abs(static_cast<double>(sums[0])));
      const double smaller = power / (1 + power);
      out[2 * r] = static_cast<float>(sums[0] > 0 ? smaller : 1 - smaller);
      out[2 * r + 1] = static_cast<float>(sums[0] > 0 ? 1 - smaller : smaller);
    }
  }
}

bool finite(const float* values, size_t n) {
  const float largest = kernels().f32_magnitude(values, n);
  return largest - largest == 0;
}

}  // namespace

float* network_scratch(size_t which, size_t floats) {
  if (floats <= kKeptFloats) scratch[which].trim(kKeptFloats);
  return scratch[which].of(floats);
}

void normalize_rows(const float* gain, const float* shift, size_t width, float* rows, size_t row_count,
                    size_t stride) {
  for (size_t r = 0; r < row_count; ++r, rows += stride) {
    double mean = 0;
    for (size_t j = 0; j < width; ++j) mean += rows[j];
    mean /= static_cast<double>(width);
    double squares = 0;
    for (size_t j = 0; j < width; ++j) squares += (rows[j] - mean) * (rows[j] - mean);
    const float middle = static_cast<float>(mean);
    const float inverse = static_cast<float>(1 / std::sqrt(squares / static_cast<double>(width) + kNormEpsilon));
    for (size_t j = 0; j < width; ++j) rows[j] = gain[j] * ((rows[j] - middle) * inverse) + shift[j];
  }
}

template <typename Finish>
bool NetworkModel::each_block(size_t row_count, size_t rows_at_once, const TaskControl* control,
                              const Finish& finish_block) const {
  const size_t operations = shape_.operations();
  // Fewer rows at once where each is so much work that a stop would come late.
  const size_t most = std::clamp<size_t>(kBlockOperations / operations, 1, rows_at_once);
  const auto body = [&](size_t begin, size_t end) {
    for (size_t row = begin; row < end; row += most) finish_block(row, std::min(most, end - row));
  };
  const bool few = row_count <= kBlockRows / 4 && shape_.convolutions.empty();
  if (few || row_count * operations < kParallelOperations) {
    for (size_t row = 0; row < row_count; row += most) {
      if (control != nullptr && control->stopped()) return false;
      body(row, std::min(row_count, row + most));
    }
    return true;
  }
  ThreadPool& pool = ThreadPool::instance();
  const size_t share = chunk_count(row_count, 2 * pool.size());
  // Dense layers want some rows to use their weights on; images are work enough each.
  const size_t least = shape_.convolutions.empty() ? 8 : 1;
  return pool.parallel_for(row_count, std::min(most, std::max(share, least)), body, control);
}

const float* NetworkModel::finite_block_sums(const float* rows, size_t row_count) const {
  return finite(rows, row_count * shape_.feature_count) ? block_sums(rows, row_count) : nullptr;
}

NetworkScoring NetworkModel::predict(const float* rows, size_t row_count, float* out,
                                     const TaskControl* control) const {
  const size_t stride = row_stride(shape_.widths.back());
  std::atomic<bool> bad_row{false};
  std::atomic<bool> overflow{false};
  const uint16_t* const split = split_for(row_count, control);
  const size_t rows_at_once = split == nullptr ? block_rows() : kSplitRows;
  const bool complete = each_block(row_count, rows_at_once, control, [&](size_t row, size_t count) {
    const float* const first = rows + row * shape_.feature_count;
    const float* const block = split == nullptr ? finite_block_sums(first, count) : split_block_sums(split, first, count);
    if (block == nullptr) {
      bad_row.store(true, std::memory_order_relaxed);
      return;
    }
    float* const results = out + row * shape_.value_count();
    finish(shape_, block, stride, count, results);
    if (!finite(results, count * shape_.value_count())) overflow.store(true, std::memory_order_relaxed);
  });
  if (!complete) return NetworkScoring::kStopped;
  if (bad_row.load()) return NetworkScoring::kBadRow;
  return overflow.load() ? NetworkScoring::kOverflow : NetworkScoring::kDone;
}

bool NetworkModel::sums(const float* rows, size_t row_count, float* out, const TaskControl* control) const {
  const size_t width = shape_.widths.back();
  const size_t stride = row_stride(width);
  return each_block(row_count, block_rows(), control, [&](size_t row, size_t count) {
    const float* const block = block_sums(rows + row * shape_.feature_count, count);
    for (size_t r = 0; r < count; ++r) std::copy_n(block + r * stride, width, out + (row + r) * width);
  });
}

DenseNetwork::DenseNetwork(NetworkShape given, const float* values) : NetworkModel(std::move(given)) {
  for (size_t l = 0; l < shape().layers(); ++l) {
    const size_t inputs = shape().inputs(l);
    const size_t units = shape().widths[l];
    const size_t padded = panels_of(units) * kPanel;
    Layer layer;
    layer.weights = Buffer<float>(inputs * padded);
    std::fill_n(layer.weights.data(), inputs * padded, 0.0f);
    for (size_t k = 0; k < inputs; ++k) {
      for (size_t j = 0; j < units; ++j) {
        layer.weights[(j / kPanel * inputs + k) * kPanel + j % kPanel] = values[k * units + j];
      }
    }
    values += inputs * units;
    const auto vector = [&](Buffer<float>& into) {
      into = Buffer<float>(padded);
      std::fill_n(into.data(), padded, 0.0f);
      std::copy_n(values, units, into.data());
      values += units;
    };
    vector(layer.bias);
    if (shape().normalizes(l)) {
      vector(layer.gain);
      vector(layer.shift);
    }
    layers_.push_back(std::move(layer));
  }
  plan_splits();
}

size_t DenseNetwork::size_bytes() const noexcept {
  size_t floats = 0;
  for (const Layer& layer : layers_) {
    floats += layer.weights.size() + layer.bias.size() + layer.gain.size() + layer.shift.size();
  }
  return floats * sizeof(float);
}

std::vector<float> DenseNetwork::values() const {
  std::vector<float> out;
  out.reserve(shape().parameter_count());
  for (size_t l = 0; l < layers_.size(); ++l) {
    const Layer& layer = layers_[l];
    const size_t inputs = shape().inputs(l);
    const size_t units = shape().widths[l];
    for (size_t k = 0; k < inputs; ++k) {
      for (size_t j = 0; j < units; ++j) {
        out.push_back(layer.weights[(j / kPanel * inputs + k) * kPanel + j % kPanel]);
      }
    }
    for (const Buffer<float>* vector : {&layer.bias, &layer.gain, &layer.shift}) {
      if (vector->size() > 0) out.insert(out.end(), vector->data(), vector->data() + units);
    }
  }
  return out;
}

std::vector<ValueRange> DenseNetwork::input_ranges(const float* rows, size_t row_count,
                                                   const TaskControl& control) const {
  std::vector<ValueRange> ranges(layers_.size(), {INFINITY, -INFINITY});
  for (size_t row = 0; row < row_count && !control.stopped(); row += kBlockRows) {
    pass(rows + row * shape().feature_count, std::min(kBlockRows, row_count - row), &ranges, nullptr);
  }
  return ranges;
}

const float* DenseNetwork::pass(const float* rows, size_t row_count, std::vector<ValueRange>* ranges,
                                const uint16_t* split) const {
  size_t widest = row_stride(shape().feature_count);
  for (const uint32_t width : shape().widths) widest = std::max(widest, row_stride(width));
  const float* from = rows;
  size_t from_stride = shape().feature_count;
  size_t next = 0;
  // Rows that lie a multiple of 2 KiB apart share so few sets of the first-level cache that they
  // would drive each other out.
  if (from_stride % 512 == 0 && row_count > 8 && split == nullptr) {
    float* const copy = network_scratch(next, kSplitRows * widest);
    from_stride = row_stride(from_stride);
    for (size_t r = 0; r < row_count; ++r) {
      std::copy_n(rows + r * shape().feature_count, shape().feature_count, copy + r * from_stride);
    }
    from = copy;
    next = 1;
  }
  for (size_t l = 0; l < layers_.size(); ++l) {
    const Layer& layer = layers_[l];
    const size_t inputs = shape().inputs(l);
    const size_t units = shape().widths[l];
    const size_t stride = row_stride(units);
    const bool hidden = l + 1 < layers_.size();
    const bool rectified = hidden && shape().activation == Activation::kRelu && !shape().layer_normalization;
    float* const to = network_scratch(next, kSplitRows * widest);
    for (size_t r = 0; ranges != nullptr && r < row_count; ++r) {
      const auto [low, high] = std::minmax_element(from + r * from_stride, from + r * from_stride + inputs);
      (*ranges)[l].low = std::min((*ranges)[l].low, *low);
      (*ranges)[l].high = std::max((*ranges)[l].high, *high);
    }
    DenseBlock block{};
    block.a = from;
    block.a_row = from_stride;
    block.a_depth = 1;
    block.b = layer.weights.data();
    block.b_depth = kPanel;
    block.b_panel = inputs * kPanel;
    block.start = layer.bias.data();
    block.c = to;
    block.c_row = stride;
    block.rows = row_count;
    block.columns = (units + 15) / 16 * 16;
    block.depth = inputs;
    block.floor = rectified ? 0.0f : -INFINITY;
    if (split == nullptr || !layer.splits) kernels().f32_dense_block(block);
    else if (!multiply_split(l, split, block)) return nullptr;
    if (shape().normalizes(l)) {
      normalize_rows(layer.gain.data(), layer.shift.data(), units, to, row_count, stride);
    }
    if (hidden && !rectified && shape().activation != Activation::kIdentity) {
      for (size_t r = 0; r < row_count; ++r) {
        kernels().f32_activate(shape().activation, to + r * stride, to + r * stride, units);
      }
    }
    from = to;
    from_stride = stride;
    next = 1 - next;
  }
  return from;
}

}  // namespace tenon
