#pragma once

#include <napi.h>

#include <functional>
#include <memory>

#include "../runtime/task.h"

namespace tenon {

// A long call from JavaScript, run on a thread of ours.
//
// An instance owns every byte it computes on: JavaScript's memory can be moved or freed while
// it runs. It holds no napi value or reference. It is created on the JavaScript thread; run()
// is called on a task thread; result() is called back on the JavaScript thread; it is destroyed
// on either.
class AsyncTask {
 public:
  virtual ~AsyncTask() = default;

  // Computes. Looks at control.stopped() at least every 100 ms and returns early if it is set.
  // May throw: a std::exception's text rejects the promise; std::bad_alloc is told as such.
  virtual void run(TaskControl& control) = 0;

  // What the promise resolves to. Not called if run() threw or the task was cancelled.
  virtual Napi::Value result(Napi::Env env) = 0;
};

// Starts a task and returns its Promise.
//
// `control_value` is a TaskControl made by JavaScript (native/cancel.ts) or null. Its cancel()
// makes the promise reject with an Error of code 'CANCELLED'; its onProgress(step, total), if
// given, is called at most ten times a second and once more for the last step. With a checkpoint
// it also hands over snapshots, and says what became of the one to go on from.
//
// When the environment goes away (worker.terminate(), process.exit()) the task is cancelled,
// waited for, and its result dropped; no JavaScript is touched.
Napi::Value start_task(Napi::Env env, std::unique_ptr<AsyncTask> task, Napi::Value control_value);

// The same for two functions: `compute(TaskControl&)` runs on the task thread, its result is
// handed to `convert(Napi::Env, Result&)` on the JavaScript thread.
template <typename Compute, typename Convert>
Napi::Value run_async(Napi::Env env, Napi::Value control_value, Compute compute, Convert convert) {
  using Result = std::invoke_result_t<Compute&, TaskControl&>;
  class Task final : public AsyncTask {
   public:
    Task(Compute compute, Convert convert) : compute_(std::move(compute)), convert_(std::move(convert)) {}
    void run(TaskControl& control) override { result_ = std::make_unique<Result>(compute_(control)); }
    Napi::Value result(Napi::Env env) override { return convert_(env, *result_); }

   private:
    Compute compute_;
    Convert convert_;
    std::unique_ptr<Result> result_;
  };
  return start_task(env, std::make_unique<Task>(std::move(compute), std::move(convert)), control_value);
}

// Makes the environment's queue and the TaskControl class. Called once per environment.
void register_tasks(Napi::Env env, Napi::Object exports);

}  // namespace tenon
