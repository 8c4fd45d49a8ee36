#include "column_view.h"

#include <algorithm>
#include <cstring>

#include "view_kernels.h"

namespace tenon {
namespace {

// The same for each type of cell: `use` gets a pointer to it.
template <typename Use>
auto with_values(const ColumnView& view, const Use& use) {
  switch (view.type) {
    case CellType::kF64: return use(static_cast<const double*>(view.values));
    case CellType::kI64: return use(static_cast<const int64_t*>(view.values));
    case CellType::kF32: return use(static_cast<const float*>(view.values));
    case CellType::kI32: return use(static_cast<const int32_t*>(view.values));
    case CellType::kU32: return use(static_cast<const uint32_t*>(view.values));
    default: return use(static_cast<const uint8_t*>(view.values));
  }
}

// Calls take(i, row) for rows of `values` in order; runs without a gap are read as such.
template <typename Take>
void each_row(const ColumnView& view, size_t begin, size_t count, const Take& take) {
  if (count == 0) return;
  if (view.rows == nullptr) {
    for (size_t i = 0; i < count; ++i) take(i, begin + i);
    return;
  }
  const uint32_t* const rows = view.rows + begin;
  if (view.ascending && rows[count - 1] - rows[0] == count - 1) {
    const size_t first = rows[0];
    for (size_t i = 0; i < count; ++i) take(i, first + i);
    return;
  }
  for (size_t i = 0; i < count; ++i) take(i, size_t{rows[i]});
}

void apply_scales(const ColumnView& view, double* numbers, size_t count) noexcept {
  for (const ColumnScale& scale : view.scales) view_kernels().scale(numbers, count, scale);
}

uint64_t bits_of(double value) noexcept {
  // Adding zero turns -0 into 0.
  value += 0.0;
  uint64_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  return bits;
}

// 0 is -0. A NaN, which tables do not hold, is one too: rows that differ from themselves could never be found.
template <typename Cell>
bool same(Cell a, Cell b) noexcept {
  return (a == b) | ((a != a) & (b != b));
}

// Numbers of rows that row_of(0) to row_of(count - 1) name, scaled.
template <typename RowOf>
void numbers_at(const ColumnView& view, size_t count, const RowOf& row_of, double* out) noexcept {
  with_values(view, [&](const auto* values) {
    for (size_t i = 0; i < count; ++i) out[i] = static_cast<double>(values[view.row(row_of(i))]);
  });
  apply_scales(view, out, count);
  if (!view.has_absent) return;
  for (size_t i = 0; i < count; ++i) {
    if (view.is_missing(row_of(i))) out[i] = view.absent;
  }
}

}  // namespace

void read_numbers(const ColumnView& view, size_t begin, size_t count, double* out) noexcept {
  with_values(view, [&](const auto* values) {
    each_row(view, begin, count, [=](size_t i, size_t row) {
      if (i % 8 == 0) __builtin_prefetch(values + row + 512);
      out[i] = static_cast<double>(values[row]);
    });
  });
  apply_scales(view, out, count);
  if (!view.has_absent || view.validity == nullptr) return;
  const uint8_t* const validity = view.validity;
  const double absent = view.absent;
  each_row(view, begin, count, [=](size_t i, size_t row) { out[i] = validity[row] != 0 ? out[i] : absent; });
}

void read_elements(const ColumnView& view, size_t row, size_t first, size_t count, double* out) noexcept {
  with_values(view, [&](const auto* values) {
    const auto* const cell = values + view.row(row) * view.elements + first;
    for (size_t i = 0; i < count; ++i) out[i] = static_cast<double>(cell[i]);
  });
  apply_scales(view, out, count);
}

void read_present(const ColumnView& view, size_t begin, size_t count, uint8_t* out) noexcept {
  if (!view.may_miss()) {
    std::fill_n(out, count, uint8_t{1});
    return;
  }
  const uint8_t* const validity = view.validity;
  each_row(view, begin, count, [=](size_t i, size_t row) { out[i] = validity[row] != 0; });
}

void read_bits(const ColumnView& view, size_t begin, size_t count, uint64_t* out) noexcept {
  if (view.is_number || view.type == CellType::kF64 || view.type == CellType::kF32) {
    double numbers[kViewBlock];
    while (count > 0) {
      const size_t now = std::min(count, kViewBlock);
      read_numbers(view, begin, now, numbers);
      for (size_t i = 0; i < now; ++i) out[i] = bits_of(numbers[i]);
      begin += now;
      out += now;
      count -= now;
    }
    return;
  }
  with_values(view, [&](const auto* values) {
    each_row(view, begin, count, [=](size_t i, size_t row) { out[i] = static_cast<uint64_t>(values[row]); });
  });
}

void compare_cells(const ColumnView& view, const RowPair* pairs, size_t count, uint8_t* differs) noexcept {
  uint8_t present[2][kPairs];
  if (view.may_miss()) {
    for (size_t i = 0; i < count; ++i) {
      present[0][i] = !view.is_missing(pairs[i].left);
      present[1][i] = !view.is_missing(pairs[i].right);
      differs[i] |= present[0][i] ^ present[1][i];
    }
  } else {
    std::memset(present, 1, sizeof present);
  }
  const auto both = [&](size_t i) { return (present[0][i] & present[1][i]) != 0; };
  if (view.is_number) {
    double numbers[2][kPairs];
    numbers_at(view, count, [=](size_t i) { return pairs[i].left; }, numbers[0]);
    numbers_at(view, count, [=](size_t i) { return pairs[i].right; }, numbers[1]);
    for (size_t i = 0; i < count; ++i) differs[i] |= both(i) && bits_of(numbers[0][i]) != bits_of(numbers[1][i]);
    return;
  }
  with_values(view, [&](const auto* values) {
    if (view.elements == 1) {
      for (size_t i = 0; i < count; ++i) {
        differs[i] |= both(i) & !same(values[view.row(pairs[i].left)], values[view.row(pairs[i].right)]);
      }
      return;
    }
    for (size_t i = 0; i < count; ++i) {
      const auto* const left = values + view.row(pairs[i].left) * view.elements;
      const auto* const right = values + view.row(pairs[i].right) * view.elements;
      if (both(i) && !std::equal(left, left + view.elements, right, [](auto a, auto b) { return same(a, b); })) differs[i] = 1;
    }
  });
}

}  // namespace tenon
