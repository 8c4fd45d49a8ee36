#include "prune.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <memory>
#include <numeric>
#include <vector>

#include "../kernels/table.h"
#include "../runtime/thread_pool.h"
#include "buffer.h"
#include "elementwise.h"

namespace tenon {
namespace {

constexpr uint32_t kInfinity = 0x7f800000;
// What the sample takes.
constexpr size_t kSample = size_t{1} << 14;
// What a kernel takes at once.
constexpr size_t kBlock = size_t{1} << 24;
// Outputs larger than the caches go past them.
constexpr size_t kStreamFloats = size_t{1} << 20;
// The digits of the 31 bits of a magnitude, by which they ascend: first bit and number of bits.
constexpr unsigned kDigits[3][2] = {{20, 11}, {10, 10}, {0, 10}};

uint32_t magnitude_bits(float x) {
  uint32_t bits;
  std::memcpy(&bits, &x, sizeof bits);
  return bits & 0x7fffffff;
}

float from_bits(uint32_t bits) {
  float x;
  std::memcpy(&x, &bits, sizeof x);
  return x;
}

// Magnitudes, as bits, from `from` up to `to`.
struct Bracket {
  uint32_t from, to;
};

// Where the value of rank `rank` very likely is: the ranks of a sample differ from the whole's by
// less than four standard errors.
Bracket likely_bracket(const float* x, size_t n, size_t rank) {
  if (n < 4 * kSample) return {0, kInfinity};
  std::vector<uint32_t> sample(kSample);
  // By the golden ratio: an even share of every stretch, at no fixed distance.
  for (size_t i = 0; i < kSample; ++i) {
    const double at = static_cast<double>(i) * 0.6180339887498949;
    sample[i] = magnitude_bits(x[static_cast<size_t>((at - std::floor(at)) * static_cast<double>(n))]);
  }
  const double share = static_cast<double>(rank) / static_cast<double>(n);
  const double count = static_cast<double>(kSample);
  const double slack = 4 * std::sqrt(count * share * (1 - share)) + 8;
  auto sorted = sample.begin();
  const auto at = [&](double place) {
    const auto nth = sample.begin() + static_cast<ptrdiff_t>(place);
    std::nth_element(sorted, nth, sample.end());
    sorted = nth;
    return std::min(*nth, kInfinity);
  };
  const double low = count * share - slack, high = count * share + slack;
  const uint32_t from = low < 0 ? 0 : at(low);
  return {from, high >= count ? kInfinity : std::min(at(high) + 1, kInfinity)};
}

// The magnitudes in a bracket, chunk by chunk.
class Found {
 public:
  // Room for all of them, most of which is never touched: no huge pages, which would be cleared.
  Found(const float* x, size_t n, size_t grain)
      : x_(x), n_(n), grain_(grain), counts_(chunk_count(n, grain)), values_(room(n + counts_.size() * kSlack)) {}

  // Looks for those in `bracket`; returns how many are below it.
  size_t find(Bracket bracket) {
    bracket_ = bracket;
    const float from = from_bits(bracket.from), to = from_bits(bracket.to);
    std::vector<size_t> below(counts_.size());
    ThreadPool::instance().parallel_for(n_, grain_, [&](size_t begin, size_t end) {
      const size_t k = begin / grain_;
      size_t count = 0;
      for (size_t at = begin; at < end; at += kBlock) {
        size_t lower = 0;
        float* const into = values(k) + count;
        count += kernels().f32_collect_magnitudes(x_ + at, std::min(kBlock, end - at), from, to, into, &lower);
        below[k] += lower;
      }
      counts_[k] = count;
    });
    return std::accumulate(below.begin(), below.end(), size_t{0});
  }

  size_t size() const { return std::accumulate(counts_.begin(), counts_.end(), size_t{0}); }

