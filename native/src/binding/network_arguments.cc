#include "network_arguments.h"

#include <string>
#include <utility>

#include "../algorithms/convolution.h"
#include "../kernels/table.h"

namespace tenon {
namespace {

constexpr size_t kMaxWidth = 65536;
constexpr size_t kMaxLayers = 65;
// Two gigabytes of weights, eight with what a solver remembers.
constexpr size_t kMaxParameters = size_t{1} << 29;

constexpr size_t kMaxConvolutions = 32;
constexpr size_t kMaxFilters = 4096;
constexpr size_t kMaxKernel = 11;
constexpr size_t kMaxStep = 64;  // of a stride and of a pool
constexpr size_t kImageNumbers = 3;
constexpr size_t kConvolutionNumbers = 6;
// Of one image with its border of zeros, and of the sums over it: 64 MiB each.
constexpr size_t kMaxImageValues = size_t{1} << 24;
// A second for one image on a fast processor.
constexpr size_t kMaxImageOperations = size_t{1} << 36;

// Units per layer, the output's last; the product of two neighbours is bounded.
NetworkShape shape_of(Napi::Env env, size_t feature_count, size_t class_count, const Span<uint32_t>& widths,
                      Activation activation, NetworkOutput output, bool layer_normalization,
                      std::vector<ConvolutionShape> convolutions) {
  NetworkShape shape;
  if (!convolutions.empty() &&
      size_t{convolutions[0].height} * convolutions[0].width * convolutions[0].channels != feature_count) {
    throw Napi::RangeError::New(env, "the image must have as many values as there are features, " +
                                         std::to_string(feature_count));
  }
  shape.convolutions = std::move(convolutions);
  shape.feature_count = static_cast<uint32_t>(feature_count);
  shape.class_count = static_cast<uint32_t>(class_count);
  shape.activation = activation;
  shape.output = output;
  shape.layer_normalization = layer_normalization;
  if (widths.size < 1 || widths.size > kMaxLayers) {
    throw Napi::RangeError::New(env, "widths must have 1 to " + std::to_string(kMaxLayers) + " elements");
  }
  for (const uint32_t width : widths) {
    if (width < 1 || width > kMaxWidth) {
      throw Napi::RangeError::New(env, "a width " + std::to_string(width) + " must be from 1 to " +
                                           std::to_string(kMaxWidth));
    }
    shape.widths.push_back(width);
  }
  const size_t units = shape.widths.back();
  const bool fits = output == NetworkOutput::kIdentity   ? units == std::max<size_t>(class_count, 1)
                    : output == NetworkOutput::kLogistic ? class_count == 2 && units == 1
                                                         : class_count >= 2 && units == class_count;
  if (!fits) throw Napi::RangeError::New(env, "the last width does not fit output and classCount");
  // Sizes are at most 2^24 and 2^16, so the sum cannot overflow.
  if (shape.parameter_count() > kMaxParameters) {
    throw Napi::RangeError::New(env, "widths make " + std::to_string(shape.parameter_count()) +
                                         " parameters, must be at most " + std::to_string(kMaxParameters));
  }
  return shape;
}

NetworkOptions options_of(Napi::Env env, const Napi::Object& object, size_t feature_count, size_t class_count,
                          const Span<uint32_t>& widths) {
  const auto option = [&](const char* name, double low, double high) {
    return number_property(env, object, name, low, high);
  };
  const auto choice = [&](const char* name, double count) { return static_cast<uint8_t>(option(name, 0, count - 1)); };
  NetworkOptions options;
  StepOptions& step = options.step;
  step.loss = static_cast<NetworkLoss>(choice("loss", 4));
  const NetworkOutput output = step.loss == NetworkLoss::kSoftmax    ? NetworkOutput::kSoftmax
                               : step.loss == NetworkLoss::kLogistic ? NetworkOutput::kLogistic
                                                                     : NetworkOutput::kIdentity;
  step.normalization = static_cast<NetworkNormalization>(choice("normalization", 3));
  options.shape = shape_of(env, feature_count, class_count, widths, static_cast<Activation>(choice("activation", 5)),
                           output, step.normalization == NetworkNormalization::kLayer,
                           convolutions_of(env, object.Get("convolutions")));
  step.huber_delta = option("huberDelta", 1e-30, 1e30);
  step.solver = static_cast<NetworkSolver>(choice("solver", 8));
  step.momentum = option("momentum", 0, 1);
  step.beta1 = option("beta1", 0, 0.9999999);
  step.beta2 = option("beta2", 0, 0.9999999);
  step.epsilon = option("epsilon", 1e-30, 1);
  const bool convolves = !options.shape.convolutions.empty();
  if (convolves && (step.solver == NetworkSolver::kLbfgs || step.normalization == NetworkNormalization::kBatch)) {
    throw Napi::RangeError::New(env, "solver and normalization must not be lbfgs and batch with convolutions");
  }
  step.penalty = static_cast<NetworkPenalty>(choice("penalty", 3));
  step.strength = option("strength", 0, 1e30);
  step.clip_norm = option("clipNorm", 0, 1e30);
  step.dropout = option("dropout", 0, 0.999);
  step.start = static_cast<NetworkStart>(choice("start", 3));
  step.seed = static_cast<uint64_t>(option("seed", 0, 9007199254740991.0));
  options.rate.schedule = static_cast<NetworkSchedule>(choice("schedule", 5));
  options.rate.rate = option("learningRate", 0, 1e6);
  options.rate.factor = option("rateFactor", 0, 1);
  options.rate.epochs = static_cast<uint32_t>(option("rateEpochs", 1, 1e9));
  options.rate.warmup_epochs = static_cast<uint32_t>(option("warmupEpochs", 0, 1e9));
  options.max_epochs = static_cast<uint32_t>(option("maxEpochs", 1, 1e9));
  options.batch_size = static_cast<uint32_t>(option("batchSize", 1, 1e6));
  options.shuffle = option("shuffle", 0, 1) != 0;
  options.early_stopping = option("earlyStopping", 0, 1) != 0;
  options.validation_fraction = option("validationFraction", 0, 1);
  options.patience = static_cast<uint32_t>(option("patience", 1, 1e9));
  options.tolerance = option("tolerance", 0, 1e30);
  return options;
}

}  // namespace

FitArguments fit_arguments(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  FitArguments given;
  given.rows = training_rows(info);
  const TrainingRows& rows = given.rows;
  const float largest = kernels().f32_magnitude(rows.data.data(), rows.data.size());
  if (!(largest - largest == 0)) throw Napi::RangeError::New(env, "data must be finite");
  given.weights = training_weights(info, 5);
  const size_t class_count = integer(info, 6, "classCount", 0, 65535);
  check_labels(env, rows.target, class_count);
  const auto widths = span<uint32_t>(info, 7, "widths");
  if (!info[8].IsObject()) throw Napi::TypeError::New(env, "options must be an object");
  given.options = options_of(env, info[8].As<Napi::Object>(), rows.column_count, class_count, widths);
  return given;
}

NetworkShape shape_at(const Napi::CallbackInfo& info, size_t index, std::vector<ConvolutionShape> convolutions) {
  const size_t features = integer(info, index, "featureCount", 1, 1u << 20);
  const size_t classes = integer(info, index + 1, "classCount", 0, 65535);
  const auto widths = span<uint32_t>(info, index + 2, "widths");
  const auto activation = static_cast<Activation>(integer(info, index + 3, "activation", 0, 4));
  const auto output = static_cast<NetworkOutput>(integer(info, index + 4, "output", 0, 2));
  return shape_of(info.Env(), features, classes, widths, activation, output,
                  boolean(info, index + 5, "layerNormalization"), std::move(convolutions));
}

std::vector<ConvolutionShape> convolutions_of(Napi::Env env, const Napi::Value& value) {
  std::vector<ConvolutionShape> result;
  if (value.IsNull() || value.IsUndefined()) return result;
  if (!value.IsTypedArray() || value.As<Napi::TypedArray>().TypedArrayType() != napi_uint32_array) {
    throw Napi::TypeError::New(env, "convolutions must be a Uint32Array");
  }
  const auto given = value.As<Napi::Uint32Array>();
  const size_t size = given.ElementLength();
  const size_t count = size < kImageNumbers ? 0 : (size - kImageNumbers) / kConvolutionNumbers;
  if (count < 1 || count > kMaxConvolutions || size != kImageNumbers + count * kConvolutionNumbers) {
    throw Napi::RangeError::New(env, "convolutions must have 3 numbers and then 6 for each of 1 to " +
                                         std::to_string(kMaxConvolutions));
  }
  const auto number = [&](size_t index, size_t low, size_t high) {
    const uint32_t element = given[index];
    if (element >= low && element <= high) return element;
    throw Napi::RangeError::New(env, "convolutions[" + std::to_string(index) + "] " + std::to_string(element) +
                                         " must be from " + std::to_string(low) + " to " + std::to_string(high));
  };
  uint32_t height = number(0, 1, 1u << 20), width = number(1, 1, 1u << 20), channels = number(2, 1, 1u << 20);
  size_t operations = 0;
  for (size_t at = kImageNumbers; at < size; at += kConvolutionNumbers) {
    ConvolutionShape shape;
    shape.height = height;
    shape.width = width;
    shape.channels = channels;
    shape.units = number(at, 1, kMaxFilters);
    shape.kernel = number(at + 1, 1, kMaxKernel);
    if (shape.kernel % 2 == 0) throw Napi::RangeError::New(env, "a kernel must be odd");
    shape.stride = number(at + 2, 1, kMaxStep);
    shape.same = number(at + 3, 0, 1) == 1;
    shape.pool = static_cast<NetworkPool>(number(at + 4, 0, 2));
    shape.pool_size = number(at + 5, 1, shape.pool == NetworkPool::kNone ? 1 : kMaxStep);
    if (!shape.fits()) throw Napi::RangeError::New(env, "an image is smaller than its kernel or its pool");
    if (std::max(image_floats(shape), sum_floats(shape)) > kMaxImageValues) {
      throw Napi::RangeError::New(env, "an image with its border, and the sums over it, must have at most " +
                                           std::to_string(kMaxImageValues) + " values");
    }
    operations += shape.operations();
    if (operations > kMaxImageOperations) {
      throw Napi::RangeError::New(env, "an image must take at most " + std::to_string(kMaxImageOperations) +
                                           " operations");
    }
    result.push_back(shape);
    height = static_cast<uint32_t>(shape.out_height());
    width = static_cast<uint32_t>(shape.out_width());
    channels = shape.units;
  }
  return result;
}

std::vector<uint32_t> numbers_of(const std::vector<ConvolutionShape>& convolutions) {
  std::vector<uint32_t> result;
  if (convolutions.empty()) return result;
  result = {convolutions[0].height, convolutions[0].width, convolutions[0].channels};
  for (const ConvolutionShape& shape : convolutions) {
    for (const uint32_t number : {shape.units, shape.kernel, shape.stride, uint32_t{shape.same},
                                  static_cast<uint32_t>(shape.pool), shape.pool_size}) {
      result.push_back(number);
    }
  }
  return result;
}

}  // namespace tenon
