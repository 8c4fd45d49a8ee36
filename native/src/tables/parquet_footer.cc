#include "parquet_footer.h"

namespace tenon {
namespace {

// Numbers of parquet.thrift.
constexpr int32_t kTypeBoolean = 0, kTypeInt64 = 2, kTypeDouble = 5, kTypeByteArray = 6;
constexpr int32_t kConvertedUtf8 = 0, kConvertedTimestampMicros = 10;
constexpr int32_t kOptional = 1;
constexpr int32_t kPlain = 0, kRle = 3;
constexpr int32_t kUncompressed = 0;
constexpr int32_t kDataPage = 0;

int32_t physical(CsvType type) noexcept {
  switch (type) {
    case CsvType::kBoolean: return kTypeBoolean;
    case CsvType::kDouble: return kTypeDouble;
    case CsvType::kText: return kTypeByteArray;
    default: return kTypeInt64;
  }
}

}  // namespace

void ThriftBytes::field(int id, uint8_t type) {
  const int step = id - last_.back();
  last_.back() = id;
  if (step > 0 && step <= 15) {
    bytes_.push_back(static_cast<uint8_t>(step << 4 | type));
  } else {
    bytes_.push_back(type);
    zigzag(id);
  }
}

void ThriftBytes::list(uint8_t type, size_t count) {
  if (count < 15) {
    bytes_.push_back(static_cast<uint8_t>(count << 4 | type));
  } else {
    bytes_.push_back(static_cast<uint8_t>(0xf0 | type));
    varint(count);
  }
}

void ThriftBytes::varint(uint64_t value) {
  for (; value >= 0x80; value >>= 7) bytes_.push_back(static_cast<uint8_t>(value | 0x80));
  bytes_.push_back(static_cast<uint8_t>(value));
}

void ThriftBytes::text(std::string_view value) {
  varint(value.size());
  bytes_.insert(bytes_.end(), value.begin(), value.end());
}

std::vector<uint8_t> parquet_page_header(size_t values, size_t bytes) {
  ThriftBytes page;
  page.begin();
  page.field_i32(1, kDataPage);
  page.field_i32(2, static_cast<int32_t>(bytes));
  page.field_i32(3, static_cast<int32_t>(bytes));
  page.field_struct(5);
  page.field_i32(1, static_cast<int32_t>(values));
  page.field_i32(2, kPlain);
  page.field_i32(3, kRle);
  page.field_i32(4, kRle);
  page.end();
  page.end();
  return page.bytes();
}

std::vector<uint8_t> parquet_footer(const std::vector<CsvType>& types, const std::vector<ParquetGroup>& groups) {
  const auto name = [](size_t c) { return std::string("c").append(std::to_string(c)); };
  uint64_t rows = 0;
  for (const ParquetGroup& group : groups) rows += group.rows;
  ThriftBytes file;
  file.begin();
  file.field_i32(1, 1);
  file.field_structs(2, types.size() + 1);
  file.begin();
  file.field_text(4, "table");
  file.field_i32(5, static_cast<int32_t>(types.size()));
  file.end();
  for (size_t c = 0; c < types.size(); ++c) {
    file.begin();
    file.field_i32(1, physical(types[c]));
    file.field_i32(3, kOptional);
    file.field_text(4, name(c));
    if (types[c] == CsvType::kText) file.field_i32(6, kConvertedUtf8);
    if (types[c] == CsvType::kTimestamp) {
      file.field_i32(6, kConvertedTimestampMicros);
      // The newer form, as the older one means times in UTC.
      file.field_struct(10);
      file.field_struct(8);
      file.field_bool(1, false);
      file.field_struct(2);
      file.field_struct(2);
      file.end();
      file.end();
      file.end();
      file.end();
    }
    file.end();
  }
  file.field_i64(3, static_cast<int64_t>(rows));
  file.field_structs(4, groups.size());
  for (const ParquetGroup& group : groups) {
    file.begin();
    file.field_structs(1, types.size());
    uint64_t bytes = 0;
    for (size_t c = 0; c < types.size(); ++c) {
      const ParquetChunk& chunk = group.columns[c];
      bytes += chunk.bytes;
      file.begin();
      file.field_i64(2, static_cast<int64_t>(chunk.offset));
      file.field_struct(3);
      file.field_i32(1, physical(types[c]));
      file.field_i32s(2, 2);
      file.element(kPlain);
      file.element(kRle);
      file.field_texts(3, 1);
      file.element(name(c));
      file.field_i32(4, kUncompressed);
      file.field_i64(5, static_cast<int64_t>(chunk.values));
      file.field_i64(6, static_cast<int64_t>(chunk.bytes));
      file.field_i64(7, static_cast<int64_t>(chunk.bytes));
      file.field_i64(9, static_cast<int64_t>(chunk.offset));
      file.end();
      file.end();
    }
    file.field_i64(2, static_cast<int64_t>(bytes));
    file.field_i64(3, static_cast<int64_t>(group.rows));
    file.end();
  }
  file.end();
  return file.bytes();
}

}  // namespace tenon
