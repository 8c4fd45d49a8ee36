#include "dense_binding.h"

#include <cmath>
#include <memory>
#include <new>

#include "../operations/dense_layer.h"
#include "arguments.h"
#include "handle.h"

namespace tenon {
namespace {

constexpr size_t kMaxSize = size_t{1} << 31;

struct DenseModel : DenseLayer {
  static constexpr napi_type_tag kTypeTag = {0x3d0f5ac2918b64e7ull, 0xc65b12f08e97ad34ull};
  static constexpr const char* kTypeName = "a dense layer";
  using DenseLayer::DenseLayer;
};

using DenseHandle = Handle<DenseModel>;

// (weights, bias, inputs, units, rectify) → a layer
Napi::Value create(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const size_t inputs = integer(info, 2, "inputs", 1, kMaxSize);
  const size_t units = integer(info, 3, "units", 1, kMaxSize);
  const bool rectify = boolean(info, 4, "rectify");
  const auto weights = span<const float>(info, 0, "weights", product(env, "inputs x units", inputs, units));
  const auto bias = span<const float>(info, 1, "bias", units);
  try {
    auto layer = std::make_shared<const DenseModel>(weights.data, bias.data, inputs, units, rectify ? 0.0f : -INFINITY);
    const size_t bytes = layer->size_bytes();
    return DenseHandle::make(env, std::move(layer), bytes);
  } catch (const std::bad_alloc&) {
    throw Napi::RangeError::New(env, "no memory for weights of " + std::to_string(weights.size) + " elements");
  }
}

// (layer, rows, rowCount, out)
Napi::Value apply(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const auto layer = DenseHandle::get(info, 0, "layer");
  const size_t row_count = integer(info, 2, "rowCount", 0, kMaxSize);
  const auto rows = span<const float>(info, 1, "rows", product(env, "rowCount x inputs", row_count, layer->inputs()));
  const auto out = span<float>(info, 3, "out", product(env, "rowCount x units", row_count, layer->units()));
  if (row_count > 0 && rows.data < out.data + out.size && out.data < rows.data + rows.size) {
    throw Napi::RangeError::New(env, "out overlaps rows in memory");
  }
  try {
    layer->apply(rows.data, row_count, out.data);
  } catch (const std::bad_alloc&) {
    throw Napi::RangeError::New(env, "no memory to work on " + std::to_string(row_count) + " rows");
  }
  return env.Undefined();
}

// (layer)
Napi::Value dispose(const Napi::CallbackInfo& info) {
  DenseHandle::dispose(info, 0, "layer");
  return info.Env().Undefined();
}

}  // namespace

void register_dense(Napi::Env env, Napi::Object exports) {
  exports["denseCreate"] = Napi::Function::New<create>(env, "denseCreate");
  exports["denseApply"] = Napi::Function::New<apply>(env, "denseApply");
  exports["denseDispose"] = Napi::Function::New<dispose>(env, "denseDispose");
}

}  // namespace tenon
