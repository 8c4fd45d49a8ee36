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
constexpr size_t kMaxGroupBytes = size_t{128} << 20;

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

// Some rows of a column.
struct Slice {
  const ColumnPart& part;
  size_t from;
  size_t to;

  size_t rows() const noexcept { return to - from; }
  const uint64_t* values() const noexcept { return part.values() + from; }
  const uint8_t* present() const noexcept { return part.present() + from; }
};

// Which rows have values: one run of ones, or as many bits.
void append_levels(std::vector<uint8_t>& page, const Slice& slice) {
  const size_t length_at = page.size();
  page.resize(length_at + 4);
  if (slice.part.nulls() == 0) {
    append_varint(page, slice.rows() << 1);
    page.push_back(1);
  } else {
    append_varint(page, (slice.rows() + 7) / 8 << 1 | 1);
    size_t row = 0;
    for (; row + 8 <= slice.rows(); row += 8) page.push_back(bits_of(slice.present() + row));
    if (row < slice.rows()) {
      uint8_t rest[8] = {};
      std::memcpy(rest, slice.present() + row, slice.rows() - row);
      page.push_back(bits_of(rest));
    }
  }
  const uint32_t length = static_cast<uint32_t>(page.size() - length_at - 4);
  std::memcpy(page.data() + length_at, &length, 4);
}

// The values that are there. Texts begin at `text_at` and leave it where they end.
void append_values(std::vector<uint8_t>& page, const Slice& slice, size_t& text_at) {
  const uint64_t* const values = slice.values();
  const uint8_t* const present = slice.present();
  if (slice.part.type() == CsvType::kText) {
    for (size_t row = 0; row < slice.rows(); ++row) {
      if (present[row] == 0) continue;
      const uint32_t length = static_cast<uint32_t>(values[row]);
      append(page, &length, 4);
      append(page, slice.part.text().data() + text_at, length);
      text_at += length;
    }
  } else if (slice.part.type() == CsvType::kBoolean) {
    size_t bit = 0;
    for (size_t row = 0; row < slice.rows(); ++row) {
      if (present[row] == 0) continue;
      if (bit % 8 == 0) page.push_back(0);
      page.back() = static_cast<uint8_t>(page.back() | values[row] << (bit % 8));
      ++bit;
    }
  } else if (slice.part.nulls() == 0) {
    append(page, values, slice.rows() * sizeof(uint64_t));
  } else {
    const size_t at = page.size();
    page.resize(at + slice.rows() * sizeof(uint64_t));
    uint8_t* to = page.data() + at;
    for (size_t row = 0; row < slice.rows(); ++row) {
      std::memcpy(to, values + row, sizeof(uint64_t));
      to += present[row] * sizeof(uint64_t);
    }
    page.resize(static_cast<size_t>(to - page.data()));
  }
}

}  // namespace

ParquetSink::ParquetSink(const std::string& path, size_t group_rows)
    : handle_(open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)), group_rows_(group_rows) {
  if (handle_ < 0) fail("the columns' file cannot be made");
}

ParquetSink::~ParquetSink() { close(handle_); }

void ParquetSink::begin(const std::vector<CsvType>& types) {
  if (ftruncate(handle_, 0) != 0) fail("the columns' file cannot be emptied");
  length_ = 0;
  types_ = types;
  groups_.clear();
  rows_ = 0;
  whole_ = true;
  early_ = false;
  text_at_.assign(types.size(), 0);
  pages_.assign(types.size(), {});
  write(reinterpret_cast<const uint8_t*>(kMagic.data()), kMagic.size());
}

void ParquetSink::add(const std::vector<CsvBlock>& blocks, size_t count, double) {
  std::vector<Run> runs;
  for (size_t b = 0; b < count; ++b) {
    for (size_t from = 0; from < blocks[b].rows();) {
      if (early_) whole_ = false;
      const size_t to = std::min(blocks[b].rows(), from + group_rows_ - rows_);
      runs.push_back({&blocks[b], from, to});
      rows_ += to - from;
      from = to;
      if (rows_ < group_rows_) continue;
      collect(runs);
      runs.clear();
      end_group();
    }
  }
  collect(runs);
  size_t bytes = 0;
  for (const std::vector<uint8_t>& pages : pages_) bytes += pages.size();
  if (bytes <= kMaxGroupBytes) return;
  early_ = true;
  end_group();
}

// Adds the rows' pages to the group.
void ParquetSink::collect(const std::vector<Run>& runs) {
  ThreadPool::instance().parallel_for(types_.size(), 1, [&](size_t c, size_t) {
    std::vector<uint8_t> page;
    for (const Run& run : runs) {
      if (run.from == 0) text_at_[c] = 0;
      const Slice slice{run.block->parts()[c], run.from, run.to};
      page.clear();
      append_levels(page, slice);
      append_values(page, slice, text_at_[c]);
      const std::vector<uint8_t> header = parquet_page_header(slice.rows(), page.size());
      append(pages_[c], header.data(), header.size());
      append(pages_[c], page.data(), page.size());
    }
  });
}

void ParquetSink::end_group() {
  ParquetGroup group;
  group.rows = rows_;
  for (std::vector<uint8_t>& pages : pages_) {
    group.columns.push_back({length_, pages.size(), rows_});
    write(pages.data(), pages.size());
    pages.clear();
  }
  groups_.push_back(std::move(group));
  rows_ = 0;
}

void ParquetSink::finish() {
  if (rows_ > 0) end_group();
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
