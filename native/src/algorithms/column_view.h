#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace tenon {

// value → (value - center) / divisor * span + lower; a divisor of 0 gives `lower`. In double
// precision and this order, as `scaled` of native/recipe/fitted-op.ts computes it for one value.
struct ColumnScale {
  double center;
  double divisor;
  double span;
  double lower;
};

enum class CellType : uint8_t { kF64, kI64, kF32, kI32, kU32, kU8 };

// A column of a table as a recipe sees it after some of its steps: which of its rows are left, how
// their values are scaled, and what stands for a missing one. Cells are computed when they are read.
struct ColumnView {
  CellType type;
  const void* values;
  const uint8_t* validity;  // per row of `values`: 0 where its cell is missing; null if none is
  const uint32_t* rows;     // the row of `values` that each row of the view is; null for all of them in order
  bool ascending;           // whether each of `rows` is above the one before
  size_t elements;          // numbers per cell
  bool is_number;           // cells of one element compare as doubles: scaled, or integers that became doubles
  bool has_absent;          // whether missing cells have become `absent`
  double absent;
  std::vector<ColumnScale> scales;

  size_t row(size_t index) const noexcept { return rows == nullptr ? index : rows[index]; }
  bool is_missing(size_t index) const noexcept { return validity != nullptr && validity[row(index)] == 0; }
  bool may_miss() const noexcept { return validity != nullptr && !has_absent; }
};

// Elements that readers take at once at most: 32 KiB as doubles, for the first-level cache.
inline constexpr size_t kViewBlock = 4096;

// Numbers of rows [begin, begin + count) of a view of one element per cell, scaled; those of cells that
// are still missing have no meaning.
void read_numbers(const ColumnView& view, size_t begin, size_t count, double* out) noexcept;

// Elements [first, first + count) of one cell, scaled.
void read_elements(const ColumnView& view, size_t row, size_t first, size_t count, double* out) noexcept;

// Whether each of the cells is there, 1 or 0.
void read_present(const ColumnView& view, size_t begin, size_t count, uint8_t* out) noexcept;

// Cells of one element as bits: equal bits mean equal cells, as long as both are there. -0 equals 0.
void read_bits(const ColumnView& view, size_t begin, size_t count, uint64_t* out) noexcept;

// Two rows of a view.
struct RowPair {
  uint32_t left;
  uint32_t right;
};

// Pairs that are compared at once at most: enough reads under way that none is waited for alone.
inline constexpr size_t kPairs = 64;

// Sets differs[i] to 1 where the cells of pair i differ, and leaves it otherwise. Missing cells are equal. The
// elements of longer cells are compared as they are in the table. count <= kPairs.
void compare_cells(const ColumnView& view, const RowPair* pairs, size_t count, uint8_t* differs) noexcept;

}  // namespace tenon
