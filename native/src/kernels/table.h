#pragma once

#include <cstddef>
#include <cstdint>

#include "parameters.h"

namespace tenon {

// What a processor must offer; a set of bits.
enum CpuFeature : uint32_t {
  kNoFeature = 0,
  kAvx2 = 1u << 0,
  kFma = 1u << 1,
  kAvx512 = 1u << 2,  // F, BW, DQ and VL together
  kVnni = 1u << 3,
  kNeon = 1u << 4,
  kAmx = 1u << 5,  // tiles of 8 bits and of bfloat16, and the system's leave to use them
};

// Products of tiles: TileProduct in parameters.h says what is computed and how panels look. All
// are noexcept, allocate nothing and use one thread.
struct TileKernels {
  // Up to 32 rows of A, `stride` apart, as a panel. A bit for each row that has a NaN or an infinity.
  uint32_t (*split_rows)(const float* a, size_t stride, size_t rows, size_t depth, uint16_t* panel) noexcept;
  // Columns of B, whose rows are `stride` apart, as panels `panel_stride` apart; from a step on, their
  // part of deeper ones. Whether all are finite.
  bool (*split_columns)(const float* b, size_t stride, size_t columns, size_t depth, uint16_t* panels,
                        size_t panel_stride) noexcept;
  void (*multiply)(const TileProduct& product) noexcept;
};

// One instruction set's kernels.
struct KernelTable {
  const char* name;         // what TENON_FORCE_ISA takes
  const char* description;  // for people
  uint32_t required;        // CpuFeature bits
#define TENON_KERNEL(name, result, parameters) result(*name) parameters noexcept;
#include "kernels.inc"
#undef TENON_KERNEL
  const TileKernels* tiles;  // null where the processor has none: their sums are rounded in another way
};

// The tables this build holds, best first; the last is scalar, which runs anywhere.
struct KernelTables {
  const KernelTable* const* tables;
  size_t count;
};
KernelTables kernel_tables() noexcept;

// What this processor offers.
uint32_t cpu_features() noexcept;

// The table to compute with: the first one the processor can run, or the one TENON_FORCE_ISA
// names. Null if that names none, or one the processor cannot run: then nothing may be computed
// and the addon refuses to load.
const KernelTable* active_kernels() noexcept;

// The active table, for code that runs only after the addon has loaded.
inline const KernelTable& kernels() noexcept {
  static const KernelTable& active = *active_kernels();
  return active;
}

}  // namespace tenon
