#include "gemm_tiles.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstring>

#include "../kernels/table.h"
#include "../runtime/thread_pool.h"
#include "buffer.h"
#include "rounded_up.h"
#include "scratch.h"

namespace tenon {
namespace {

// The depth multiplied at once. It decides where sums are rounded.
constexpr size_t kDepth = 512;

// The most rows of A that one job splits: with that depth a third of a second-level cache.
constexpr size_t kRows = 256;

// Columns of B split at once: all of them as a rule.
constexpr size_t kColumns = 8192;

// Of as much of their depth as has so many entries, or a single kDepth: half a second-level cache, from
// where they are multiplied if they fit.
constexpr size_t kSplitEntries = size_t{1} << 19;

// Entries of B that a thread splits for itself, at most: beyond twice a second-level cache it gains nothing.
constexpr size_t kOwnEntries = size_t{2048} << 10;

// So many jobs per thread that the last ones end close together.
constexpr size_t kJobsPerThread = 4;

// More entries of splitting space than these are given back after a call; products of 2048 columns need fewer.
constexpr size_t kKeptEntries = size_t{4} << 20;

thread_local Scratch<uint16_t> left_scratch;
thread_local Scratch<uint16_t> right_scratch;

// A part of the product: of op(A)'s rows and op(B)'s columns, over a part of the depth.
struct Part {
  size_t row;
  size_t rows;
  size_t column;
  size_t columns;
  size_t from;
  size_t depth;
};

// Rows of op(A), at most 32, as a panel. A bit for each row that is not finite; the panel has zeros for it.
uint32_t split_left(const GemmCall& call, size_t row, size_t rows, size_t from, size_t depth, uint16_t* panel) {
  alignas(64) float turned[kPanel * kDepth];
  const float* source = call.a + row * call.k + from;
  size_t stride = call.k;
  if (call.transpose_a) {
    for (size_t k = 0; k < depth; k += 16) {
      kernels().f32_transpose16(call.a + (from + k) * call.m + row, call.m, std::min<size_t>(16, depth - k), rows,
                                turned + k, kDepth);
    }
    source = turned;
    stride = kDepth;
  }
  const TileKernels& tiles = *kernels().tiles;
  const uint32_t bad = tiles.split_rows(source, stride, rows, depth, panel);
  if (bad == 0) return 0;
  for (size_t r = 0; r < rows; ++r) {
    float* const line = turned + r * kDepth;
    if ((bad >> r & 1) != 0) std::fill_n(line, depth, 0.0f);
    else if (source != turned) std::copy_n(source + r * stride, depth, line);
  }
  (void)tiles.split_rows(turned, kDepth, rows, depth, panel);
  return bad;
}

// Columns of op(B) and at most a step of the depth, into their place in panels. Whether all are finite.
bool split_right(const GemmCall& call, size_t column, size_t columns, size_t from, size_t depth, uint16_t* panels,
                 size_t panel) {
  const TileKernels& tiles = *kernels().tiles;
  if (!call.transpose_b) {
    return tiles.split_columns(call.b + from * call.n + column, call.n, columns, depth, panels, panel);
  }
  alignas(64) float turned[kTileStep * kPanel];
  bool finite = true;
  for (size_t j = 0; j < columns; j += kPanel, panels += panel) {
    const size_t width = std::min(kPanel, columns - j);
    for (size_t i = 0; i < width; i += 16) {
      kernels().f32_transpose16(call.b + (column + j + i) * call.k + from, call.k, std::min<size_t>(16, width - i), depth,
                                turned + i, kPanel);
    }
    finite &= tiles.split_columns(turned, kPanel, width, depth, panels, panel);
  }
  return finite;
}

// Adds to a row of C by multiply-adds: with the parts of an infinity it would become NaN.
void add_row(const GemmCall& call, const Part& part, size_t row) {
  float* const c = call.c + row * call.n + part.column;
  for (size_t k = part.from; k < part.from + part.depth; ++k) {
    const float factor = call.transpose_a ? call.a[k * call.m + row] : call.a[row * call.k + k];
    if (!call.transpose_b) {
      kernels().f32_axpy(factor, call.b + k * call.n + part.column, c, part.columns);
      continue;
    }
    for (size_t j = 0; j < part.columns; ++j) c[j] = std::fma(factor, call.b[(part.column + j) * call.k + k], c[j]);
  }
}

// A part by multiply-adds, because its columns are not finite.
void add_rows(const GemmCall& call, const Part& part) {
  for (size_t row = part.row; row < part.row + part.rows; ++row) {
    if (part.from == 0 && !call.accumulate) std::fill_n(call.c + row * call.n + part.column, part.columns, 0.0f);
    add_row(call, part, row);
  }
}

// A part by tiles, with B as panels, whose first depth is that of the part.
void multiply_part(const GemmCall& call, const Part& part, const uint16_t* panels, size_t panel) {
  uint16_t* const left = left_scratch.of(chunk_count(part.rows, kPanel) * tile_panel(std::min(kDepth, part.depth)));
  uint32_t bad[kRows / kPanel];
  TileProduct product{};
  product.a = left;
  product.b_panel = panel;
  product.c = call.c + part.row * call.n + part.column;
  product.c_row = call.n;
  product.start_row = call.n;
  product.rows = part.rows;
  product.columns = part.columns;
  product.floor = -INFINITY;
  for (size_t done = 0; done < part.depth; done += kDepth) {
    Part step = part;
    step.from += done;
    step.depth = std::min(kDepth, part.depth - done);
    product.a_panel = tile_panel(step.depth);
    for (size_t r = 0; r < part.rows; r += kPanel) {
      bad[r / kPanel] = split_left(call, part.row + r, std::min(kPanel, part.rows - r), step.from, step.depth,
                                   left + r / kPanel * product.a_panel);
    }
    product.start = step.from > 0 || call.accumulate ? product.c : nullptr;
    product.b = panels + done / kTileStep * kTileFloats;
    product.steps = chunk_count(step.depth, kTileStep);
    kernels().tiles->multiply(product);
    for (size_t r = 0; r < part.rows; ++r) {
      if ((bad[r / kPanel] >> r % kPanel & 1) != 0) add_row(call, step, part.row + r);
    }
  }
}

// Few rows: each thread splits the columns that it multiplies, and all rows, so that none waits for what
// another wrote, nor reads it from there.
enum class Sharing : uint8_t { kUnsuited, kDone, kStopped, kNotFinite };
Sharing share_columns(const GemmCall& call, const TaskControl* control) {
  ThreadPool& pool = ThreadPool::instance();
  const size_t panels = chunk_count(call.n, kPanel);
  const size_t step = chunk_count(panels, pool.size());
  const size_t panel = tile_panel(call.k);
  if (pool.size() == 1 || panels < pool.size() || call.m > kRows || call.m > call.n || call.accumulate ||
      step * panel > kOwnEntries) {
    return Sharing::kUnsuited;
  }
  std::atomic<bool> finite{true};
  const auto multiply = [&](size_t first, size_t) {
    uint16_t* const right = right_scratch.of(step * panel);
    const size_t column = first * step * kPanel;
    const Part part{0, call.m, column, std::min(step * kPanel, call.n - column), 0, call.k};
    bool all = true;
    for (size_t from = 0; from < call.k; from += kTileStep) {
      all &= split_right(call, column, part.columns, from, std::min(kTileStep, call.k - from),
                         right + from / kTileStep * kTileFloats, panel);
    }
    if (all) multiply_part(call, part, right, panel);
    else finite.store(false, std::memory_order_relaxed);
  };
  if (!pool.parallel_for(chunk_count(panels, step), 1, multiply, control)) return Sharing::kStopped;
  return finite.load() ? Sharing::kDone : Sharing::kNotFinite;
}

}  // namespace

bool tiles_suit(const GemmCall& call) noexcept {
  constexpr size_t kLeastWork = size_t{1} << 21;
  return kernels().tiles != nullptr && !call.chain && call.m >= kPanel && call.n >= kPanel && call.k >= 2 * kTileStep &&
         call.m * call.n * call.k >= kLeastWork;
}

bool gemm_tiles(const GemmCall& call, const TaskControl* control) {
  // What is not finite is done again below, as it is at any number of threads.
  const Sharing shared = share_columns(call, control);
  if (shared == Sharing::kDone || shared == Sharing::kStopped) return shared == Sharing::kDone;
  ThreadPool& pool = ThreadPool::instance();
  const size_t threads = pool.size();
  const size_t columns_at_once = std::min(rounded_up(call.n, kPanel), kColumns);
  const size_t depths = kSplitEntries / (columns_at_once * kTileParts) / kDepth;
  const size_t depth_at_once = std::min(call.k, std::max<size_t>(1, depths) * kDepth);
  const size_t panel = tile_panel(depth_at_once);
  uint16_t* const right = right_scratch.of(columns_at_once / kPanel * panel);

  // Whole panels of rows, equally many for each thread; with few of them columns are shared out instead.
  const size_t row_panels = chunk_count(call.m, kPanel);
  const size_t wanted = std::max(chunk_count(call.m, kRows), std::min(kJobsPerThread * threads, row_panels));
  const size_t row_step = chunk_count(row_panels, chunk_count(wanted, threads) * threads) * kPanel;
  const size_t row_jobs = chunk_count(call.m, row_step);

  for (size_t column = 0; column < call.n; column += columns_at_once) {
    const size_t columns = std::min(columns_at_once, call.n - column);
    const size_t right_panels = chunk_count(columns, kPanel);
    const size_t column_step = chunk_count(right_panels, std::clamp<size_t>(chunk_count(threads, row_jobs), 1, right_panels));
    const size_t column_jobs = chunk_count(right_panels, column_step);
    for (size_t from = 0; from < call.k; from += depth_at_once) {
      const size_t depth = std::min(depth_at_once, call.k - from);
      std::atomic<bool> finite{true};
      const auto split = [&](size_t step, size_t) {
        const size_t at = step * kTileStep;
        const bool all = split_right(call, column, columns, from + at, std::min(kTileStep, depth - at),
                                     right + step * kTileFloats, panel);
        if (!all) finite.store(false, std::memory_order_relaxed);
      };
      if (!pool.parallel_for(chunk_count(depth, kTileStep), 1, split, control)) return false;
      const auto multiply = [&](size_t job, size_t) {
        const size_t row = job / column_jobs * row_step;
        const size_t first = job % column_jobs * column_step;
        const Part part{row,  std::min(row_step, call.m - row), column + first * kPanel,
                        std::min(column_step * kPanel, columns - first * kPanel), from, depth};
        if (finite.load(std::memory_order_relaxed)) multiply_part(call, part, right + first * panel, panel);
        else add_rows(call, part);
      };
      if (!pool.parallel_for(row_jobs * column_jobs, 1, multiply, control)) return false;
    }
  }
  right_scratch.trim(kKeptEntries);
  return true;
}

}  // namespace tenon
