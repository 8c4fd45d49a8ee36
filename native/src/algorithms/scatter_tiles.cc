#include "scatter_tiles.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "../kernels/table.h"
#include "../operations/buffer.h"
#include "../runtime/thread_pool.h"

namespace tenon {
namespace {

// Depths whose products are summed in single precision.
constexpr size_t kDepths = 16;

// Panels of columns that one job multiplies with another one: with a depth of rows they take a third of
// a second-level cache.
constexpr size_t kGroup = 8;

// Columns of the fewest whose tiles are not mostly padding.
constexpr size_t kFewestColumns = 64;

// Some rows less their means, split twice: as the columns of a product and, turned, as its rows.
class SplitRows {
 public:
  SplitRows(const float* data, size_t columns, const std::vector<double>& mean)
      : data_(data),
        columns_(columns),
        panels_(chunk_count(columns, kPanel)),
        mean_(mean.begin(), mean.end()),
        right_(panels_ * kPanelEntries),
        left_(panels_ * kPanelEntries) {}

  static constexpr size_t kPanelEntries = tile_panel(kScatterTileRows);

  size_t panels() const noexcept { return panels_; }
  size_t steps() const noexcept { return steps_; }
  const uint16_t* right(size_t panel) const noexcept { return right_.data() + panel * kPanelEntries; }
  const uint16_t* left(size_t panel) const noexcept { return left_.data() + panel * kPanelEntries; }

  // At most kScatterTileRows rows.
  void load(size_t begin, size_t count, const TaskControl& control) {
    steps_ = chunk_count(count, kTileStep);
    ThreadPool::instance().parallel_for(steps_, 1, [&](size_t step, size_t) {
      const size_t first = step * kTileStep;
      const size_t rows = std::min(kTileStep, count - first);
      alignas(64) float centered[kTileStep * kPanel];
      for (size_t panel = 0; panel < panels_; ++panel) {
        const size_t column = panel * kPanel;
        const size_t width = std::min(kPanel, columns_ - column);
        const float* const m = mean_.data() + column;
        for (size_t r = 0; r < rows; ++r) {
          const float* const x = data_ + (begin + first + r) * columns_ + column;
          for (size_t c = 0; c < width; ++c) centered[r * kPanel + c] = x[c] - m[c];
        }
        uint16_t* const tiles = right_.data() + panel * kPanelEntries + step * kTileFloats;
        (void)kernels().tiles->split_columns(centered, kPanel, width, rows, tiles, 0);
        turn(tiles, left_.data() + panel * kPanelEntries + step * kTileFloats);
      }
    }, &control);
  }

 private:
  // A tile of rows is a tile of columns turned: pairs along the depth are 32 bits in both.
  static void turn(const uint16_t* columns, uint16_t* rows) {
    for (size_t tile = 0; tile < 2 * kTileParts; ++tile) {
      kernels().f32_transpose16(reinterpret_cast<const float*>(columns) + tile * 256, 16, 16, 16,
                                reinterpret_cast<float*>(rows) + tile * 256, 16);
    }
  }

  const float* data_;
  size_t columns_;
  size_t panels_;
  size_t steps_ = 0;
  std::vector<float> mean_;
  Buffer<uint16_t> right_, left_;
};

// A job: some panels of columns, up to the other one, times the other one.
struct Pair {
  size_t first;
  size_t count;
  size_t panel;
};

}  // namespace

bool scatter_tiles_suit(size_t columns) noexcept { return kernels().tiles != nullptr && columns >= kFewestColumns; }

std::vector<double> scatter_tiles(const float* data, size_t rows, size_t columns, const std::vector<double>& mean,
                                  TaskControl& control, uint64_t steps) {
  SplitRows split(data, columns, mean);
  std::vector<Pair> pairs;
  for (size_t first = 0; first < split.panels(); first += kGroup) {
    for (size_t panel = split.panels(); panel-- > first;) {
      pairs.push_back({first, std::min(kGroup, panel + 1 - first), panel});
    }
  }
  const size_t stride = split.panels() * kPanel;
  Buffer<float> part(stride * stride);
  std::vector<double> sum(columns * columns, 0.0);
  uint64_t depth = 0;
  for (size_t begin = 0; begin < rows && !control.stopped(); begin += kScatterTileRows, ++depth) {
    split.load(begin, std::min(kScatterTileRows, rows - begin), control);
    ThreadPool::instance().parallel_for(pairs.size(), 1, [&](size_t at, size_t) {
      const auto [first, count, panel] = pairs[at];
      TileProduct product{};
      product.a = split.left(first);
      product.a_panel = SplitRows::kPanelEntries;
      product.b = split.right(panel);
      product.steps = split.steps();
      product.c = part.data() + first * kPanel * stride + panel * kPanel;
      product.c_row = stride;
      product.start = depth % kDepths == 0 ? nullptr : product.c;
      product.start_row = stride;
      product.rows = count * kPanel;
      product.columns = kPanel;
      product.floor = -INFINITY;
      kernels().tiles->multiply(product);
    }, &control);
    control.progress(depth + 1, steps);
    if (depth % kDepths + 1 < kDepths && begin + kScatterTileRows < rows) continue;
    ThreadPool::instance().parallel_for(columns, 16, [&](size_t from, size_t to) {
      for (size_t i = from; i < to; ++i) {
        for (size_t j = i; j < columns; ++j) sum[i * columns + j] += static_cast<double>(part[i * stride + j]);
      }
    }, &control);
  }
  return sum;
}

}  // namespace tenon
