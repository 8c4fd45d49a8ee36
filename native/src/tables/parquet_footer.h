#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "cell_text.h"

namespace tenon {

// Bytes of Thrift's compact protocol, of which Parquet's metadata consist.
class ThriftBytes {
 public:
  void field_i32(int id, int32_t value) { field(id, 5), zigzag(value); }
  void field_i64(int id, int64_t value) { field(id, 6), zigzag(value); }
  void field_text(int id, std::string_view value) { field(id, 8), text(value); }
  void field_bool(int id, bool value) { field(id, value ? 1 : 2); }
  // A list's elements follow.
  void field_structs(int id, size_t count) { field(id, 9), list(12, count); }
  void field_texts(int id, size_t count) { field(id, 9), list(8, count); }
  void field_i32s(int id, size_t count) { field(id, 9), list(5, count); }
  void element(int32_t value) { zigzag(value); }
  void element(std::string_view value) { text(value); }
  // The fields of a structure follow, up to end().
  void field_struct(int id) { field(id, 12), begin(); }
  // The same for one that is a list's element, or the whole.
  void begin() { last_.push_back(0); }
  void end() { bytes_.push_back(0), last_.pop_back(); }

  const std::vector<uint8_t>& bytes() const noexcept { return bytes_; }

 private:
  void field(int id, uint8_t type);
  void list(uint8_t type, size_t count);
  void varint(uint64_t value);
  void zigzag(int64_t value) { varint(static_cast<uint64_t>(value) << 1 ^ static_cast<uint64_t>(value >> 63)); }
  void text(std::string_view value);

  std::vector<uint8_t> bytes_;
  std::vector<int> last_;  // the field written last, of each structure that is open
};

// Where a column's values in a row group stand in the file.
struct ParquetChunk {
  uint64_t offset = 0;
  uint64_t bytes = 0;
  uint64_t values = 0;  // nulls included
};

// Rows that stand together.
struct ParquetGroup {
  uint64_t rows = 0;
  std::vector<ParquetChunk> columns;
};

// The header of a page of plain, uncompressed values, `bytes` long.
std::vector<uint8_t> parquet_page_header(size_t values, size_t bytes);

// The metadata at a file's end; columns are optional and named c0, c1, ….
std::vector<uint8_t> parquet_footer(const std::vector<CsvType>& types, const std::vector<ParquetGroup>& groups);

}  // namespace tenon
