#pragma once

#include <cstdlib>
#include <memory>
#include <new>
#include <vector>

#include "boost_features.h"

namespace tenon {

// The histograms of a node, group after group.
struct Histogram {
  std::byte* data = nullptr;
  bool wide = false;

  std::byte* group(const BoostFeatures& features, uint32_t g) const noexcept {
    return data + features.first_line[g] * (wide ? kWideLine : kPackedLine);
  }
};

// Memory of histograms, kept for the next node and the next tree. One thread at a time.
class HistogramPool {
 public:
  explicit HistogramPool(size_t lines) : lines_(lines) {}

  // Its contents are left over.
  Histogram take(bool wide) {
    auto& free = free_[wide];
    if (free.empty()) {
      void* memory = std::aligned_alloc(64, bytes(wide));
      if (memory == nullptr) throw std::bad_alloc();
      owned_.emplace_back(static_cast<std::byte*>(memory));
      free.push_back(static_cast<std::byte*>(memory));
    }
    const Histogram result{free.back(), wide};
    free.pop_back();
    bytes_out_ += bytes(wide);
    return result;
  }

  void give_back(Histogram& histogram) {
    if (histogram.data == nullptr) return;
    free_[histogram.wide].push_back(histogram.data);
    bytes_out_ -= bytes(histogram.wide);
    histogram.data = nullptr;
  }

  size_t bytes_each() const noexcept { return bytes(true); }
  size_t bytes_out() const noexcept { return bytes_out_; }

 private:
  // aligned_alloc takes multiples of the alignment.
  size_t bytes(bool wide) const noexcept { return (lines_ * (wide ? kWideLine : kPackedLine) + 64) / 64 * 64; }

  struct Free {
    void operator()(std::byte* memory) const noexcept { std::free(memory); }
  };
  size_t lines_;
  size_t bytes_out_ = 0;
  std::vector<std::unique_ptr<std::byte, Free>> owned_;
  std::vector<std::byte*> free_[2];
};

}  // namespace tenon
