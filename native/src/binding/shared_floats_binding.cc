#include "shared_floats_binding.h"

#include <memory>
#include <new>
#include <string>

#include "../operations/buffer.h"
#include "../operations/shared_floats.h"
#include "arguments.h"

namespace tenon {
namespace {

// (length) → a Float32Array of zeros over a SharedFloats.
Napi::Value shared_floats(const Napi::CallbackInfo& info) {
  using Share = std::shared_ptr<SharedFloats>;
  const Napi::Env env = info.Env();
  const size_t length = integer(info, 0, "length", 1, buffer_limit() / sizeof(float));
  std::unique_ptr<Share> share;
  try {
    share = std::make_unique<Share>(SharedFloats::zeros(length));
  } catch (const std::bad_alloc&) {
    throw Napi::RangeError::New(env, "no memory for " + std::to_string(length) + " floats");
  }
  // The array's own share ends with it.
  const auto buffer = Napi::ArrayBuffer::New(
      env, (*share)->data(), length * sizeof(float), [](Napi::Env, void*, Share* mine) { delete mine; }, share.get());
  (void)share.release();
  return Napi::Float32Array::New(env, length, buffer, 0);
}

}  // namespace

void register_shared_floats(Napi::Env env, Napi::Object exports) {
  exports["sharedFloats"] = Napi::Function::New<shared_floats>(env, "sharedFloats");
}

}  // namespace tenon
