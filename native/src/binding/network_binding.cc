#include "network_binding.h"

#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "../algorithms/convolutional_network.h"
#include "../algorithms/network_fit.h"
#include "../algorithms/network_int8.h"
#include "../algorithms/network_model.h"
#include "../algorithms/network_prune.h"
#include "../kernels/table.h"
#include "arguments.h"
#include "async_task.h"
#include "handle.h"
#include "network_arguments.h"
#include "staged_rows.h"

namespace tenon {
namespace {

struct NetworkHolder {
  static constexpr napi_type_tag kTypeTag = {0x31d87a5c6e657477ull, 0xc4620be91f7ad853ull};
  static constexpr const char* kTypeName = "a network";

  std::shared_ptr<const NetworkModel> model;
};

using NetworkHandle = Handle<NetworkHolder>;

Napi::Value wrap(Napi::Env env, std::shared_ptr<const NetworkModel> model) {
  auto holder = std::make_shared<NetworkHolder>();
  const size_t bytes = model->size_bytes();
  holder->model = std::move(model);
  return NetworkHandle::make(env, std::move(holder), bytes);
}

std::shared_ptr<const NetworkModel> model_at(const Napi::CallbackInfo& info, size_t index) {
  return NetworkHandle::get(info, index, "model")->model;
}

void check_finite(Napi::Env env, const char* name, const float* values, size_t count) {
  for (size_t i = 0; i < count; ++i) {
    if (!std::isfinite(values[i])) {
      throw Napi::RangeError::New(env, std::string(name) + "[" + std::to_string(i) + "] must be finite");
    }
  }
}

// (the arguments of fit_arguments, control | null)
// → Promise of { model | null, epochs, converged, trainingLoss, validationLoss }; model is null if
// the solver diverged.
Napi::Value fit(const Napi::CallbackInfo& info) {
  return run_async(
      info.Env(), info[9],
      [given = fit_arguments(info)](TaskControl& control) {
        if (control.checkpoint) describe(*control.checkpoint, given.rows, given.weights);
        return fit_network(given.rows.data, given.rows.target, given.weights, given.options, control);
      },
      [](Napi::Env env, NetworkFit& fit) -> Napi::Value {
        Napi::Object result = Napi::Object::New(env);
        result["epochs"] = Napi::Number::New(env, fit.epochs);
        result["converged"] = Napi::Boolean::New(env, fit.converged);
        result["trainingLoss"] =
            copy_of<Napi::Float64Array>(env, fit.training_loss.data(), fit.training_loss.size());
        result["validationLoss"] =
            copy_of<Napi::Float64Array>(env, fit.validation_loss.data(), fit.validation_loss.size());
        result["model"] = fit.model == nullptr ? env.Null() : wrap(env, std::move(fit.model));
        return result;
      });
}

// (the arguments of fit_arguments, parameters | null) → { loss, parameters, gradient }: the mean
// loss of all rows as one batch and its gradient, at the given numbers or those a fit starts from.
// Without the penalty; on this thread.
Napi::Value gradient(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const FitArguments given = fit_arguments(info);
  const auto values = optional_span<float>(info, 9, "parameters");
  NetworkTrainer trainer(given.options.shape, given.options.step, given.rows.row_count);
  if (!info[9].IsNull()) {
    if (values.size != trainer.parameter_count()) {
      throw Napi::RangeError::New(env, "parameters has " + std::to_string(values.size) + " elements, must have " +
                                           std::to_string(trainer.parameter_count()));
    }
    trainer.set_parameters(values.data);
  }
  const std::vector<float> target(given.rows.target.begin(), given.rows.target.end());
  const std::vector<float> weights(given.weights.begin(), given.weights.end());
  std::vector<uint32_t> chosen(given.rows.row_count);
  double weight_sum = 0;
  for (size_t i = 0; i < chosen.size(); ++i) {
    chosen[i] = static_cast<uint32_t>(i);
    weight_sum += weights.empty() ? 1.0 : static_cast<double>(weights[i]);
  }
  const TaskControl control;
  const double loss = trainer.evaluate({given.rows.data.data(), target.data(), weights.empty() ? nullptr : weights.data()},
                                       chosen.data(), chosen.size(), control);
  const std::vector<float> parameters = trainer.parameters();
  const std::vector<float> slopes = trainer.gradient();
  Napi::Object result = Napi::Object::New(env);
  result["loss"] = Napi::Number::New(env, loss / weight_sum);
  result["parameters"] = copy_of<Napi::Float32Array>(env, parameters.data(), parameters.size());
  result["gradient"] = copy_of<Napi::Float32Array>(env, slopes.data(), slopes.size());
  return result;
}

// (featureCount, classCount, widths, activation, output, layerNormalization, values) → a network
Napi::Value create(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  NetworkShape shape = shape_at(info, 0, {});
  const auto values = span<float>(info, 6, "values", shape.parameter_count());
  check_finite(env, "values", values.data, values.size);
  return wrap(env, std::make_shared<DenseNetwork>(std::move(shape), values.data));
}

// (featureCount, classCount, widths, activation, output, layerNormalization, convolutions, values)
// → a network with convolutions
Napi::Value create_convolutional(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const NetworkShape shape = shape_at(info, 0, convolutions_of(env, info[6]));
  const auto values = span<float>(info, 7, "values", shape.parameter_count());
  check_finite(env, "values", values.data, values.size);
  return wrap(env, std::make_shared<ConvolutionalNetwork>(shape, values.data));
}

// (featureCount, classCount, widths, activation, output, layerNormalization, codes, values) → a
// network in 8 bits
Napi::Value create_int8(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  NetworkShape shape = shape_at(info, 0, {});
  for (size_t l = 0; l < shape.layers(); ++l) {
    if (shape.inputs(l) > kMaxQuadDepth) {
      throw Napi::RangeError::New(env, "a layer in 8 bits must have at most " + std::to_string(kMaxQuadDepth) +
                                           " inputs");
    }
  }
  const auto codes = span<int8_t>(info, 6, "codes", QuantizedNetwork::code_count(shape));
  const auto values = span<float>(info, 7, "values", QuantizedNetwork::value_count(shape));
  check_finite(env, "values", values.data, values.size);
  const float* value = values.data;
  for (size_t l = 0; l < shape.layers(); ++l) {
    const size_t units = shape.widths[l];
    const auto positive = [&](const float scale) {
      if (!(scale >= 1e-37f)) throw Napi::RangeError::New(env, "a scale must be at least 1e-37");
    };
    for (size_t j = 0; j < units; ++j) positive(value[j]);
    value += (shape.normalizes(l) ? 4 : 2) * units;
    positive(*value++);
    const float zero = *value++;
    if (!(zero >= 0 && zero <= 255 && zero == std::floor(zero))) {
      throw Napi::RangeError::New(env, "an input's zero must be a whole number from 0 to 255");
    }
  }
  return wrap(env, std::make_shared<QuantizedNetwork>(std::move(shape), codes.data, values.data));
}

// A network in single precision.
std::shared_ptr<const DenseNetwork> dense_at(const Napi::CallbackInfo& info, size_t index) {
  auto dense = std::dynamic_pointer_cast<const DenseNetwork>(model_at(info, index));
  if (dense == nullptr) throw Napi::TypeError::New(info.Env(), "model must be dense and in single precision");
  return dense;
}

// (model, data, rowCount, control | null) → Promise of the network in 8 bits, or of null if a row
// leaves single precision on its way.
Napi::Value quantize(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  auto model = dense_at(info, 0);
  const NetworkShape& shape = model->shape();
  for (size_t l = 0; l < shape.layers(); ++l) {
    if (shape.inputs(l) > kMaxQuadDepth) {
      throw Napi::RangeError::New(env, "a layer in 8 bits must have at most " + std::to_string(kMaxQuadDepth) +
                                           " inputs");
    }
  }
  const size_t row_count = integer(info, 2, "rowCount", 1, 0x7fffffff);
  const auto data = span<float>(info, 1, "data", product(env, "data", row_count, shape.feature_count));
  return run_async(
      env, info[3],
      [model = std::move(model), row_count, rows = std::vector<float>(data.begin(), data.end())](TaskControl& control) {
        return std::shared_ptr<const NetworkModel>(quantize_network(*model, rows.data(), row_count, control));
      },
      [](Napi::Env env, std::shared_ptr<const NetworkModel>& model) -> Napi::Value {
        return model == nullptr ? env.Null() : wrap(env, std::move(model));
      });
}

// (model, sparsity) → the network without the smallest weights
Napi::Value prune(const Napi::CallbackInfo& info) {
  const auto model = dense_at(info, 0);
  const double sparsity = number(info, 1, "sparsity", 0, 1);
  std::vector<float> values = model->values();
  prune_by_magnitude(model->shape(), sparsity, values);
  return wrap(info.Env(), std::make_shared<DenseNetwork>(model->shape(), values.data()));
}

Span<float> rows_of(const Napi::CallbackInfo& info, const NetworkModel& model, size_t row_count) {
  return span<float>(info, 1, "data", product(info.Env(), "data", row_count, model.shape().feature_count));
}

// What a prediction came to; `out` may hold anything unless it is kDone.
struct Prediction {
  std::vector<float> out;
  NetworkScoring scoring;
};

// (model, data, rowCount, control | null) → Promise of a Float32Array, rowCount × values; or of
// null if a feature or a result is not finite.
Napi::Value predict(const Napi::CallbackInfo& info) {
  auto model = model_at(info, 0);
  const size_t row_count = integer(info, 2, "rowCount", 0, 0x7fffffff);
  const auto data = rows_of(info, *model, row_count);
  return run_async(
      info.Env(), info[3],
      [model = std::move(model), row_count, rows = StagedRows(data.data, data.size)](TaskControl& control) {
        Prediction result{std::vector<float>(row_count * model->shape().value_count()), NetworkScoring::kStopped};
        result.scoring = model->predict(rows.data(), row_count, result.out.data(), &control);
        return result;
      },
      [](Napi::Env env, const Prediction& result) -> Napi::Value {
        if (result.scoring != NetworkScoring::kDone) return env.Null();
        return copy_of<Napi::Float32Array>(env, result.out.data(), result.out.size());
      });
}

// (model, data, rowCount, out): scores into `out`, rowCount × values, before it returns; false if a
// feature or a result is not finite.
Napi::Value predict_sync(const Napi::CallbackInfo& info) {
  const auto model = model_at(info, 0);
  const size_t row_count = integer(info, 2, "rowCount", 0, 0x7fffffff);
  const auto data = rows_of(info, *model, row_count);
  const auto out = span<float>(info, 3, "out", product(info.Env(), "out", row_count, model->shape().value_count()));
  const NetworkScoring scoring = model->predict(data.data, row_count, out.data);
  return Napi::Boolean::New(info.Env(), scoring == NetworkScoring::kDone);
}

// (model) → what networkCreate takes, with convolutions convolutionalNetworkCreate, or with codes
// networkCreateInt8.
Napi::Value arrays(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const auto model = model_at(info, 0);
  const NetworkShape& shape = model->shape();
  Napi::Object result = Napi::Object::New(env);
  result["featureCount"] = Napi::Number::New(env, shape.feature_count);
  result["classCount"] = Napi::Number::New(env, shape.class_count);
  result["widths"] = copy_of<Napi::Uint32Array>(env, shape.widths.data(), shape.widths.size());
  result["activation"] = Napi::Number::New(env, static_cast<double>(shape.activation));
  result["output"] = Napi::Number::New(env, static_cast<double>(shape.output));
  result["layerNormalization"] = Napi::Boolean::New(env, shape.layer_normalization);
  const std::vector<uint32_t> convolutions = numbers_of(shape.convolutions);
  result["convolutions"] = convolutions.empty()
                               ? env.Null()
                               : Napi::Value(copy_of<Napi::Uint32Array>(env, convolutions.data(), convolutions.size()));
  if (const auto* quantized = dynamic_cast<const QuantizedNetwork*>(model.get())) {
    const std::vector<int8_t> codes = quantized->codes();
    result["codes"] = copy_of<Napi::Int8Array>(env, codes.data(), codes.size());
    result["values"] = copy_of<Napi::Float32Array>(env, quantized->values().data(), quantized->values().size());
    return result;
  }
  const auto* convolutional = dynamic_cast<const ConvolutionalNetwork*>(model.get());
  const std::vector<float> values =
      convolutional != nullptr ? convolutional->values() : static_cast<const DenseNetwork&>(*model).values();
  result["codes"] = env.Null();
  result["values"] = copy_of<Napi::Float32Array>(env, values.data(), values.size());
  return result;
}

Napi::Value size_bytes(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), static_cast<double>(model_at(info, 0)->size_bytes()));
}

