#include <algorithm>

#include "../kernels/table.h"
#include "../operations/scratch.h"
#include "../runtime/thread_pool.h"
#include "network_model.h"

// Large batches on tiles of bfloat16 (TileProduct in kernels/parameters.h).

namespace tenon {
namespace {

// Splitting a layer's weights takes as long as it saves on some hundred rows; a narrow layer's never
// pays.
constexpr size_t kRowsWorthSplitting = 256;
constexpr size_t kInputsWorthSplitting = 64;
constexpr size_t kUnitsWorthSplitting = 32;

// More entries than this are given back by the next call that needs fewer.
constexpr size_t kKeptEntries = size_t{4} << 20;

thread_local Scratch<uint16_t> split_weights;
thread_local Scratch<uint16_t> split_rows;

uint16_t* entries_of(Scratch<uint16_t>& scratch, size_t count) {
  if (count <= kKeptEntries) scratch.trim(kKeptEntries);
  return scratch.of(count);
}

}  // namespace

void DenseNetwork::plan_splits() {
  // A layer alone is a reduction: nearest neighbours want a row of it to be the same in any company.
  if (layers_.size() == 1) return;
  for (size_t l = 0; l < layers_.size(); ++l) {
    const size_t inputs = shape().inputs(l);
    const size_t units = shape().widths[l];
    Layer& layer = layers_[l];
    layer.splits = kernels().tiles != nullptr && inputs >= kInputsWorthSplitting && units >= kUnitsWorthSplitting;
    if (!layer.splits) continue;
    layer.split_at = split_entries_;
    split_entries_ += panels_of(units) * tile_panel(inputs);
  }
}

const uint16_t* DenseNetwork::split_for(size_t row_count, const TaskControl* control) const {
  if (row_count < kRowsWorthSplitting || split_entries_ == 0) return nullptr;
  uint16_t* const split = entries_of(split_weights, split_entries_);
  for (size_t l = 0; l < layers_.size(); ++l) {
    const Layer& layer = layers_[l];
    if (!layer.splits) continue;
    const size_t inputs = shape().inputs(l);
    const auto body = [&](size_t panel, size_t) {
      (void)kernels().tiles->split_columns(layer.weights.data() + panel * inputs * kPanel, kPanel, kPanel, inputs,
                                           split + layer.split_at + panel * tile_panel(inputs), 0);
    };
    if (!ThreadPool::instance().parallel_for(panels_of(shape().widths[l]), 1, body, control)) return nullptr;
  }
  return split;
}

const float* DenseNetwork::split_block_sums(const uint16_t* split, const float* rows, size_t row_count) const {
  // Splitting looks at every number.
  const bool looked_at = layers_.front().splits;
  if (!looked_at) {
    const float largest = kernels().f32_magnitude(rows, row_count * shape().feature_count);
    if (largest - largest != 0) return nullptr;
  }
  const float* const sums = pass(rows, row_count, nullptr, split);
  if (sums != nullptr) return sums;
  // A feature, or a hidden value that overflowed: that is infinite, but would be NaN among tiles.
  return finite_block_sums(rows, row_count);
}

bool DenseNetwork::multiply_split(size_t l, const uint16_t* split, const DenseBlock& block) const {
  const Layer& layer = layers_[l];
  const TileKernels& tiles = *kernels().tiles;
  const size_t panel = tile_panel(block.depth);
  uint16_t* const left = entries_of(split_rows, chunk_count(kSplitRows, kPanel) * panel);
  uint32_t bad = 0;
  for (size_t r = 0; r < block.rows; r += kPanel) {
    bad |= tiles.split_rows(block.a + r * block.a_row, block.a_row, std::min(kPanel, block.rows - r), block.depth,
                            left + r / kPanel * panel);
  }
  if (bad != 0) return false;
  tiles.multiply({left, panel, split + layer.split_at, panel, chunk_count(block.depth, kTileStep), block.start, 0,
                  block.c, block.c_row, block.rows, block.columns, block.floor});
  return true;
}

}  // namespace tenon
