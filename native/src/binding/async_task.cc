#include "async_task.h"

#include <node_api.h>

#include <chrono>
#include <condition_variable>
#include <initializer_list>
#include <mutex>
#include <new>
#include <string>
#include <unordered_set>
#include <vector>

#include "../runtime/checkpoint.h"
#include "../runtime/task_threads.h"
#include "addon_data.h"
#include "task_checkpoint.h"
#include "type_tag.h"

namespace tenon {
namespace {

// How long the end of an environment waits for its cancelled tasks. They own their memory, so
// one that overruns is harmless; waiting keeps a terminated worker from computing on.
constexpr auto kTeardownPatience = std::chrono::seconds(1);

struct Running;

}  // namespace

// One per environment. `function` may be called only while `open`, both under the mutex: after
// the cleanup hook has released it, Node may free it at any moment.
class TaskQueue {
 public:
  std::mutex mutex;
  std::condition_variable ended;
  bool open = true;
  napi_threadsafe_function function = nullptr;
  std::unordered_set<Running*> running;  // started, run() not yet over
  size_t pending = 0;                    // promises unsettled; JavaScript thread only

  // Puts a message in front of the JavaScript thread. False if it will never be read.
  bool post(void* message) {
    std::lock_guard lock(mutex);
    return open && napi_call_threadsafe_function(function, message, napi_tsfn_nonblocking) == napi_ok;
  }
};

namespace {

// The JavaScript class: { cancel(): void, kept(): void }, constructed with onProgress or null and a
// checkpoint or null. kept() says that the snapshot handed over last is kept.
class ControlHandle final : public Napi::ObjectWrap<ControlHandle> {
 public:
  static constexpr napi_type_tag kTypeTag = {0x1d94e0b36f7a4c28, 0xa25c8de90b16473f};

  explicit ControlHandle(const Napi::CallbackInfo& info) : Napi::ObjectWrap<ControlHandle>(info) {
    tag_wrapped<ControlHandle>(info);
    control = std::make_shared<TaskControl>();
    if (info.Length() > 0 && info[0].IsFunction()) {
      on_progress = Napi::Persistent(info[0].As<Napi::Function>());
    } else if (info.Length() > 0 && !info[0].IsNull() && !info[0].IsUndefined()) {
      throw Napi::TypeError::New(info.Env(), "onProgress must be a function or null");
    }
    if (info.Length() < 2 || info[1].IsNull() || info[1].IsUndefined()) return;
    if (!info[1].IsObject()) throw Napi::TypeError::New(info.Env(), "checkpoint must be an object or null");
    const Napi::Object given = info[1].As<Napi::Object>();
    control->checkpoint = std::make_shared<Checkpoint>(checkpoint_options(given));
    on_snapshot = Napi::Persistent(function_property(given, "onSnapshot"));
    on_resume = Napi::Persistent(function_property(given, "onResume"));
  }
  Napi::Value cancel(const Napi::CallbackInfo& info) {
    control->cancel();
    return info.Env().Undefined();
  }
  Napi::Value kept(const Napi::CallbackInfo& info) {
    if (control->checkpoint) control->checkpoint->kept();
    return info.Env().Undefined();
  }

  std::shared_ptr<TaskControl> control;
  Napi::FunctionReference on_progress;
  Napi::FunctionReference on_snapshot;
  Napi::FunctionReference on_resume;
  bool used = false;
};

// A started task until its promise is settled.
struct Running {
  std::shared_ptr<TaskQueue> queue;
  std::shared_ptr<TaskControl> control;
  std::unique_ptr<AsyncTask> task;
  std::string failure;  // run() threw this; empty if it did not
  const char* failure_code = nullptr;
  bool over = false;              // run() has returned; guarded by queue->mutex
  std::atomic<bool> reporting{false};  // a progress message is on its way

