#include "task_checkpoint.h"

#include <cstring>
#include <memory>
#include <string>
#include <utility>

#include "training_rows.h"

namespace tenon {
namespace {

constexpr double kMostBytes = 4294967296.0;  // what an ArrayBuffer surely holds
constexpr double kLongest = 1e10;            // milliseconds
constexpr double kHighestSeed = 9007199254740991.0;

std::string text_property(const Napi::Object& given, const char* name) {
  const Napi::Value value = given.Get(name);
  if (!value.IsString()) throw Napi::TypeError::New(given.Env(), "checkpoint." + std::string(name) + " must be a string");
  return value.As<Napi::String>().Utf8Value();
}

}  // namespace

CheckpointOptions checkpoint_options(const Napi::Object& given) {
  const Napi::Env env = given.Env();
  CheckpointOptions options;
  options.estimator = text_property(given, "estimator");
  options.parameters = text_property(given, "parameters");
  options.seed = static_cast<uint64_t>(number_property(env, given, "seed", 0, kHighestSeed));
  options.interval =
      std::chrono::milliseconds(static_cast<int64_t>(number_property(env, given, "intervalMs", 0, kLongest)));
  options.max_bytes = static_cast<size_t>(number_property(env, given, "maxBytes", 0, kMostBytes));
  const Napi::Value resume = given.Get("resume");
  if (resume.IsNull()) return options;
  if (!resume.IsTypedArray() || resume.As<Napi::TypedArray>().TypedArrayType() != napi_uint8_array) {
    throw Napi::TypeError::New(env, "checkpoint.resume must be a Uint8Array or null");
  }
  const auto bytes = resume.As<Napi::Uint8Array>();
  const napi_value buffer = bytes.Get("buffer");
  bool plain = false;
  bool detached = true;
  if (napi_is_arraybuffer(env, buffer, &plain) != napi_ok || !plain ||
      napi_is_detached_arraybuffer(env, buffer, &detached) != napi_ok || detached) {
    throw Napi::TypeError::New(env, "checkpoint.resume must be over an ArrayBuffer that is neither shared nor detached");
  }
  options.resume.assign(bytes.Data(), bytes.Data() + bytes.ByteLength());
  return options;
}

Napi::Function function_property(const Napi::Object& given, const char* name) {
  const Napi::Value value = given.Get(name);
  if (!value.IsFunction()) {
    throw Napi::TypeError::New(given.Env(), "checkpoint." + std::string(name) + " must be a function");
  }
  return value.As<Napi::Function>();
}

napi_value array_buffer_of(napi_env env, std::vector<uint8_t> bytes) {
  napi_value result = nullptr;
  auto held = std::make_unique<std::vector<uint8_t>>(std::move(bytes));
  const auto release = [](napi_env, void*, void* hint) { delete static_cast<std::vector<uint8_t>*>(hint); };
  if (napi_create_external_arraybuffer(env, held->data(), held->size(), release, held.get(), &result) == napi_ok) {
    (void)held.release();
    return result;
  }
  void* data = nullptr;
  if (napi_create_arraybuffer(env, held->size(), &data, &result) != napi_ok) return nullptr;
  std::memcpy(data, held->data(), held->size());
  return result;
}

}  // namespace tenon
