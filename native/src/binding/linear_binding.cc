#include "linear_binding.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "../algorithms/linear_model.h"
#include "../runtime/thread_pool.h"
#include "arguments.h"
#include "async_task.h"
#include "model_binding.h"
#include "training_rows.h"

namespace tenon {
namespace {

// Rows a thread scores at a time.
constexpr size_t kScoreRows = 4096;

struct LinearScorer {
  static constexpr napi_type_tag kTypeTag = {0x7e40f06c696e6561ull, 0x9b2e41d7c05f38a6ull};
  static constexpr const char* kTypeName = "a linear model";

  explicit LinearScorer(LinearModel given) : model(std::move(given)) {
    model.weights.resize(model.weight_count() + LinearModel::kWeightsBeyond, 0.0);
  }

  size_t feature_count() const { return model.feature_count; }
  size_t value_count() const { return model.value_count(); }
  size_t size_bytes() const { return (model.weight_count() + model.intercept.size()) * sizeof(double); }
  void predict(const float* rows, size_t row_count, float* out, const TaskControl* control) const {
    ThreadPool::instance().parallel_for(
        row_count, kScoreRows,
        [&](size_t begin, size_t end) {
          model.predict(rows + begin * feature_count(), end - begin, out + begin * value_count());
        },
        control);
  }
  void predict_few(const float* rows, size_t row_count, float* out) const { model.predict(rows, row_count, out); }

