#pragma once

#include <vector>

#include "../runtime/task.h"
#include "binning.h"

namespace tenon {

// The values that the bins hold, so that a threshold can be drawn among values rather than bins.
struct BinBounds {
  std::vector<float> low;   // column_count x 256; an empty bin's is its upper edge
  std::vector<float> high;  // the same
  std::vector<double> middle;  // between the two
};

// Reads `data`, row-major and what `binned` was made of. Of no use when stopped.
BinBounds bin_bounds(const float* data, const BinnedFeatures& binned, const TaskControl& control);

}  // namespace tenon
