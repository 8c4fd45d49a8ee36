#include "linear_svm_binding.h"

#include "../algorithms/linear_svm.h"
#include "linear_binding.h"
#include "model_binding.h"

namespace tenon {
namespace {

// (data, rowCount, columnCount, rows | null, target, weights | null, classCount, options: {...},
// control | null) → Promise of linear_fit_result().
Napi::Value fit(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  TrainingRows given = training_rows(info);
  std::vector<double> weights = training_weights(info, 5);
  check_finite(env, given.data, given.column_count);
  const size_t class_count = integer(info, 6, "classCount", 0, 65535);
  check_labels(env, given.target, class_count);
  const auto option = options_reader(info, 7);
  LinearSvmOptions options;
  options.class_count = static_cast<uint32_t>(class_count);
  options.squared = option("squared", 0, 1) != 0;
  options.c = option("c", 1e-300, 1e300);
  options.epsilon = option("epsilon", 0, 1e300);
  options.intercept_scaling = option("interceptScaling", 0, 1e6);
  options.max_epochs = static_cast<uint32_t>(option("maxEpochs", 1, 1e9));
  options.tolerance = option("tolerance", 0, 1e300);
  options.seed = static_cast<uint64_t>(option("seed", 0, 9007199254740991.0));
  return run_async(
      env, info[8],
      [given = std::move(given), weights = std::move(weights), options](TaskControl& control) {
        return fit_linear_svm(given.data, given.column_count, given.target, weights, options, control);
      },
      linear_fit_result);
}

}  // namespace

void register_linear_svm(Napi::Env env, Napi::Object exports) {
  exports["linearSvmFit"] = Napi::Function::New<fit>(env, "linearSvmFit");
}

}  // namespace tenon
