#pragma once

#include <napi.h>

#include <string>

namespace tenon {

// JavaScript can give any object any prototype, so `instanceof` proves nothing about what an
// object wraps. Each native class therefore tags its objects, which cannot be forged.

inline bool has_type_tag(Napi::Env env, Napi::Value value, const napi_type_tag& tag) {
  bool tagged = false;
  return value.IsObject() && napi_check_object_type_tag(env, value, &tag, &tagged) == napi_ok && tagged;
}

// For a Napi::ObjectWrap class with `static constexpr napi_type_tag kTypeTag`: call in its
// constructor.
template <typename T>
void tag_wrapped(const Napi::CallbackInfo& info) {
  if (napi_type_tag_object(info.Env(), info.This(), &T::kTypeTag) != napi_ok) {
    throw Napi::TypeError::New(info.Env(), "the object is already another native handle");
  }
}

// Throws a TypeError naming the argument and the class unless `value` was constructed as a T.
template <typename T>
T* unwrap_tagged(Napi::Env env, Napi::Value value, const char* name, const char* class_name) {
  if (!has_type_tag(env, value, T::kTypeTag)) {
    throw Napi::TypeError::New(env, std::string(name) + " must be a " + class_name);
  }
  return T::Unwrap(value.As<Napi::Object>());
}

}  // namespace tenon
