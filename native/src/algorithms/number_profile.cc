#include "number_profile.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>

#include "../runtime/thread_pool.h"
#include "sort_keys.h"

namespace tenon {
namespace {

// Numbers per chunk, whose sums are merged in order.
constexpr size_t kChunk = 65536;
// Sums side by side, so that no addition waits for the one before; written out, as they decide bits.
constexpr size_t kLanes = 8;
// Parts that a column is dealt to, and turns in which the compute threads sort them.
constexpr size_t kMostParts = 2048;
constexpr size_t kTurns = 32;
// Numbers between two looks at the control.
constexpr size_t kLook = size_t{1} << 20;
constexpr uint64_t kSign = uint64_t{1} << 63;
// Squares of numbers beyond these overflow or vanish.
constexpr double kLarge = 1e150;
constexpr double kSmall = 1e-140;

struct Doubles {
  static double value(uint64_t bits) noexcept { return std::bit_cast<double>(bits); }
  // Keys are in the order of the numbers. Adding 0 makes -0 into 0.
  static uint64_t key(uint64_t bits) noexcept {
    const uint64_t plain = std::bit_cast<uint64_t>(std::bit_cast<double>(bits) + 0.0);
    return plain ^ (static_cast<uint64_t>(static_cast<int64_t>(plain) >> 63) | kSign);
  }
  static double of_key(uint64_t key) noexcept {
    return std::bit_cast<double>(key ^ (static_cast<uint64_t>(static_cast<int64_t>(~key) >> 63) | kSign));
  }
};

struct Integers {
  static double value(uint64_t bits) noexcept { return static_cast<double>(static_cast<int64_t>(bits)); }
  static uint64_t key(uint64_t bits) noexcept { return bits ^ kSign; }
  static double of_key(uint64_t key) noexcept { return value(key ^ kSign); }
};

struct Range {
  double min = std::numeric_limits<double>::infinity();
  double max = -std::numeric_limits<double>::infinity();
  double sum = 0;
  bool finite = true;
};

struct Moments {
  double sum = 0;
  double squares = 0;
};

double total(const std::array<double, kLanes>& lanes) noexcept {
  return ((lanes[0] + lanes[1]) + (lanes[2] + lanes[3])) + ((lanes[4] + lanes[5]) + (lanes[6] + lanes[7]));
}

template <typename Kind>
Range range_of(const uint64_t* numbers, size_t count) noexcept {
  std::array<Range, kLanes> lanes;
  std::array<double, kLanes> sums{};
  std::array<double, kLanes> zeros{};
  const auto look = [&](size_t lane, double x) {
    lanes[lane].min = x < lanes[lane].min ? x : lanes[lane].min;
    lanes[lane].max = x > lanes[lane].max ? x : lanes[lane].max;
    sums[lane] += x;
    zeros[lane] += x * 0.0;  // NaN for what is not finite
  };
  size_t i = 0;
  for (; i + kLanes <= count; i += kLanes) {
    for (size_t lane = 0; lane < kLanes; ++lane) look(lane, Kind::value(numbers[i + lane]));
  }
  for (; i < count; ++i) look(0, Kind::value(numbers[i]));
  Range range;
  for (const Range& lane : lanes) {
    range.min = std::min(range.min, lane.min);
    range.max = std::max(range.max, lane.max);
  }
  range.sum = total(sums);
  range.finite = total(zeros) == 0;
  return range;
}

// Sums of scaled numbers' differences from `center`, and of their squares.
template <typename Kind>
Moments moments_of(const uint64_t* numbers, size_t count, double scale, double center) noexcept {
  std::array<double, kLanes> sums{};
  std::array<double, kLanes> squares{};
  const auto add = [&](size_t lane, double x) {
    const double difference = x * scale - center;
    sums[lane] += difference;
    squares[lane] += difference * difference;
  };
  size_t i = 0;
  for (; i + kLanes <= count; i += kLanes) {
    for (size_t lane = 0; lane < kLanes; ++lane) add(lane, Kind::value(numbers[i + lane]));
  }
  for (; i < count; ++i) add(0, Kind::value(numbers[i]));
  return {total(sums), total(squares)};
}

// What `fn` says of each chunk.
template <typename Part, typename Fn>
std::vector<Part> by_chunks(size_t count, const TaskControl& control, Fn&& fn) {
  std::vector<Part> parts(chunk_count(count, kChunk));
  ThreadPool::instance().parallel_for(
      count, kChunk, [&](size_t begin, size_t end) { parts[begin / kChunk] = fn(begin, end); }, &control);
  return parts;
}

template <typename Kind>
Moments all_moments(std::span<const uint64_t> numbers, double scale, double center, const TaskControl& control) {
  Moments all;
  for (const Moments& part : by_chunks<Moments>(numbers.size(), control, [&](size_t begin, size_t end) {
         return moments_of<Kind>(numbers.data() + begin, end - begin, scale, center);
       })) {
    all.sum += part.sum;
    all.squares += part.squares;
  }
  return all;
}

double finite_product(double value, double scale) noexcept {
  constexpr double kMost = std::numeric_limits<double>::max();
  return std::clamp(value * scale, -kMost, kMost);
}

template <typename Kind>
void add_moments(NumberProfile& profile, std::span<const uint64_t> numbers, double plain_sum, const TaskControl& control) {
  if (profile.min == profile.max) {
    profile.mean = profile.min;
    return;
  }
  const double largest = std::max(std::abs(profile.min), std::abs(profile.max));
  int exponent = 0;
  if (largest > kLarge || largest < kSmall) (void)std::frexp(largest, &exponent);
  exponent = std::max(exponent, -1000);
  // By halves: 2 to the exponent may be beyond the largest there is.
  const double down = std::ldexp(1.0, -exponent / 2);
  const double up = std::ldexp(1.0, exponent / 2);
  const double scale = down * down;
  const double count = static_cast<double>(numbers.size());
  const double center = (exponent == 0 ? plain_sum : all_moments<Kind>(numbers, scale, 0, control).sum) / count;
  const auto [sum, squares] = all_moments<Kind>(numbers, scale, center, control);
  profile.mean = std::clamp(finite_product((center + sum / count) * up, up), profile.min, profile.max);
  const double variance = std::max(0.0, squares - sum * (sum / count)) / (count - 1);
  profile.std_dev = finite_product(std::sqrt(variance) * up, up);
}

// Replaces numbers by their keys in ascending order. They are dealt to parts by their values first, which
// suits most columns better than the highest bits of doubles do: exponents, as many of small numbers as of large.
template <typename Kind>
void sort_numbers(std::span<uint64_t> numbers, std::span<uint64_t> spare, const Range& range,
                  const TaskControl& control) {
  const size_t count = numbers.size();
  const size_t parts = std::clamp<size_t>(std::bit_ceil(count / 256), 1, kMostParts);
  // By halves, as the range itself may be infinite. Every step keeps the order of two numbers.
  const double width = range.max * 0.5 - range.min * 0.5;
  const double per_width = width > 0 ? static_cast<double>(parts) / width : 0;
  const double low = range.min * 0.5;
  const double last = static_cast<double>(parts - 1);
  const auto part_of = [&](uint64_t bits) {
    const double place = (Kind::value(bits) * 0.5 - low) * per_width;
    return static_cast<size_t>(static_cast<int64_t>(place < last ? place : last));
  };
  std::vector<size_t> starts(parts + 1);
  for (size_t begin = 0; begin < count && !control.stopped(); begin += kLook) {
    const size_t end = std::min(count, begin + kLook);
    for (size_t i = begin; i < end; ++i) ++starts[part_of(numbers[i]) + 1];
  }
  for (size_t part = 1; part <= parts; ++part) starts[part] += starts[part - 1];
  // Each start moves to the end of its part.
  for (size_t begin = 0; begin < count && !control.stopped(); begin += kLook) {
    const size_t end = std::min(count, begin + kLook);
    for (size_t i = begin; i < end; ++i) spare[starts[part_of(numbers[i])]++] = Kind::key(numbers[i]);
  }
  ThreadPool::instance().parallel_for(
      parts, std::max<size_t>(1, parts / kTurns),
      [&](size_t first, size_t end) {
        for (size_t part = first; part < end; ++part) {
          const size_t begin = part == 0 ? 0 : starts[part - 1];
          sort_keys(spare.data() + begin, numbers.data() + begin, starts[part] - begin, true, control);
        }
      },
      &control);
}

template <typename Kind>
NumberProfile profile_of(std::span<uint64_t> numbers, std::span<uint64_t> spare, std::span<const double> levels,
                         const TaskControl& control) {
  NumberProfile profile;
  const size_t count = numbers.size();
  if (count == 0) return profile;
  Range range;
  for (const Range& part : by_chunks<Range>(count, control, [&](size_t begin, size_t end) {
         return range_of<Kind>(numbers.data() + begin, end - begin);
       })) {
    range.min = std::min(range.min, part.min);
    range.max = std::max(range.max, part.max);
    range.sum += part.sum;
    range.finite = range.finite && part.finite;
  }
  if (!range.finite) {
    profile.finite = false;
    return profile;
  }
  profile.min = range.min + 0.0;
  profile.max = range.max + 0.0;
  add_moments<Kind>(profile, numbers, range.sum, control);
  sort_numbers<Kind>(numbers, spare, range, control);
  for (const uint64_t part : by_chunks<uint64_t>(count, control, [&](size_t begin, size_t end) {
         uint64_t distinct = begin == 0 ? 1 : 0;
         for (size_t i = std::max<size_t>(begin, 1); i < end; ++i) distinct += numbers[i] != numbers[i - 1];
         return distinct;
       })) {
    profile.distinct += part;
  }
  for (const double level : levels) {
    const double rank = static_cast<double>(count - 1) * level;
    const size_t below = std::min(static_cast<size_t>(rank), count - 1);
    const size_t above = std::min(below + 1, count - 1);
    const double share = rank - static_cast<double>(below);
    const double low = Kind::of_key(numbers[below]);
    const double high = Kind::of_key(numbers[above]);
    profile.quantiles.push_back(share == 0 ? low : low * (1 - share) + high * share);
  }
  return profile;
}

}  // namespace

NumberProfile profile_numbers(std::span<uint64_t> numbers, std::span<uint64_t> spare, NumberKind kind,
                              std::span<const double> levels, const TaskControl& control) {
  return kind == NumberKind::kDouble ? profile_of<Doubles>(numbers, spare, levels, control)
                                     : profile_of<Integers>(numbers, spare, levels, control);
}

}  // namespace tenon
