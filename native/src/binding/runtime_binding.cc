#include "runtime_binding.h"

#include <cstdlib>
#include <string>

#include "../kernels/table.h"
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

bool runnable(const KernelTable& table) { return (table.required & cpu_features()) == table.required; }

Napi::Object describe(Napi::Env env, const KernelTable& table) {
  Napi::Object result = Napi::Object::New(env);
  result["name"] = Napi::String::New(env, table.name);
  result["description"] = Napi::String::New(env, table.description);
  result["supported"] = Napi::Boolean::New(env, runnable(table));
  return result;
}

Napi::Value active_isa(const Napi::CallbackInfo& info) { return Napi::String::New(info.Env(), kernels().name); }

Napi::Value isas(const Napi::CallbackInfo& info) {
  const KernelTables all = kernel_tables();
  Napi::Array result = Napi::Array::New(info.Env(), all.count);
  for (size_t i = 0; i < all.count; ++i) result[static_cast<uint32_t>(i)] = describe(info.Env(), *all.tables[i]);
  return result;
}

Napi::Value kernel_names(const Napi::CallbackInfo& info) {
  const char* const names[] = {
#define TENON_KERNEL(name, result, parameters) #name,
#include "../kernels/kernels.inc"
#undef TENON_KERNEL
  };
  Napi::Array result = Napi::Array::New(info.Env());
  uint32_t count = 0;
  for (const char* name : names) result[count++] = Napi::String::New(info.Env(), name);
  return result;
}

// The variables are read once, at load; a mistake in one must not pass unnoticed.
void check_environment(Napi::Env env) {
  const char* threads = std::getenv("TENON_NATIVE_THREADS");
  if (threads != nullptr) {
    char* end = nullptr;
    const long count = std::strtol(threads, &end, 10);
    if (end == threads || *end != '\0' || count < 1 || count > static_cast<long>(ThreadPool::kMaxThreads)) {
      throw Napi::RangeError::New(env, std::string("TENON_NATIVE_THREADS \"") + threads +
                                           "\" must be an integer from 1 to " + std::to_string(ThreadPool::kMaxThreads));
    }
  }
  if (active_kernels() == nullptr) {
    std::string message = std::string("TENON_FORCE_ISA \"") + std::getenv("TENON_FORCE_ISA") + "\" must be one of";
    const KernelTables all = kernel_tables();
    const char* separator = " ";
    for (size_t i = 0; i < all.count; ++i) {
      if (!runnable(*all.tables[i])) continue;
      message += separator + std::string(all.tables[i]->name);
      separator = ", ";
    }
    throw Napi::RangeError::New(env, message + " on this processor");
  }
}

}  // namespace

void register_runtime(Napi::Env env, Napi::Object exports) {
  check_environment(env);
  exports["activeIsa"] = Napi::Function::New<active_isa>(env, "activeIsa");
  exports["isas"] = Napi::Function::New<isas>(env, "isas");
  exports["kernelNames"] = Napi::Function::New<kernel_names>(env, "kernelNames");
  exports["threadCount"] = Napi::Function::New<thread_count>(env, "threadCount");
  exports["setThreadCount"] = Napi::Function::New<set_thread_count>(env, "setThreadCount");
}

}  // namespace tenon
