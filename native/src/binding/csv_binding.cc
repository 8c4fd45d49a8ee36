#include "csv_binding.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "../kernels/table.h"
#include "../tables/csv_reader.h"
#include "../tables/memory_sink.h"
#include "../tables/parquet_sink.h"
#include "arguments.h"
#include "async_task.h"
#include "model_binding.h"

namespace tenon {
namespace {

constexpr double kLargest = 9007199254740991.0;

std::string text_of(Napi::Env env, const Napi::Value& value, const char* name) {
  if (!value.IsString()) throw Napi::TypeError::New(env, std::string(name) + " must be a string");
  return value.As<Napi::String>().Utf8Value();
}

std::vector<std::string> texts(Napi::Env env, const Napi::Object& options, const char* name) {
  const Napi::Value given = options.Get(name);
  if (!given.IsArray()) throw Napi::TypeError::New(env, std::string(name) + " must be an array");
  const Napi::Array array = given.As<Napi::Array>();
  std::vector<std::string> values;
  for (uint32_t i = 0; i < array.Length(); ++i) values.push_back(text_of(env, array.Get(i), name));
  return values;
}

// Both results need what was found; one of them the columns as well.
struct Read {
  CsvResult found;
  std::unique_ptr<MemorySink> memory;
  bool whole_groups = false;
};

// A typed array over memory that is handed over.
template <typename Array, typename T>
Napi::Value array_of(Napi::Env env, Buffer<T>& values, size_t count) {
  if (count == 0) return Array::New(env, 0);
  auto owner = std::make_unique<Buffer<T>>(std::move(values));
  const auto buffer = Napi::ArrayBuffer::New(
      env, owner->data(), count * sizeof(T), [](Napi::Env, void*, Buffer<T>* mine) { delete mine; }, owner.get());
  (void)owner.release();
  return Array::New(env, count, buffer, 0);
}

Napi::Value column_of(Napi::Env env, MemoryColumn& column, size_t rows) {
  Napi::Object result = Napi::Object::New(env);
  switch (column.type) {
    case CsvType::kBoolean: result["values"] = array_of<Napi::Uint8Array>(env, column.booleans, rows); break;
    case CsvType::kDouble: {
      // The bits are those of doubles already.
      Napi::TypedArray bits = array_of<Napi::BigUint64Array>(env, column.values, rows).As<Napi::TypedArray>();
      result["values"] = Napi::Float64Array::New(env, rows, bits.ArrayBuffer(), 0);
      break;
    }
    case CsvType::kText: {
      Napi::Array dictionary = Napi::Array::New(env, column.dictionary.size());
      for (size_t i = 0; i < column.dictionary.size(); ++i) {
        dictionary[static_cast<uint32_t>(i)] = Napi::String::New(env, column.dictionary[i]);
      }
      result["values"] = array_of<Napi::Uint32Array>(env, column.codes, rows);
      result["dictionary"] = dictionary;
      break;
    }
    default: result["values"] = array_of<Napi::BigInt64Array>(env, column.values, rows);
  }
  result["validity"] = column.nulls == 0 ? env.Null() : array_of<Napi::Uint8Array>(env, column.present, rows);
  return result;
}

Napi::Value issues_of(Napi::Env env, const std::vector<CsvIssue>& issues) {
  Napi::Array result = Napi::Array::New(env, issues.size());
  for (size_t i = 0; i < issues.size(); ++i) {
    Napi::Object issue = Napi::Object::New(env);
    issue["line"] = Napi::Number::New(env, static_cast<double>(issues[i].line));
    issue["field"] = Napi::Number::New(env, static_cast<double>(issues[i].field));
    issue["fault"] = Napi::Number::New(env, static_cast<double>(issues[i].fault));
    issue["found"] = Napi::Number::New(env, static_cast<double>(issues[i].found));
    issue["bound"] = Napi::Number::New(env, static_cast<double>(issues[i].bound));
    issue["text"] = Napi::String::New(env, issues[i].text);
    result[static_cast<uint32_t>(i)] = issue;
  }
  return result;
}

Napi::Value result_of(Napi::Env env, Read& read) {
  const CsvResult& found = read.found;
  Napi::Object result = Napi::Object::New(env);
  Napi::Array names = Napi::Array::New(env, found.names.size());
  for (size_t c = 0; c < found.names.size(); ++c) names[static_cast<uint32_t>(c)] = Napi::String::New(env, found.names[c]);
  Napi::Array types = Napi::Array::New(env, found.types.size());
  for (size_t c = 0; c < found.types.size(); ++c) {
    types[static_cast<uint32_t>(c)] = Napi::Number::New(env, static_cast<double>(found.types[c]));
  }
  result["names"] = names;
  result["types"] = types;
  result["columnCount"] = Napi::Number::New(env, static_cast<double>(found.column_count));
  result["headerLine"] = Napi::Number::New(env, static_cast<double>(found.header_line));
  result["endlessHeader"] = Napi::Boolean::New(env, found.endless_header);
  result["unclosedQuoteLine"] = Napi::Number::New(env, static_cast<double>(found.unclosed_quote_line));
  result["rowCount"] = Napi::Number::New(env, static_cast<double>(found.rows));
  result["badRowCount"] = Napi::Number::New(env, static_cast<double>(found.bad_rows));
  result["issues"] = issues_of(env, found.issues);
  Napi::Array columns = Napi::Array::New(env);
  if (read.memory != nullptr) {
    uint32_t c = 0;
    for (MemoryColumn& column : read.memory->columns()) columns[c++] = column_of(env, column, read.memory->rows());
  }
  result["columns"] = columns;
  result["wholeGroups"] = Napi::Boolean::New(env, read.whole_groups);
  return result;
}

// (path, output | null, options: {...}, control | null) → Promise of what was found, and the columns if there is no
// output.
Napi::Value read(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  CsvOptions options;
  options.path = text_of(env, info[0], "path");
  std::string output = info[1].IsNull() ? std::string() : text_of(env, info[1], "output");
  if (!info[2].IsObject()) throw Napi::TypeError::New(env, "options must be an object");
  const Napi::Object given = info[2].As<Napi::Object>();
  const auto whole = [option = options_reader(info, 2)](const char* name, double low, double high) {
    return static_cast<uint64_t>(option(name, low, high));
  };
  options.start = whole("start", 0, kLargest);
  options.rules.delimiter = static_cast<uint8_t>(whole("delimiter", 1, 127));
  options.rules.null_texts = texts(env, given, "nullTexts");
  options.rules.max_row_bytes = whole("maxRowBytes", 1, 1 << 22);
  options.rules.max_issues = whole("maxIssues", 1, 1e6);
  const size_t group_rows = whole("groupRows", 1, 1 << 20);
  options.max_columns = whole("maxColumns", 1, 1e6);
  options.stop_early = given.Get("stopEarly").ToBoolean().Value();
  const std::vector<std::string> names = texts(env, given, "askedNames");
  const Napi::Value types = given.Get("askedTypes");
  if (!types.IsArray() || types.As<Napi::Array>().Length() != names.size()) {
    throw Napi::TypeError::New(env, "askedTypes must be an array as long as askedNames");
  }
  for (uint32_t i = 0; i < names.size(); ++i) {
    const Napi::Value type = types.As<Napi::Array>().Get(i);
    const double number = type.IsNumber() ? type.As<Napi::Number>().DoubleValue() : -1;
    if (!(number >= 0 && number <= 4)) throw Napi::RangeError::New(env, "askedTypes must be from 0 to 4");
    options.asked.emplace_back(names[i], static_cast<CsvType>(static_cast<int>(number)));
  }
  return run_async(
      env, info[3],
      [options = std::move(options), output = std::move(output), group_rows](TaskControl& control) {
        Read read;
        if (output.empty()) {
          read.memory = std::make_unique<MemorySink>();
          read.found = read_csv(options, *read.memory, control);
        } else {
          ParquetSink sink(output, group_rows);
          read.found = read_csv(options, sink, control);
          read.whole_groups = sink.whole_groups();
        }
        return read;
      },
      [](Napi::Env env, Read& read) -> Napi::Value { return result_of(env, read); });
}

// (text, delimiter, marks) → whether all bytes are ASCII without NUL. `text` is whole words of 64 bytes; each has two
// marks, for its first 32 bytes and its last.
Napi::Value mark(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const uint8_t delimiter = static_cast<uint8_t>(integer(info, 1, "delimiter", 1, 127));
  const auto text = span<uint8_t>(info, 0, "text");
  const size_t words = text.size / 64;
  const auto marks = span<uint32_t>(info, 2, "marks", 2 * words);
  if (text.size % 64 != 0) throw Napi::RangeError::New(env, "text must be whole words of 64 bytes");
  std::vector<uint64_t> found(words);
  const bool plain = kernels().u8_mark(text.data, words, delimiter, found.data());
  for (size_t w = 0; w < words; ++w) {
    marks.data[2 * w] = static_cast<uint32_t>(found[w]);
    marks.data[2 * w + 1] = static_cast<uint32_t>(found[w] >> 32);
  }
  return Napi::Boolean::New(env, plain);
}

}  // namespace

void register_csv(Napi::Env env, Napi::Object exports) {
  exports["csvRead"] = Napi::Function::New<read>(env, "csvRead");
  exports["csvMark"] = Napi::Function::New<mark>(env, "csvMark");
}

}  // namespace tenon
