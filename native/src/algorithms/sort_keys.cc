#include "sort_keys.h"

#include <algorithm>
#include <bit>

namespace tenon {
namespace {

// Fewer are put in order one by one.
constexpr size_t kFew = 24;
constexpr unsigned kMostBits = 11;
constexpr size_t kMostParts = size_t{1} << kMostBits;
void insert_few(uint64_t* keys, size_t count) noexcept {
  for (size_t i = 1; i < count; ++i) {
    const uint64_t key = keys[i];
    size_t at = i;
    for (; at > 0 && keys[at - 1] > key; --at) keys[at] = keys[at - 1];
    keys[at] = key;
  }
}

// Which bits of a key choose its part.
struct Digit {
  unsigned shift = 0;
  uint64_t mask = 0;  // none if 0
  size_t of(uint64_t key) const noexcept { return static_cast<size_t>((key >> shift) & mask); }
};

// The highest bits in which keys differ, as many as make parts of a few keys; none if all are equal.
Digit digit_of(const uint64_t* keys, size_t count) noexcept {
  uint64_t different = 0;
  for (size_t i = 1; i < count; ++i) different |= keys[i] ^ keys[0];
  if (different == 0) return {};
  const unsigned highest = static_cast<unsigned>(std::bit_width(different));
  const unsigned wanted = std::clamp(static_cast<unsigned>(std::bit_width(count / 4)), 4u, kMostBits);
  const unsigned bits = std::min(wanted, highest);
  return {highest - bits, (uint64_t{1} << bits) - 1};
}

// Moves keys to `to`, part by part; starts[p] becomes where part p begins, starts[parts] the count.
void deal(const uint64_t* keys, uint64_t* to, size_t count, Digit digit, size_t* starts) noexcept {
  const size_t parts = static_cast<size_t>(digit.mask) + 1;
  std::fill_n(starts, parts + 1, size_t{0});
  for (size_t i = 0; i < count; ++i) ++starts[digit.of(keys[i]) + 1];
  for (size_t part = 1; part <= parts; ++part) starts[part] += starts[part - 1];
  // Each start moves to the end of its part, which is the start of the next.
  for (size_t i = 0; i < count; ++i) to[starts[digit.of(keys[i])]++] = keys[i];
  for (size_t part = parts; part > 0; --part) starts[part] = starts[part - 1];
  starts[0] = 0;
}

}  // namespace

void sort_keys(uint64_t* keys, uint64_t* spare, size_t count, bool moved, const TaskControl& control) noexcept {
  Digit digit;
  if (count <= kFew) {
    insert_few(keys, count);
  } else {
    digit = digit_of(keys, count);
  }
  if (digit.mask == 0 || control.stopped()) {
    if (moved) std::copy_n(keys, count, spare);
    return;
  }
  size_t starts[kMostParts + 1];
  deal(keys, spare, count, digit, starts);
  for (size_t part = 0; part <= digit.mask; ++part) {
    const size_t begin = starts[part];
    sort_keys(spare + begin, keys + begin, starts[part + 1] - begin, !moved, control);
  }
}

}  // namespace tenon
