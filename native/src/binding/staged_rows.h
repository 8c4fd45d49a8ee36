#pragma once

#include <algorithm>
#include <mutex>
#include <utility>
#include <vector>

#include "../operations/buffer.h"

namespace tenon {

// A copy of JavaScript's rows for a call on another thread. The memory is kept for the next call:
// touching fresh pages costs more than the copy.
class StagedRows {
 public:
  StagedRows(const float* data, size_t count) : buffer_(taken(count)) { std::copy_n(data, count, buffer_.data()); }
  StagedRows(StagedRows&&) = default;
  StagedRows& operator=(StagedRows&&) = delete;
  ~StagedRows() { give_back(std::move(buffer_)); }

  const float* data() const noexcept { return buffer_.data(); }

 private:
  static constexpr size_t kKept = 4;
  static constexpr size_t kLargestKept = size_t{4} << 20;  // floats

  struct Store {
    std::mutex mutex;
    std::vector<Buffer<float>> free;
  };

  // Never destroyed: task threads outlive static destructors at exit.
  static Store& store() {
    static Store* shared = new Store();
    return *shared;
  }

  static Buffer<float> taken(size_t count) {
    {
      std::lock_guard lock(store().mutex);
      std::vector<Buffer<float>>& free = store().free;
      const auto found = std::find_if(free.begin(), free.end(), [&](const auto& each) { return each.size() >= count; });
      if (found != free.end()) {
        Buffer<float> buffer = std::move(*found);
        free.erase(found);
        return buffer;
      }
    }
    return Buffer<float>(count);
  }

  static void give_back(Buffer<float> buffer) noexcept {
    if (buffer.data() == nullptr || buffer.size() > kLargestKept) return;
    std::lock_guard lock(store().mutex);
    std::vector<Buffer<float>>& free = store().free;
    if (free.capacity() == 0) {
      try {
        free.reserve(kKept);
      } catch (...) {
        return;
      }
    }
    // The smallest makes way: a larger one serves every call that it would.
    if (free.size() < kKept) {
      free.push_back(std::move(buffer));
      return;
    }
    const auto smallest =
        std::min_element(free.begin(), free.end(), [](const auto& a, const auto& b) { return a.size() < b.size(); });
    if (smallest->size() < buffer.size()) *smallest = std::move(buffer);
  }

  Buffer<float> buffer_;
};

}  // namespace tenon
