#include "distinct_rows.h"

#include <algorithm>

#include "../operations/buffer.h"
#include "../runtime/thread_pool.h"
#include "row_hashes.h"

namespace tenon {
namespace {

// Rows that one call of a thread takes.
constexpr size_t kChunk = size_t{1} << 15;

// Rows of a part on average: its table then takes a quarter of a second-level cache.
constexpr size_t kPartRows = size_t{1} << 14;
constexpr unsigned kMostPartBits = 10;

// A row with a share of its hash that the part does not tell.
struct Entry {
  uint32_t row;
  uint32_t tag;
};

// The rows in the order of their parts, within a part ascending.
struct Parts {
  Buffer<Entry> entries;
  std::vector<size_t> starts;  // one more than there are parts
};

unsigned part_bits(size_t rows) noexcept {
  unsigned bits = 0;
  while (bits < kMostPartBits && (rows >> bits) > kPartRows) ++bits;
  return bits;
}

Parts part_rows(const std::vector<ColumnView>& columns, size_t rows) {
  const RowHashes hasher(columns);
  const unsigned bits = part_bits(rows);
  const size_t parts = size_t{1} << bits;
  const auto part_of = [bits](uint64_t hash) { return bits == 0 ? size_t{0} : static_cast<size_t>(hash >> (64 - bits)); };
  Buffer<uint64_t> hashes(rows);
  // By chunk and part: how many rows, then where they go.
  std::vector<size_t> places(chunk_count(rows, kChunk) * parts, 0);
  ThreadPool& pool = ThreadPool::instance();
  pool.parallel_for(rows, kChunk, [&](size_t begin, size_t end) {
    size_t* const counts = places.data() + begin / kChunk * parts;
    for (size_t at = begin; at < end; at += RowHashes::kBlock) {
      const size_t count = std::min(RowHashes::kBlock, end - at);
      hasher.read(at, count, hashes.data() + at);
      for (size_t i = at; i < at + count; ++i) ++counts[part_of(hashes[i])];
    }
  });
  Parts result{Buffer<Entry>(rows), std::vector<size_t>(parts + 1, rows)};
  size_t place = 0;
  for (size_t part = 0; part < parts; ++part) {
    result.starts[part] = place;
    for (size_t i = part; i < places.size(); i += parts) {
      const size_t count = places[i];
      places[i] = place;
      place += count;
    }
  }
  pool.parallel_for(rows, kChunk, [&](size_t begin, size_t end) {
    size_t* const next = places.data() + begin / kChunk * parts;
    for (size_t row = begin; row < end; ++row) {
      const uint64_t hash = hashes[row];
      result.entries[next[part_of(hash)]++] = {static_cast<uint32_t>(row), static_cast<uint32_t>(hash)};
    }
  });
  return result;
}

// Compares up to kPairs pairs of rows in all columns: differs[i] is 1 where pair i differs, otherwise 0.
void compare_rows(const std::vector<ColumnView>& columns, const RowPair* pairs, size_t count, uint8_t* differs) noexcept {
  std::fill_n(differs, count, uint8_t{0});
  for (const ColumnView& view : columns) compare_cells(view, pairs, count, differs);
}

// The rows of a part, found again by their tags.
class Part {
 public:
  Part(const std::vector<ColumnView>& columns, const Entry* begin, const Entry* end)
      : columns_(columns), begin_(begin), count_(static_cast<size_t>(end - begin)) {
    while (mask_ + 1 < 2 * count_) mask_ = 2 * mask_ + 1;
    slots_ = Buffer<uint32_t>(mask_ + 1);
  }

  // Marks with 1 each row that equals an earlier one.
  void mark(uint8_t* marked) {
    // Where tags meet, rows are all but always equal: they are taken to be and compared many at a time.
    const bool equal = find(marked, [this](RowPair pair) { return expect_equal(pair); }) && compare_expected();
    if (!equal) {
      find(marked, [this](RowPair pair) {
        uint8_t differs = 0;
        compare_rows(columns_, &pair, 1, &differs);
        return differs == 0 ? kEqual : kOther;
      });
    }
  }

 private:
  enum Found { kEqual, kOther, kStop };

  // Calls meet(pair) for an earlier row and one with the same tag; false if it said kStop.
  template <typename Meet>
  bool find(uint8_t* marked, const Meet& meet) {
    std::fill(slots_.begin(), slots_.end(), 0u);
    for (size_t i = 0; i < count_; ++i) {
      const Entry entry = begin_[i];
      bool repeated = false;
      size_t slot = entry.tag & mask_;
      for (; slots_[slot] != 0 && !repeated; slot = (slot + 1) & mask_) {
        const Entry& earlier = begin_[slots_[slot] - 1];
        if (earlier.tag != entry.tag) continue;
        const Found found = meet(RowPair{earlier.row, entry.row});
        if (found == kStop) return false;
        repeated = found == kEqual;
      }
      marked[entry.row] = repeated;
      if (!repeated) slots_[slot] = static_cast<uint32_t>(i) + 1;
    }
    return true;
  }

  Found expect_equal(RowPair pair) {
    pairs_[expected_++] = pair;
    if (expected_ < kPairs) return kEqual;
    return compare_expected() ? kEqual : kStop;
  }

  bool compare_expected() noexcept {
    uint8_t differs[kPairs];
    compare_rows(columns_, pairs_, expected_, differs);
    const bool equal = std::all_of(differs, differs + expected_, [](uint8_t differ) { return differ == 0; });
    expected_ = 0;
    return equal;
  }

  const std::vector<ColumnView>& columns_;
  const Entry* begin_;
  size_t count_;
  size_t mask_ = 63;
  Buffer<uint32_t> slots_;  // an entry's number in the part from 1; 0 if it is free
  RowPair pairs_[kPairs];
  size_t expected_ = 0;
};

size_t unmarked(const uint8_t* marked, size_t rows, uint32_t* left) noexcept {
  size_t count = 0;
  for (size_t row = 0; row < rows; ++row) {
    left[count] = static_cast<uint32_t>(row);
    count += marked[row] == 0;
  }
  return count;
}

}  // namespace

size_t rows_without_missing(const std::vector<ColumnView>& columns, size_t rows, uint32_t* left) {
  Buffer<uint8_t> marked(rows);
  ThreadPool::instance().parallel_for(rows, kChunk, [&](size_t begin, size_t end) {
    uint8_t present[kViewBlock];
    for (size_t at = begin; at < end; at += kViewBlock) {
      const size_t count = std::min(kViewBlock, end - at);
      uint8_t* const mark = marked.data() + at;
      std::fill_n(mark, count, uint8_t{0});
      for (const ColumnView& view : columns) {
        if (!view.may_miss()) continue;
        read_present(view, at, count, present);
        for (size_t i = 0; i < count; ++i) mark[i] |= present[i] ^ 1;
      }
    }
  });
  return unmarked(marked.data(), rows, left);
}

size_t distinct_rows(const std::vector<ColumnView>& columns, size_t rows, uint32_t* left) {
  const Parts parts = part_rows(columns, rows);
  Buffer<uint8_t> marked(rows);
  ThreadPool::instance().parallel_for(parts.starts.size() - 1, 1, [&](size_t begin, size_t end) {
    for (size_t part = begin; part < end; ++part) {
      const Entry* const entries = parts.entries.data();
      Part(columns, entries + parts.starts[part], entries + parts.starts[part + 1]).mark(marked.data());
    }
  });
  return unmarked(marked.data(), rows, left);
}

}  // namespace tenon
