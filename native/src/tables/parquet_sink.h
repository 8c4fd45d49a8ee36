#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "parquet_footer.h"
#include "table_sink.h"

namespace tenon {

// Writes rows as a Parquet file of plain, uncompressed pages for another program to read at once: columns are named
// c0, c1, … and optional; text is UTF-8, times are microseconds without a zone.
class ParquetSink final : public TableSink {
 public:
  // Makes the file, which must not exist. Its groups have `group_rows` rows, the last one what is left, unless so many
  // take more than 128 MiB: then a group ends sooner.
  ParquetSink(const std::string& path, size_t group_rows);
  ~ParquetSink() override;

  void begin(const std::vector<CsvType>& types) override;
  void add(const std::vector<CsvBlock>& blocks, size_t count, double share) override;
  void finish() override;

  // Whether every group but the last has group_rows rows.
  bool whole_groups() const noexcept { return whole_; }

 private:
  // Some of a block's rows.
  struct Run {
    const CsvBlock* block;
    size_t from;
    size_t to;
  };

  void collect(const std::vector<Run>& runs);
  void end_group();
  void write(const uint8_t* bytes, size_t count);

  int handle_;
  size_t group_rows_;
  bool whole_ = true;
  bool early_ = false;  // a group ended sooner
  uint64_t length_ = 0;
  std::vector<CsvType> types_;
  std::vector<ParquetGroup> groups_;
  // Of the group that is being collected: its rows, and the pages of each column.
  size_t rows_ = 0;
  std::vector<std::vector<uint8_t>> pages_;
  // Where each column's texts in a block go on, as a block may be in two groups.
  std::vector<size_t> text_at_;
};

}  // namespace tenon
