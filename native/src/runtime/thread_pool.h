#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <memory>
#include <type_traits>
#include <utility>

#include "task.h"

namespace tenon {

// The one pool of compute threads in the process, shared by every task and every JavaScript
// thread. libuv's threads are never used: they serve files and compression.
//
// The pool's threads run at a lower priority than JavaScript, so that full use of the machine
// does not stall the event loop. It is created at first use and never destroyed.
class ThreadPool {
 public:
  static ThreadPool& instance();

  // How many threads compute at once, the caller of parallel_for included; at least 1.
  // TENON_NATIVE_THREADS, or else the number of processors.
  size_t size() const noexcept;

  // Changes size() to a number from 1 to kMaxThreads. Work under way completes.
  void resize(size_t threads);

  // Runs fn(begin, end) over [0, n) in chunks of `grain` (the last one shorter) and returns when
  // all are done. Chunk k is always [k * grain, min(n, (k + 1) * grain)): it depends on n and
  // grain alone, so a caller that keeps one partial result per chunk and merges them in order
  // gets the same answer at any thread count. Chunks run in any order, on any thread.
  //
  // Called from inside a chunk, it runs its own chunks inline. Called from several threads at
  // once, the pool is shared. The first exception a chunk throws stops the others and is thrown
  // here.
  //
  // With `control`, no chunk starts after control->stopped(); returns false if any was left out.
  template <typename Fn>
  bool parallel_for(size_t n, size_t grain, Fn&& fn, const TaskControl* control = nullptr) {
    using Body = std::remove_reference_t<Fn>;
    return run(n, grain == 0 ? 1 : grain, control,
               const_cast<void*>(static_cast<const void*>(std::addressof(fn))),
               [](void* body, size_t begin, size_t end) { (*static_cast<Body*>(body))(begin, end); });
  }

  // Which of the pool's threads the calling one is, from 1 to size() - 1; 0 for all others. For what
  // goes faster on the thread that did it before, never for what decides results.
  static size_t current() noexcept;

  static constexpr size_t kMaxThreads = 256;

 private:
  ThreadPool();
  using Invoke = void (*)(void* body, size_t begin, size_t end);
  bool run(size_t n, size_t grain, const TaskControl* control, void* body, Invoke invoke);

  struct Job;
  struct State;
  static void work(State* state, size_t index);
  static void run_chunks(Job& job);

  State* state_;
};

// How many chunks parallel_for makes of n elements.
inline size_t chunk_count(size_t n, size_t grain) noexcept {
  return grain == 0 ? n : n / grain + (n % grain != 0);
}

// The processors this process may use.
size_t processor_count() noexcept;

// Lets JavaScript and I/O threads run before the calling thread.
void lower_thread_priority() noexcept;

}  // namespace tenon
