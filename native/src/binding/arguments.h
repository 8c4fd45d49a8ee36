#pragma once

#include <napi.h>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <type_traits>

namespace tenon {

// Reading arguments: every function checks type, length and alignment and throws a TypeError or
// RangeError that names the argument, the value seen and the bound. The TypeScript faces have
// checked before and in the field's words; these are what keeps memory safe.

// Elements in JavaScript's memory. Valid until the next call into JavaScript: use it at once or
// copy it, and read all other arguments first.
template <typename T>
struct Span {
  T* data = nullptr;
  size_t size = 0;
  const T* begin() const { return data; }
  const T* end() const { return data + size; }
};

namespace arguments_detail {

template <typename T>
struct Element;
#define TENON_ELEMENT(type, tag, text)                              \
  template <>                                                       \
  struct Element<type> {                                            \
    static constexpr napi_typedarray_type kType = tag;              \
    static constexpr const char* kName = text;                      \
  };
TENON_ELEMENT(float, napi_float32_array, "Float32Array")
TENON_ELEMENT(double, napi_float64_array, "Float64Array")
TENON_ELEMENT(int8_t, napi_int8_array, "Int8Array")
TENON_ELEMENT(uint8_t, napi_uint8_array, "Uint8Array")
TENON_ELEMENT(int32_t, napi_int32_array, "Int32Array")
TENON_ELEMENT(uint32_t, napi_uint32_array, "Uint32Array")
TENON_ELEMENT(int64_t, napi_bigint64_array, "BigInt64Array")
#undef TENON_ELEMENT

inline const char* name_of(napi_typedarray_type type) {
  switch (type) {
    case napi_int8_array: return "Int8Array";
    case napi_uint8_array: return "Uint8Array";
    case napi_uint8_clamped_array: return "Uint8ClampedArray";
    case napi_int16_array: return "Int16Array";
    case napi_uint16_array: return "Uint16Array";
    case napi_int32_array: return "Int32Array";
    case napi_uint32_array: return "Uint32Array";
    case napi_float32_array: return "Float32Array";
    case napi_float64_array: return "Float64Array";
    case napi_bigint64_array: return "BigInt64Array";
    case napi_biguint64_array: return "BigUint64Array";
    default: return "another typed array";
  }
}

}  // namespace arguments_detail

// Any length will do; callers that know better pass it to `span` below.
inline constexpr size_t kAnyLength = std::numeric_limits<size_t>::max();

// A typed array of exactly T, over an ArrayBuffer that is neither detached nor shared.
template <typename T>
Span<T> span(const Napi::CallbackInfo& info, size_t index, const char* name, size_t length = kAnyLength) {
  using Kind = arguments_detail::Element<std::remove_const_t<T>>;
  const Napi::Env env = info.Env();
  const std::string expected = std::string(name) + " must be a " + Kind::kName;
  bool is_typed_array = false;
  const napi_value value = info[index];
  if (napi_is_typedarray(env, value, &is_typed_array) != napi_ok || !is_typed_array) {
    throw Napi::TypeError::New(env, expected);
  }
  napi_typedarray_type type;
  size_t count = 0;
  size_t offset = 0;
  void* data = nullptr;
  napi_value buffer = nullptr;
  if (napi_get_typedarray_info(env, value, &type, &count, &data, &buffer, &offset) != napi_ok) {
    throw Napi::TypeError::New(env, expected + " that can be read");
  }
  if (type != Kind::kType) {
    throw Napi::TypeError::New(env, expected + ", not a " + arguments_detail::name_of(type));
  }
  bool plain = false;
  bool detached = true;
  if (napi_is_arraybuffer(env, buffer, &plain) != napi_ok || !plain) {
    throw Napi::TypeError::New(env, std::string(name) + " must not be over a SharedArrayBuffer");
  }
  if (napi_is_detached_arraybuffer(env, buffer, &detached) != napi_ok || detached) {
    throw Napi::TypeError::New(env, std::string(name) + " must not be detached");
  }
  if (length != kAnyLength && count != length) {
    throw Napi::RangeError::New(env, std::string(name) + " has " + std::to_string(count) + " elements, must have " +
                                         std::to_string(length));
  }
  if (count > 0 && reinterpret_cast<uintptr_t>(data) % alignof(T) != 0) {
    throw Napi::RangeError::New(env, std::string(name) + " is not aligned to " + std::to_string(alignof(T)) + " bytes");
  }
  return {static_cast<T*>(data), count};
}

// The same, or an empty span for null.
template <typename T>
Span<T> optional_span(const Napi::CallbackInfo& info, size_t index, const char* name, size_t length = kAnyLength) {
  if (info[index].IsNull()) return {};
  return span<T>(info, index, name, length);
}

// An integer from low to high.
inline size_t integer(const Napi::CallbackInfo& info, size_t index, const char* name, size_t low, size_t high) {
  const Napi::Env env = info.Env();
  if (!info[index].IsNumber()) throw Napi::TypeError::New(env, std::string(name) + " must be a number");
  const double value = info[index].As<Napi::Number>().DoubleValue();
  // Written so that NaN fails.
  if (!(value >= static_cast<double>(low) && value <= static_cast<double>(high)) ||
      value != static_cast<double>(static_cast<size_t>(value))) {
    throw Napi::RangeError::New(env, std::string(name) + " " + std::to_string(value) + " must be an integer from " +
                                         std::to_string(low) + " to " + std::to_string(high));
  }
  return static_cast<size_t>(value);
}

// A number, not NaN, from low to high.
inline double number(const Napi::CallbackInfo& info, size_t index, const char* name, double low, double high) {
  const Napi::Env env = info.Env();
  if (!info[index].IsNumber()) throw Napi::TypeError::New(env, std::string(name) + " must be a number");
  const double value = info[index].As<Napi::Number>().DoubleValue();
  if (!(value >= low && value <= high)) {
    throw Napi::RangeError::New(env, std::string(name) + " " + std::to_string(value) + " must be from " +
                                         std::to_string(low) + " to " + std::to_string(high));
  }
  return value;
}

inline bool boolean(const Napi::CallbackInfo& info, size_t index, const char* name) {
  if (!info[index].IsBoolean()) throw Napi::TypeError::New(info.Env(), std::string(name) + " must be a boolean");
  return info[index].As<Napi::Boolean>().Value();
}

// Two sizes whose product is the length of an array; refuses overflow.
inline size_t product(Napi::Env env, const char* name, size_t a, size_t b) {
  size_t result = 0;
  if (__builtin_mul_overflow(a, b, &result)) throw Napi::RangeError::New(env, std::string(name) + " is too large");
  return result;
}

}  // namespace tenon
