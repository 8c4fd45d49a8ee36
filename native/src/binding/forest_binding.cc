#include "forest_binding.h"

#include <memory>
#include <vector>

#include "../algorithms/binning.h"
#include "../algorithms/forest.h"
#include "arguments.h"
#include "async_task.h"
#include "forest_arrays.h"
#include "forest_model.h"
#include "model_binding.h"
#include "training_rows.h"

namespace tenon {
namespace {

using Binding = ModelBinding<ForestModel>;

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
      [given = std::move(given), weights = std::move(weights), options, random_splits,
       max_bins](TaskControl& control) mutable -> std::shared_ptr<const ForestModel> {
        if (control.checkpoint) describe(*control.checkpoint, given, weights);
        const BinnedFeatures binned =
            bin_features(given.data.data(), given.column_count, nullptr, given.row_count, max_bins, control);
        if (control.stopped()) return nullptr;
        BinBounds bounds;
        if (random_splits) bounds = bin_bounds(given.data.data(), binned, control);
        if (control.checkpoint) control.checkpoint->look();
        // Trees read bins alone, a quarter of the memory.
        given.data = {};
        Forest forest = fit_forest(binned, random_splits ? &bounds : nullptr, given.target.data(), weights, options, control);
        if (control.stopped()) return nullptr;
        return std::make_shared<const ForestModel>(std::move(forest));
      },
      [](Napi::Env env, const std::shared_ptr<const ForestModel>& model) -> Napi::Value {
        if (!model) return env.Null();
        return Binding::wrap(env, model);
      });
}

// (featureCount, valueCount, treeStart, feature, threshold, child, missingLeft, values,
// importances, cover | null) → a forest. Everything is checked: the arrays may come from anywhere.
Napi::Value create(const Napi::CallbackInfo& info) {
  const size_t feature_count = integer(info, 0, "featureCount", 1, 1u << 20);
  const size_t value_count = integer(info, 1, "valueCount", 1, 65535);
  Forest forest = read_forest(info, 2, feature_count, value_count, kMostForestTrees);
  return Binding::wrap(info.Env(), std::make_shared<const ForestModel>(std::move(forest)));
}

// (forest) → copies of the arrays that forestCreate takes.
Napi::Value arrays(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const auto model = Binding::get(info);
  const Forest& forest = model->forest;
  Napi::Object result = Napi::Object::New(env);
  result["featureCount"] = Napi::Number::New(env, forest.feature_count);
  result["valueCount"] = Napi::Number::New(env, forest.value_count);
  write_forest(env, forest, result);
  return result;
}

Napi::Value importances(const Napi::CallbackInfo& info) {
  const auto model = Binding::get(info);
  const auto& values = model->forest.importances;
  return copy_of<Napi::Float64Array>(info.Env(), values.data(), values.size());
}

}  // namespace

void register_forest(Napi::Env env, Napi::Object exports) {
  exports["forestFit"] = Napi::Function::New<fit>(env, "forestFit");
  exports["forestCreate"] = Napi::Function::New<create>(env, "forestCreate");
  exports["forestArrays"] = Napi::Function::New<arrays>(env, "forestArrays");
  exports["forestImportances"] = Napi::Function::New<importances>(env, "forestImportances");
  Binding::add_exports(env, exports, "forest");
}

}  // namespace tenon
