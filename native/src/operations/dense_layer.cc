#include "dense_layer.h"

#include <algorithm>

#include "../kernels/table.h"
#include "../runtime/thread_pool.h"
#include "scratch.h"

namespace tenon {
namespace {

// Below about a million operations waking a thread costs more than it brings.
constexpr size_t kParallelOperations = size_t{1} << 20;

// Entries of rows that one job splits, at most: a quarter of a second-level cache.
constexpr size_t kSplitEntries = size_t{1} << 18;

// Panels of rows of one job, at most, and of one that goes by chains.
constexpr size_t kMostPanels = 8;
constexpr size_t kChainPanels = 2;

// More than this is given back by the next call that needs less.
constexpr size_t kKept = size_t{1} << 20;

thread_local Scratch<uint16_t> split_scratch;
thread_local Scratch<float> float_scratch;

template <typename T>
T* kept(Scratch<T>& scratch, size_t count) {
  if (count <= kKept) scratch.trim(kKept);
  return scratch.of(count);
}

}  // namespace

DenseLayer::DenseLayer(const float* weights, const float* bias, size_t inputs, size_t units, float floor)
    : inputs_(inputs), units_(units), floor_(floor) {
  const size_t panels = chunk_count(units, kPanel);
  panels_ = Buffer<float>(panels * inputs * kPanel);
  std::fill_n(panels_.data(), panels_.size(), 0.0f);
  for (size_t k = 0; k < inputs; ++k) {
    for (size_t j = 0; j < units; j += kPanel) {
      std::copy_n(weights + k * units + j, std::min(kPanel, units - j), panels_.data() + (j * inputs + k * kPanel));
    }
  }
  bias_ = Buffer<float>(panels * kPanel);
  std::fill_n(bias_.data(), bias_.size(), 0.0f);
  std::copy_n(bias, units, bias_.data());
  if (kernels().tiles == nullptr) return;
  splits_ = Buffer<uint16_t>(panels * tile_panel(inputs));
  const bool finite = kernels().tiles->split_columns(weights, units, units, inputs, splits_.data(), tile_panel(inputs));
  if (!finite) splits_ = Buffer<uint16_t>();
}

size_t DenseLayer::size_bytes() const noexcept {
  return (panels_.size() + bias_.size()) * sizeof(float) + splits_.size() * sizeof(uint16_t);
}

void DenseLayer::chain(const float* x, const Part& part, float* y) const {
  const size_t padded = chunk_count(part.columns, 16) * 16;
  float* const to = y + part.row * units_ + part.column;
  DenseBlock block{};
  block.a = x + part.row * inputs_;
  block.a_row = inputs_;
  block.a_depth = 1;
  block.b = panels_.data() + part.column * inputs_;
  block.b_depth = kPanel;
  block.b_panel = inputs_ * kPanel;
  block.start = bias_.data() + part.column;
  block.c = to;
  block.c_row = units_;
  block.rows = part.rows;
  block.columns = padded;
  block.depth = inputs_;
  block.floor = floor_;
  if (padded == part.columns) {
    kernels().f32_dense_block(block);
    return;
  }
  // The last columns, fewer than 16, by way of memory that has 16.
  block.c = kept(float_scratch, part.rows * padded);
  block.c_row = padded;
  kernels().f32_dense_block(block);
  for (size_t r = 0; r < part.rows; ++r) std::copy_n(block.c + r * padded, part.columns, to + r * units_);
}

void DenseLayer::tiles(const float* x, const Part& part, float* y) const {
  const TileKernels& tiles = *kernels().tiles;
  const size_t panel = tile_panel(inputs_);
  const size_t row_panels = chunk_count(part.rows, kPanel);
  uint16_t* const left = kept(split_scratch, row_panels * panel);
  uint32_t bad[kMostPanels];
  for (size_t p = 0; p < row_panels; ++p) {
    const size_t row = p * kPanel;
    bad[p] = tiles.split_rows(x + (part.row + row) * inputs_, inputs_, std::min(kPanel, part.rows - row), inputs_,
                              left + p * panel);
  }
  TileProduct product{};
  product.a = left;
  product.a_panel = panel;
  product.b = splits_.data() + part.column / kPanel * panel;
  product.b_panel = panel;
  product.steps = chunk_count(inputs_, kTileStep);
  product.start = bias_.data() + part.column;
  product.c = y + part.row * units_ + part.column;
  product.c_row = units_;
  product.rows = part.rows;
  product.columns = part.columns;
  product.floor = floor_;
  tiles.multiply(product);
  // With the parts of an infinity a row has become NaN.
  for (size_t r = 0; r < part.rows; ++r) {
    if ((bad[r / kPanel] >> r % kPanel & 1) != 0) chain(x, {part.row + r, 1, part.column, part.columns}, y);
  }
}

void DenseLayer::apply(const float* x, size_t rows, float* y) const {
  if (rows == 0) return;
  ThreadPool& pool = ThreadPool::instance();
  const bool split = splits_.size() > 0;
  const bool parallel = 2 * rows * inputs_ * units_ >= kParallelOperations;
  const size_t threads = parallel ? pool.size() : 1;
  // Rows in whole panels, equally many for each thread; with few of them columns are shared out as well.
  const size_t most = split ? std::clamp<size_t>(kSplitEntries / tile_panel(inputs_), 1, kMostPanels) : kChainPanels;
  const size_t row_panels = chunk_count(rows, kPanel);
  const size_t row_step = chunk_count(row_panels, chunk_count(chunk_count(row_panels, most), threads) * threads);
  const size_t row_jobs = chunk_count(row_panels, row_step);
  const size_t panels = chunk_count(units_, kPanel);
  const size_t column_step = chunk_count(panels, std::min(panels, chunk_count(threads, row_jobs)));
  const size_t column_jobs = chunk_count(panels, column_step);
  const auto body = [&](size_t job, size_t) {
    const size_t row = job / column_jobs * row_step * kPanel;
    const size_t column = job % column_jobs * column_step * kPanel;
    const Part part{row, std::min(row_step * kPanel, rows - row), column, std::min(column_step * kPanel, units_ - column)};
    if (split) tiles(x, part, y);
    else chain(x, part, y);
  };
  if (parallel) {
    pool.parallel_for(row_jobs * column_jobs, 1, body);
    return;
  }
  for (size_t job = 0; job < row_jobs * column_jobs; ++job) body(job, job + 1);
}

}  // namespace tenon
