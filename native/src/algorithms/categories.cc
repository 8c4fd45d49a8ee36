#include "categories.h"

#include <algorithm>
#include <map>

#include "../runtime/thread_pool.h"

namespace tenon {

std::vector<std::vector<float>> bin_categories(const float* data, const std::vector<uint8_t>& categorical,
                                               BinnedFeatures& binned) {
  const size_t columns = binned.column_count;
  std::vector<std::vector<float>> result(columns);
  if (categorical.empty()) return result;
  ThreadPool::instance().parallel_for(columns, 1, [&](size_t begin, size_t end) {
    for (size_t c = begin; c < end; ++c) {
      if (categorical[c] == 0) continue;
      std::map<float, size_t> counts;
      for (size_t i = 0; i < binned.row_count; ++i) {
        const float x = data[i * columns + c];
        if (x == x) ++counts[x + 0.0f];
      }
      std::vector<std::pair<size_t, float>> frequent;
      for (const auto& [value, count] : counts) frequent.emplace_back(count, value);
      std::stable_sort(frequent.begin(), frequent.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
      frequent.resize(std::min(frequent.size(), kMostCategories));
      for (const auto& [count, value] : frequent) result[c].push_back(value);
      std::sort(result[c].begin(), result[c].end());
      // One bin per category; their edges only tell how many there are.
      binned.edges[c].assign(result[c].empty() ? 0 : result[c].size() - 1, 0.0f);
      binned.has_missing[c] = 0;
      for (size_t i = 0; i < binned.row_count; ++i) {
        const float x = data[i * columns + c];
        const auto found = std::lower_bound(result[c].begin(), result[c].end(), x);
        const bool known = x == x && found != result[c].end() && *found == x;
        binned.has_missing[c] |= !known;
        binned.bins[i * columns + c] = known ? static_cast<uint8_t>(found - result[c].begin()) : kMissingBin;
      }
    }
  });
  return result;
}

}  // namespace tenon
