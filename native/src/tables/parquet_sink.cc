#include "parquet_sink.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string_view>
#include <system_error>

#include "../runtime/thread_pool.h"

namespace tenon {
namespace {

constexpr std::string_view kMagic = "PAR1";

[[noreturn]] void fail(const char* what) { throw std::system_error(errno, std::generic_category(), what); }

void append(std::vector<uint8_t>& bytes, const void* from, size_t count) {
  const uint8_t* const first = static_cast<const uint8_t*>(from);
  bytes.insert(bytes.end(), first, first + count);
}

void append_varint(std::vector<uint8_t>& bytes, uint64_t value) {
  for (; value >= 0x80; value >>= 7) bytes.push_back(static_cast<uint8_t>(value | 0x80));
  bytes.push_back(static_cast<uint8_t>(value));
}

// One bit for each of 8 bytes of 0 or 1, the first one the lowest.
uint8_t bits_of(const uint8_t* bytes) noexcept {
  uint64_t word;
  std::memcpy(&word, bytes, 8);
  return static_cast<uint8_t>(word * 0x0102040810204080ull >> 56);
}

// Which rows have values: one run of ones, or as many bits.
void append_levels(std::vector<uint8_t>& page, const ColumnPart& part) {
  const size_t length_at = page.size();
  page.resize(length_at + 4);
  if (part.nulls() == 0) {
    append_varint(page, part.rows() << 1);
    page.push_back(1);
  } else {
    const size_t groups = (part.rows() + 7) / 8;
    append_varint(page, groups << 1 | 1);
    size_t row = 0;
    for (; row + 8 <= part.rows(); row += 8) page.push_back(bits_of(part.present() + row));
    if (row < part.rows()) {
      uint8_t rest[8] = {};
      std::memcpy(rest, part.present() + row, part.rows() - row);
      page.push_back(bits_of(rest));
    }
  }
  const uint32_t length = static_cast<uint32_t>(page.size() - length_at - 4);
  std::memcpy(page.data() + length_at, &length, 4);
}

// The values that are there.
void append_values(std::vector<uint8_t>& page, const ColumnPart& part) {
  const uint64_t* const values = part.values();
  const uint8_t* const present = part.present();
  if (part.type() == CellType::kText) {
    const char* text = part.text().data();
    for (size_t row = 0; row < part.rows(); ++row) {
      if (present[row] == 0) continue;
      const uint32_t length = static_cast<uint32_t>(values[row]);
      append(page, &length, 4);
      append(page, text, length);
      text += length;
    }
  } else if (part.type() == CellType::kBoolean) {
    size_t bit = 0;
    for (size_t row = 0; row < part.rows(); ++row) {
      if (present[row] == 0) continue;
      if (bit % 8 == 0) page.push_back(0);
      page.back() = static_cast<uint8_t>(page.back() | values[row] << (bit % 8));
      ++bit;
    }
  } else if (part.nulls() == 0) {
    append(page, values, part.rows() * sizeof(uint64_t));
  } else {
    const size_t at = page.size();
    page.resize(at + part.rows() * sizeof(uint64_t));
    uint8_t* to = page.data() + at;
    for (size_t row = 0; row < part.rows(); ++row) {
      std::memcpy(to, values + row, sizeof(uint64_t));
      to += present[row] * sizeof(uint64_t);
    }
    page.resize(static_cast<size_t>(to - page.data()));
  }
}

}  // namespace

ParquetSink::ParquetSink(const std::string& path)
    : handle_(open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)) {
  if (handle_ < 0) fail("the columns' file cannot be made");
}

ParquetSink::~ParquetSink() { close(handle_); }

void ParquetSink::begin(const std::vector<CellType>& types) {
  if (ftruncate(handle_, 0) != 0) fail("the columns' file cannot be emptied");
  length_ = 0;
  types_ = types;
  groups_.clear();
  pages_.resize(types.size());
  write(reinterpret_cast<const uint8_t*>(kMagic.data()), kMagic.size());
}

void ParquetSink::add(const std::vector<CsvBlock>& blocks, size_t count, double) {
  ParquetGroup group;
  for (size_t b = 0; b < count; ++b) group.rows += blocks[b].rows();
  if (group.rows == 0) return;
  ThreadPool::instance().parallel_for(types_.size(), 1, [&](size_t c, size_t) {
    std::vector<uint8_t>& bytes = pages_[c];
    bytes.clear();
    std::vector<uint8_t> page;
    for (size_t b = 0; b < count; ++b) {
      const ColumnPart& part = blocks[b].parts()[c];
      if (part.rows() == 0) continue;
      page.clear();
      append_levels(page, part);
      append_values(page, part);
      const std::vector<uint8_t> header = parquet_page_header(part.rows(), page.size());
      append(bytes, header.data(), header.size());
      append(bytes, page.data(), page.size());
    }
  });
  for (const std::vector<uint8_t>& bytes : pages_) {
    group.columns.push_back({length_, bytes.size(), group.rows});
    write(bytes.data(), bytes.size());
  }
  groups_.push_back(std::move(group));
}

void ParquetSink::finish() {
  const std::vector<uint8_t> footer = parquet_footer(types_, groups_);
  write(footer.data(), footer.size());
  const uint32_t length = static_cast<uint32_t>(footer.size());
  write(reinterpret_cast<const uint8_t*>(&length), 4);
  write(reinterpret_cast<const uint8_t*>(kMagic.data()), kMagic.size());
}

void ParquetSink::write(const uint8_t* bytes, size_t count) {
  while (count > 0) {
    const ssize_t wrote = pwrite(handle_, bytes, count, static_cast<off_t>(length_));
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0) fail("the columns' file cannot be written");
    bytes += wrote;
    count -= static_cast<size_t>(wrote);
    length_ += static_cast<uint64_t>(wrote);
  }
}

}  // namespace tenon
