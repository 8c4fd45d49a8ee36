#include "view_statistics.h"

#include <algorithm>

#include "../runtime/thread_pool.h"

namespace tenon {
namespace {

// Blocks that one call of a thread takes.
constexpr size_t kBlocksAtOnce = 4;

// Moves the numbers that are there to the front; returns how many.
size_t keep_present(const ColumnView& view, size_t begin, size_t count, double* numbers) noexcept {
  if (!view.may_miss()) return count;
  uint8_t present[kViewBlock];
  read_present(view, begin, count, present);
  size_t kept = 0;
  for (size_t i = 0; i < count; ++i) {
    numbers[kept] = numbers[i];
    kept += present[i];
  }
  return kept;
}

// How a column is cut: so many rows to a block, or, where a cell is longer than that, several blocks to a row.
struct Cut {
  size_t rows_per_block;
  size_t blocks_per_row;
  size_t blocks;

  Cut(const ColumnView& view, size_t rows)
      : rows_per_block(std::max<size_t>(1, kViewBlock / std::max<size_t>(1, view.elements))),
        blocks_per_row(std::max<size_t>(1, chunk_count(view.elements, kViewBlock))),
        blocks(chunk_count(rows, rows_per_block) * blocks_per_row) {}
};

NumberMoments moments_of(const ColumnView& view, const Cut& cut, size_t block, size_t rows) noexcept {
  alignas(64) double numbers[kViewBlock];
  const size_t begin = block / cut.blocks_per_row * cut.rows_per_block;
  const size_t count = std::min(cut.rows_per_block, rows - begin);
  size_t found = 0;
  if (view.elements == 1) {
    read_numbers(view, begin, count, numbers);
    found = keep_present(view, begin, count, numbers);
  } else {
    const size_t first = block % cut.blocks_per_row * kViewBlock;
    const size_t length = std::min(kViewBlock, view.elements - first);
    for (size_t row = begin; row < begin + count; ++row) {
      if (view.may_miss() && view.is_missing(row)) continue;
      read_elements(view, row, first, length, numbers + found);
      found += length;
    }
  }
  return view_kernels().moments(numbers, found);
}

// Chan, Golub and LeVeque's rule for joining sets, about the mean of all of them.
NumberMoments joined(const NumberMoments* blocks, size_t count) noexcept {
  NumberMoments all;
  double reference = 0;
  for (size_t i = 0; i < count; ++i) {
    if (blocks[i].count == 0) continue;
    if (all.count == 0) {
      reference = blocks[i].mean;
      all.low = blocks[i].low;
      all.high = blocks[i].high;
    }
    all.count += blocks[i].count;
    all.low = std::min(all.low, blocks[i].low);
    all.high = std::max(all.high, blocks[i].high);
  }
  if (all.count == 0) return all;
  // Rounding would leave a constant column a mean beside its value.
  if (all.low == all.high) {
    all.mean = all.low;
    return all;
  }
  // Means are taken apart before they are rounded: where they are large, little of their differences is left.
  const auto from_reference = [=](const NumberMoments& block) { return (block.mean - reference) + block.rest; };
  double sum = 0;
  for (size_t i = 0; i < count; ++i) {
    if (blocks[i].count > 0) sum += blocks[i].count * from_reference(blocks[i]);
  }
  const double middle = sum / all.count;
  all.mean = reference + middle;
  for (size_t i = 0; i < count; ++i) {
    if (blocks[i].count == 0) continue;
    const double from_mean = from_reference(blocks[i]) - middle;
    all.square += blocks[i].square + blocks[i].count * from_mean * from_mean;
  }
  return all;
}

}  // namespace

std::vector<NumberMoments> view_statistics(const std::vector<ColumnView>& columns, size_t rows) {
  std::vector<Cut> cuts;
  std::vector<size_t> starts;
  std::vector<NumberMoments> found(columns.size());
  size_t blocks = 0;
  size_t most = 0;
  for (const ColumnView& view : columns) {
    cuts.emplace_back(view, rows);
    starts.push_back(blocks);
    blocks += cuts.back().blocks;
    most = std::max(most, cuts.back().blocks);
  }
  std::vector<NumberMoments> parts(blocks);
  // All columns of a range of rows, whose numbers are then still in the cache.
  ThreadPool::instance().parallel_for(most, kBlocksAtOnce, [&](size_t begin, size_t end) {
    for (size_t c = 0; c < columns.size(); ++c) {
      for (size_t block = begin; block < std::min(end, cuts[c].blocks); ++block) {
        parts[starts[c] + block] = moments_of(columns[c], cuts[c], block, rows);
      }
    }
  });
  for (size_t c = 0; c < columns.size(); ++c) found[c] = joined(parts.data() + starts[c], cuts[c].blocks);
  return found;
}

size_t present_numbers(const ColumnView& view, size_t rows, double* out) {
  size_t found = 0;
  for (size_t begin = 0; begin < rows; begin += kViewBlock) {
    const size_t count = std::min(kViewBlock, rows - begin);
    read_numbers(view, begin, count, out + found);
    found += keep_present(view, begin, count, out + found);
  }
  return found;
}

}  // namespace tenon
