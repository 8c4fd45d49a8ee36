#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "cell_text.h"

namespace tenon {

// A column's values in some rows, as they are read.
class ColumnPart {
 public:
  // Empty, of a type; memory is kept.
  void reset(CsvType type) noexcept {
    type_ = type;
    rows_ = nulls_ = 0;
    text_.clear();
  }

  void add_null() {
    make_room();
    values_[rows_] = 0;
    present_[rows_++] = 0;
    ++nulls_;
  }
  // A value's bits: of a double, an integer, microseconds, or 0 and 1.
  void add(uint64_t bits) {
    make_room();
    values_[rows_] = bits;
    present_[rows_++] = 1;
  }
  void add_text(std::string_view text) {
    make_room();
    values_[rows_] = text.size();
    present_[rows_++] = 1;
    text_.insert(text_.end(), text.begin(), text.end());
  }

  // Takes the last one away.
  void remove_last() noexcept {
    --rows_;
    if (present_[rows_] == 0) --nulls_;
    else if (type_ == CsvType::kText) text_.resize(text_.size() - values_[rows_]);
  }

  CsvType type() const noexcept { return type_; }
  size_t rows() const noexcept { return rows_; }
  size_t nulls() const noexcept { return nulls_; }
  // One for each row, 0 where it is null: a value's bits, or a text's length in bytes.
  const uint64_t* values() const noexcept { return values_.data(); }
  // 1 for each row that has a value, 0 for others.
  const uint8_t* present() const noexcept { return present_.data(); }
  // The texts one after the other.
  const std::vector<char>& text() const noexcept { return text_; }

 private:
  [[gnu::always_inline]] void make_room() {
    if (rows_ == values_.size()) [[unlikely]] grow();
  }
  [[gnu::noinline]] void grow() {
    const size_t rows = values_.empty() ? 32 : 2 * values_.size();
    values_.resize(rows);
    present_.resize(rows);
  }

  CsvType type_ = CsvType::kText;
  size_t rows_ = 0;
  size_t nulls_ = 0;
  std::vector<uint64_t> values_;
  std::vector<uint8_t> present_;
  std::vector<char> text_;
};

}  // namespace tenon
