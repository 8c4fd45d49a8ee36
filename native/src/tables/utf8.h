#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace tenon {

// Whether bytes are UTF-8 as Unicode 16 has it (table 3-7): no overlong forms, no surrogates, nothing beyond U+10FFFF.
inline bool is_utf8(const uint8_t* bytes, size_t count) noexcept {
  const uint8_t* at = bytes;
  const uint8_t* const end = bytes + count;
  while (at < end) {
    if (end - at >= 8) {
      uint64_t word;
      std::memcpy(&word, at, 8);
      if ((word & 0x8080808080808080ull) == 0) {
        at += 8;
        continue;
      }
    }
    const uint8_t first = *at++;
    if (first < 0x80) continue;
    const int more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : 1;
    if (first < 0xc2 || first > 0xf4 || end - at < more) return false;
    const uint8_t low = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
    const uint8_t high = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
    if (at[0] < low || at[0] > high) return false;
    for (int i = 1; i < more; ++i) {
      if ((at[i] & 0xc0) != 0x80) return false;
    }
    at += more;
  }
  return true;
}

}  // namespace tenon
