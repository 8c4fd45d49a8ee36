#pragma once

#include "gemm.h"

namespace tenon {

// Whether a product is done on tiles of bfloat16 (TileProduct in kernels/parameters.h): the
// processor has them, the call does not ask for chains, and it is large enough to be worth splitting
// its numbers. Depends on nothing but the call, and not on the number of threads.
bool tiles_suit(const GemmCall& call) noexcept;

// gemm() on tiles. Rows of A and depths of B that are not finite are multiplied as elsewhere.
bool gemm_tiles(const GemmCall& call, const TaskControl* control);

}  // namespace tenon
