#pragma once

#include <cstdint>

namespace tenon {

// Rows of a node: a record of bytes each, a byte for each column, and then the tail that TreeBuilder
// writes for two classes.
struct RecordRows {
  const uint8_t* records;
  const uint32_t* ids;
  uint32_t count;
  uint32_t stride;   // bytes per record
  uint32_t columns;
  uint32_t tail;     // where a record's tail begins
};

// Columns whose bytes one vector holds, and which are read beyond the last record.
inline constexpr uint32_t kRangeColumns = 32;

// The inner loops of random splits. Bytes are compared and counted: every instruction set finds the same.
struct RangeKernels {
  // Columns per drawn one up to which looking at all of them together is quicker than one by one; 0 for never.
  uint32_t columns_at_once;

  // The lowest and the highest byte of every column but for kMissingBin: 255 and 0 if there is no other.
  // `missing` is 255 where there is one. All have room for a multiple of kRangeColumns.
  void (*ranges)(const RecordRows& rows, uint8_t* low, uint8_t* high, uint8_t* missing) noexcept;

  // For each of `count` columns the tails of rows whose byte is not above the column's limit, summed:
  // times drawn in the low half, those of class 1 in the high half. `limits` is by column, with room as above.
  void (*sums)(const RecordRows& rows, const uint8_t* limits, const uint32_t* columns, uint32_t count,
               uint64_t* sums) noexcept;

  // The same of rows whose byte is kMissingBin.
  void (*missing_sums)(const RecordRows& rows, const uint32_t* columns, uint32_t count, uint64_t* sums) noexcept;
};

// The kernels for the active instruction set.
const RangeKernels& range_kernels() noexcept;

}  // namespace tenon
