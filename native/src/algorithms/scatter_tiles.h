#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "../runtime/task.h"

namespace tenon {

// Rows that are multiplied before progress is told: a depth of products of tiles.
inline constexpr size_t kScatterTileRows = 512;

// Whether the processor has tiles and so many columns fill them.
bool scatter_tiles_suit(size_t columns) noexcept;

// scatter() on tiles of bfloat16 (TileProduct in kernels/parameters.h).
std::vector<double> scatter_tiles(const float* data, size_t rows, size_t columns, const std::vector<double>& mean,
                                  TaskControl& control, uint64_t steps);

}  // namespace tenon
