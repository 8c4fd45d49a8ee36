#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "../runtime/thread_pool.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace tenon {

// From here on a copy is larger than what caches keep of it.
inline constexpr size_t kLargeCopy = size_t{2} << 20;  // floats

// Has all threads touch the pages of fresh memory: the system clears each when it is first touched,
// which takes one thread as long as the copy that follows.
inline void touch_pages(float* memory, size_t count) {
  constexpr size_t kHugePageFloats = size_t{1} << 19;
  constexpr size_t kPageFloats = 1024;
  ThreadPool::instance().parallel_for(count, kHugePageFloats, [&](size_t begin, size_t end) {
    for (size_t i = begin; i < end; i += kPageFloats) memory[i] = 0;
  });
}

// Copies past the caches: what was there before is not read, and the source stays in them.
inline void copy_streamed(const float* from, size_t count, float* to) noexcept {
#if defined(__SSE2__)
  const size_t past = reinterpret_cast<uintptr_t>(to) % 64 / sizeof(float);
  const size_t head = std::min(count, past == 0 ? 0 : 16 - past);
  std::copy_n(from, head, to);
  size_t i = head;
  for (; i + 16 <= count; i += 16) {
    // A page later: the processor follows a stream by itself only up to the end of a page.
    _mm_prefetch(reinterpret_cast<const char*>(from + i + 1024), _MM_HINT_T0);
    const __m128 a = _mm_loadu_ps(from + i);
    const __m128 b = _mm_loadu_ps(from + i + 4);
    const __m128 c = _mm_loadu_ps(from + i + 8);
    const __m128 d = _mm_loadu_ps(from + i + 12);
    _mm_stream_ps(to + i, a);
    _mm_stream_ps(to + i + 4, b);
    _mm_stream_ps(to + i + 8, c);
    _mm_stream_ps(to + i + 12, d);
  }
  std::copy_n(from + i, count - i, to + i);
  _mm_sfence();
#else
  std::copy_n(from, count, to);
#endif
}

// Copies to fresh memory, on all threads if it is large.
inline void copy_to_fresh(const float* from, size_t count, float* to) {
  constexpr size_t kChunk = size_t{1} << 18;
  if (count < kLargeCopy) {
    std::copy_n(from, count, to);
    return;
  }
  touch_pages(to, count);
  ThreadPool::instance().parallel_for(
      count, kChunk, [&](size_t begin, size_t end) { copy_streamed(from + begin, end - begin, to + begin); });
}

}  // namespace tenon
