#include "thread_pool.h"

#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <exception>
#include <mutex>
#include <new>
#include <thread>

#if defined(__linux__)
#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif
#if defined(__x86_64__) || defined(_M_X64)
#include <immintrin.h>
#endif

namespace tenon {
namespace {

// How long a thread looks for new work, or for the others' end, before it sleeps: the time between
// two parallel regions of one computation, or of one chunk. Waking it later takes as long again.
// Longer would take the processor from the event loop.
constexpr auto kLookFor = std::chrono::microseconds(60);

// On Linux a difference of 5 gives a waiting event loop about three times a compute thread's
// share and, more to the point, lets it preempt one at once.
constexpr int kNiceness = 5;

thread_local bool in_chunk = false;
thread_local size_t current_thread = 0;

void pause_briefly() noexcept {
#if defined(__x86_64__) || defined(_M_X64)
  _mm_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

// Looks until `found()` or the time is up; counted in time because a pause takes 40 to 140 cycles.
template <typename Found>
void look(const Found& found) noexcept {
  const auto end = std::chrono::steady_clock::now() + kLookFor;
  do {
    for (int i = 0; i < 16; ++i) {
      if (found()) return;
      pause_briefly();
    }
  } while (std::chrono::steady_clock::now() < end);
}

size_t configured_threads() noexcept {
  // The TypeScript face has refused anything but an integer from 1 to kMaxThreads.
  const char* text = std::getenv("TENON_NATIVE_THREADS");
  const long asked = text == nullptr ? 0 : std::strtol(text, nullptr, 10);
  if (asked >= 1) return std::min<size_t>(static_cast<size_t>(asked), ThreadPool::kMaxThreads);
  return std::min(processor_count(), ThreadPool::kMaxThreads);
}

}  // namespace

size_t processor_count() noexcept {
#if defined(__linux__)
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof(set), &set) == 0) {
    const int count = CPU_COUNT(&set);
    if (count > 0) return static_cast<size_t>(count);
  }
#endif
  return std::max<size_t>(1, std::thread::hardware_concurrency());
}

void lower_thread_priority() noexcept {
#if defined(__linux__)
  // On Linux a "process" here is one thread. Refusal (a container's policy) costs latency only.
  const auto id = static_cast<id_t>(syscall(SYS_gettid));
  const int current = getpriority(PRIO_PROCESS, id);
  (void)setpriority(PRIO_PROCESS, id, std::min(19, current + kNiceness));
#endif
}

// One call of parallel_for; lives on its caller's stack. Workers enter and leave under the
// state's mutex, and the caller leaves last, so none touches it afterwards.
struct ThreadPool::Job {
  size_t n;
  size_t grain;
  size_t chunks;
  const TaskControl* control;
  void* body;
  Invoke invoke;
  std::atomic<size_t> next{0};
  std::atomic<bool> skipped{false};
  std::exception_ptr failure;  // guarded by failure_mutex
  std::mutex failure_mutex;
  std::atomic<size_t> workers{0};  // inside run_chunks; changed under State::mutex
  Job* following = nullptr;
};

struct ThreadPool::State {
  std::mutex mutex;
  std::condition_variable wake;    // workers: a job was listed, or the size changed
  std::condition_variable left;    // callers: a worker left a job
  Job* jobs = nullptr;             // unfinished ones, newest first
  std::atomic<uint64_t> listed{0};  // grows with each job; what spinning workers watch
  size_t sleeping = 0;
  size_t running = 0;  // worker threads that exist
  std::atomic<size_t> size{1};
};

ThreadPool& ThreadPool::instance() {
  // Never destroyed: its threads outlive static destructors at exit.
  static ThreadPool* pool = new ThreadPool();
  return *pool;
}

ThreadPool::ThreadPool() : state_(new State()) { resize(configured_threads()); }

size_t ThreadPool::size() const noexcept { return state_->size.load(std::memory_order_relaxed); }

size_t ThreadPool::current() noexcept { return current_thread; }

