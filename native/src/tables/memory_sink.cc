#include "memory_sink.h"

#include <algorithm>
#include <cstring>

#include "../runtime/thread_pool.h"

namespace tenon {
namespace {

// Room beyond what the rows so far let expect; memory that is not touched costs nothing.
constexpr double kSpare = 1.1;

template <typename T>
void grow(Buffer<T>& buffer, size_t kept, size_t capacity) {
  Buffer<T> larger(capacity);
  if (kept > 0) std::memcpy(larger.data(), buffer.data(), kept * sizeof(T));
  buffer = std::move(larger);
}

}  // namespace

void MemorySink::begin(const std::vector<CsvType>& types) {
  columns_.clear();
  columns_.resize(types.size());
  for (size_t c = 0; c < types.size(); ++c) columns_[c].type = types[c];
  rows_ = capacity_ = 0;
}

void MemorySink::add(const std::vector<CsvBlock>& blocks, size_t count, double share) {
  std::vector<size_t> at(count);
  size_t rows = rows_;
  for (size_t b = 0; b < count; ++b) {
    at[b] = rows;
    rows += blocks[b].rows();
  }
  if (rows > capacity_) {
    const double expected = static_cast<double>(rows - rows_) / share * kSpare;
    capacity_ = std::max({rows, 2 * capacity_, static_cast<size_t>(std::min(expected, 1e15))});
    for (MemoryColumn& column : columns_) reserve(column, capacity_);
  }
  ThreadPool::instance().parallel_for(columns_.size(), 1, [&](size_t c, size_t) {
    for (size_t b = 0; b < count; ++b) copy(columns_[c], blocks[b].parts()[c], at[b]);
  });
  rows_ = rows;
}

void MemorySink::reserve(MemoryColumn& column, size_t rows) const {
  if (column.type == CsvType::kText) grow(column.codes, rows_, rows);
  else if (column.type == CsvType::kBoolean) grow(column.booleans, rows_, rows);
  else grow(column.values, rows_, rows);
  grow(column.present, rows_, rows);
}

void MemorySink::copy(MemoryColumn& column, const ColumnPart& part, size_t at) {
  const size_t rows = part.rows();
  if (rows == 0) return;
  std::memcpy(column.present.data() + at, part.present(), rows);
  column.nulls += part.nulls();
  if (column.type == CsvType::kBoolean) {
    for (size_t row = 0; row < rows; ++row) column.booleans[at + row] = static_cast<uint8_t>(part.values()[row]);
  } else if (column.type != CsvType::kText) {
    std::memcpy(column.values.data() + at, part.values(), rows * sizeof(uint64_t));
  } else {
    const char* text = part.text().data();
    std::string key;
    for (size_t row = 0; row < rows; ++row) {
      if (part.present()[row] == 0) {
        column.codes[at + row] = 0;
        continue;
      }
      key.assign(text, part.values()[row]);
      text += part.values()[row];
      const auto [entry, fresh] = column.known.try_emplace(key, static_cast<uint32_t>(column.dictionary.size()));
      if (fresh) column.dictionary.push_back(key);
      column.codes[at + row] = entry->second;
    }
  }
}

}  // namespace tenon
