#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "column_view.h"

namespace tenon {

// Hashes of the rows of some columns: rows with equal cells have equal ones. Keys are drawn anew in each
// process, so that no table can be written whose rows all meet; no result may depend on a hash.
class RowHashes {
 public:
  // Keeps `columns`. May throw std::bad_alloc.
  explicit RowHashes(const std::vector<ColumnView>& columns);

  // Rows that are hashed at once at most.
  static constexpr size_t kBlock = 512;

  // Those of rows [begin, begin + count), count <= kBlock.
  void read(size_t begin, size_t count, uint64_t* hashes) const noexcept;

 private:
  struct Column {
    const ColumnView* view;
    uint64_t key;
    std::vector<uint64_t> word_keys;  // for cells of many elements, by word
  };

  void read_cells(const Column& column, size_t begin, size_t count, uint64_t* bits) const noexcept;

  std::vector<Column> columns_;
};

}  // namespace tenon
