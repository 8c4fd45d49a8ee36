#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "../runtime/task.h"
#include "csv_block.h"
#include "table_sink.h"

namespace tenon {

struct CsvOptions {
  std::string path;
  uint64_t start = 0;  // bytes before the text: those of a byte order mark
  CsvRules rules;
  // Types asked for, by column name; all others are recognised.
  std::vector<std::pair<std::string, CsvType>> asked;
  size_t max_columns = 0;
  bool stop_early = false;  // after rules.max_issues bad rows
};

struct CsvResult {
  // The header's fields; empty where it has a fault, which is then the first issue, or more than max_columns.
  std::vector<std::string> names;
  size_t column_count = 0;
  uint64_t header_line = 0;      // 0: the file has no row at all
  bool endless_header = false;   // it does not end within twice max_row_bytes
  uint64_t unclosed_quote_line = 0;  // 0: there is none
  std::vector<CsvType> types;
  uint64_t rows = 0;
  uint64_t bad_rows = 0;
  std::vector<CsvIssue> issues;
};

// Reads a file of delimited text (RFC 4180; rows end in LF or CRLF, a line without a character is no row; the first row
// has the names) in blocks of 256 KiB or so on all threads: memory is bounded whatever the file's size and its rows'.
// Columns that nobody asked a type for get the narrowest that all of their values are of; a column of nulls is text.
// They are guessed from the first rows, and read again where a guess was wrong. Rows with a fault are left out. The same
// rows, in the same blocks, at any thread count. What follows a header with a fault, a name too many or a quote that is
// never closed means nothing. Throws std::system_error and std::bad_alloc.
CsvResult read_csv(const CsvOptions& options, TableSink& sink, TaskControl& control);

}  // namespace tenon
