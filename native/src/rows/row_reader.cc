#include "row_reader.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <string_view>

#include "../algorithms/view_kernels.h"
#include "../kernels/table.h"
#include "../tables/utf8.h"
#include "wire_cursor.h"

namespace tenon {
namespace {

// ±(2^53 - 1), the whole numbers that doubles tell apart.
constexpr int64_t kMostWhole = 9007199254740991;

// Field numbers and wire types in one byte, as they are written.
constexpr uint8_t kEntry = 0x0a;  // the entries of a row's map, the only field of both messages
constexpr uint8_t kKey = 0x0a;
constexpr uint8_t kValue = 0x12;

bool copy(const std::vector<float>& features, float* out) noexcept {
  if (features.empty()) return false;
  std::copy(features.begin(), features.end(), out);
  return true;
}

bool put_category(const RowColumn& column, uint32_t place, float* out) noexcept {
  if (place == TextIndex::kAbsent) return copy(column.unknown_features, out);
  if (!column.category_features.empty()) {
    *out = column.category_features[place];
    return true;
  }
  std::fill_n(out, column.width, 0.0f);
  out[place] = 1;
  return true;
}

bool put_number(const RowColumn& column, double value, float* out) noexcept {
  if (!std::isfinite(value)) return false;
  if (column.encoded) {
    const auto found = std::lower_bound(column.numbers.begin(), column.numbers.end(), value,
                                        [](const auto& category, double wanted) { return category.first < wanted; });
    const bool known = found != column.numbers.end() && found->first == value;
    return put_category(column, known ? found->second : TextIndex::kAbsent, out);
  }
  for (const ColumnScale& scale : column.scales) view_kernels().scale(&value, 1, scale);
  *out = static_cast<float>(value);
  return std::isfinite(*out);
}

bool put_text(const RowColumn& column, std::string_view text, float* out) noexcept {
  if (column.type != RowCell::kText) return false;
  const uint32_t place = column.texts.find(text);
  if (place == TextIndex::kAbsent && !is_utf8(reinterpret_cast<const uint8_t*>(text.data()), text.size())) return false;
  return put_category(column, place, out);
}

bool put_boolean(const RowColumn& column, uint8_t value, float* out) noexcept {
  if (column.type != RowCell::kBoolean || value > 1) return false;
  return copy(value == 0 ? column.false_features : column.true_features, out);
}

// The features of `column.width` floats, by way of doubles where they are scaled.
bool scale_floats(const RowColumn& column, float* out, std::vector<double>& doubles) {
  if (column.scales.empty()) return true;
  doubles.assign(out, out + column.width);
  for (const ColumnScale& scale : column.scales) view_kernels().scale(doubles.data(), column.width, scale);
  return view_kernels().to_floats(doubles.data(), column.width, out);
}

bool all_finite(const float* values, size_t count) noexcept {
  const float largest = kernels().f32_magnitude(values, count);
  return largest - largest == 0;
}

bool put_tensor(const RowColumn& column, WireCursor message, float* out, std::vector<double>& doubles) {
  const std::string& head = column.tensor_head;
  if (head.empty() || message.left() != head.size() + column.width * column.element_bytes()) return false;
  if (std::memcmp(message.at(), head.data(), head.size()) != 0) return false;
  const uint8_t* const elements = message.at() + head.size();
  if (column.type == RowCell::kBytes) {
    for (size_t i = 0; i < column.width; ++i) out[i] = column.byte_features[elements[i]];
    return true;
  }
  std::memcpy(out, elements, column.width * sizeof *out);
  return all_finite(out, column.width) && scale_floats(column, out, doubles);
}

// A list of so many numbers.
bool put_numbers(const RowColumn& column, WireCursor list, size_t count, float* out) noexcept {
  constexpr uint8_t kHead[] = {0x0a, 0x09, 0x11};  // an element, nine bytes, a number
  constexpr size_t kStride = sizeof kHead + sizeof(double);
  if (list.left() != count * kStride) return false;
  const uint8_t* at = list.at();
  for (size_t i = 0; i < count; ++i, at += kStride) {
    double value;
    std::memcpy(&value, at + sizeof kHead, sizeof value);
    if (std::memcmp(at, kHead, sizeof kHead) != 0) return false;
    if (column.type == RowCell::kBytes) {
      if (!(value >= 0 && value <= 255) || value != std::floor(value)) return false;
      out[i] = column.byte_features[static_cast<size_t>(value)];
    } else {
      out[i] = static_cast<float>(value);
    }
  }
  return true;
}

// Lists nested as the shape says, from one of its dimensions on; `count` numbers in all.
bool put_nested(const RowColumn& column, size_t dimension, WireCursor list, size_t count, float* out) noexcept {
  if (dimension + 1 == column.shape.size()) return put_numbers(column, list, count, out);
  const size_t inner = count / column.shape[dimension];
  for (size_t i = 0; i < column.shape[dimension]; ++i, out += inner) {
    WireCursor element = list;
    WireCursor below = list;
    if (!list.expect(0x0a) || !list.block(element) || !element.expect(0x32) || !element.block(below) || !element.done()) {
      return false;
    }
    if (!put_nested(column, dimension + 1, below, inner, out)) return false;
  }
  return list.done();
}

// Lists nested as the shape says, or one of all numbers.
bool put_list(const RowColumn& column, WireCursor list, float* out, std::vector<double>& doubles) {
  if (column.type != RowCell::kBytes && column.type != RowCell::kFloats) return false;
  if (!put_numbers(column, list, column.width, out) && !put_nested(column, 0, list, column.width, out)) return false;
  return column.type == RowCell::kBytes || (all_finite(out, column.width) && scale_floats(column, out, doubles));
}

bool is_number(const RowColumn& column) noexcept {
  return column.type == RowCell::kDouble || column.type == RowCell::kInteger;
}

bool put_whole(const RowColumn& column, double value, float* out) noexcept {
  return value >= -kMostWhole && value <= kMostWhole && value == std::floor(value) && put_number(column, value + 0.0, out);
}

// tenon.common.v1.Value; without a field it is null.
struct TypedRow {
  static bool put(const RowColumn& column, WireCursor value, float* out, std::vector<double>& doubles) {
    uint8_t tag;
    if (!value.byte(tag)) return copy(column.null_features, out);
    switch (tag) {
      case 0x08: return value.expect(0) && value.done() && copy(column.null_features, out);
      case 0x10: {
        uint8_t boolean;
        return value.byte(boolean) && value.done() && put_boolean(column, boolean, out);
      }
      case 0x18: {
        uint64_t bits;
        if (!value.varint(bits) || !value.done() || !is_number(column)) return false;
        const auto whole = static_cast<int64_t>(bits);
        return whole >= -kMostWhole && whole <= kMostWhole && put_number(column, static_cast<double>(whole), out);
      }
      case 0x21: {
        double number;
        return value.number(number) && value.done() && column.type == RowCell::kDouble && put_number(column, number, out);
      }
      case 0x2a: {
        std::string_view text;
        return value.block(text) && value.done() && put_text(column, text, out);
      }
      case 0x3a: {
        WireCursor message = value;
        return value.block(message) && value.done() && put_tensor(column, message, out, doubles);
      }
      default: return false;
    }
  }
};

// google.protobuf.Value; without a field it is refused.
struct Record {
  static bool put(const RowColumn& column, WireCursor value, float* out, std::vector<double>& doubles) {
    uint8_t tag;
    if (!value.byte(tag)) return false;
    switch (tag) {
      case 0x08: return value.expect(0) && value.done() && copy(column.null_features, out);
      case 0x11: {
        double number;
        if (!value.number(number) || !value.done()) return false;
        return column.type == RowCell::kDouble ? put_number(column, number, out)
                                                : column.type == RowCell::kInteger && put_whole(column, number, out);
      }
      case 0x1a: {
        std::string_view text;
        return value.block(text) && value.done() && put_text(column, text, out);
      }
      case 0x20: {
        uint8_t boolean;
        return value.byte(boolean) && value.done() && put_boolean(column, boolean, out);
      }
      case 0x32: {
        WireCursor list = value;
        return value.block(list) && value.done() && put_list(column, list, out, doubles);
      }
      default: return false;
    }
  }
};

}  // namespace

// What reading goes on with from row to row.
struct RowReader::Scratch {
  // The column that each entry of the row before was of: rows mostly name their columns in one order.
  std::vector<uint32_t> order;
  // The row, from 1, that each column was last seen in.
  std::vector<size_t> seen;
  std::vector<double> doubles;
};

RowReader::RowReader(std::vector<std::string> names, std::vector<RowColumn> columns)
    : names_(std::move(names)), columns_(std::move(columns)), bytes_(names_.size_bytes()) {
  for (const RowColumn& column : columns_) {
    width_ = std::max(width_, column.offset + column.width);
    bytes_ += sizeof column + column.texts.size_bytes() + column.numbers.size() * sizeof(column.numbers[0]) +
              4 * (column.null_features.size() + column.category_features.size() + column.unknown_features.size() +
                   column.byte_features.size());
  }
}

template <typename Form>
size_t RowReader::read_all(uint8_t tag, const uint8_t* bytes, size_t size, size_t from, size_t rows, float* out) const {
  const size_t count = columns_.size();
  Scratch scratch{std::vector<uint32_t>(count), std::vector<size_t>(count), {}};
  for (uint32_t c = 0; c < count; ++c) scratch.order[c] = c;
  WireCursor message(bytes + from, bytes + size);
  for (size_t row = 1; row <= rows; ++row, out += width_) {
    WireCursor entries = message;
    if (!message.expect(tag) || !message.block(entries)) return kUnusual;
    for (uint32_t& guess : scratch.order) {
      WireCursor entry = entries;
      WireCursor value = entries;
      std::string_view name;
      if (!entries.expect(kEntry) || !entries.block(entry)) return kUnusual;
      if (!entry.expect(kKey) || !entry.block(name) || !entry.expect(kValue) || !entry.block(value) || !entry.done()) {
        return kUnusual;
      }
      if (!names_.is(guess, name)) {
        const uint32_t found = names_.find(name);
        if (found == TextIndex::kAbsent) return kUnusual;
        guess = found;
      }
      // As many entries as columns and none twice: none is missing.
      if (scratch.seen[guess] == row) return kUnusual;
      scratch.seen[guess] = row;
      const RowColumn& column = columns_[guess];
      if (!Form::put(column, value, out + column.offset, scratch.doubles)) return kUnusual;
    }
    if (!entries.done()) return kUnusual;
  }
  return static_cast<size_t>(message.at() - bytes);
}

size_t RowReader::read(RowForm form, uint8_t tag, const uint8_t* bytes, size_t size, size_t from, size_t rows,
                       float* out) const {
  if (from > size) return kUnusual;
  return form == RowForm::kTyped ? read_all<TypedRow>(tag, bytes, size, from, rows, out)
                                 : read_all<Record>(tag, bytes, size, from, rows, out);
}

}  // namespace tenon
