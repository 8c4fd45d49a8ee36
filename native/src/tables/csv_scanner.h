#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace tenon {

// What is wrong with a row.
enum class RowFault : uint8_t {
  kNone,
  kFieldCount,   // fields found, fields expected
  kRowBytes,     // bytes found, the most allowed
  kNul,          // a NUL byte
  kUtf8,         // bytes that are no UTF-8
  kLoneReturn,   // a carriage return that no line feed follows
  kStrayQuote,   // a quote inside a field that does not start with one
  kAfterQuote,   // text after the closing quote
  kType,         // a value that is not of the type asked for
};

// Finds rows and fields of delimited text by RFC 4180, from the places of its structural bytes alone: the delimiter,
// line feeds, carriage returns and quotes, marked by kernels().u8_mark. It goes on where it stopped, in any pieces.
class CsvScanner {
 public:
  // `max_fields` ends are remembered of each row; further fields are counted.
  CsvScanner(uint8_t delimiter, size_t max_fields) : delimiter_(delimiter), ends_(max_fields) {}

  // Begins a row at `start`, which is on line `line`, from 1.
  void begin(size_t start, uint64_t line) noexcept {
    state_ = State::kFieldStart;
    line_ = row_line_ = line;
    begin_row(start);
  }

  // Reads text[from] to text[to - 1], of which bit p % 64 of marks[p / 64] tells whether text[p] is structural. Calls
  // row(content_end, next) for each row that ends there: its content without the line's end, and where the next row
  // starts; the row's fields, line and fault are those of the members below. Stops early if it returns false.
  template <typename Row>
  void scan(const uint8_t* text, const uint64_t* marks, size_t from, size_t to, Row&& row) {
    size_t next = from;  // the first byte that is not accounted for
    for (size_t word = from / 64; word * 64 < to; ++word) {
      uint64_t left = marks[word];
      if (word == from / 64) left &= ~uint64_t{0} << (from % 64);
      if (to - word * 64 < 64) left &= ~(~uint64_t{0} << (to % 64));
      for (; left != 0; left &= left - 1) {
        const size_t at = word * 64 + static_cast<size_t>(std::countr_zero(left));
        if (at > next) text_between();
        next = at + 1;
        const uint8_t byte = text[at];
        if (state_ <= State::kUnquoted && byte == delimiter_) {
          end_field(at);
          continue;
        }
        if (!structural(byte, at)) continue;
        const size_t content_end = after_return_ ? at - 1 : at;
        if (fields_ < ends_.size()) ends_[fields_] = static_cast<uint32_t>(content_end - row_start_);
        ++fields_;
        if (!row(content_end, at + 1)) return;
        row_line_ = line_;
        begin_row(at + 1);
        state_ = State::kFieldStart;
      }
    }
    if (to > next) text_between();
  }

  // Ends the last row, which no line feed ends, at `end`.
  template <typename Row>
  void finish(size_t end, Row&& row) {
    const size_t content_end = state_ == State::kAfterReturn ? end - 1 : end;
    if (fields_ < ends_.size()) ends_[fields_] = static_cast<uint32_t>(content_end - row_start_);
    ++fields_;
    row(content_end, end);
  }

  // Whether the text stopped within quotes, and on which line they open.
  bool in_quotes() const noexcept { return state_ == State::kQuoted; }
  uint64_t quote_line() const noexcept { return quote_line_; }

  // Of the row that is being read, or was.
  size_t row_start() const noexcept { return row_start_; }
  uint64_t row_line() const noexcept { return row_line_; }
  size_t fields() const noexcept { return fields_; }
  // Where field i ends, from the row's start; the next begins one byte later.
  const uint32_t* ends() const noexcept { return ends_.data(); }
  RowFault fault() const noexcept { return fault_; }
  size_t fault_field() const noexcept { return fault_field_; }
  // Lines begun so far.
  uint64_t line() const noexcept { return line_; }

 private:
  enum class State : uint8_t { kFieldStart, kUnquoted, kQuoted, kAfterQuote, kAfterReturn };

  void begin_row(size_t start) noexcept {
    row_start_ = start;
    fields_ = 0;
    fault_ = RowFault::kNone;
  }

  void blame(RowFault fault) noexcept {
    if (fault_ != RowFault::kNone) return;
    fault_ = fault;
    fault_field_ = fields_;
  }

  // Bytes that are not structural.
  void text_between() noexcept {
    if (state_ == State::kQuoted) return;
    if (state_ == State::kAfterQuote) blame(RowFault::kAfterQuote);
    if (state_ == State::kAfterReturn) blame(RowFault::kLoneReturn);
    state_ = State::kUnquoted;
  }

  void end_field(size_t at) noexcept {
    if (fields_ < ends_.size()) ends_[fields_] = static_cast<uint32_t>(at - row_start_);
    ++fields_;
    state_ = State::kFieldStart;
  }

  // Whether the byte ends the row.
  bool structural(uint8_t byte, size_t at) noexcept {
    if (state_ == State::kQuoted) {
      if (byte == '\n') ++line_;
      if (byte == '"') state_ = State::kAfterQuote;
      return false;
    }
    if (byte == '\n') {
      ++line_;
      after_return_ = state_ == State::kAfterReturn;
      return true;
    }
    if (state_ == State::kAfterReturn) {
      blame(RowFault::kLoneReturn);
      state_ = State::kUnquoted;
    } else if (byte == '\r') {
      state_ = State::kAfterReturn;
    } else if (byte == delimiter_) {
      end_field(at);
    } else if (state_ == State::kAfterQuote) {
      state_ = State::kQuoted;
    } else if (state_ == State::kFieldStart) {
      state_ = State::kQuoted;
      quote_line_ = line_;
    } else {
      blame(RowFault::kStrayQuote);
    }
    return false;
  }

  uint8_t delimiter_;
  State state_ = State::kFieldStart;
  bool after_return_ = false;
  RowFault fault_ = RowFault::kNone;
  size_t fault_field_ = 0;
  size_t fields_ = 0;
  size_t row_start_ = 0;
  uint64_t line_ = 1;
  uint64_t row_line_ = 1;
  uint64_t quote_line_ = 1;
  std::vector<uint32_t> ends_;
};

}  // namespace tenon
