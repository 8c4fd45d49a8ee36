#pragma once

#include <cstddef>
#include <memory>

namespace tenon {

// Memory that JavaScript's arrays and native tasks share: it lives until the last of both lets go, so
// that a task may read it where it is. Of huge pages if it is large.
class SharedFloats {
 public:
  // Zeros. Throws std::bad_alloc if that is more than buffer_limit() or cannot be had.
  static std::shared_ptr<SharedFloats> zeros(size_t count);

  // Those that hold all of data[0] to data[count - 1]; null if they are in other memory.
  static std::shared_ptr<SharedFloats> holding(const float* data, size_t count);

  SharedFloats(const SharedFloats&) = delete;
  SharedFloats& operator=(const SharedFloats&) = delete;
  ~SharedFloats();

  float* data() const noexcept { return data_; }
  size_t size() const noexcept { return size_; }

 private:
  SharedFloats() = default;

  void* mapping_ = nullptr;
  size_t mapped_ = 0;  // bytes
  float* data_ = nullptr;
  size_t size_ = 0;
};

}  // namespace tenon
