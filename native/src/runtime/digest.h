#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

namespace tenon {

// Tells data apart by 128 bits: by chance no two are alike, but it withstands nobody who wants them
// to be. Rounds as in Collet's xxHash64, four lanes of 8 bytes.
class Digest {
 public:
  // Mixes in the length and then the bytes.
  void add(const void* data, size_t bytes) noexcept {
    mix(0, bytes);
    const uint8_t* from = static_cast<const uint8_t*>(data);
    for (; bytes >= 32; bytes -= 32, from += 32) {
      for (size_t lane = 0; lane < 4; ++lane) {
        uint64_t word;
        std::memcpy(&word, from + 8 * lane, 8);
        mix(lane, word);
      }
    }
    for (size_t lane = 0; bytes > 0; ++lane) {
      const size_t some = bytes < 8 ? bytes : 8;
      uint64_t word = 0;
      std::memcpy(&word, from, some);
      mix(lane, word);
      bytes -= some;
      from += some;
    }
  }

  template <typename T>
  void add(const std::vector<T>& values) noexcept {
    add(values.data(), values.size() * sizeof(T));
  }

  std::array<uint64_t, 2> value() const noexcept { return {folded(0), folded(1)}; }

 private:
  static constexpr uint64_t kOne = 0x9e3779b185ebca87ull;
  static constexpr uint64_t kTwo = 0xc2b2ae3d27d4eb4full;

  static uint64_t rotl(uint64_t x, int k) noexcept { return (x << k) | (x >> (64 - k)); }

  void mix(size_t lane, uint64_t word) noexcept { lanes_[lane] = rotl(lanes_[lane] + word * kTwo, 31) * kOne; }

  uint64_t folded(size_t first) const noexcept {
    uint64_t sum = kTwo + first;
    for (size_t i = 0; i < 4; ++i) {
      sum = rotl(sum ^ lanes_[(first + i) % 4], 27) * kOne + kTwo;
      sum ^= sum >> 29;
    }
    sum *= kTwo;
    return sum ^ (sum >> 32);
  }

  std::array<uint64_t, 4> lanes_ = {kOne + kTwo, kTwo, 0, 0 - kOne};
};

}  // namespace tenon
