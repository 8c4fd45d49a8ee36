#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace tenon {

// Reads protobuf's wire format in the one form in which every serializer writes it. Whatever is not in it, truncated or
// merely unusual, makes a function return false, after which the cursor is of no more use.
class WireCursor {
 public:
  WireCursor(const uint8_t* at, const uint8_t* end) noexcept : at_(at), end_(end) {}

  bool done() const noexcept { return at_ == end_; }
  const uint8_t* at() const noexcept { return at_; }
  size_t left() const noexcept { return static_cast<size_t>(end_ - at_); }

  // The next byte, which must be this.
  bool expect(uint8_t byte) noexcept {
    if (at_ == end_ || *at_ != byte) return false;
    ++at_;
    return true;
  }

  bool byte(uint8_t& value) noexcept {
    if (at_ == end_) return false;
    value = *at_++;
    return true;
  }

  bool varint(uint64_t& value) noexcept {
    value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (at_ == end_) return false;
      const uint64_t byte = *at_++;
      // Of the tenth byte 64 bits hold but one.
      if (shift == 63 && byte > 1) return false;
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return true;
    }
    return false;
  }

  bool number(double& value) noexcept {
    if (left() < sizeof value) return false;
    std::memcpy(&value, at_, sizeof value);
    at_ += sizeof value;
    return true;
  }

  // A length, which never takes more than five bytes, and so many bytes.
  bool block(std::string_view& bytes) noexcept {
    uint64_t size = 0;
    const uint8_t* const start = at_;
    if (!varint(size) || at_ - start > 5 || size > left()) return false;
    bytes = {reinterpret_cast<const char*>(at_), static_cast<size_t>(size)};
    at_ += size;
    return true;
  }

  // The same, as bytes to read on.
  bool block(WireCursor& inner) noexcept {
    std::string_view bytes;
    if (!block(bytes)) return false;
    const auto* start = reinterpret_cast<const uint8_t*>(bytes.data());
    inner = WireCursor(start, start + bytes.size());
    return true;
  }

 private:
  const uint8_t* at_;
  const uint8_t* end_;
};

}  // namespace tenon
