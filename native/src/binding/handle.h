#pragma once

#include <napi.h>

#include <memory>

namespace tenon {

// Native objects in JavaScript's hands: a plain object that owns a share of a T. Its type tag
// is checked at every use, so that no other object, and no other kind of handle, passes for it.
// Tasks take their own share: disposing of the handle never pulls memory from under one.
template <typename T>
class Handle {
 public:
  // `bytes` is what T holds, so that the garbage collector knows the weight of a small object.
  static Napi::Object make(Napi::Env env, std::shared_ptr<const T> value, size_t bytes) {
    Napi::Object object = Napi::Object::New(env);
    auto owned = std::make_unique<Owned>(Owned{std::move(value), static_cast<int64_t>(bytes)});
    if (napi_wrap(env, object, owned.get(), finalize, nullptr, nullptr) != napi_ok) {
      throw Napi::Error::New(env, "cannot wrap a native object");
    }
    Owned* kept = owned.release();
    int64_t total = 0;
    napi_adjust_external_memory(env, kept->bytes, &total);
    if (napi_type_tag_object(env, object, &T::kTypeTag) != napi_ok) {
      throw Napi::Error::New(env, "cannot tag a native object");
    }
    return object;
  }

  // The handle at `index`; throws TypeError if it is none or was disposed of.
  static std::shared_ptr<const T> get(const Napi::CallbackInfo& info, size_t index, const char* name) {
    Owned* owned = unwrap(info, index, name);
    if (!owned->value) throw Napi::TypeError::New(info.Env(), std::string(name) + " has been disposed of");
    return owned->value;
  }

  // Gives up the handle's share; may be called again.
  static void dispose(const Napi::CallbackInfo& info, size_t index, const char* name) {
    Owned* owned = unwrap(info, index, name);
    if (!owned->value) return;
    owned->value.reset();
    release_bytes(info.Env(), owned);
  }

 private:
  struct Owned {
    std::shared_ptr<const T> value;
    int64_t bytes;
  };

  static Owned* unwrap(const Napi::CallbackInfo& info, size_t index, const char* name) {
    const Napi::Env env = info.Env();
    bool tagged = false;
    void* data = nullptr;
    if (!info[index].IsObject() || napi_check_object_type_tag(env, info[index], &T::kTypeTag, &tagged) != napi_ok ||
        !tagged || napi_unwrap(env, info[index], &data) != napi_ok) {
      throw Napi::TypeError::New(env, std::string(name) + " must be " + T::kTypeName);
    }
    return static_cast<Owned*>(data);
  }

  static void release_bytes(napi_env env, Owned* owned) {
    int64_t total = 0;
    napi_adjust_external_memory(env, -owned->bytes, &total);
    owned->bytes = 0;
  }

  static void finalize(napi_env env, void* data, void*) {
    const std::unique_ptr<Owned> owned(static_cast<Owned*>(data));
    if (owned->bytes != 0) release_bytes(env, owned.get());
  }
};

// A typed array holding a copy.
template <typename Array, typename T>
Array copy_of(Napi::Env env, const T* data, size_t size) {
  Array array = Array::New(env, size);
  if (size > 0) std::copy(data, data + size, array.Data());
  return array;
}

}  // namespace tenon
