#pragma once

#include <atomic>
#include <cstddef>
#include <thread>

namespace tenon {

// Lets the chunks of one parallel_for, which run at once, do a part of their work one after another
// in order. Every chunk must take its turn, even after an error: those behind it wait. Chunks start
// in order, so that none waits for one that has no thread; give such a parallel_for no TaskControl,
// which could leave one out.
class Turns {
 public:
  template <typename Fn>
  void take(size_t number, Fn&& fn) {
    // Turns are short. A thread that was preempted in its own gets the processor back by the yield.
    constexpr int kLooks = 2000;
    for (int looks = 0; next_.load(std::memory_order_acquire) != number; ++looks) {
      if (looks >= kLooks) std::this_thread::yield();
    }
    struct Pass {
      std::atomic<size_t>& next;
      ~Pass() { next.fetch_add(1, std::memory_order_release); }
    } pass{next_};
    fn();
  }

 private:
  std::atomic<size_t> next_{0};
};

}  // namespace tenon
