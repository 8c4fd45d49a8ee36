#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace tenon {

// Finds the place of a text in a list that is made once. What is asked for may be anything: it is compared byte by
// byte, and a list, which a model has, cannot be made longer by who asks.
class TextIndex {
 public:
  static constexpr uint32_t kAbsent = 0xffffffff;

  TextIndex() : TextIndex(std::vector<std::string>()) {}

  // Of equal texts the last is found. May throw std::bad_alloc.
  explicit TextIndex(std::vector<std::string> texts) : texts_(std::move(texts)) {
    size_t slots = 4;
    while (slots < 2 * texts_.size()) slots *= 2;
    slots_.assign(slots, kAbsent);
    for (uint32_t place = 0; place < texts_.size(); ++place) {
      const std::string_view text = texts_[place];
      size_t at = hash(text) & (slots - 1);
      while (slots_[at] != kAbsent && texts_[slots_[at]] != text) at = (at + 1) & (slots - 1);
      slots_[at] = place;
    }
  }

  uint32_t find(std::string_view text) const noexcept {
    const size_t mask = slots_.size() - 1;
    for (size_t at = hash(text) & mask;; at = (at + 1) & mask) {
      const uint32_t place = slots_[at];
      if (place == kAbsent || is(place, text)) return place;
    }
  }

  // Whether the text at a place, which must be one, is this.
  bool is(uint32_t place, std::string_view text) const noexcept { return texts_[place] == text; }

  size_t size_bytes() const noexcept {
    size_t bytes = texts_.size() * sizeof(std::string) + slots_.size() * sizeof(uint32_t);
    for (const std::string& text : texts_) bytes += text.size();
    return bytes;
  }

 private:
  static size_t hash(std::string_view text) noexcept {
    constexpr uint64_t kFactor = 0x9e3779b97f4a7c15ull;
    uint64_t sum = text.size();
    while (text.size() >= 8) {
      uint64_t word;
      std::memcpy(&word, text.data(), 8);
      sum = (sum ^ word) * kFactor;
      sum ^= sum >> 32;
      text.remove_prefix(8);
    }
    uint64_t word = 0;
    std::memcpy(&word, text.data(), text.size());
    sum = (sum ^ word) * kFactor;
    return static_cast<size_t>(sum ^ (sum >> 32));
  }

  std::vector<std::string> texts_;
  std::vector<uint32_t> slots_;  // places, at most half of them taken
};

}  // namespace tenon
