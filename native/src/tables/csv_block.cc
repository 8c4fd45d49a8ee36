#include "csv_block.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

#include "utf8.h"

namespace tenon {
namespace {

constexpr size_t kShownCharacters = 100;

// The first characters of a text.
std::string shown(std::string_view text) {
  size_t end = 0;
  for (size_t characters = 0; end < text.size(); ++end) {
    const bool begins = (static_cast<uint8_t>(text[end]) & 0xc0) != 0x80;
    if (begins && characters++ == kShownCharacters) break;
  }
  return std::string(text.substr(0, end));
}

}  // namespace

struct CsvBlock::Reading {
  const CsvRules& rules;
  const std::vector<CsvColumn>& columns;
  const uint8_t* text;
  bool plain;
};

std::string_view unquoted_field(const uint8_t* text, size_t begin, size_t end, std::string& store) {
  const char* const first = reinterpret_cast<const char*>(text + begin);
  if (begin == end || *first != '"') return {first, end - begin};
  const std::string_view inner(first + 1, end - begin - 2);
  size_t quote = inner.find('"');
  if (quote == std::string_view::npos) return inner;
  store.clear();
  size_t from = 0;
  for (; quote != std::string_view::npos; quote = inner.find('"', from)) {
    store.append(inner, from, quote + 1 - from);
    from = quote + 2;
  }
  if (from < inner.size()) store.append(inner, from);
  return store;
}

RowFault fault_of_bytes(const uint8_t* bytes, size_t count) noexcept {
  // The first line that is wrong tells why.
  for (const uint8_t *at = bytes, *const end = bytes + count; at < end;) {
    const void* const feed = std::memchr(at, '\n', static_cast<size_t>(end - at));
    const uint8_t* const next = feed == nullptr ? end : static_cast<const uint8_t*>(feed) + 1;
    const size_t length = static_cast<size_t>(next - at);
    if (std::memchr(at, 0, length) != nullptr) return RowFault::kNul;
    if (!is_utf8(at, length)) return RowFault::kUtf8;
    at = next;
  }
  return RowFault::kNone;
}

void CsvBlock::read(const CsvRules& rules, const std::vector<CsvColumn>& columns, const uint8_t* text,
                    const uint64_t* marks, size_t from, size_t to, bool plain, bool last) {
  parts_.resize(columns.size());
  for (size_t c = 0; c < columns.size(); ++c) parts_[c].reset(columns[c].type);
  types_.assign(columns.size(), kEveryType);
  issues_.clear();
  rows_ = bad_rows_ = 0;
  unclosed_ = 0;
  const Reading reading{rules, columns, text, plain};
  CsvScanner scanner(rules.delimiter, columns.size());
  scanner.begin(from, 1);
  const auto each = [&](size_t content_end, size_t) {
    row(reading, scanner, content_end);
    return true;
  };
  scanner.scan(text, marks, from, to, each);
  if (last && scanner.in_quotes()) unclosed_ = scanner.quote_line();
  else if (last && scanner.row_start() < to) scanner.finish(to, each);
  lines_ = scanner.line() - 1;
}

void CsvBlock::row(const Reading& reading, const CsvScanner& scanner, size_t content_end) {
  const size_t start = scanner.row_start();
  const size_t bytes = content_end - start;
  if (bytes == 0) return;
  const size_t expected = reading.columns.size();
  CsvIssue issue;
  issue.line = scanner.row_line();
  issue.fault = scanner.fault();
  issue.field = scanner.fault_field();
  if (issue.fault == RowFault::kNone && !reading.plain) {
    issue.fault = fault_of_bytes(reading.text + start, bytes);
    issue.field = 0;
  }
  if (issue.fault == RowFault::kNone && scanner.fields() != expected) {
    issue.fault = RowFault::kFieldCount;
    issue.field = std::min(scanner.fields(), expected);
    issue.found = scanner.fields();
    issue.bound = expected;
  }
  if (issue.fault == RowFault::kNone && bytes > reading.rules.max_row_bytes) {
    issue.fault = RowFault::kRowBytes;
    issue.field = 0;
    issue.found = bytes;
    issue.bound = reading.rules.max_row_bytes;
  }
  if (issue.fault != RowFault::kNone) {
    refuse(reading, std::move(issue));
    return;
  }
  const uint32_t* const ends = scanner.ends();
  size_t begin = start;
  for (size_t c = 0; c < expected; ++c) {
    const size_t end = start + ends[c];
    const std::string_view value = unquoted_field(reading.text, begin, end, unquoted_);
    begin = end + 1;
    if (cell(reading, c, value)) continue;
    // A row is described once, for its first bad column.
    if (issue.fault != RowFault::kNone) continue;
    issue.fault = RowFault::kType;
    issue.field = c;
    issue.text = shown(value);
  }
  if (issue.fault == RowFault::kNone) {
    ++rows_;
    return;
  }
  for (ColumnPart& part : parts_) part.remove_last();
  refuse(reading, std::move(issue));
}

void CsvBlock::refuse(const Reading& reading, CsvIssue issue) {
  ++bad_rows_;
  if (issues_.size() < reading.rules.max_issues) issues_.push_back(std::move(issue));
}

// Adds a value to a column. Whether it is of the type that was asked for.
bool CsvBlock::cell(const Reading& reading, size_t column, std::string_view text) {
  ColumnPart& part = parts_[column];
  bool null = text.empty();
  for (const std::string& other : reading.rules.null_texts) null |= text == other;
  if (null) {
    part.add_null();
    return true;
  }
  const CsvColumn& as = reading.columns[column];
  const NumberStyle style = as.asked ? NumberStyle::kAny : NumberStyle::kCanonical;
  CsvTypes& types = types_[column];
  switch (as.type) {
    case CsvType::kBoolean:
      if (const auto value = read_boolean(text)) {
        part.add(*value ? 1 : 0);
        types &= bit_of(CsvType::kBoolean);
        return true;
      }
      break;
    case CsvType::kInteger:
      if (const auto value = read_integer(text, style)) {
        part.add(static_cast<uint64_t>(*value));
        const bool exact = std::fabs(static_cast<double>(*value)) <= 9007199254740992.0;
        types &= bit_of(CsvType::kInteger) | (exact ? bit_of(CsvType::kDouble) : 0);
        return true;
      }
      break;
    case CsvType::kDouble:
      if (const auto value = read_double(text, style)) {
        part.add(std::bit_cast<uint64_t>(*value));
        types &= bit_of(CsvType::kDouble);
        return true;
      }
      break;
    case CsvType::kTimestamp:
      if (const auto value = read_timestamp(text)) {
        part.add(static_cast<uint64_t>(*value));
        types &= bit_of(CsvType::kTimestamp);
        return true;
      }
      break;
    case CsvType::kText:
      part.add_text(text);
      if (as.known) types = 0;
      else if (types != 0) types &= types_of(text);
      return true;
  }
  if (types != 0 && !as.asked) types &= types_of(text);
  part.add_null();
  return !as.asked;
}

}  // namespace tenon
