#pragma once

#include <cstdint>

namespace tenon {

// A small, fast generator (xoshiro256++ seeded by splitmix64). Every tree and every solver
// owns one, made from the user's seed and a stream number, so that results do not depend
// on which thread does what.
class Random {
 public:
  Random(uint64_t seed, uint64_t stream) noexcept {
    uint64_t state = seed ^ (stream * 0x9e3779b97f4a7c15ull + 0x632be59bd9b4e019ull);
    for (auto& word : words_) word = splitmix(state);
  }

  uint64_t next() noexcept {
    const uint64_t result = rotl(words_[0] + words_[3], 23) + words_[0];
    const uint64_t t = words_[1] << 17;
    words_[2] ^= words_[0];
    words_[3] ^= words_[1];
    words_[1] ^= words_[2];
    words_[0] ^= words_[3];
    words_[2] ^= t;
    words_[3] = rotl(words_[3], 45);
    return result;
  }

  // Uniform in [0, 1).
  double uniform() noexcept { return static_cast<double>(next() >> 11) * 0x1p-53; }

  // Uniform in [0, bound); bound must be positive. Multiply-shift: the bias is below
  // bound / 2^32, far under what sampling rows or features could show.
  uint32_t below(uint32_t bound) noexcept {
    return static_cast<uint32_t>(((next() >> 32) * bound) >> 32);
  }

 private:
  static uint64_t rotl(uint64_t x, int k) noexcept { return (x << k) | (x >> (64 - k)); }

  static uint64_t splitmix(uint64_t& state) noexcept {
    uint64_t z = (state += 0x9e3779b97f4a7c15ull);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
    return z ^ (z >> 31);
  }

  uint64_t words_[4];
};

}  // namespace tenon
