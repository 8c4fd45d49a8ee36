#include "row_reader_binding.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <new>
#include <string>
#include <utility>
#include <vector>

#include "../rows/row_reader.h"
#include "arguments.h"
#include "handle.h"
#include "model_binding.h"

namespace tenon {
namespace {

constexpr size_t kMostFeatures = size_t{1} << 31;

struct ReaderModel : RowReader {
  static constexpr napi_type_tag kTypeTag = {0x91c6f7d40b2e48a3ull, 0x5be07d1f64c39a82ull};
  static constexpr const char* kTypeName = "a row reader";
  using RowReader::RowReader;
};

using ReaderHandle = Handle<ReaderModel>;

Napi::Error wrong(Napi::Env env, const char* name, const std::string& why) {
  return Napi::RangeError::New(env, std::string(name) + " " + why);
}

// The numbers of a property, so many; or none where that has a meaning.
std::vector<float> floats(const Napi::Object& column, const char* name, size_t length, bool optional = true) {
  const auto given = span<float>(column.Env(), column.Get(name), name);
  if (given.size != length && !(optional && given.size == 0)) {
    throw wrong(column.Env(), name, "has " + std::to_string(given.size) + " elements, must have " + std::to_string(length));
  }
  return {given.begin(), given.end()};
}

std::string bytes(Napi::Env env, const Napi::Value& value, const char* name) {
  const auto given = span<uint8_t>(env, value, name);
  return {reinterpret_cast<const char*>(given.data), given.size};
}

template <typename T>
std::vector<T> copied(Napi::Env env, const Napi::Value& value, const char* name) {
  const auto given = span<T>(env, value, name);
  return {given.begin(), given.end()};
}

// Texts one behind the other, and where each ends.
std::vector<std::string> texts(Napi::Env env, const Napi::Value& joined, const Napi::Value& ends, const char* name) {
  const std::string all = bytes(env, joined, name);
  std::vector<std::string> found;
  size_t from = 0;
  for (const uint32_t end : copied<uint32_t>(env, ends, name)) {
    if (end < from || end > all.size()) throw wrong(env, name, "must end one behind the other");
    found.push_back(all.substr(from, end - from));
    from = end;
  }
  return found;
}

void read_categories(const Napi::Object& given, RowColumn& column) {
  const Napi::Env env = given.Env();
  std::vector<std::string> names = texts(env, given.Get("texts"), given.Get("textEnds"), "texts");
  const auto numbers = copied<double>(env, given.Get("numbers"), "numbers");
  const auto places = copied<uint32_t>(env, given.Get("places"), "places");
  const bool is_text = column.type == RowCell::kText;
  const size_t count = static_cast<size_t>(number_property(env, given, "categoryCount", 0, kMostFeatures));
  if (is_text ? names.size() != count || !numbers.empty() : !names.empty() || numbers.size() > count) {
    throw wrong(env, "texts", "and numbers must be the categories");
  }
  if (places.size() != numbers.size()) throw wrong(env, "places", "must be as many as numbers");
  for (size_t i = 0; i < numbers.size(); ++i) {
    if (!std::isfinite(numbers[i])) throw wrong(env, "numbers", "must be finite");
    if (places[i] >= count) throw wrong(env, "places", "must be below " + std::to_string(count));
    column.numbers.emplace_back(numbers[i], places[i]);
  }
  std::sort(column.numbers.begin(), column.numbers.end());
  column.texts = TextIndex(std::move(names));
  column.category_features = floats(given, "categoryFeatures", count);
  // Without features of their own, categories are places among the column's.
  if (column.category_features.empty() ? count > column.width : column.width != 1) {
    throw wrong(env, "width", std::to_string(column.width) + " does not fit " + std::to_string(count) + " categories");
  }
}

RowColumn column_of(const Napi::Object& given) {
  const Napi::Env env = given.Env();
  const auto whole = [&](const char* name, double low, double high) {
    return static_cast<size_t>(number_property(env, given, name, low, high));
  };
  RowColumn column;
  column.type = static_cast<RowCell>(whole("type", 0, static_cast<double>(RowCell::kBytes)));
  column.offset = whole("offset", 0, kMostFeatures);
  column.width = whole("width", 1, kMostFeatures);
  column.null_features = floats(given, "nullFeatures", column.width);
  column.unknown_features = floats(given, "unknownFeatures", column.width);
  column.false_features = floats(given, "falseFeatures", column.width);
  column.true_features = floats(given, "trueFeatures", column.width);
  column.byte_features = floats(given, "byteFeatures", column.type == RowCell::kBytes ? 256 : 0, false);
  column.tensor_head = bytes(env, given.Get("tensorHead"), "tensorHead");
  const auto scales = copied<double>(env, given.Get("scales"), "scales");
  if (scales.size() % 4 != 0) throw wrong(env, "scales", "must be four numbers each");
  for (size_t i = 0; i < scales.size(); i += 4) {
    column.scales.push_back({scales[i], scales[i + 1], scales[i + 2], scales[i + 3]});
  }
  size_t elements = 1;
  for (const uint32_t size : copied<uint32_t>(env, given.Get("shape"), "shape")) {
    column.shape.push_back(size);
    elements = product(env, "shape", elements, size);
  }
  column.encoded = given.Get("encoded").ToBoolean().Value();
  const bool scalar = column.type <= RowCell::kText;
  if (column.encoded) {
    read_categories(given, column);
  } else if (column.type == RowCell::kText || (scalar && column.type != RowCell::kBoolean && column.width != 1)) {
    throw wrong(env, "encoded", "must be true of texts and of more than one feature");
  }
  if (column.encoded && !scalar) throw wrong(env, "encoded", "must be false of arrays");
  if (scalar ? !column.shape.empty() : column.shape.empty() || elements != column.width) {
    throw wrong(env, "shape", "must have as many elements as the column is wide");
  }
  return column;
}

// (names, nameEnds, columns: {...}[]) → a reader
Napi::Value create(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  std::vector<std::string> names = texts(env, info[0], info[1], "names");
  if (!info[2].IsArray() || info[2].As<Napi::Array>().Length() != names.size()) {
    throw Napi::TypeError::New(env, "columns must be an array as long as names");
  }
  std::vector<RowColumn> columns;
  for (uint32_t i = 0; i < names.size(); ++i) {
    // Each column's values are given up with it.
    const Napi::HandleScope scope(env);
    const Napi::Value column = info[2].As<Napi::Array>().Get(i);
    if (!column.IsObject()) throw Napi::TypeError::New(env, "columns must be objects");
    columns.push_back(column_of(column.As<Napi::Object>()));
  }
  auto reader = std::make_shared<const ReaderModel>(std::move(names), std::move(columns));
  const size_t size = reader->size_bytes();
  return ReaderHandle::make(env, std::move(reader), size);
}

// (reader, typed, tag, bytes, from, rows, out, at) → where the next row would begin, or -1 where rows are unusual
Napi::Value read(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const auto reader = ReaderHandle::get(info, 0, "reader");
  const RowForm form = boolean(info, 1, "typed") ? RowForm::kTyped : RowForm::kRecord;
  const auto tag = static_cast<uint8_t>(integer(info, 2, "tag", 0, 127));
  const size_t from = integer(info, 4, "from", 0, size_t{1} << 52);
  const size_t rows = integer(info, 5, "rows", 0, kMostFeatures);
  const size_t at = integer(info, 7, "at", 0, size_t{1} << 52);
  const auto message = span<uint8_t>(info, 3, "bytes");
  const auto out = span<float>(info, 6, "out");
  const size_t needed = product(env, "rows x features", rows, reader->width());
  if (at > out.size || needed > out.size - at) {
    throw wrong(env, "out", "has no room for " + std::to_string(needed) + " features at " + std::to_string(at));
  }
  try {
    const size_t next = reader->read(form, tag, message.data, message.size, from, rows, out.data + at);
    return Napi::Number::New(env, next == RowReader::kUnusual ? -1 : static_cast<double>(next));
  } catch (const std::bad_alloc&) {
    throw wrong(env, "rows", "find no memory to be read with");
  }
}

// (reader)
Napi::Value dispose(const Napi::CallbackInfo& info) {
  ReaderHandle::dispose(info, 0, "reader");
  return info.Env().Undefined();
}

}  // namespace

void register_row_reader(Napi::Env env, Napi::Object exports) {
  exports["rowReaderCreate"] = Napi::Function::New<create>(env, "rowReaderCreate");
  exports["rowReaderRead"] = Napi::Function::New<read>(env, "rowReaderRead");
  exports["rowReaderDispose"] = Napi::Function::New<dispose>(env, "rowReaderDispose");
}

}  // namespace tenon
