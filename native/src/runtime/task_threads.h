#pragma once

#include <functional>

namespace tenon {

// Runs `body` on a thread of ours that computes nothing else meanwhile: one long call from
// JavaScript. Threads are kept for the next call. At most kMaxTaskThreads run at once; further
// bodies wait their turn in order. `body` must not throw. Throws std::system_error or
// std::bad_alloc, and then has not kept `body`, when not even one thread can be had.
void run_on_task_thread(std::function<void()> body);

// Tasks mostly wait for the compute threads; this many may be between start and end.
inline constexpr size_t kMaxTaskThreads = 32;

}  // namespace tenon