  // JavaScript thread only. A raw reference, because when the environment is gone it must be
  // left alone rather than deleted.
  napi_deferred deferred = nullptr;
  napi_ref on_progress = nullptr;
  napi_ref on_snapshot = nullptr;
  napi_ref on_resume = nullptr;
};

// What crosses to the JavaScript thread; messages of a task arrive in order.
struct Message {
  enum class Kind { kProgress, kSnapshot, kResume, kFinished };
  std::shared_ptr<Running> running;
  Kind kind;
  std::vector<uint8_t> bytes;  // a snapshot
  uint64_t step = 0;           // its step, or the one gone on from
  uint64_t steps = 0;
  std::string refusal;         // why a fit begins anew
};

// Calls a listener.
void call(napi_env env, napi_ref listener, std::initializer_list<napi_value> arguments) {
  napi_value callback = nullptr;
  napi_value receiver = nullptr;
  if (listener == nullptr) return;
  if (napi_get_reference_value(env, listener, &callback) != napi_ok || callback == nullptr) return;
  if (napi_get_undefined(env, &receiver) != napi_ok) return;
  if (napi_call_function(env, receiver, callback, arguments.size(), arguments.begin(), nullptr) == napi_pending_exception) {
    // native/cancel.ts catches what a listener throws; anything else must not reach Node's
    // uncaught-exception path from here.
    napi_value ignored;
    (void)napi_get_and_clear_last_exception(env, &ignored);
  }
}

void report_progress(napi_env env, Running& running) {
  running.reporting.store(false);
  napi_value step = nullptr;
  napi_value total = nullptr;
  if (napi_create_double(env, static_cast<double>(running.control->step.load()), &step) != napi_ok) return;
  if (napi_create_double(env, static_cast<double>(running.control->total.load()), &total) != napi_ok) return;
  call(env, running.on_progress, {step, total});
}

void report_snapshot(napi_env env, Message& message) {
  napi_value step = nullptr;
  napi_value steps = nullptr;
  const napi_value bytes = array_buffer_of(env, std::move(message.bytes));
  const bool made = bytes != nullptr && napi_create_double(env, static_cast<double>(message.step), &step) == napi_ok &&
                    napi_create_double(env, static_cast<double>(message.steps), &steps) == napi_ok;
  if (made) return call(env, message.running->on_snapshot, {bytes, step, steps});
  // Nobody hears of this one, so that nobody will say that it is kept: the next may come.
  Checkpoint* const checkpoint = message.running->control->checkpoint.get();
  if (checkpoint != nullptr) checkpoint->kept();
}

void report_resume(napi_env env, const Message& message) {
  napi_value step = nullptr;
  napi_value refusal = nullptr;
  if (napi_create_double(env, static_cast<double>(message.step), &step) != napi_ok) return;
  const std::string& text = message.refusal;
  if (text.empty()) {
    if (napi_get_null(env, &refusal) != napi_ok) return;
  } else if (napi_create_string_utf8(env, text.data(), text.size(), &refusal) != napi_ok) {
    return;
  }
  call(env, message.running->on_resume, {step, refusal});
}

napi_value error_value(napi_env env, const char* code, const std::string& message) {
  napi_value code_value = nullptr;
  napi_value message_value = nullptr;
  napi_value error = nullptr;
  if (napi_create_string_utf8(env, code, NAPI_AUTO_LENGTH, &code_value) != napi_ok) return nullptr;
  if (napi_create_string_utf8(env, message.data(), message.size(), &message_value) != napi_ok) return nullptr;
  if (napi_create_error(env, code_value, message_value, &error) != napi_ok) return nullptr;
  return error;
}

void settle(napi_env env, Running& running) {
  napi_value value = nullptr;
  napi_value error = nullptr;
  const bool completed = running.control->total.load() > 0 && running.control->step.load() == running.control->total.load();
  if (completed && running.reporting.load()) report_progress(env, running);
  if (running.control->stopped()) {
    error = error_value(env, "CANCELLED", "the native task was cancelled");
  } else if (running.failure_code != nullptr) {
    error = error_value(env, running.failure_code, running.failure);
  } else {
    try {
      value = running.task->result(Napi::Env(env));
    } catch (const Napi::Error& thrown) {
      error = thrown.Value();
    } catch (const std::exception& thrown) {
      error = error_value(env, "NATIVE_FAILURE", thrown.what());
    } catch (...) {
      error = error_value(env, "NATIVE_FAILURE", "unknown native exception");
    }
  }
  running.task.reset();
  for (const napi_ref listener : {running.on_progress, running.on_snapshot, running.on_resume}) {
    if (listener != nullptr) (void)napi_delete_reference(env, listener);
  }
  if (--running.queue->pending == 0) {
    std::lock_guard lock(running.queue->mutex);
    if (running.queue->open) (void)napi_unref_threadsafe_function(env, running.queue->function);
  }
  // A failure of either leaves the promise unsettled only when the environment is ending.
  if (value != nullptr) {
    (void)napi_resolve_deferred(env, running.deferred, value);
  } else if (error != nullptr) {
    (void)napi_reject_deferred(env, running.deferred, error);
  }
}

// Node calls this on the JavaScript thread, with a null env when that is ending.
void receive(napi_env env, napi_value, void*, void* data) {
  const std::unique_ptr<Message> message(static_cast<Message*>(data));
  if (env == nullptr) return;
  switch (message->kind) {
    case Message::Kind::kProgress: return report_progress(env, *message->running);
    case Message::Kind::kSnapshot: return report_snapshot(env, *message);
    case Message::Kind::kResume: return report_resume(env, *message);
    case Message::Kind::kFinished: return settle(env, *message->running);
  }
}

void post(std::unique_ptr<Message> message) {
  TaskQueue& queue = *message->running->queue;
  if (queue.post(message.get())) (void)message.release();
}

void post(const std::shared_ptr<Running>& running, Message::Kind kind) {
  std::unique_ptr<Message> message(new (std::nothrow) Message{running, kind, {}, 0, 0, {}});
  if (message != nullptr) post(std::move(message));
}

void execute(const std::shared_ptr<Running>& running) {
  if (!running->control->stopped()) {
    try {
      running->task->run(*running->control);
    } catch (const std::bad_alloc&) {
      running->failure = "out of memory in a native task";
      running->failure_code = "OUT_OF_MEMORY";
    } catch (const std::exception& thrown) {
      running->failure = thrown.what();
      running->failure_code = "NATIVE_FAILURE";
    } catch (...) {
      running->failure = "unknown native exception";
      running->failure_code = "NATIVE_FAILURE";
    }
  }
  running->control->notify = nullptr;
  post(running, Message::Kind::kFinished);
  std::lock_guard lock(running->queue->mutex);
  running->queue->running.erase(running.get());
  running->queue->ended.notify_all();
}

// Runs when the environment ends, before Node's own hook for the function because it was added
// later.
void close_queue(void* data) {
  const std::unique_ptr<std::shared_ptr<TaskQueue>> holder(static_cast<std::shared_ptr<TaskQueue>*>(data));
  TaskQueue& queue = **holder;
  std::unique_lock lock(queue.mutex);
  queue.open = false;
  for (Running* running : queue.running) running->control->cancel();
  (void)napi_release_threadsafe_function(queue.function, napi_tsfn_abort);
  queue.ended.wait_for(lock, kTeardownPatience, [&] { return queue.running.empty(); });
}

void check(napi_env env, napi_status status, const char* what) {
  if (status == napi_ok) return;
  throw Napi::Error::New(env, std::string(what) + " failed with Node-API status " + std::to_string(status));
}

// Sends what a checkpoint says to its listeners.
void listen(napi_env env, const ControlHandle& handle, const std::shared_ptr<Running>& running) {
  check(env, napi_create_reference(env, handle.on_snapshot.Value(), 1, &running->on_snapshot), "napi_create_reference");
  check(env, napi_create_reference(env, handle.on_resume.Value(), 1, &running->on_resume), "napi_create_reference");
  Checkpoint& checkpoint = *running->control->checkpoint;
  checkpoint.deliver = [weak = std::weak_ptr<Running>(running)](std::vector<uint8_t> bytes, uint64_t step, uint64_t steps) {
    const auto live = weak.lock();
    if (live) post(std::make_unique<Message>(Message{live, Message::Kind::kSnapshot, std::move(bytes), step, steps, {}}));
  };
  checkpoint.answer = [weak = std::weak_ptr<Running>(running)](uint64_t step, std::string refusal) {
    const auto live = weak.lock();
    if (live) post(std::make_unique<Message>(Message{live, Message::Kind::kResume, {}, step, 0, std::move(refusal)}));
  };
}

}  // namespace

Napi::Value start_task(Napi::Env env, std::unique_ptr<AsyncTask> task, Napi::Value control_value) {
  AddonData& data = AddonData::of(env);
  auto running = std::make_shared<Running>();
  running->queue = data.tasks;
  running->task = std::move(task);

  if (control_value.IsNull() || control_value.IsUndefined()) {
    running->control = std::make_shared<TaskControl>();
  } else {
    ControlHandle* handle = unwrap_tagged<ControlHandle>(env, control_value, "control", "TaskControl");
    if (handle->used) throw Napi::TypeError::New(env, "control has already been used for another task");
    handle->used = true;
    running->control = handle->control;
    if (!handle->on_progress.IsEmpty()) {
      check(env, napi_create_reference(env, handle->on_progress.Value(), 1, &running->on_progress), "napi_create_reference");
      running->control->notify = [weak = std::weak_ptr<Running>(running)] {
        const auto live = weak.lock();
        if (live && !live->reporting.exchange(true)) post(live, Message::Kind::kProgress);
      };
    }
    if (running->control->checkpoint) listen(env, *handle, running);
  }

  napi_value promise = nullptr;
  check(env, napi_create_promise(env, &running->deferred, &promise), "napi_create_promise");
  TaskQueue& queue = *running->queue;
  {
    std::lock_guard lock(queue.mutex);
    if (!queue.open) throw Napi::Error::New(env, "this JavaScript environment is ending");
    queue.running.insert(running.get());
  }
  try {
    run_on_task_thread([running] { execute(running); });
  } catch (...) {
    std::lock_guard lock(queue.mutex);
    queue.running.erase(running.get());
    throw Napi::Error::New(env, "no thread could be started for a native task");
  }
  // While a promise is unsettled the process stays alive, as for any other I/O.
  if (queue.pending++ == 0) check(env, napi_ref_threadsafe_function(env, queue.function), "napi_ref_threadsafe_function");
  return Napi::Value(env, promise);
}

void register_tasks(Napi::Env env, Napi::Object exports) {
  auto queue = std::make_shared<TaskQueue>();
  const Napi::String name = Napi::String::New(env, "tenon.task");
  check(env,
        napi_create_threadsafe_function(env, nullptr, nullptr, name, 0, 1, nullptr, nullptr, nullptr, receive,
                                        &queue->function),
        "napi_create_threadsafe_function");
  check(env, napi_unref_threadsafe_function(env, queue->function), "napi_unref_threadsafe_function");
  auto* holder = new std::shared_ptr<TaskQueue>(queue);
  const napi_status hooked = napi_add_env_cleanup_hook(env, close_queue, holder);
  if (hooked != napi_ok) delete holder;
  check(env, hooked, "napi_add_env_cleanup_hook");
  AddonData::of(env).tasks = std::move(queue);

  const Napi::Function control =
      ControlHandle::DefineClass(env, "TaskControl",
                                 {ControlHandle::InstanceMethod("cancel", &ControlHandle::cancel),
                                  ControlHandle::InstanceMethod("kept", &ControlHandle::kept)});
  AddonData::keep_class(env, "TaskControl", control);
  exports["TaskControl"] = control;
}

}  // namespace tenon
