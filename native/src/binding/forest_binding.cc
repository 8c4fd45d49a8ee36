#include "forest_binding.h"

#include <memory>
#include <vector>

#include "../algorithms/binning.h"
#include "../algorithms/forest.h"
#include "arguments.h"
#include "async_task.h"
#include "forest_arrays.h"
#include "forest_model.h"
#include "training_rows.h"

namespace tenon {
namespace {

Napi::Value wrap(Napi::Env env, const std::shared_ptr<const ForestModel>& model) {
  return ForestHandle::make(env, model, model->size_bytes());
}

// (data, rowCount, columnCount, rows | null, target, weights | null, classCount, options: {...},
// control | null)
// → Promise of a forest. `rows` chooses rows of data and of target.
Napi::Value fit(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  TrainingRows given = training_rows(info);
  std::vector<double> weights = training_weights(info, 5);
  const size_t class_count = integer(info, 6, "classCount", 0, 65535);
  check_labels(env, given.target, class_count);
  if (!info[7].IsObject()) throw Napi::TypeError::New(env, "options must be an object");
  const Napi::Object object = info[7].As<Napi::Object>();
  const auto option = [&](const char* name, double low, double high) {
    return number_property(env, object, name, low, high);
  };
  ForestOptions options;
  options.class_count = static_cast<uint32_t>(class_count);
  options.tree_count = static_cast<uint32_t>(option("treeCount", 1, kMostForestTrees));
  options.max_depth = static_cast<uint32_t>(option("maxDepth", 0, 1e9));
  options.min_samples_split = static_cast<uint32_t>(option("minSamplesSplit", 2, 4e9));
  options.min_samples_leaf = static_cast<uint32_t>(option("minSamplesLeaf", 1, 2e9));
  options.features_per_split =
      static_cast<uint32_t>(option("featuresPerSplit", 1, static_cast<double>(given.column_count)));
  options.bootstrap = option("bootstrap", 0, 1) != 0;
  options.balanced = option("balanced", 0, 1) != 0;
  options.min_impurity_decrease = option("minImpurityDecrease", 0, 1e300);
  options.seed = static_cast<uint64_t>(option("seed", 0, 9007199254740991.0));
  const bool random_splits = option("randomSplits", 0, 1) != 0;
  const uint32_t max_bins = static_cast<uint32_t>(option("maxBins", 2, 255));
  return run_async(
      env, info[8],
      [given = std::move(given), weights = std::move(weights), options, random_splits, max_bins](TaskControl& control) -> std::shared_ptr<const ForestModel> {
        const BinnedFeatures binned =
            bin_features(given.data.data(), given.column_count, nullptr, given.row_count, max_bins, control);
        if (control.stopped()) return nullptr;
        BinBounds bounds;
        if (random_splits) bounds = bin_bounds(given.data.data(), binned, control);
        Forest forest = fit_forest(binned, random_splits ? &bounds : nullptr, given.target.data(), weights, options, control);
        if (control.stopped()) return nullptr;
        return std::make_shared<const ForestModel>(std::move(forest));
      },
      [](Napi::Env env, const std::shared_ptr<const ForestModel>& model) -> Napi::Value {
        if (!model) return env.Null();
        return wrap(env, model);
      });
}

// (featureCount, valueCount, treeStart, feature, threshold, child, missingLeft, values,
// importances, cover | null) → a forest. Everything is checked: the arrays may come from anywhere.
Napi::Value create(const Napi::CallbackInfo& info) {
  const size_t feature_count = integer(info, 0, "featureCount", 1, 1u << 20);
  const size_t value_count = integer(info, 1, "valueCount", 1, 65535);
  Forest forest = read_forest(info, 2, feature_count, value_count, kMostForestTrees);
  return wrap(info.Env(), std::make_shared<const ForestModel>(std::move(forest)));
}

// The data argument, whose length must be rows times the forest's features.
Span<float> rows_of(const Napi::CallbackInfo& info, const ForestModel& model, size_t row_count) {
  return span<float>(info, 1, "data", product(info.Env(), "data", row_count, model.scorer.feature_count()));
}

// (forest, data, rowCount, control | null) → Promise of a Float32Array, rowCount × values.
Napi::Value predict(const Napi::CallbackInfo& info) {
  const auto model = ForestHandle::get(info, 0, "forest");
  const size_t row_count = integer(info, 2, "rowCount", 0, 0x7fffffff);
  const auto data = rows_of(info, *model, row_count);
  return run_async(
      info.Env(), info[3],
      [model, row_count, rows = std::vector<float>(data.begin(), data.end())](TaskControl& control) {
        std::vector<float> out(row_count * model->scorer.value_count());
        model->scorer.predict(rows.data(), row_count, out.data(), &control);
        return out;
      },
      [](Napi::Env env, const std::vector<float>& out) -> Napi::Value {
        return copy_of<Napi::Float32Array>(env, out.data(), out.size());
      });
}

// (forest, data, rowCount, out): scores on this thread into `out`, rowCount × values.
Napi::Value predict_sync(const Napi::CallbackInfo& info) {
  const auto model = ForestHandle::get(info, 0, "forest");
  const size_t row_count = integer(info, 2, "rowCount", 0, 0x7fffffff);
  const auto data = rows_of(info, *model, row_count);
  const auto out = span<float>(info, 3, "out", product(info.Env(), "out", row_count, model->scorer.value_count()));
  model->scorer.predict_few(data.data, row_count, out.data);
  return info.Env().Undefined();
}

// (forest) → copies of the arrays that forestCreate takes.
Napi::Value arrays(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const auto model = ForestHandle::get(info, 0, "forest");
  const Forest& forest = model->forest;
  Napi::Object result = Napi::Object::New(env);
  result["featureCount"] = Napi::Number::New(env, forest.feature_count);
  result["valueCount"] = Napi::Number::New(env, forest.value_count);
  write_forest(env, forest, result);
  return result;
}

Napi::Value importances(const Napi::CallbackInfo& info) {
  const auto model = ForestHandle::get(info, 0, "forest");
  const auto& values = model->forest.importances;
  return copy_of<Napi::Float64Array>(info.Env(), values.data(), values.size());
}

Napi::Value size_bytes(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), static_cast<double>(ForestHandle::get(info, 0, "forest")->size_bytes()));
}

Napi::Value dispose(const Napi::CallbackInfo& info) {
  ForestHandle::dispose(info, 0, "forest");
  return info.Env().Undefined();
}

}  // namespace

void register_forest(Napi::Env env, Napi::Object exports) {
  exports["forestFit"] = Napi::Function::New<fit>(env, "forestFit");
  exports["forestCreate"] = Napi::Function::New<create>(env, "forestCreate");
  exports["forestPredict"] = Napi::Function::New<predict>(env, "forestPredict");
  exports["forestPredictSync"] = Napi::Function::New<predict_sync>(env, "forestPredictSync");
  exports["forestArrays"] = Napi::Function::New<arrays>(env, "forestArrays");
  exports["forestImportances"] = Napi::Function::New<importances>(env, "forestImportances");
  exports["forestSizeBytes"] = Napi::Function::New<size_bytes>(env, "forestSizeBytes");
  exports["forestDispose"] = Napi::Function::New<dispose>(env, "forestDispose");
}

}  // namespace tenon