  LinearModel model;
};

using Binding = ModelBinding<LinearScorer>;

// A JavaScript handle that owns a linear model.
Napi::Value wrap_linear(Napi::Env env, LinearModel model) {
  return Binding::wrap(env, std::make_shared<LinearScorer>(std::move(model)));
}

}  // namespace

Napi::Value linear_fit_result(Napi::Env env, LinearFit& fit) {
  Napi::Object result = Napi::Object::New(env);
  result["epochs"] = Napi::Number::New(env, fit.epochs);
  result["converged"] = Napi::Boolean::New(env, fit.converged);
  result["means"] = copy_of<Napi::Float64Array>(env, fit.means.data(), fit.means.size());
  result["model"] = fit.diverged ? env.Null() : wrap_linear(env, std::move(fit.model));
  return result;
}

namespace {

// (data, rowCount, columnCount, rows | null, target, weights | null, classCount, options: {...},
// control | null) → Promise of linear_fit_result().
Napi::Value fit(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  if (!info[7].IsObject()) throw Napi::TypeError::New(env, "options must be an object");
  const Napi::Object object = info[7].As<Napi::Object>();
  const size_t class_count = integer(info, 6, "classCount", 0, 65535);
  if (class_count == 1) throw Napi::RangeError::New(env, "classCount 1 must be 0 or at least 2");
  const auto option = [&](const char* name, double low, double high) {
    return number_property(env, object, name, low, high);
  };
  LinearOptions options;
  options.class_count = static_cast<uint32_t>(class_count);
  options.solver = static_cast<LinearSolver>(static_cast<uint8_t>(option("solver", 0, 9)));
  options.l1 = option("l1", 0, 1e300);
  options.l2 = option("l2", 0, 1e300);
  options.rate.schedule = static_cast<NetworkSchedule>(static_cast<uint8_t>(option("schedule", 0, 4)));
  options.rate.rate = option("learningRate", 1e-300, 1e6);
  options.rate.factor = option("rateFactor", 0, 1);
  options.rate.epochs = static_cast<uint32_t>(option("rateEpochs", 1, 1e9));
  options.rate.warmup_epochs = static_cast<uint32_t>(option("warmupEpochs", 0, 1e9));
  options.slowing = option("slowing", 0, 1) != 0;
  options.momentum = option("momentum", 0, 1);
  options.beta1 = option("beta1", 0, 0.99999);
  options.beta2 = option("beta2", 0, 0.999999);
  options.epsilon = option("epsilon", 1e-300, 1);
  options.clip_norm = option("clipNorm", 0, 1e300);
  options.validation_fraction = option("validationFraction", 0, 0.5);
  options.patience = static_cast<uint32_t>(option("patience", 1, 1e9));
  options.max_epochs = static_cast<uint32_t>(option("maxEpochs", 1, 1e9));
  options.batch_size = static_cast<uint32_t>(option("batchSize", 1, 1e9));
  options.tolerance = option("tolerance", 0, 1e300);
  options.intercept = option("intercept", 0, 1) != 0;
  options.seed = static_cast<uint64_t>(option("seed", 0, 9007199254740991.0));
  if (options.solver == LinearSolver::kExact && class_count != 0) {
    throw Napi::RangeError::New(env, "solver exact is for regression");
  }
  const std::vector<double> weights = training_weights(info, 5);
  ColumnStatistics found;
  TrainingRows given = training_rows(info, &found, Sharing::kWherePossible);
  check_labels(env, given.target, class_count);
  return run_async(
      env, info[8],
      [given = std::move(given), found = std::move(found), weights, options](TaskControl& control) mutable {
        const std::span<const float> rows = given.rows();
        if (given.share) found = column_statistics(rows.data(), given.row_count, given.column_count, &control);
        if (control.stopped()) return LinearFit{};
        refuse_not_finite(found, given.row_count);
        return fit_linear(rows, given.data, given.column_count, found, given.target, weights, options, control);
      },
      linear_fit_result);
}

// (featureCount, classCount, weights, intercept, oneVsRest) → a linear model; everything is checked.
Napi::Value create(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  LinearModel model;
  model.feature_count = static_cast<uint32_t>(integer(info, 0, "featureCount", 1, 1u << 20));
  model.class_count = static_cast<uint32_t>(integer(info, 1, "classCount", 0, 65535));
  if (model.class_count == 1) throw Napi::RangeError::New(env, "classCount 1 must be 0 or at least 2");
  model.output_count = model.class_count > 2 ? model.class_count : 1;
  model.one_vs_rest = boolean(info, 4, "oneVsRest") && model.class_count > 2;
  const auto weights =
      span<double>(info, 2, "weights", product(env, "weights", model.output_count, model.feature_count));
  const auto intercept = span<double>(info, 3, "intercept", model.output_count);
  for (size_t i = 0; i < weights.size; ++i) {
    if (!std::isfinite(weights.data[i])) {
      throw Napi::RangeError::New(env, "weights[" + std::to_string(i) + "] must be finite");
    }
  }
  for (size_t i = 0; i < intercept.size; ++i) {
    if (!std::isfinite(intercept.data[i])) {
      throw Napi::RangeError::New(env, "intercept[" + std::to_string(i) + "] must be finite");
    }
  }
  model.weights.assign(weights.begin(), weights.end());
  model.intercept.assign(intercept.begin(), intercept.end());
  return wrap_linear(env, std::move(model));
}

// (model) → copies of the arrays that linearCreate takes.
Napi::Value arrays(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const auto scorer = Binding::get(info);
  const LinearModel& model = scorer->model;
  Napi::Object result = Napi::Object::New(env);
  result["featureCount"] = Napi::Number::New(env, model.feature_count);
  result["classCount"] = Napi::Number::New(env, model.class_count);
  result["weights"] = copy_of<Napi::Float64Array>(env, model.weights.data(), model.weight_count());
  result["intercept"] = copy_of<Napi::Float64Array>(env, model.intercept.data(), model.intercept.size());
  return result;
}

}  // namespace

void register_linear(Napi::Env env, Napi::Object exports) {
  exports["linearFit"] = Napi::Function::New<fit>(env, "linearFit");
  exports["linearCreate"] = Napi::Function::New<create>(env, "linearCreate");
  exports["linearArrays"] = Napi::Function::New<arrays>(env, "linearArrays");
  Binding::add_exports(env, exports, "linear");
}

}  // namespace tenon
