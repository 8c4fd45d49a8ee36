#include "gemm_int8.h"

#include <algorithm>
#include <cstring>

#include "../kernels/table.h"
#include "../runtime/thread_pool.h"
#include "buffer.h"
#include "rounded_up.h"
#include "scratch.h"

namespace tenon {
namespace {

// The depth multiplied at once: of A 32 rows, of B a panel stay in the first-level cache.
constexpr size_t kDepth = 512;

// Columns multiplied with a chunk of A before the next depth: their sums and that much of B stay
// in the second-level cache.
constexpr size_t kColumns = 512;

// Rows, and bytes, of A that one job packs.
constexpr size_t kRows = 256;
constexpr size_t kLeftBytes = size_t{1} << 20;
constexpr size_t kTileRows = 32;

// Bytes of B packed at once: all of it as a rule.
constexpr size_t kPackedBytes = size_t{16} << 20;

// So many jobs per thread that the last ones end close together.
constexpr size_t kJobsPerThread = 4;

// Below this waking a thread costs more than it brings.
constexpr size_t kParallelOperations = size_t{1} << 22;

// Bytes between the rows of packed A: whole cache lines, an odd number of them, so that the rows of
// a tile do not share a few sets of the cache.
constexpr size_t kLeftRow = kDepth + 64;

// A's bytes are stored with 128 added, because products are of unsigned by signed bytes; what that
// adds to a sum is 128 times the column's sum of B, which each sum begins without.
constexpr uint8_t kFlip = 0x80;

thread_local Scratch<uint8_t> left_scratch;
thread_local Scratch<int8_t> right_scratch;
thread_local Scratch<int32_t> sums_scratch;

// Rows [row, row + height) of A, depth by depth.
void pack_left(const GemmInt8Call& call, size_t row, size_t height, uint8_t* target) {
  for (size_t from = 0; from < call.k; from += kDepth) {
    const size_t depth = std::min(kDepth, call.k - from);
    for (size_t r = 0; r < height; ++r, target += kLeftRow) {
      const int8_t* const source = call.a + (row + r) * call.k + from;
      for (size_t k = 0; k < depth; ++k) target[k] = static_cast<uint8_t>(source[k]) ^ kFlip;
      // What fills the last step up meets zeros of B.
      std::memset(target + depth, 0, rounded_up(depth, kQuadStep) - depth);
    }
  }
}

// Columns [column, column + columns) of op(B), depth [from, from + kQuadStep), into their place in
// panels of `groups` groups; adds the columns up.
void pack_right(const GemmInt8Call& call, size_t column, size_t columns, size_t from, size_t groups, int8_t* target,
                int32_t* sums) {
  const size_t depth = std::min(kQuadStep, call.k - from);
  const size_t panel = groups * kPanel * 4;
  target += from * kPanel;
  if (!call.transpose_b) {
    for (size_t k = 0; k < kQuadStep; k += 4) {
      const size_t rows = depth > k ? std::min<size_t>(4, depth - k) : 0;
      kernels().i8_interleave(call.b + (from + (rows > 0 ? k : 0)) * call.n + column, call.n, rows, columns,
                              target + k * kPanel, panel, sums);
    }
    return;
  }
  for (size_t j = 0; j < rounded_up(columns, kPanel); ++j) {
    int8_t* const to = target + j / kPanel * panel + j % kPanel * 4;
    int8_t line[kQuadStep] = {};
    if (j < columns) std::memcpy(line, call.b + (column + j) * call.k + from, depth);
    int32_t sum = 0;
    for (const int8_t each : line) sum += each;
    sums[j] += sum;
    for (size_t k = 0; k < kQuadStep; k += 4) std::memcpy(to + k * kPanel, line + k, 4);
  }
}

}  // namespace

void gemm_int8(const GemmInt8Call& call) {
  if (call.m == 0 || call.n == 0) return;
  if (call.k == 0) {
    std::memset(call.c, 0, call.m * call.n * sizeof(int32_t));
    return;
  }
  want_huge_pages(call.c, call.m * call.n * sizeof(int32_t));
  ThreadPool& pool = ThreadPool::instance();
  const bool parallel = pool.size() > 1 && 2 * call.m * call.n * call.k >= kParallelOperations;
  const size_t wanted_jobs = parallel ? kJobsPerThread * pool.size() : 1;
  const auto run = [&](size_t jobs, const auto& body) {
    if (parallel) pool.parallel_for(jobs, 1, body);
    else for (size_t job = 0; job < jobs; ++job) body(job, job + 1);
  };

  const size_t padded_k = rounded_up(call.k, kQuadStep);
  const size_t groups = padded_k / 4;
  const size_t panel = padded_k * kPanel;
  const size_t all_columns = rounded_up(call.n, kPanel);
  const size_t at_once = std::min(all_columns, std::max(kPanel, kPackedBytes / padded_k / kPanel * kPanel));
  int8_t* const right = right_scratch.of(padded_k * at_once);

  const size_t most_rows = std::clamp<size_t>(kLeftBytes / padded_k / kTileRows * kTileRows, kTileRows, kRows);
  const size_t left_step = std::clamp<size_t>(call.m / wanted_jobs / kTileRows * kTileRows, kTileRows, most_rows);
  const size_t left_jobs = chunk_count(call.m, left_step);
  const size_t depths = chunk_count(call.k, kDepth);

  for (size_t column = 0; column < call.n; column += at_once) {
    const size_t columns = std::min(at_once, call.n - column);
    const size_t padded = rounded_up(columns, kPanel);
    // Some rows of every panel rather than every row of some: B is then read in order.
    const size_t pack_jobs = padded_k / kQuadStep;
    int32_t* const sums = sums_scratch.of(pack_jobs * padded);
    std::memset(sums, 0, pack_jobs * padded * sizeof(int32_t));
    run(pack_jobs, [&](size_t part, size_t) {
      pack_right(call, column, columns, part * kQuadStep, groups, right, sums + part * padded);
    });
    for (size_t part = 1; part < pack_jobs; ++part) {
      for (size_t j = 0; j < padded; ++j) sums[j] += sums[part * padded + j];
    }
    for (size_t j = 0; j < padded; ++j) sums[j] *= -128;

    // Few rows: share the columns out as well.
    const size_t panels = padded / kPanel;
    const size_t right_parts = std::clamp<size_t>(chunk_count(wanted_jobs, left_jobs), 1, panels);
    const size_t right_step = chunk_count(panels, right_parts) * kPanel;
    const size_t right_jobs = chunk_count(columns, right_step);
    run(left_jobs * right_jobs, [&](size_t job, size_t) {
      const size_t row = job / right_jobs * left_step;
      const size_t rows = std::min(left_step, call.m - row);
      uint8_t* const left = left_scratch.of(depths * rows * kLeftRow);
      pack_left(call, row, rows, left);
      const size_t first = job % right_jobs * right_step;
      const size_t last = std::min(columns, first + right_step);
      for (size_t at = first; at < last; at += kColumns) {
        QuadProduct block{};
        block.a_row = kLeftRow;
        block.b_panel = panel;
        block.c = call.c + row * call.n + column + at;
        block.c_row = call.n;
        block.rows = rows;
        block.columns = std::min(kColumns, last - at);
        for (size_t depth = 0; depth < depths; ++depth) {
          block.a = left + depth * rows * kLeftRow;
          block.b = right + at * padded_k + depth * kDepth * kPanel;
          block.start = depth == 0 ? sums + at : block.c;
          block.start_row = depth == 0 ? 0 : call.n;
          block.groups = (std::min(padded_k, (depth + 1) * kDepth) - depth * kDepth) / 4;
          kernels().u8_product_block(block);
        }
      }
    });
  }
  right_scratch.trim(kPackedBytes);
}

}  // namespace tenon
