#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "../runtime/thread_pool.h"

namespace tenon {

// What a target holds.
struct TargetLook {
  bool good;    // class numbers below the number of classes, or for 0 classes finite numbers
  bool varies;  // and not all the same
};

// Looks at all numbers without a branch for each: nearly every target is good, and which number of
// another one is not, a second look tells.
inline TargetLook look_at_target(const double* target, size_t count, size_t class_count) {
  constexpr size_t kChunk = size_t{1} << 17;
  std::atomic<bool> bad{false};
  std::atomic<bool> varied{false};
  const double limit = static_cast<double>(class_count);
  ThreadPool::instance().parallel_for(count, kChunk, [&](size_t begin, size_t end) {
    const double first = target[0];
    unsigned refused = 0;
    unsigned other = 0;
    if (class_count == 0) {
      for (size_t i = begin; i < end; ++i) {
        refused |= static_cast<unsigned>(!(target[i] - target[i] == 0));
        other |= static_cast<unsigned>(target[i] != first);
      }
    } else {
      for (size_t i = begin; i < end; ++i) {
        const double x = target[i];
        // Within what an int32 holds; a half equals no number that is refused.
        const double within = x >= 0 && x < limit ? x : 0.5;
        refused |= static_cast<unsigned>(static_cast<double>(static_cast<int32_t>(within)) != x);
        other |= static_cast<unsigned>(x != first);
      }
    }
    if (refused != 0) bad.store(true, std::memory_order_relaxed);
    if (other != 0) varied.store(true, std::memory_order_relaxed);
  });
  return {!bad.load(), varied.load()};
}

}  // namespace tenon
