#pragma once

#include <napi.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "type_tag.h"

namespace tenon {

// A JavaScript object that owns a native T, for T with
//
//   static constexpr napi_type_tag kTypeTag;     random, so that no other object passes for it
//   static constexpr const char* kTypeName;      "a forest", for messages
//
// A call holds its own share of T, so dispose() and garbage collection during one are harmless.
template <typename T>
class Handle {
 public:
  // `bytes` is what T holds; garbage collection takes it into account.
  static Napi::Value make(Napi::Env env, std::shared_ptr<const T> value, size_t bytes) {
    Napi::Object object = Napi::Object::New(env);
    auto owned = std::make_unique<Owned>(Owned{std::move(value), static_cast<int64_t>(bytes)});
    if (napi_type_tag_object(env, object, &T::kTypeTag) != napi_ok ||
        napi_wrap(env, object, owned.get(), finalize, nullptr, nullptr) != napi_ok) {
      throw Napi::Error::New(env, std::string(T::kTypeName) + " could not be handed to JavaScript");
    }
    Napi::MemoryManagement::AdjustExternalMemory(env, owned.release()->bytes);
    return object;
  }

  // The T in an argument. Throws a TypeError naming it if it is another object or disposed of.
  static std::shared_ptr<const T> get(const Napi::CallbackInfo& info, size_t index, const char* name) {
    Owned* owned = unwrap(info, index, name);
    if (!owned->value) throw Napi::TypeError::New(info.Env(), std::string(name) + " has been disposed of");
    return owned->value;
  }

  // Gives up the object's share; a second call does nothing.
  static void dispose(const Napi::CallbackInfo& info, size_t index, const char* name) {
    release(info.Env(), *unwrap(info, index, name));
  }

 private:
  struct Owned {
    std::shared_ptr<const T> value;
    int64_t bytes;
  };

  static Owned* unwrap(const Napi::CallbackInfo& info, size_t index, const char* name) {
    const Napi::Env env = info.Env();
    void* owned = nullptr;
    if (!has_type_tag(env, info[index], T::kTypeTag) || napi_unwrap(env, info[index], &owned) != napi_ok) {
      throw Napi::TypeError::New(env, std::string(name) + " must be " + T::kTypeName);
    }
    return static_cast<Owned*>(owned);
  }

  static void release(Napi::Env env, Owned& owned) {
    owned.value.reset();
    if (owned.bytes != 0) Napi::MemoryManagement::AdjustExternalMemory(env, -std::exchange(owned.bytes, 0));
  }

  static void finalize(napi_env env, void* data, void*) {
    const std::unique_ptr<Owned> owned(static_cast<Owned*>(data));
    release(Napi::Env(env), *owned);
  }
};

// A JavaScript typed array with a copy of `count` numbers.
template <typename Array, typename Element>
Array copy_of(Napi::Env env, const Element* data, size_t count) {
  Array array = Array::New(env, count);
  std::copy_n(data, count, array.Data());
  return array;
}

}  // namespace tenon
