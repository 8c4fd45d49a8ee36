#pragma once

#include <napi.h>

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "arguments.h"
#include "async_task.h"
#include "handle.h"
#include "staged_rows.h"
#include "training_rows.h"

namespace tenon {

// What the bindings of models have in common, for a Model with
//
//   kTypeTag, kTypeName                         as Handle asks
//   feature_count(), value_count(), size_bytes()
//   predict(rows, row_count, out, control)      on the pool, row_count x value_count numbers
//   predict_few(rows, row_count, out)           on the calling thread, the same bits
template <typename Model>
class ModelBinding {
 public:
  static Napi::Value wrap(Napi::Env env, std::shared_ptr<const Model> model) {
    const size_t bytes = model->size_bytes();
    return Handle<Model>::make(env, std::move(model), bytes);
  }

  static std::shared_ptr<const Model> get(const Napi::CallbackInfo& info) { return Handle<Model>::get(info, 0, "model"); }

  // Exports NAMEPredict, NAMEPredictSync, NAMESizeBytes and NAMEDispose.
  static void add_exports(Napi::Env env, Napi::Object exports, const std::string& name) {
    exports[name + "Predict"] = Napi::Function::New<predict>(env, name + "Predict");
    exports[name + "PredictSync"] = Napi::Function::New<predict_sync>(env, name + "PredictSync");
    exports[name + "SizeBytes"] = Napi::Function::New<size_bytes>(env, name + "SizeBytes");
    exports[name + "Dispose"] = Napi::Function::New<dispose>(env, name + "Dispose");
  }

 private:
  static Span<float> rows_of(const Napi::CallbackInfo& info, const Model& model, size_t row_count) {
    return span<float>(info, 1, "data", product(info.Env(), "data", row_count, model.feature_count()));
  }

  // (model, data, rowCount, control | null) → Promise of a Float32Array, rowCount × values.
  static Napi::Value predict(const Napi::CallbackInfo& info) {
    const auto model = get(info);
    const size_t row_count = integer(info, 2, "rowCount", 0, 0x7fffffff);
    const auto data = rows_of(info, *model, row_count);
    return run_async(
        info.Env(), info[3],
        [model, row_count, rows = StagedRows(data.data, data.size)](TaskControl& control) {
          std::vector<float> out(row_count * model->value_count());
          model->predict(rows.data(), row_count, out.data(), &control);
          return out;
        },
        [](Napi::Env env, const std::vector<float>& out) -> Napi::Value {
          return copy_of<Napi::Float32Array>(env, out.data(), out.size());
        });
  }

  // (model, data, rowCount, out): scores on this thread into `out`, rowCount × values.
  static Napi::Value predict_sync(const Napi::CallbackInfo& info) {
    const auto model = get(info);
    const size_t row_count = integer(info, 2, "rowCount", 0, 0x7fffffff);
    const auto data = rows_of(info, *model, row_count);
    const auto out = span<float>(info, 3, "out", product(info.Env(), "out", row_count, model->value_count()));
    model->predict_few(data.data, row_count, out.data);
    return info.Env().Undefined();
  }

  static Napi::Value size_bytes(const Napi::CallbackInfo& info) {
    return Napi::Number::New(info.Env(), static_cast<double>(get(info)->size_bytes()));
  }

  static Napi::Value dispose(const Napi::CallbackInfo& info) {
    Handle<Model>::dispose(info, 0, "model");
    return info.Env().Undefined();
  }
};

// Reads the options, argument `index`: an object of numbers.
inline auto options_reader(const Napi::CallbackInfo& info, size_t index) {
  if (!info[index].IsObject()) throw Napi::TypeError::New(info.Env(), "options must be an object");
  return [env = info.Env(), object = info[index].As<Napi::Object>()](const char* name, double low, double high) {
    return number_property(env, object, name, low, high);
  };
}

// The numbers of an array that must be finite.
inline std::vector<double> finite_numbers(const Napi::CallbackInfo& info, size_t index, const char* name,
                                          size_t length) {
  const auto given = span<double>(info, index, name, length);
  for (size_t i = 0; i < given.size; ++i) {
    if (!(given.data[i] - given.data[i] == 0)) {
      throw Napi::RangeError::New(info.Env(), std::string(name) + "[" + std::to_string(i) + "] must be finite");
    }
  }
  return std::vector<double>(given.begin(), given.end());
}

// Throws a RangeError naming the first column of training data that is not finite.
inline void check_finite(Napi::Env env, std::span<const float> data, size_t column_count) {
  for (size_t i = 0; i < data.size(); ++i) {
    if (!(data[i] - data[i] == 0)) {
      throw Napi::RangeError::New(env, "data column " + std::to_string(i % column_count) + " must be finite");
    }
  }
}

}  // namespace tenon
