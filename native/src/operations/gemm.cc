#include "gemm.h"

#include <algorithm>
#include <cstring>

#include "../kernels/table.h"
#include "../runtime/thread_pool.h"
#include "buffer.h"

namespace tenon {
namespace {

// The depth packed at once. A panel of B (384 x 32 floats) fills the first-level cache, a chunk
// of A stays in the second. The same everywhere: it decides where partial sums are rounded.
constexpr size_t kDepth = 384;

// Rows of B one job packs: enough that the write to each panel is some cache lines long.
constexpr size_t kPackedDepth = 16;

// Floats of B packed at once (16 MiB): all of it as a rule.
constexpr size_t kPackedFloats = size_t{4} << 20;

// Panels of A multiplied with each panel of B before the next one of B is read: as many as stay
// in the second-level cache.
constexpr size_t kLeftPanels = 24;

// So many jobs per thread that the last ones end close together.
constexpr size_t kJobsPerThread = 6;

// Below about a million operations waking a thread costs more than it brings.
constexpr size_t kParallelOperations = size_t{1} << 20;

// Packing space, kept by each thread between calls because fresh pages cost as much as packing.
// More than this is given back.
constexpr size_t kKeptFloats = kPackedFloats;

struct Scratch {
  Buffer<float> buffer;
  float* of(size_t count) {
    if (buffer.size() < count) buffer = Buffer<float>(count);
    return buffer.data();
  }
  void trim() {
    if (buffer.size() > kKeptFloats) buffer = Buffer<float>();
  }
};

thread_local Scratch left_scratch;
thread_local Scratch right_scratch;

// Writes columns [column, column + width) of op(B), depth [from, from + depth), as one panel
// `panel` wide, padded with zeros.
void pack_right(const GemmCall& call, size_t from, size_t depth, size_t column, size_t width, size_t panel,
                float* target) {
  if (width < panel) std::memset(target, 0, depth * panel * sizeof(float));
  if (!call.transpose_b) {
    for (size_t p = 0; p < depth; ++p) {
      std::memcpy(target + p * panel, call.b + (from + p) * call.n + column, width * sizeof(float));
    }
    return;
  }
  for (size_t j = 0; j < width; j += 16) {
    kernels().f32_transpose16(call.b + (column + j) * call.k + from, call.k, std::min<size_t>(16, width - j), depth,
                              target + j, panel);
  }
}

// The same for rows of op(A).
void pack_left(const GemmCall& call, size_t from, size_t depth, size_t row, size_t height, size_t panel,
               float* target) {
  if (height < panel) std::memset(target, 0, depth * panel * sizeof(float));
  if (!call.transpose_a) {
    kernels().f32_transpose16(call.a + row * call.k + from, call.k, height, depth, target, panel);
    return;
  }
  for (size_t p = 0; p < depth; ++p) {
    std::memcpy(target + p * panel, call.a + (from + p) * call.m + row, height * sizeof(float));
  }
}

}  // namespace

bool gemm(const GemmCall& call, const TaskControl* control) {
  const KernelTable& table = kernels();
  const size_t tile_rows = table.gemm_rows;
  const size_t tile_columns = table.gemm_columns;
  if (call.m == 0 || call.n == 0) return true;
  if (call.k == 0) {
    if (!call.accumulate) std::memset(call.c, 0, call.m * call.n * sizeof(float));
    return true;
  }
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
  const size_t all_columns = chunk_count(call.n, tile_columns) * tile_columns;
  const size_t fitting = std::max(tile_columns, kPackedFloats / call.k / tile_columns * tile_columns);
  const size_t at_once = std::min(all_columns, fitting);
  float* const right = right_scratch.of(call.k * at_once);

  const size_t left_panels = chunk_count(call.m, tile_rows);
  const size_t left_step = std::clamp<size_t>(left_panels / wanted_jobs, 1, kLeftPanels);
  const size_t left_jobs = chunk_count(left_panels, left_step);

  for (size_t column = 0; column < call.n; column += at_once) {
    const size_t columns = std::min(at_once, call.n - column);
    const size_t right_panels = chunk_count(columns, tile_columns);

    // Some rows of every panel rather than every row of some: B is then read in order.
    const auto pack = [&](size_t part, size_t) {
      const size_t from = part * kPackedDepth;
      const size_t depth = std::min(kPackedDepth, call.k - from);
      for (size_t at = 0; at < columns; at += tile_columns) {
        pack_right(call, from, depth, column + at, std::min(tile_columns, columns - at), tile_columns,
                   right + at * call.k + from * tile_columns);
      }
    };
    if (!run(chunk_count(call.k, kPackedDepth), pack)) return false;

    // Few rows: share the columns out as well.
    const size_t right_parts = std::clamp<size_t>(chunk_count(wanted_jobs, left_jobs), 1, right_panels);
    const size_t right_step = chunk_count(right_panels, right_parts);
    const size_t right_jobs = chunk_count(right_panels, right_step);
    const auto multiply = [&](size_t job, size_t) {
      const size_t left_first = job / right_jobs * left_step;
      const size_t left_last = std::min(left_panels, left_first + left_step);
      const size_t right_first = job % right_jobs * right_step;
      const size_t right_last = std::min(right_panels, right_first + right_step);
      float* const left = left_scratch.of(kLeftPanels * tile_rows * kDepth);
      for (size_t from = 0; from < call.k; from += kDepth) {
        const size_t depth = std::min(kDepth, call.k - from);
        for (size_t i = left_first; i < left_last; ++i) {
          const size_t row = i * tile_rows;
          pack_left(call, from, depth, row, std::min(tile_rows, call.m - row), tile_rows,
                    left + (i - left_first) * tile_rows * depth);
        }
        for (size_t j = right_first; j < right_last; ++j) {
          const size_t at = j * tile_columns;
          const float* const panel = right + at * call.k + from * tile_columns;
          for (size_t i = left_first; i < left_last; ++i) {
            const size_t row = i * tile_rows;
            table.f32_gemm_tile(depth, left + (i - left_first) * tile_rows * depth, panel,
                                call.c + row * call.n + column + at, call.n, std::min(tile_rows, call.m - row),
                                std::min(tile_columns, columns - at), call.accumulate || from > 0);
          }
        }
      }
    };
    if (!run(left_jobs * right_jobs, multiply)) return false;
  }
  right_scratch.trim();
  return true;
}

}  // namespace tenon
