#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cell_text.h"
#include "column_part.h"
#include "csv_scanner.h"

namespace tenon {

// How rows are read.
struct CsvRules {
  uint8_t delimiter = ',';
  std::vector<std::string> null_texts;  // besides the empty one; quoted or not
  size_t max_row_bytes = 0;
  size_t max_issues = 0;  // bad rows described
};

// How a column is read.
struct CsvColumn {
  CsvType type = CsvType::kText;
  bool asked = false;  // what is not of the type makes its row bad; otherwise the type is a guess
  bool known = false;  // the guess rests on values
};

// A row that is left out, and why.
struct CsvIssue {
  uint64_t line = 0;
  size_t field = 0;
  RowFault fault = RowFault::kNone;
  uint64_t found = 0;
  uint64_t bound = 0;
  std::string text;  // the value, its first 100 characters
};

// Whole rows of a file, read by one thread.
class CsvBlock {
 public:
  // Reads the rows of text[from] to text[to - 1], marked as CsvScanner wants it. `plain`: all bytes are ASCII and none
  // is NUL. `last`: the last row may lack its line feed. Lines count from 1.
  void read(const CsvRules& rules, const std::vector<CsvColumn>& columns, const uint8_t* text, const uint64_t* marks,
            size_t from, size_t to, bool plain, bool last);

  const std::vector<ColumnPart>& parts() const noexcept { return parts_; }
  size_t rows() const noexcept { return rows_; }
  size_t bad_rows() const noexcept { return bad_rows_; }
  const std::vector<CsvIssue>& issues() const noexcept { return issues_; }
  // Lines that end in it.
  uint64_t lines() const noexcept { return lines_; }
  // The line of a quote that is not closed; 0 for none.
  uint64_t unclosed_quote_line() const noexcept { return unclosed_; }
  // What all values of a column are, as far as that was looked at: all that its guess leaves open.
  CsvTypes types(size_t column) const noexcept { return types_[column]; }
  // Whether it has values at all.
  bool has_values(size_t column) const noexcept { return parts_[column].nulls() < parts_[column].rows(); }

 private:
  struct Reading;
  void row(const Reading& reading, const CsvScanner& scanner, size_t content_end);
  bool cell(const Reading& reading, size_t column, std::string_view text);
  void refuse(const Reading& reading, CsvIssue issue);

  std::vector<ColumnPart> parts_;
  std::vector<CsvTypes> types_;
  std::vector<CsvIssue> issues_;
  std::string unquoted_;
  size_t rows_ = 0;
  size_t bad_rows_ = 0;
  uint64_t lines_ = 0;
  uint64_t unclosed_ = 0;
};

// The text of a field that may be quoted; `store` holds it where quotes were doubled.
std::string_view unquoted_field(const uint8_t* text, size_t begin, size_t end, std::string& store);

// What is wrong with the bytes of a row; kNone if they are UTF-8 without NUL.
RowFault fault_of_bytes(const uint8_t* bytes, size_t count) noexcept;

}  // namespace tenon
