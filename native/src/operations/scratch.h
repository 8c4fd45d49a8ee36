#pragma once

#include <cstddef>

#include "buffer.h"

namespace tenon {

// Space that a thread keeps between calls, because fresh pages cost as much as what is done in them.
template <typename T>
class Scratch {
 public:
  // Room for `count`, with whatever was left in it. May throw std::bad_alloc.
  T* of(size_t count) {
    if (buffer_.size() < count) buffer_ = Buffer<T>(count);
    return buffer_.data();
  }

  // Gives back more than `kept`.
  void trim(size_t kept) {
    if (buffer_.size() > kept) buffer_ = Buffer<T>();
  }

 private:
  Buffer<T> buffer_;
};

}  // namespace tenon
