#include "task_threads.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "thread_pool.h"

namespace tenon {
namespace {

struct TaskThreads {
  std::mutex mutex;
  std::condition_variable wake;
  std::deque<std::function<void()>> waiting;
  size_t idle = 0;
  size_t threads = 0;
};

// Never destroyed: its threads outlive static destructors at exit.
TaskThreads& task_threads() {
  static auto* shared = new TaskThreads();
  return *shared;
}

void serve(TaskThreads* shared) {
  lower_thread_priority();
  std::unique_lock lock(shared->mutex);
  for (;;) {
    while (shared->waiting.empty()) {
      ++shared->idle;
      shared->wake.wait(lock);
      --shared->idle;
    }
    std::function<void()> body = std::move(shared->waiting.front());
    shared->waiting.pop_front();
    lock.unlock();
    body();
    body = nullptr;  // what it owns is freed outside the lock
    lock.lock();
  }
}

}  // namespace

void run_on_task_thread(std::function<void()> body) {
  TaskThreads& shared = task_threads();
  std::lock_guard lock(shared.mutex);
  shared.waiting.push_back(std::move(body));
  if (shared.idle >= shared.waiting.size()) {
    shared.wake.notify_one();
    return;
  }
  if (shared.threads >= kMaxTaskThreads) return;
  try {
    std::thread(serve, &shared).detach();
    ++shared.threads;
  } catch (...) {
    if (shared.threads == 0) {
      shared.waiting.pop_back();
      throw;
    }
  }
}

}  // namespace tenon
