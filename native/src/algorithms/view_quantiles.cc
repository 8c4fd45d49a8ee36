#include "view_quantiles.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>

#include "../operations/buffer.h"
#include "../runtime/thread_pool.h"
#include "view_statistics.h"

namespace tenon {
namespace {

constexpr uint64_t kSign = uint64_t{1} << 63;

// Sign, exponent and four bits of the fraction: the parts that numbers are counted by.
constexpr unsigned kPartBits = 16;

// Below this many, counting takes longer than putting all of them in order.
constexpr size_t kFew = 4096;

// Bits that are ordered as the numbers are, NaN behind all others.
uint64_t key_of(double number) noexcept {
  // Adding zero turns -0 into 0.
  number = number == number ? number + 0.0 : std::numeric_limits<double>::quiet_NaN();
  uint64_t bits;
  std::memcpy(&bits, &number, sizeof bits);
  return (bits & kSign) != 0 ? ~bits : bits | kSign;
}

double number_of(uint64_t key) noexcept {
  const uint64_t bits = (key & kSign) != 0 ? key & ~kSign : ~key;
  double number;
  std::memcpy(&number, &bits, sizeof number);
  return number;
}

size_t part_of(uint64_t key) noexcept { return key >> (64 - kPartBits); }

// Writes the keys at these places of ascending order, themselves ascending. Moves the keys.
void select_few(uint64_t* keys, size_t count, const size_t* places, size_t wanted, uint64_t* found) {
  size_t from = 0;
  for (size_t i = 0; i < wanted; ++i) {
    // What is before `from` is in order where it has been asked for.
    if (places[i] >= from) {
      std::nth_element(keys + from, keys + places[i], keys + count);
      from = places[i] + 1;
    }
    found[i] = keys[places[i]];
  }
}

void select(const double* numbers, size_t count, const std::vector<size_t>& places, uint64_t* found) {
  if (count <= kFew) {
    uint64_t keys[kFew];
    std::transform(numbers, numbers + count, keys, key_of);
    select_few(keys, count, places.data(), places.size(), found);
    return;
  }
  std::vector<uint32_t> counts(size_t{1} << kPartBits, 0);
  for (size_t i = 0; i < count; ++i) ++counts[part_of(key_of(numbers[i]))];
  size_t before = 0;
  size_t next = 0;
  for (size_t part = 0; next < places.size(); ++part) {
    const size_t end = before + counts[part];
    size_t last = next;
    while (last < places.size() && places[last] < end) ++last;
    if (last > next) {
      Buffer<uint64_t> keys(counts[part]);
      size_t kept = 0;
      for (size_t i = 0; i < count; ++i) {
        const uint64_t key = key_of(numbers[i]);
        if (part_of(key) == part) keys[kept++] = key;
      }
      std::vector<size_t> within(places.begin() + static_cast<ptrdiff_t>(next), places.begin() + static_cast<ptrdiff_t>(last));
      for (size_t& place : within) place -= before;
      select_few(keys.data(), kept, within.data(), within.size(), found + next);
      next = last;
    }
    before = end;
  }
}

ColumnQuantiles quantiles_of(const ColumnView& view, size_t rows, const std::vector<double>& shares) {
  Buffer<double> numbers(rows);
  ColumnQuantiles result;
  result.count = present_numbers(view, rows, numbers.data());
  if (result.count == 0) return result;
  const size_t last = result.count - 1;
  std::vector<size_t> below;
  std::vector<size_t> places;
  for (const double share : shares) {
    below.push_back(std::min(last, static_cast<size_t>(std::floor(share * static_cast<double>(last)))));
    places.push_back(below.back());
    places.push_back(std::min(last, below.back() + 1));
  }
  std::sort(places.begin(), places.end());
  places.erase(std::unique(places.begin(), places.end()), places.end());
  std::vector<uint64_t> found(places.size());
  select(numbers.data(), result.count, places, found.data());
  const auto at = [&](size_t place) {
    return number_of(found[static_cast<size_t>(std::lower_bound(places.begin(), places.end(), place) - places.begin())]);
  };
  for (const size_t place : below) result.neighbours.push_back({at(place), at(std::min(last, place + 1))});
  return result;
}

}  // namespace

std::vector<ColumnQuantiles> view_quantiles(const std::vector<ColumnView>& columns, size_t rows,
                                            const std::vector<double>& shares) {
  std::vector<ColumnQuantiles> result(columns.size());
  ThreadPool::instance().parallel_for(columns.size(), 1, [&](size_t begin, size_t end) {
    for (size_t c = begin; c < end; ++c) result[c] = quantiles_of(columns[c], rows, shares);
  });
  return result;
}

}  // namespace tenon
