#pragma once

#include "split_kernels.h"

namespace tenon {

// SplitKernels::scan and scan_rows on 64-bit ARM. Partitioning stays scalar there: NEON can neither
// gather bytes nor compress ids.
BinSplit scan_neon(const uint32_t* histogram, uint32_t carry, const TwoClassNode& node) noexcept;
BinSplit scan_rows_neon(const uint8_t* bins, const uint8_t* weights, const uint8_t* weights1, uint32_t count,
                        const TwoClassNode& node) noexcept;

}  // namespace tenon
