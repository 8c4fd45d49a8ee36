#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "../runtime/task.h"

namespace tenon {

// The sum over rows of the products of their differences from `mean`: columns x columns, the lower
// half zero. Single precision over a few thousand rows, and double across them. The same bits at any
// thread count; on AMX, where it is done on tiles of bfloat16, other bits than elsewhere. Progress is
// scatter_steps() of `steps`. Meaningless when stopped. May throw std::bad_alloc.
std::vector<double> scatter(const float* data, size_t rows, size_t columns, const std::vector<double>& mean,
                            TaskControl& control, uint64_t steps);

uint64_t scatter_steps(size_t rows, size_t columns) noexcept;

}  // namespace tenon
