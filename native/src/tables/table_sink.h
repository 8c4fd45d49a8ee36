#pragma once

#include <cstddef>
#include <vector>

#include "csv_block.h"

namespace tenon {

// Where the rows of a file go. Members throw std::bad_alloc and std::system_error.
class TableSink {
 public:
  virtual ~TableSink() = default;

  // Rows of columns of these types follow, and are put after no others: what was added before is void.
  virtual void begin(const std::vector<CsvType>& types) = 0;

  // Adds the blocks' rows, in order. `share` is about how large a part of the whole file they are, above 0.
  virtual void add(const std::vector<CsvBlock>& blocks, size_t count, double share) = 0;

  // All rows were added.
  virtual void finish() = 0;
};

}  // namespace tenon
