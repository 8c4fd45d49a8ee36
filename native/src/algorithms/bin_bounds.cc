#include "bin_bounds.h"

#include <algorithm>
#include <cmath>

#include "../runtime/thread_pool.h"

namespace tenon {
namespace {

// Columns a thread reads at a time: a cache line of a row.
constexpr size_t kColumns = 16;

}  // namespace

BinBounds bin_bounds(const float* data, const BinnedFeatures& binned, const TaskControl& control) {
  const size_t columns = binned.column_count;
  BinBounds bounds{std::vector<float>(columns * kBinCount, INFINITY), std::vector<float>(columns * kBinCount, -INFINITY),
                   std::vector<double>(columns * kBinCount, 0.0)};
  ThreadPool::instance().parallel_for(columns, kColumns, [&](size_t begin, size_t end) {
    for (size_t i = 0; i < binned.row_count; ++i) {
      if (i % 4096 == 0 && control.stopped()) return;
      for (size_t c = begin; c < end; ++c) {
        const size_t at = c * kBinCount + binned.bins[i * columns + c];
        const float x = data[i * columns + c];
        bounds.low[at] = std::min(bounds.low[at], x);
        bounds.high[at] = std::max(bounds.high[at], x);
      }
    }
    for (size_t c = begin; c < end; ++c) {
      const auto& edges = binned.edges[c];
      for (size_t bin = 0; bin < edges.size(); ++bin) {
        float& low = bounds.low[c * kBinCount + bin];
        if (low == INFINITY) low = bounds.high[c * kBinCount + bin] = edges[bin];
      }
      // The last bin has no upper edge.
      float& low = bounds.low[c * kBinCount + edges.size()];
      if (low == INFINITY) low = bounds.high[c * kBinCount + edges.size()] = edges.empty() ? 0.0f : edges.back();
      for (size_t at = c * kBinCount; at <= c * kBinCount + edges.size(); ++at) {
        bounds.middle[at] = (static_cast<double>(bounds.low[at]) + static_cast<double>(bounds.high[at])) / 2;
      }
    }
  }, &control);
  return bounds;
}

}  // namespace tenon
