#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "../operations/buffer.h"
#include "table_sink.h"

namespace tenon {

// A column in memory.
struct MemoryColumn {
  CsvType type = CsvType::kText;
  size_t nulls = 0;
  Buffer<uint64_t> values;    // bits of doubles, integers or microseconds; null rows have 0
  Buffer<uint8_t> booleans;   // of booleans, 0 and 1
  Buffer<uint32_t> codes;     // of texts, indices into the dictionary
  Buffer<uint8_t> present;    // 1 for each row that has a value
  std::vector<std::string> dictionary;  // in the order of first use

 private:
  friend class MemorySink;
  std::unordered_map<std::string, uint32_t> known;
};

// Keeps rows in memory.
class MemorySink final : public TableSink {
 public:
  void begin(const std::vector<CsvType>& types) override;
  void add(const std::vector<CsvBlock>& blocks, size_t count, double share) override;
  void finish() override {}

  size_t rows() const noexcept { return rows_; }
  std::vector<MemoryColumn>& columns() noexcept { return columns_; }

 private:
  void reserve(MemoryColumn& column, size_t rows) const;
  static void copy(MemoryColumn& column, const ColumnPart& part, size_t at);

  std::vector<MemoryColumn> columns_;
  size_t rows_ = 0;
  size_t capacity_ = 0;
};

}  // namespace tenon