  // The bits of that of rank `rank`, which becomes its rank among its equals; `equals` receives how
  // many of those each chunk has.
  uint32_t select(size_t& rank, std::vector<size_t>& equals) {
    const size_t chunks = counts_.size();
    if (bracket_.to - bracket_.from == 1) {
      equals = counts_;
      return bracket_.from;
    }
    uint32_t prefix = 0;
    for (const auto& [shift, bits] : kDigits) {
      const size_t classes = size_t{1} << bits;
      std::vector<uint32_t> counts(chunks * classes);
      ThreadPool::instance().parallel_for(chunks, 1, [&, first = shift, width = bits](size_t k, size_t) {
        uint32_t* const own = counts.data() + k * classes;
        const float* const found = values(k);
        for (size_t i = 0; i < counts_[k]; ++i) {
          const uint32_t key = magnitude_bits(found[i]);
          if (key >> (first + width) == prefix) ++own[key >> first & (classes - 1)];
        }
      });
      size_t digit = 0;
      for (;; ++digit) {
        for (size_t k = 0; k < chunks; ++k) equals[k] = counts[k * classes + digit];
        const size_t all = std::accumulate(equals.begin(), equals.end(), size_t{0});
        if (rank < all) break;
        rank -= all;
      }
      prefix = prefix << bits | static_cast<uint32_t>(digit);
    }
    return prefix;
  }

 private:
  // What a kernel may write behind what it found.
  static constexpr size_t kSlack = 16;
  static std::unique_ptr<float[]> room(size_t count) { return std::make_unique_for_overwrite<float[]>(count); }
  float* values(size_t k) { return values_.get() + k * (grain_ + kSlack); }

  const float* x_;
  size_t n_, grain_;
  Bracket bracket_{};
  std::vector<size_t> counts_;
  std::unique_ptr<float[]> values_;
};

// The same where every number goes, and `zeros` reaches into infinities or NaN: rare, so one after
// the other.
void prune_numbers(const float* x, float* y, size_t n, size_t zeros) {
  const auto number = [](float value) { return magnitude_bits(value) < kInfinity; };
  const auto infinity = [](float value) { return magnitude_bits(value) == kInfinity; };
  const size_t spare = zeros - static_cast<size_t>(std::count_if(x, x + n, number));
  const auto infinities = static_cast<size_t>(std::count_if(x, x + n, infinity));
  size_t first[2] = {std::min(spare, infinities), spare - std::min(spare, infinities)};
  for (size_t i = 0; i < n; ++i) {
    size_t& left = first[infinity(x[i]) ? 0 : 1];
    const bool goes = number(x[i]) || left > 0;
    if (!number(x[i]) && left > 0) --left;
    y[i] = goes ? 0.0f : x[i];
  }
}

}  // namespace

void prune_smallest(const float* x, float* y, size_t n, size_t zeros) {
  want_huge_pages(y, n * sizeof(float));
  if (zeros == 0) {
    if (x != y) std::copy_n(x, n, y);
    return;
  }
  // Some chunks per thread; how many makes no difference to the result.
  ThreadPool& pool = ThreadPool::instance();
  const size_t share = (n / (8 * pool.size()) + 15) / 16 * 16;
  const size_t grain = std::clamp(share, kElementwiseChunk, size_t{1} << 31);
  Found found(x, n, grain);
  size_t rank = zeros - 1;
  const Bracket likely = likely_bracket(x, n, rank);
  size_t below = found.find(likely);
  if (rank < below || rank >= below + found.size()) below = found.find({0, kInfinity});
  if (rank >= below + found.size()) return prune_numbers(x, y, n, zeros);
  rank -= below;
  std::vector<size_t> equals(chunk_count(n, grain));
  const uint32_t bound = found.select(rank, equals);

  // Of the values equal to the bound the first rank + 1 go too: all of some chunks, part of one, none of the rest.
  std::vector<size_t> left(equals.size());
  for (size_t k = 0, all = rank + 1; k < left.size(); ++k) {
    left[k] = std::min(all, equals[k]);
    all -= left[k];
  }
  const bool stream = x != y && n >= kStreamFloats && reinterpret_cast<uintptr_t>(y) % 64 == 0;
  pool.parallel_for(n, grain, [&](size_t begin, size_t end) {
    const size_t k = begin / grain;
    const bool whole = left[k] == equals[k];
    kernels().f32_zero_below(x + begin, end - begin, from_bits(whole ? bound + 1 : bound), y + begin, stream);
    if (whole) return;
    for (size_t i = begin; left[k] > 0; ++i) {
      if (magnitude_bits(y[i]) != bound) continue;
      y[i] = 0.0f;
      --left[k];
    }
  });
}

}  // namespace tenon
