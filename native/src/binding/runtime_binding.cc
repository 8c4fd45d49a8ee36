#include "runtime_binding.h"

#include "../runtime/thread_pool.h"
#include "arguments.h"

namespace tenon {
namespace {

Napi::Value thread_count(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), static_cast<double>(ThreadPool::instance().size()));
}

Napi::Value set_thread_count(const Napi::CallbackInfo& info) {
  ThreadPool::instance().resize(integer(info, 0, "threads", 1, ThreadPool::kMaxThreads));
  return thread_count(info);
}

}  // namespace

void register_runtime(Napi::Env env, Napi::Object exports) {
  exports["threadCount"] = Napi::Function::New<thread_count>(env, "threadCount");
  exports["setThreadCount"] = Napi::Function::New<set_thread_count>(env, "setThreadCount");
}

}  // namespace tenon
