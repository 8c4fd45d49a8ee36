#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "parquet_footer.h"
#include "table_sink.h"

namespace tenon {

// Writes rows as a Parquet file of plain, uncompressed pages for another program to read at once: columns are named
// c0, c1, … and optional; text is UTF-8, times are microseconds without a zone. One row group for each add().
class ParquetSink final : public TableSink {
 public:
  // Makes the file, which must not exist.
  explicit ParquetSink(const std::string& path);
  ~ParquetSink() override;

  void begin(const std::vector<CellType>& types) override;
  void add(const std::vector<CsvBlock>& blocks, size_t count, double share) override;
  void finish() override;

 private:
  void write(const uint8_t* bytes, size_t count);

  int handle_;
  uint64_t length_ = 0;
  std::vector<CellType> types_;
  std::vector<ParquetGroup> groups_;
  std::vector<std::vector<uint8_t>> pages_;  // of each column, in the group that is being written
};

}  // namespace tenon
