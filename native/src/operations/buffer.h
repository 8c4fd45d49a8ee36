#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <memory>
#include <new>
#include <vector>

#if defined(__linux__)
#include <sys/mman.h>
#include <unistd.h>
#endif

namespace tenon {

// Half of the machine's memory, in bytes: what one buffer may take. Beyond it an operating
// system that overcommits kills the process instead of refusing.
inline size_t buffer_limit() noexcept {
#if defined(__linux__)
  const long pages = sysconf(_SC_PHYS_PAGES);
  const long page = sysconf(_SC_PAGESIZE);
  if (pages > 0 && page > 0) return static_cast<size_t>(pages) / 2 * static_cast<size_t>(page);
#endif
  return size_t{1} << 33;
}

// Asks for huge pages under memory of that many bytes, if it is large and where it has not been
// touched: touching fresh memory page by page costs more than a copy does.
inline void want_huge_pages([[maybe_unused]] const void* data, [[maybe_unused]] size_t bytes) noexcept {
#if defined(__linux__)
  constexpr uintptr_t kPage = 4096;
  const uintptr_t begin = (reinterpret_cast<uintptr_t>(data) + kPage - 1) / kPage * kPage;
  const uintptr_t end = (reinterpret_cast<uintptr_t>(data) + bytes) / kPage * kPage;
  if (end > begin && end - begin >= (size_t{4} << 20)) {
    (void)madvise(reinterpret_cast<void*>(begin), end - begin, MADV_HUGEPAGE);
  }
#endif
}

// Reserves memory for a vector, of huge pages if it is large. Throws std::bad_alloc.
template <typename T>
void reserve_huge(std::vector<T>& values, size_t count) {
  values.reserve(count);
  want_huge_pages(values.data(), count * sizeof(T));
}

// Uninitialised memory owned by native code, aligned to a cache line. Large ones ask for huge
// pages: touching fresh memory page by page costs more than the arithmetic on it.
template <typename T>
class Buffer {
 public:
  Buffer() = default;

  // Throws std::bad_alloc if that is more than buffer_limit() or cannot be had.
  explicit Buffer(size_t count) : size_(count) {
    if (count > buffer_limit() / sizeof(T)) throw std::bad_alloc();
    const size_t bytes = count * sizeof(T);
    const size_t alignment = bytes >= kHugePage ? kHugePage : 64;
    const size_t rounded = (bytes + alignment - 1) / alignment * alignment;
    data_.reset(static_cast<T*>(std::aligned_alloc(alignment, rounded == 0 ? alignment : rounded)));
    if (!data_) throw std::bad_alloc();
#if defined(__linux__)
    if (bytes >= kHugePage) (void)madvise(data_.get(), rounded, MADV_HUGEPAGE);
#endif
  }

  T* data() noexcept { return data_.get(); }
  const T* data() const noexcept { return data_.get(); }
  size_t size() const noexcept { return size_; }
  T* begin() noexcept { return data(); }
  T* end() noexcept { return data() + size_; }
  const T* begin() const noexcept { return data(); }
  const T* end() const noexcept { return data() + size_; }
  T& operator[](size_t i) noexcept { return data_.get()[i]; }
  const T& operator[](size_t i) const noexcept { return data_.get()[i]; }

 private:
  static constexpr size_t kHugePage = size_t{2} << 20;
  struct Free {
    void operator()(T* p) const noexcept { std::free(p); }
  };
  std::unique_ptr<T, Free> data_;
  size_t size_ = 0;
};

}  // namespace tenon
