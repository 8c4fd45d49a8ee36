#include "shared_floats.h"

#include <cstdint>
#include <cstdlib>
#include <map>
#include <mutex>
#include <new>

#include "buffer.h"

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace tenon {
namespace {

// All there are, by where they begin.
struct Register {
  std::mutex mutex;
  std::map<uintptr_t, std::weak_ptr<SharedFloats>> all;

  // Never destroyed: arrays are freed as late as at exit.
  static Register& instance() {
    static Register* const one = new Register();
    return *one;
  }
};

uintptr_t place_of(const float* data) noexcept { return reinterpret_cast<uintptr_t>(data); }

}  // namespace

std::shared_ptr<SharedFloats> SharedFloats::zeros(size_t count) {
  if (count > buffer_limit() / sizeof(float)) throw std::bad_alloc();
  std::shared_ptr<SharedFloats> made(new SharedFloats());
  const size_t bytes = count * sizeof(float);
#if defined(__linux__)
  // Fresh memory is zero, and is given page by page as it is touched.
  constexpr size_t kHugePage = size_t{2} << 20;
  const size_t alignment = bytes >= kHugePage ? kHugePage : 4096;
  const size_t rounded = (bytes + alignment) / alignment * alignment;
  void* const mapping =
      mmap(nullptr, rounded + alignment, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (mapping == MAP_FAILED) throw std::bad_alloc();
  made->mapping_ = mapping;
  made->mapped_ = rounded + alignment;
  const uintptr_t begin = (reinterpret_cast<uintptr_t>(mapping) + alignment - 1) / alignment * alignment;
  made->data_ = reinterpret_cast<float*>(begin);
  want_huge_pages(made->data_, bytes);
#else
  made->mapping_ = std::calloc(count == 0 ? 1 : count, sizeof(float));
  if (made->mapping_ == nullptr) throw std::bad_alloc();
  made->data_ = static_cast<float*>(made->mapping_);
#endif
  made->size_ = count;
  Register& known = Register::instance();
  const std::lock_guard lock(known.mutex);
  known.all[place_of(made->data_)] = made;
  return made;
}

std::shared_ptr<SharedFloats> SharedFloats::holding(const float* data, size_t count) {
  std::shared_ptr<SharedFloats> found;  // before the lock, which its end may want for itself
  Register& known = Register::instance();
  const std::lock_guard lock(known.mutex);
  auto after = known.all.upper_bound(place_of(data));
  if (after == known.all.begin()) return nullptr;
  found = std::prev(after)->second.lock();
  if (!found) return nullptr;
  const size_t before = static_cast<size_t>(data - found->data_);
  return before <= found->size_ && count <= found->size_ - before ? found : nullptr;
}

SharedFloats::~SharedFloats() {
  if (mapping_ == nullptr) return;
  if (data_ != nullptr) {
    Register& known = Register::instance();
    const std::lock_guard lock(known.mutex);
    known.all.erase(place_of(data_));
  }
#if defined(__linux__)
  (void)munmap(mapping_, mapped_);
#else
  std::free(mapping_);
#endif
}

}  // namespace tenon
