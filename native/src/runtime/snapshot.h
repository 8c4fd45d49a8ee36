#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>
#include <utility>
#include <vector>

#include "digest.h"

namespace tenon {

// Writes the state of a fit as bytes: numbers as they lie in memory (little-endian on every
// processor we build for), arrays after their length, and at the end a checksum over all of it.
class SnapshotWriter {
 public:
  // `bytes` is about how long it will be.
  explicit SnapshotWriter(size_t bytes) { bytes_.reserve(bytes); }

  template <typename T>
  void value(T number) {
    append(&number, sizeof number);
  }

  template <typename T>
  void array(const T* values, size_t count) {
    value<uint64_t>(count);
    append(values, count * sizeof(T));
  }
  template <typename T>
  void array(const std::vector<T>& values) {
    array(values.data(), values.size());
  }

  std::vector<uint8_t> finish() {
    Digest digest;
    digest.add(bytes_);
    value(digest.value()[0]);
    return std::move(bytes_);
  }

 private:
  void append(const void* from, size_t bytes) {
    const uint8_t* first = static_cast<const uint8_t*>(from);
    bytes_.insert(bytes_.end(), first, first + bytes);
  }

  std::vector<uint8_t> bytes_;
};

// Reads them back from bytes of any origin. A read that finds too little, or not the length that it
// wants, fails, and so do all after it. Nothing is allocated beyond what the bytes hold.
class SnapshotReader {
 public:
  SnapshotReader(const uint8_t* bytes, size_t size) noexcept : at_(bytes), left_(size) {
    if (size < kChecksum) {
      ok_ = false;
      return;
    }
    left_ -= kChecksum;
    uint64_t checksum;
    std::memcpy(&checksum, bytes + left_, kChecksum);
    Digest digest;
    digest.add(bytes, left_);
    ok_ = checksum == digest.value()[0];
  }

  template <typename T>
  bool value(T& number) noexcept {
    static_assert(std::is_arithmetic_v<T>);
    if (!ok_ || left_ < sizeof number) return ok_ = false;
    std::memcpy(&number, at_, sizeof number);
    at_ += sizeof number;
    left_ -= sizeof number;
    return true;
  }

  // An array of any length.
  template <typename T>
  bool array(std::vector<T>& values) {
    uint64_t count = 0;
    if (!value(count) || count > left_ / sizeof(T)) return ok_ = false;
    values.resize(count);
    if (count > 0) std::memcpy(values.data(), at_, count * sizeof(T));
    at_ += count * sizeof(T);
    left_ -= count * sizeof(T);
    return true;
  }
  // An array of this length.
  template <typename T>
  bool array(std::vector<T>& values, size_t count) {
    return array(values) && (ok_ = values.size() == count);
  }
  template <typename T>
  bool array(T* values, size_t count) noexcept {
    uint64_t found = 0;
    if (!value(found) || found != count || count > left_ / sizeof(T)) return ok_ = false;
    if (count > 0) std::memcpy(values, at_, count * sizeof(T));
    at_ += count * sizeof(T);
    left_ -= count * sizeof(T);
    return true;
  }

  bool ok() const noexcept { return ok_; }
  // Whether all was read and nothing is left.
  bool done() const noexcept { return ok_ && left_ == 0; }

 private:
  static constexpr size_t kChecksum = sizeof(uint64_t);
  const uint8_t* at_;
  size_t left_;
  bool ok_ = true;
};

}  // namespace tenon