void ThreadPool::resize(size_t threads) {
  threads = std::clamp<size_t>(threads, 1, kMaxThreads);
  std::lock_guard lock(state_->mutex);
  state_->size.store(threads);
  state_->listed.fetch_add(1);
  state_->wake.notify_all();
  // The caller of parallel_for is one of the threads. Surplus workers notice and leave.
  while (state_->running < threads - 1) {
    const size_t index = state_->running;
    try {
      std::thread(work, state_, index).detach();
    } catch (...) {
      // No more threads to be had: compute with those there are.
      state_->size.store(state_->running + 1);
      return;
    }
    ++state_->running;
  }
}

void ThreadPool::run_chunks(Job& job) {
  in_chunk = true;
  for (;;) {
    const size_t chunk = job.next.fetch_add(1, std::memory_order_relaxed);
    if (chunk >= job.chunks) break;
    if (job.control != nullptr && job.control->stopped()) {
      job.skipped.store(true, std::memory_order_relaxed);
      job.next.store(job.chunks, std::memory_order_relaxed);
      break;
    }
    const size_t begin = chunk * job.grain;
    try {
      job.invoke(job.body, begin, std::min(job.n, begin + job.grain));
    } catch (...) {
      std::lock_guard lock(job.failure_mutex);
      if (!job.failure) job.failure = std::current_exception();
      job.skipped.store(true, std::memory_order_relaxed);
      job.next.store(job.chunks, std::memory_order_relaxed);
    }
  }
  in_chunk = false;
}

void ThreadPool::work(State* state, size_t index) {
  lower_thread_priority();
  current_thread = index + 1;
  std::unique_lock lock(state->mutex);
  for (;;) {
    // The last-created workers leave first, so that the indexes stay dense.
    if (index + 1 >= state->size.load(std::memory_order_relaxed) && index + 1 == state->running) {
      --state->running;
      state->listed.fetch_add(1, std::memory_order_relaxed);  // wakes the next to leave
      state->wake.notify_all();
      return;
    }
    Job* job = state->jobs;
    while (job != nullptr && job->next.load(std::memory_order_relaxed) >= job->chunks) job = job->following;
    if (job != nullptr) {
      ++job->workers;
      lock.unlock();
      run_chunks(*job);
      lock.lock();
      if (--job->workers == 0) state->left.notify_all();
      continue;
    }
    const uint64_t seen = state->listed.load(std::memory_order_relaxed);
    lock.unlock();
    look([&] { return state->listed.load(std::memory_order_relaxed) != seen; });
    lock.lock();
    if (state->listed.load(std::memory_order_relaxed) != seen) continue;
    ++state->sleeping;
    state->wake.wait(lock, [&] { return state->listed.load(std::memory_order_relaxed) != seen; });
    --state->sleeping;
  }
}

bool ThreadPool::run(size_t n, size_t grain, const TaskControl* control, void* body, Invoke invoke) {
  if (n == 0) return true;
  Job job;
  job.n = n;
  job.grain = grain;
  job.chunks = chunk_count(n, grain);
  job.control = control;
  job.body = body;
  job.invoke = invoke;

  if (in_chunk || job.chunks == 1 || size() == 1) {
    const bool outer = in_chunk;
    run_chunks(job);
    in_chunk = outer;
  } else {
    {
      std::lock_guard lock(state_->mutex);
      job.following = state_->jobs;
      state_->jobs = &job;
      state_->listed.fetch_add(1, std::memory_order_relaxed);
      if (state_->sleeping > 0) {
        if (job.chunks == 2) state_->wake.notify_one();
        else state_->wake.notify_all();
      }
    }
    run_chunks(job);
    // The other chunks are nearly done as a rule: look for a moment before sleeping.
    look([&] { return job.workers.load(std::memory_order_relaxed) == 0; });
    std::unique_lock lock(state_->mutex);
    Job** link = &state_->jobs;
    while (*link != &job) link = &(*link)->following;
    *link = job.following;
    if (job.workers > 0) {
      state_->left.wait(lock, [&] { return job.workers == 0; });
    }
  }
  if (job.failure) std::rethrow_exception(job.failure);
  return !job.skipped.load(std::memory_order_relaxed);
}

}  // namespace tenon
