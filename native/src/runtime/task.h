#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>

namespace tenon {

class Checkpoint;

// What a long computation and whoever started it share. The computation reads `stopped()` at
// least every 100 ms and returns early when it is true; its result is then thrown away.
//
// `progress` may be called as often as convenient, from one thread at a time: it is throttled
// here. Both members are safe to use from any thread.
struct TaskControl {
  std::atomic<bool> cancelled{false};
  std::atomic<uint64_t> step{0};
  std::atomic<uint64_t> total{0};
  // Tells the listener that step and total changed; set before the task starts, may be empty.
  std::function<void()> notify;
  // What a long fit hands snapshots to and goes on from; null if nobody keeps it.
  std::shared_ptr<Checkpoint> checkpoint;

  bool stopped() const noexcept { return cancelled.load(std::memory_order_relaxed); }

  void cancel() noexcept { cancelled.store(true, std::memory_order_relaxed); }

  // Reports `done` of `out_of` steps. The listener hears at most one report per interval and
  // always the one that completes the total.
  void progress(uint64_t done, uint64_t out_of) {
    step.store(done, std::memory_order_relaxed);
    total.store(out_of, std::memory_order_relaxed);
    if (!notify) return;
    const int64_t now = std::chrono::duration_cast<std::chrono::milliseconds>(
                            std::chrono::steady_clock::now().time_since_epoch())
                            .count();
    if (done != out_of && now - last_report_ms_ < kReportIntervalMs) return;
    last_report_ms_ = now;
    notify();
  }

 private:
  // Progress is for people to read: ten reports a second are enough and cost nothing.
  static constexpr int64_t kReportIntervalMs = 100;
  int64_t last_report_ms_ = -kReportIntervalMs;
};

}  // namespace tenon
