#include "column_views.h"

#include <algorithm>
#include <string>

#include "arguments.h"

namespace tenon {
namespace {

struct Rows {
  const uint32_t* data;
  bool ascending;
  size_t end;  // one beyond the highest
};

class Reader {
 public:
  Reader(const Napi::CallbackInfo& info, size_t first, size_t rows)
      : env_(info.Env()), rows_(rows) {
    const Napi::Value list = info[first];
    if (!list.IsArray()) throw Napi::TypeError::New(env_, "arrays must be an Array");
    const auto array = list.As<Napi::Array>();
    const uint32_t count = array.Length();
    // Getting an element may run JavaScript: all of them first, then what they hold.
    std::vector<napi_value> values;
    for (uint32_t i = 0; i < count; ++i) values.push_back(array.Get(i));
    for (const napi_value value : values) arrays_.push_back(any_span(env_, value, "arrays"));
    layout_ = span<const double>(info, first + 1, "layout");
    looked_at_.resize(count);
  }

  std::vector<FeatureColumn> read() {
    std::vector<FeatureColumn> columns;
    size_t at = 0;
    while (at < layout_.size) {
      if (layout_.size - at < kViewFields) throw refused("ends within a column");
      columns.push_back(column(layout_.data + at));
      const size_t scales = columns.back().view.scales.size();
      const double* const from = layout_.data + at + kViewFields;
      for (size_t s = 0; s < scales; ++s) {
        const double* const four = from + 4 * s;
        columns.back().view.scales[s] = {four[0], four[1], four[2], four[3]};
      }
      at += kViewFields + 4 * scales;
    }
    return columns;
  }

  const std::vector<AnySpan>& arrays() const { return arrays_; }

 private:
  Napi::RangeError refused(const std::string& why) const { return Napi::RangeError::New(env_, "layout " + why); }

  size_t whole(const double* fields, size_t field, double least, double most) const {
    const double value = fields[field];
    // Written so that NaN fails.
    if (!(value >= least && value <= most) || value != static_cast<double>(static_cast<size_t>(value))) {
      throw refused("field " + std::to_string(field) + " " + std::to_string(value) + " must be an integer from " +
                    std::to_string(least) + " to " + std::to_string(most));
    }
    return static_cast<size_t>(value);
  }

  const AnySpan& array(const double* fields, size_t field, size_t* index = nullptr) const {
    const size_t at = whole(fields, field, 0, static_cast<double>(arrays_.size()) - 1);
    if (index != nullptr) *index = at;
    return arrays_[at];
  }

  FeatureColumn column(const double* fields) {
    constexpr double kMost = 9007199254740991.0;
    FeatureColumn column{};
    ColumnView& view = column.view;
    const AnySpan& values = array(fields, kValuesField);
    view.type = type_of(values);
    view.values = values.data;
    view.elements = whole(fields, kElementsField, 1, kMost);
    if (view.elements != 1 && view.type != CellType::kF32 && view.type != CellType::kU8) {
      throw refused("has cells of many elements that are neither Float32Array nor Uint8Array");
    }
    const size_t cells = values.size / view.elements;
    if (cells == 0 && rows_ > 0) throw refused("has fewer values than rows");
    if (fields[kValidityField] != -1) {
      const AnySpan& validity = array(fields, kValidityField);
      if (validity.type != napi_uint8_array || validity.size < cells) throw refused("has a validity that is too short");
      view.validity = static_cast<const uint8_t*>(validity.data);
    }
    if (fields[kRowsField] != -1) {
      const Rows& rows = rows_at(fields);
      if (rows.end > cells) throw refused("has rows beyond its values");
      view.rows = rows.data;
      view.ascending = rows.ascending;
    } else if (cells < rows_) {
      throw refused("has fewer values than rows");
    }
    view.is_number = whole(fields, kIsNumberField, 0, 1) != 0;
    view.has_absent = whole(fields, kHasAbsentField, 0, 1) != 0;
    view.absent = fields[kAbsentField];
    column.offset = whole(fields, kOffsetField, 0, kMost);
    column.width = whole(fields, kWidthField, 0, kMost);
    const auto behind = static_cast<size_t>(layout_.data + layout_.size - (fields + kViewFields));
    view.scales.resize(whole(fields, kScalesField, 0, static_cast<double>(behind / 4)));
    return column;
  }

  CellType type_of(const AnySpan& values) const {
    switch (values.type) {
      case napi_float64_array: return CellType::kF64;
      case napi_bigint64_array: return CellType::kI64;
      case napi_float32_array: return CellType::kF32;
      case napi_int32_array: return CellType::kI32;
      case napi_uint32_array: return CellType::kU32;
      case napi_uint8_array: return CellType::kU8;
      default:
        throw Napi::TypeError::New(env_, std::string("values must not be ") + arguments_detail::name_of(values.type));
    }
  }

  const Rows& rows_at(const double* fields) {
    size_t index = 0;
    const AnySpan& found = array(fields, kRowsField, &index);
    Rows& rows = looked_at_[index];
    if (rows.data != nullptr || rows_ == 0) return rows;
    if (found.type != napi_uint32_array || found.size != rows_) {
      throw refused("must have " + std::to_string(rows_) + " rows in a Uint32Array");
    }
    const auto* const data = static_cast<const uint32_t*>(found.data);
    uint32_t highest = data[0];
    uint32_t falls = 0;
    for (size_t i = 1; i < rows_; ++i) {
      highest = std::max(highest, data[i]);
      falls |= data[i] <= data[i - 1] ? 1u : 0u;
    }
    rows = {data, falls == 0, size_t{highest} + 1};
    return rows;
  }

  Napi::Env env_;
  size_t rows_;
  Span<const double> layout_;
  std::vector<AnySpan> arrays_;
  std::vector<Rows> looked_at_;
};

}  // namespace

ColumnViews::ColumnViews(const Napi::CallbackInfo& info, size_t first, size_t rows) {
  Reader reader(info, first, rows);
  columns = reader.read();
  for (const AnySpan& array : reader.arrays()) read_.push_back({array.data, array.bytes});
}

void ColumnViews::refuse_overlap(Napi::Env env, const char* name, const void* data, size_t bytes) const {
  const auto* const begin = static_cast<const char*>(data);
  for (const Bytes& array : read_) {
    const auto* const other = static_cast<const char*>(array.data);
    if (bytes > 0 && array.size > 0 && begin < other + array.size && other < begin + bytes) {
      throw Napi::RangeError::New(env, std::string(name) + " overlaps an input in memory");
    }
  }
}

}  // namespace tenon
