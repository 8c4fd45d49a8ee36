#include "scatter.h"

#include <algorithm>
#include <utility>

#include "../operations/buffer.h"
#include "../operations/gemm.h"
#include "../runtime/thread_pool.h"
#include "scatter_tiles.h"

namespace tenon {
namespace {

// Rows whose products are summed in single precision.
constexpr size_t kChunkRows = 2048;
// Columns of a tile of the covariance matrix: tiles below the diagonal are not computed.
constexpr size_t kTileColumns = 200;

// A chunk of rows less their means, one tile of columns after another.
class TiledChunk {
 public:
  TiledChunk(const float* data, size_t columns, const std::vector<double>& mean)
      : data_(data), columns_(columns), tiles_(chunk_count(columns, kTileColumns)), buffer_(kChunkRows * columns) {
    mean_.assign(mean.begin(), mean.end());
    // As even as they can be.
    width_ = chunk_count(columns, tiles_);
    tiles_ = chunk_count(columns, width_);
  }

  size_t tiles() const noexcept { return tiles_; }
  size_t first(size_t tile) const noexcept { return tile * width_; }
  size_t width(size_t tile) const noexcept { return std::min(width_, columns_ - first(tile)); }
  const float* tile(size_t tile) const noexcept { return buffer_.data() + first(tile) * count_; }
  size_t count() const noexcept { return count_; }

  void load(size_t begin, size_t count) {
    count_ = count;
    ThreadPool::instance().parallel_for(count, 64, [&](size_t from, size_t to) {
      for (size_t t = 0; t < tiles_; ++t) {
        const size_t wide = width(t);
        for (size_t r = from; r < to; ++r) {
          const float* x = data_ + (begin + r) * columns_ + first(t);
          const float* m = mean_.data() + first(t);
          float* out = buffer_.data() + first(t) * count + r * wide;
          for (size_t c = 0; c < wide; ++c) out[c] = x[c] - m[c];
        }
      }
    });
  }

 private:
  const float* data_;
  size_t columns_;
  size_t tiles_;
  size_t width_;
  size_t count_ = 0;
  std::vector<float> mean_;
  Buffer<float> buffer_;
};

// scatter() by products in single precision.
std::vector<double> scatter_chunks(const float* data, size_t rows, size_t columns, const std::vector<double>& mean,
                                   TaskControl& control, uint64_t steps) {
  TiledChunk chunk(data, columns, mean);
  std::vector<double> sum(columns * columns, 0.0);
  std::vector<std::pair<size_t, size_t>> pairs;
  for (size_t i = 0; i < chunk.tiles(); ++i) {
    for (size_t j = i; j < chunk.tiles(); ++j) pairs.emplace_back(i, j);
  }
  uint64_t step = 0;
  for (size_t begin = 0; begin < rows && !control.stopped(); begin += kChunkRows) {
    chunk.load(begin, std::min(kChunkRows, rows - begin));
    ThreadPool::instance().parallel_for(pairs.size(), 1, [&](size_t at, size_t) {
      const auto [i, j] = pairs[at];
      std::vector<float> product(chunk.width(i) * chunk.width(j));
      GemmCall call{chunk.tile(i), chunk.tile(j), product.data(), chunk.width(i), chunk.width(j), chunk.count()};
      call.transpose_a = true;
      gemm(call);
      for (size_t r = 0; r < chunk.width(i); ++r) {
        double* into = sum.data() + (chunk.first(i) + r) * columns + chunk.first(j);
        for (size_t c = 0; c < chunk.width(j); ++c) into[c] += static_cast<double>(product[r * chunk.width(j) + c]);
      }
    }, &control);
    control.progress(++step, steps);
  }
  return sum;
}

}  // namespace

uint64_t scatter_steps(size_t rows, size_t columns) noexcept {
  return chunk_count(rows, scatter_tiles_suit(columns) ? kScatterTileRows : kChunkRows);
}

std::vector<double> scatter(const float* data, size_t rows, size_t columns, const std::vector<double>& mean,
                            TaskControl& control, uint64_t steps) {
  const auto upper = scatter_tiles_suit(columns) ? scatter_tiles : scatter_chunks;
  return upper(data, rows, columns, mean, control, steps);
}

}  // namespace tenon
