#include "gemm.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "../kernels/table.h"
#include "../runtime/thread_pool.h"
#include "buffer.h"
#include "scratch.h"
#include "gemm_tiles.h"

namespace tenon {
namespace {

// The depth multiplied at once, at most. The same everywhere: it decides where sums are rounded.
constexpr size_t kDepth = 512;

// Rows of B one job packs: enough that the write to each panel is some cache lines long.
constexpr size_t kPackedDepth = 16;

// Floats of B packed at once (16 MiB): all of it as a rule.
constexpr size_t kPackedFloats = size_t{4} << 20;

// Rows of A multiplied with each panel of B before the next panel is read: with that depth they
// take a third of a second-level cache.
constexpr size_t kRows = 336;

// The most floats of such a copy of A, either way round.
constexpr size_t kLeftFloats = (kRows + 32) * (kDepth + 32);

// With fewer rows, columns are shared out instead.
constexpr size_t kFewestRows = 42;

// So many jobs per thread that the last ones end close together.
constexpr size_t kJobsPerThread = 4;

// Below about a million operations waking a thread costs more than it brings.
constexpr size_t kParallelOperations = size_t{1} << 20;

// More floats of packing space than these are given back after a call.
constexpr size_t kKeptFloats = kPackedFloats;

thread_local Scratch<float> left_scratch;
thread_local Scratch<float> right_scratch;
thread_local Scratch<float> edge_scratch;

// Writes columns [column, column + width) of op(B), depth [from, from + depth), as one panel,
// padded with zeros.
void pack_right(const GemmCall& call, size_t from, size_t depth, size_t column, size_t width, float* target) {
  if (width < kPanel) std::memset(target, 0, depth * kPanel * sizeof(float));
  if (call.transpose_b) {
    for (size_t j = 0; j < width; j += 16) {
      kernels().f32_transpose16(call.b + (column + j) * call.k + from, call.k, std::min<size_t>(16, width - j), depth,
                                target + j, kPanel);
    }
    return;
  }
  const float* source = call.b + from * call.n + column;
  for (size_t p = 0; p < depth; ++p, source += call.n, target += kPanel) {
    if (width == kPanel) std::memcpy(target, source, kPanel * sizeof(float));
    else std::memcpy(target, source, width * sizeof(float));
  }
}

void copy_rows(const float* from, size_t from_stride, size_t rows, size_t columns, float* to, size_t to_stride) {
  for (size_t r = 0; r < rows; ++r) std::memcpy(to + r * to_stride, from + r * from_stride, columns * sizeof(float));
}

// Floats between lines of a copy: an odd number of cache lines, so that the lines do not share a few
// sets of a cache.
size_t row_stride(size_t columns) { return (chunk_count(columns, 16) | 1) * 16; }

// Copies the block's rows of op(A) and depth from `from` on, and tells the block where they are.
void pack_left(const GemmCall& call, size_t from, size_t row, float* target, DenseBlock& block) {
  block.a = target;
  if (call.transpose_a) {
    block.a_row = 1;
    block.a_depth = row_stride(block.rows);
    copy_rows(call.a + from * call.m + row, call.m, block.depth, block.rows, target, block.a_depth);
  } else {
    block.a_row = row_stride(block.depth);
    block.a_depth = 1;
    copy_rows(call.a + row * call.k + from, call.k, block.rows, block.depth, target, block.a_row);
  }
}

// The last columns, fewer than 16, by way of memory that has 16.
void multiply_edge(DenseBlock block, size_t columns) {
  constexpr size_t kLane = 16;
  const size_t done = block.columns;
  float* const c = block.c + done;
  const size_t c_row = block.c_row;
  float* const edge = edge_scratch.of(block.rows * kLane);
  if (block.start != nullptr) {
    std::fill_n(edge, block.rows * kLane, 0.0f);
    copy_rows(c, c_row, block.rows, columns - done, edge, kLane);
    block.start = edge;
    block.start_row = kLane;
  }
  block.b += done / kPanel * block.b_panel + done % kPanel;
  block.c = edge;
  block.c_row = kLane;
  block.columns = kLane;
  kernels().f32_dense_block(block);
  copy_rows(edge, kLane, block.rows, columns - done, c, c_row);
}

}  // namespace

bool gemm(const GemmCall& call, const TaskControl* control) {
  if (call.m == 0 || call.n == 0) return true;
  if (call.k == 0) {
    if (!call.accumulate) std::memset(call.c, 0, call.m * call.n * sizeof(float));
    return true;
  }
  want_huge_pages(call.c, call.m * call.n * sizeof(float));
  if (tiles_suit(call)) return gemm_tiles(call, control);
  ThreadPool& pool = ThreadPool::instance();
  const bool parallel = 2 * call.m * call.n * call.k >= kParallelOperations;
  const size_t wanted_jobs = parallel && pool.size() > 1 ? kJobsPerThread * pool.size() : 1;
  const auto run = [&](size_t jobs, const auto& body) {
    if (wanted_jobs > 1) return pool.parallel_for(jobs, 1, body, control);
    for (size_t job = 0; job < jobs; ++job) {
      if (control != nullptr && control->stopped()) return false;
      body(job, job + 1);
    }
    return true;
  };

  // As many columns of B at a time as fit the packing space, so that one hand-over to the pool
  // packs them and one multiplies.
  const size_t all_columns = chunk_count(call.n, kPanel) * kPanel;
  const size_t fitting = std::max(kPanel, kPackedFloats / call.k / kPanel * kPanel);
  const size_t at_once = std::min(all_columns, fitting);
  float* const right = right_scratch.of(call.k * at_once);

  const size_t depth_step = chunk_count(call.k, chunk_count(call.k, kDepth));
  // Chunks of equal height, as many for each thread.
  const size_t threads = wanted_jobs > 1 ? pool.size() : 1;
  const size_t most_jobs = std::max(wanted_jobs, chunk_count(chunk_count(call.m, kRows), threads) * threads);
  const size_t left_step = std::max(std::min(kFewestRows, call.m), chunk_count(call.m, most_jobs));
  const size_t left_jobs = chunk_count(call.m, left_step);

  for (size_t column = 0; column < call.n; column += at_once) {
    const size_t columns = std::min(at_once, call.n - column);
    const size_t right_panels = chunk_count(columns, kPanel);

    // Some rows of every panel rather than every row of some: B is then read in order.
    const auto pack = [&](size_t part, size_t) {
      const size_t from = part * kPackedDepth;
      const size_t depth = std::min(kPackedDepth, call.k - from);
      for (size_t at = 0; at < columns; at += kPanel) {
        pack_right(call, from, depth, column + at, std::min(kPanel, columns - at),
                   right + at * call.k + from * kPanel);
      }
    };
    if (!run(chunk_count(call.k, kPackedDepth), pack)) return false;

    // Few rows: share the columns out as well.
    const size_t right_parts = std::clamp<size_t>(chunk_count(wanted_jobs, left_jobs), 1, right_panels);
    const size_t right_step = chunk_count(right_panels, right_parts) * kPanel;
    const size_t right_jobs = chunk_count(columns, right_step);
    const auto multiply = [&](size_t job, size_t) {
      const size_t row = job / right_jobs * left_step;
      const size_t rows = std::min(left_step, call.m - row);
      const size_t first = job % right_jobs * right_step;
      const size_t width = std::min(right_step, columns - first);
      float* const left = left_scratch.of(kLeftFloats);
      DenseBlock block{};
      block.b_depth = kPanel;
      block.b_panel = call.k * kPanel;
      block.c = call.c + row * call.n + column + first;
      block.c_row = call.n;
      block.start = call.accumulate ? block.c : nullptr;
      block.start_row = call.n;
      block.apart = call.accumulate;
      block.rows = rows;
      block.columns = width / 16 * 16;
      block.floor = -INFINITY;
      for (size_t from = 0; from < call.k; from += depth_step) {
        block.depth = std::min(depth_step, call.k - from);
        pack_left(call, from, row, left, block);
        block.b = right + first * call.k + from * kPanel;
        kernels().f32_dense_block(block);
        if (block.columns < width) multiply_edge(block, width);
        block.start = block.c;
        block.apart = true;
      }
    };
    if (!run(left_jobs * right_jobs, multiply)) return false;
  }
  right_scratch.trim(kKeptFloats);
  return true;
}

}  // namespace tenon