Napi::Value dispose(const Napi::CallbackInfo& info) {
  NetworkHandle::dispose(info, 0, "model");
  return info.Env().Undefined();
}

}  // namespace

void register_network(Napi::Env env, Napi::Object exports) {
  exports["networkFit"] = Napi::Function::New<fit>(env, "networkFit");
  exports["networkGradient"] = Napi::Function::New<gradient>(env, "networkGradient");
  exports["networkCreate"] = Napi::Function::New<create>(env, "networkCreate");
  exports["convolutionalNetworkCreate"] = Napi::Function::New<create_convolutional>(env, "convolutionalNetworkCreate");
  exports["networkCreateInt8"] = Napi::Function::New<create_int8>(env, "networkCreateInt8");
  exports["networkQuantize"] = Napi::Function::New<quantize>(env, "networkQuantize");
  exports["networkPrune"] = Napi::Function::New<prune>(env, "networkPrune");
  exports["networkPredict"] = Napi::Function::New<predict>(env, "networkPredict");
  exports["networkPredictSync"] = Napi::Function::New<predict_sync>(env, "networkPredictSync");
  exports["networkArrays"] = Napi::Function::New<arrays>(env, "networkArrays");
  exports["networkSizeBytes"] = Napi::Function::New<size_bytes>(env, "networkSizeBytes");
  exports["networkDispose"] = Napi::Function::New<dispose>(env, "networkDispose");
}

}  // namespace tenon
