#include "forest_binding.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "../algorithms/binning.h"
#include "../algorithms/forest.h"
#include "arguments.h"
#include "async_task.h"
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
  options.tree_count = static_cast<uint32_t>(option("treeCount", 1, 100'000));
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

[[noreturn]] void refuse(Napi::Env env, const std::string& what) { throw Napi::RangeError::New(env, what); }

// (featureCount, valueCount, treeStart, feature, threshold, child, missingLeft, values,
// importances, cover | null) → a forest. Everything is checked: the arrays may come from anywhere.
Napi::Value create(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const size_t feature_count = integer(info, 0, "featureCount", 1, 1u << 20);
  const size_t value_count = integer(info, 1, "valueCount", 1, 65535);
  const auto tree_start = span<uint32_t>(info, 2, "treeStart");
  const auto feature = span<int32_t>(info, 3, "feature");
  const size_t nodes = feature.size;
  const auto threshold = span<float>(info, 4, "threshold", nodes);
  const auto child = span<int32_t>(info, 5, "child", nodes);
  const auto missing_left = span<uint8_t>(info, 6, "missingLeft", nodes);
  const auto values = span<float>(info, 7, "values");
  const auto importances = span<double>(info, 8, "importances", feature_count);
  const auto cover = optional_span<float>(info, 9, "cover", nodes);
  if (tree_start.size < 2 || tree_start.size > 100'001) {
    refuse(env, "treeStart has " + std::to_string(tree_start.size) + " elements, must have 2 to 100001");
  }
  if (nodes > 0x7fffffff) refuse(env, "feature has " + std::to_string(nodes) + " elements, must have below 2^31");
  if (tree_start.data[0] != 0 || tree_start.data[tree_start.size - 1] != nodes) {
    refuse(env, "treeStart must begin with 0 and end with the number of nodes, " + std::to_string(nodes));
  }
  size_t leaves = 0;
  std::vector<uint8_t> has_parent;
  for (size_t t = 0; t + 1 < tree_start.size; ++t) {
    const size_t first = tree_start.data[t];
    const size_t last = tree_start.data[t + 1];
    if (last <= first || last > nodes) refuse(env, "treeStart[" + std::to_string(t + 1) + "] must be above the one before");
    has_parent.assign(last - first, 0);
    for (size_t i = first; i < last; ++i) {
      const auto at = [&](const char* array) { return std::string(array) + "[" + std::to_string(i) + "] "; };
      if (missing_left.data[i] > 1) refuse(env, at("missingLeft") + "must be 0 or 1");
      if (!std::isfinite(threshold.data[i])) refuse(env, at("threshold") + "must be finite");
      if (cover.size > 0 && !(std::isfinite(cover.data[i]) && cover.data[i] >= 0)) {
        refuse(env, at("cover") + "must be finite and at least 0");
      }
      const int64_t place = child.data[i];
      if (feature.data[i] < 0) {
        if (feature.data[i] != -1) refuse(env, at("feature") + "must be -1 or a feature");
        if (place != static_cast<int64_t>(leaves)) {
          refuse(env, at("child") + std::to_string(place) + " must be " + std::to_string(leaves) + ", the leaf's number");
        }
        ++leaves;
        continue;
      }
      if (static_cast<size_t>(feature.data[i]) >= feature_count) {
        refuse(env, at("feature") + std::to_string(feature.data[i]) + " must be below " + std::to_string(feature_count));
      }
      // Children come after their parent and have one parent each: no cycle, no shared subtree.
      const int64_t here = static_cast<int64_t>(i - first);
      if (place <= here || place + 1 >= static_cast<int64_t>(last - first)) {
        refuse(env, at("child") + std::to_string(place) + " must be above " + std::to_string(here) + " and below " +
                        std::to_string(static_cast<int64_t>(last - first) - 1));
      }
      uint8_t* parent = has_parent.data() + place;
      if (parent[0] || parent[1]) refuse(env, at("child") + std::to_string(place) + " has another parent already");
      parent[0] = parent[1] = 1;
    }
    if (static_cast<size_t>(std::count(has_parent.begin(), has_parent.end(), uint8_t{1})) + 1 != last - first) {
      refuse(env, "tree " + std::to_string(t) + " has nodes that nothing leads to");
    }
  }
  if (values.size != leaves * value_count) {
    refuse(env, "values has " + std::to_string(values.size) + " elements, must have " +
                    std::to_string(leaves * value_count) + " for " + std::to_string(leaves) + " leaves");
  }
  for (size_t i = 0; i < values.size; ++i) {
    const float value = values.data[i];
    if (!std::isfinite(value) || (value_count > 1 && !(value >= 0 && value <= 1))) {
      refuse(env, "values[" + std::to_string(i) + "] must be " + (value_count > 1 ? "from 0 to 1" : "finite"));
    }
  }
  for (size_t i = 0; i < importances.size; ++i) {
    if (!(importances.data[i] >= 0 && importances.data[i] <= 1.000001)) {
      refuse(env, "importances[" + std::to_string(i) + "] must be from 0 to 1");
    }
  }
  Forest forest;
  forest.feature_count = static_cast<uint32_t>(feature_count);
  forest.value_count = static_cast<uint32_t>(value_count);
  forest.tree_start.assign(tree_start.begin(), tree_start.end());
  forest.feature.assign(feature.begin(), feature.end());
  forest.threshold.assign(threshold.begin(), threshold.end());
  forest.child.assign(child.begin(), child.end());
  forest.missing_left.assign(missing_left.begin(), missing_left.end());
  forest.values.assign(values.begin(), values.end());
  forest.importances.assign(importances.begin(), importances.end());
  forest.cover.assign(cover.begin(), cover.end());
  return wrap(env, std::make_shared<const ForestModel>(std::move(forest)));
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
  result["treeStart"] = copy_of<Napi::Uint32Array>(env, forest.tree_start.data(), forest.tree_start.size());
  result["feature"] = copy_of<Napi::Int32Array>(env, forest.feature.data(), forest.feature.size());
  result["threshold"] = copy_of<Napi::Float32Array>(env, forest.threshold.data(), forest.threshold.size());
  result["child"] = copy_of<Napi::Int32Array>(env, forest.child.data(), forest.child.size());
  result["missingLeft"] = copy_of<Napi::Uint8Array>(env, forest.missing_left.data(), forest.missing_left.size());
  result["values"] = copy_of<Napi::Float32Array>(env, forest.values.data(), forest.values.size());
  result["importances"] = copy_of<Napi::Float64Array>(env, forest.importances.data(), forest.importances.size());
  result["cover"] = forest.cover.empty()
                        ? env.Null()
                        : Napi::Value(copy_of<Napi::Float32Array>(env, forest.cover.data(), forest.cover.size()));
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
