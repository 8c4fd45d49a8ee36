#pragma once

#include <napi.h>

#include <map>
#include <memory>
#include <string>

namespace tenon {

class TaskQueue;

// What the addon keeps per JavaScript environment (the main thread or one worker). Freed with
// the environment.
struct AddonData {
  // Class constructors by class name, so that native code can make instances.
  std::map<std::string, Napi::FunctionReference> constructors;
  // Where finished tasks wait for the JavaScript thread; see async_task.h.
  std::shared_ptr<TaskQueue> tasks;

  static AddonData& of(Napi::Env env) { return *env.GetInstanceData<AddonData>(); }

  // Remembers a class under `name`; call once from a register function.
  static void keep_class(Napi::Env env, const char* name, Napi::Function constructor) {
    of(env).constructors[name] = Napi::Persistent(constructor);
  }
};

}  // namespace tenon
