#include "gram.h"

#include "../kernels/table.h"
#include "../operations/rounded_up.h"
#include "../runtime/thread_pool.h"

namespace tenon {
namespace {

// Bytes of rows that stay in a second-level cache while they are multiplied: in many columns there are more.
constexpr size_t kBlockBytes = size_t{3} << 18;

// Strips of one panel that one task multiplies.
constexpr size_t kTaskStrips = 4;

// Columns are added eight at a time.
constexpr size_t kLanes = 8;

}  // namespace

GramSums::GramSums(size_t rows, size_t columns)
    : rows_(rows),
      stride_(rounded_up(columns, kLanes)),
      sums_(rounded_up(rows, kGramStrip) * stride_) {
  std::fill(sums_.begin(), sums_.end(), 0.0);
}

GramBlock::GramBlock(size_t columns, size_t rows, bool two_sided)
    : columns_(columns), panel_(rows * kGramPanel), right_(rounded_up(columns, kGramPanel) * rows) {
  if (two_sided) left_ = Buffer<double>(right_.size());
  // Columns that do not exist are zero.
  std::fill(right_.begin(), right_.end(), 0.0);
  std::fill(left_.begin(), left_.end(), 0.0);
}

size_t GramBlock::rows_for(size_t columns) noexcept {
  return std::clamp<size_t>(kBlockBytes / (columns * sizeof(double)), 256, 4096);
}

void GramBlock::add_to(GramSums& sums, size_t rows, size_t from, const TaskControl& control) const {
  const size_t panels = chunk_count(columns_, kGramPanel) - from;
  const size_t first_strip = from * (kGramPanel / kGramStrip);
  const size_t groups = chunk_count(chunk_count(sums.rows(), kGramStrip) - first_strip, kTaskStrips);
  const double* const a = two_sided() ? left_.data() : right_.data();
  ThreadPool::instance().parallel_for(panels * groups, 1, [&](size_t task, size_t) {
    const size_t panel = from + task / groups;
    const size_t begin = first_strip + task % groups * kTaskStrips;
    const size_t column = panel * kGramPanel;
    const size_t width = std::min(kGramPanel, sums.stride() - column);
    // Below the diagonal nothing is asked for.
    const size_t last = std::min(column + width, sums.rows());
    for (size_t strip = begin; strip < begin + kTaskStrips && strip * kGramStrip < last; ++strip) {
      const size_t row = strip * kGramStrip;
      const double* const strip_of = a + row / kGramPanel * panel_ + row % kGramPanel;
      kernels().f64_gram_tile(
          {strip_of, right_.data() + panel * panel_, sums.row(row) + column, sums.stride(), rows, width});
    }
  }, &control);
}

}  // namespace tenon
