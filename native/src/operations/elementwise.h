#pragma once

#include <cstddef>
#include <numeric>
#include <vector>

#include "../runtime/thread_pool.h"

namespace tenon {

// Elements a thread takes at once: 256 KiB of floats, small enough to share evenly.
inline constexpr size_t kElementwiseChunk = size_t{1} << 16;

// body(begin, end) over [0, n).
template <typename Body>
void elementwise(size_t n, Body&& body) {
  ThreadPool::instance().parallel_for(n, kElementwiseChunk, body);
}

// The sum of body(begin, end) over chunks of [0, n), added in order of the chunks, so that the
// result does not depend on the number of threads.
template <typename Body>
double elementwise_sum(size_t n, size_t grain, Body&& body) {
  std::vector<double> parts(chunk_count(n, grain));
  ThreadPool::instance().parallel_for(
      n, grain, [&](size_t begin, size_t end) { parts[begin / grain] = body(begin, end); });
  return std::accumulate(parts.begin(), parts.end(), 0.0);
}

}  // namespace tenon
