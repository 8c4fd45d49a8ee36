#include "boost_features.h"

#include <algorithm>
#include <numeric>

#include "../runtime/thread_pool.h"

namespace tenon {
namespace {

// Moving this many groups costs less than reading them where they were.
constexpr uint32_t kMovedGroups = 8;

}  // namespace

BoostFeatures arrange_features(const BinnedFeatures& binned, const std::vector<uint32_t>& order,
                               const std::vector<uint8_t>& categorical, const std::vector<int8_t>& monotone) {
  BoostFeatures result;
  for (uint32_t c = 0; c < binned.column_count; ++c) {
    const BoostColumn column{c, static_cast<uint32_t>(binned.edges[c].size()) + 1, binned.has_missing[c] != 0,
                             !categorical.empty() && categorical[c] != 0, monotone.empty() ? int8_t{0} : monotone[c]};
    if (column.bins > 1 || column.has_missing) result.features.push_back(column);
  }
  // Alike columns share a group, whose histogram is as long as the longest.
  std::stable_sort(result.features.begin(), result.features.end(),
                   [](const BoostColumn& a, const BoostColumn& b) { return a.bins > b.bins; });
  const uint32_t features = result.feature_count();
  const uint32_t groups = (features + kGroupLanes - 1) / kGroupLanes;
  result.row_count = order.size();
  result.group_count = groups;
  result.moves = groups <= kMovedGroups;
  result.group_stride = order.size() * kGroupLanes;
  result.bins.assign(groups * result.group_stride + 64, 0);
  result.first.push_back(0);
  result.first_line.push_back(0);
  for (uint32_t g = 0; g < groups; ++g) {
    // Groups of equal size, so that threads have equal work.
    const uint32_t lanes = features / groups + (g < features % groups);
    uint32_t bins = 0;
    for (uint32_t lane = 0; lane < lanes; ++lane) {
      bins = std::max(bins, result.features[result.first[g] + lane].bins);
      result.group_of_.push_back(g);
    }
    result.first.push_back(result.first[g] + lanes);
    result.value_bins.push_back(bins);
    result.first_line.push_back(result.first_line[g] + bins + 1);
  }
  ThreadPool::instance().parallel_for(order.size(), 1024, [&](size_t begin, size_t end) {
    for (uint32_t g = 0; g < groups; ++g) {
      const uint32_t lanes = result.lanes(g);
      for (size_t i = begin; i < end; ++i) {
        const uint8_t* from = binned.bins.data() + static_cast<size_t>(order[i]) * binned.column_count;
        uint8_t* to = result.bins.data() + i * kGroupLanes + g * result.group_stride;
        for (uint32_t lane = 0; lane < lanes; ++lane) {
          const uint8_t bin = from[result.features[result.first[g] + lane].column];
          to[lane] = bin == kMissingBin ? static_cast<uint8_t>(result.value_bins[g]) : bin;
        }
      }
    }
  });
  return result;
}

}  // namespace tenon
