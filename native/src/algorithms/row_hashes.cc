#include "row_hashes.h"

#include <algorithm>
#include <cstring>
#include <random>

#include "view_kernels.h"

namespace tenon {
namespace {

// Stafford's mixing of 64 bits, his variant 13.
uint64_t mixed(uint64_t x) noexcept {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

// Steele, Lea and Flood's sequence from a start of the process's own.
class Keys {
 public:
  Keys() : state_(process_key()) {}
  uint64_t next() noexcept { return mixed(state_ += 0x9e3779b97f4a7c15); }

 private:
  static uint64_t process_key() {
    static const uint64_t key = [] {
      std::random_device device;
      return uint64_t{device()} << 32 | device();
    }();
    return key;
  }

  uint64_t state_;
};

// Elements of one cell in a word of 64 bits.
constexpr size_t kBytesPerWord = 8;
constexpr size_t kFloatsPerWord = 2;

size_t elements_per_word(CellType type) noexcept { return type == CellType::kU8 ? kBytesPerWord : kFloatsPerWord; }

uint64_t word_of(const uint8_t* cell, size_t count) noexcept {
  uint64_t word = 0;
  std::memcpy(&word, cell, count);
  return word;
}

uint64_t word_of(const float* cell, size_t count) noexcept {
  // Adding zero turns -0 into 0.
  const float pair[kFloatsPerWord] = {cell[0] + 0.0f, count > 1 ? cell[1] + 0.0f : 0.0f};
  uint64_t word;
  std::memcpy(&word, pair, sizeof word);
  return word;
}

template <typename Element>
uint64_t hash_of(const Element* cell, size_t elements, size_t per_word, const std::vector<uint64_t>& keys) noexcept {
  uint64_t sum = 0;
  for (size_t i = 0, word = 0; i < elements; i += per_word, ++word) {
    const uint64_t bits = word_of(cell + i, std::min(per_word, elements - i));
    const uint64_t keyed = bits ^ keys[word];
    sum += (keyed & 0xffffffff) * (keyed >> 32) + (bits << 32 | bits >> 32);
  }
  return mixed(sum);
}

// What stands for a missing cell.
constexpr uint64_t kMissing = 0x7ff8dead00000000;

}  // namespace

RowHashes::RowHashes(const std::vector<ColumnView>& columns) {
  Keys keys;
  columns_.reserve(columns.size());
  for (const ColumnView& view : columns) {
    Column column{&view, keys.next(), {}};
    if (view.elements != 1) {
      const size_t per_word = elements_per_word(view.type);
      column.word_keys.resize((view.elements + per_word - 1) / per_word);
      for (uint64_t& key : column.word_keys) key = keys.next();
    }
    columns_.push_back(std::move(column));
  }
}

void RowHashes::read_cells(const Column& column, size_t begin, size_t count, uint64_t* bits) const noexcept {
  const ColumnView& view = *column.view;
  if (view.elements == 1) return read_bits(view, begin, count, bits);
  const size_t per_word = elements_per_word(view.type);
  for (size_t i = 0; i < count; ++i) {
    const size_t start = view.row(begin + i) * view.elements;
    bits[i] = view.type == CellType::kU8
                  ? hash_of(static_cast<const uint8_t*>(view.values) + start, view.elements, per_word, column.word_keys)
                  : hash_of(static_cast<const float*>(view.values) + start, view.elements, per_word, column.word_keys);
  }
}

void RowHashes::read(size_t begin, size_t count, uint64_t* hashes) const noexcept {
  uint64_t bits[kBlock];
  uint8_t present[kBlock];
  std::fill_n(hashes, count, uint64_t{0});
  for (const Column& column : columns_) {
    read_cells(column, begin, count, bits);
    if (column.view->may_miss()) {
      read_present(*column.view, begin, count, present);
      for (size_t i = 0; i < count; ++i) bits[i] = present[i] != 0 ? bits[i] : kMissing;
    }
    view_kernels().hash(bits, count, column.key, hashes);
  }
  for (size_t i = 0; i < count; ++i) hashes[i] = mixed(hashes[i]);
}

}  // namespace tenon
