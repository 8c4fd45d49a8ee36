#include "boosting_binding.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "../algorithms/boosting.h"
#include "../algorithms/categories.h"
#include "arguments.h"
#include "async_task.h"
#include "boosting_model.h"
#include "forest_arrays.h"
#include "model_binding.h"
#include "training_rows.h"

namespace tenon {
namespace {

// Rounds times classes.
constexpr size_t kMostTrees = 10'000'000;

// Sums of 32-bit units stay within 31 bits.
constexpr size_t kMostRows = size_t{1} << 30;

using Binding = ModelBinding<BoostingModel>;

// (data, rowCount, columnCount, rows | null, target, weights | null, classCount, options: {...},
// categorical: Uint8Array | null, monotone: Int8Array | null, control | null)
// → Promise of a boosted model. `rows` chooses rows of data, target and weights.
Napi::Value fit(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  TrainingRows given = training_rows(info);
  std::vector<double> weights = training_weights(info, 5);
  const size_t class_count = integer(info, 6, "classCount", 0, 65535);
  check_labels(env, given.target, class_count);
  if (given.row_count > kMostRows) throw Napi::RangeError::New(env, "rowCount must be at most 2^30");
  if (!info[7].IsObject()) throw Napi::TypeError::New(env, "options must be an object");
  const Napi::Object object = info[7].As<Napi::Object>();
  const auto option = [&](const char* name, double low, double high) {
    return number_property(env, object, name, low, high);
  };
  BoostingOptions options;
  options.class_count = static_cast<uint32_t>(class_count);
  options.round_count = static_cast<uint32_t>(option("roundCount", 1, 100'000));
  if (options.round_count * std::max<size_t>(1, class_count > 2 ? class_count : 1) > kMostTrees) {
    throw Napi::RangeError::New(env, "roundCount times classCount must be at most " + std::to_string(kMostTrees));
  }
  options.loss = class_count == 2   ? BoostLoss::kLogistic
                 : class_count > 2 ? BoostLoss::kSoftmax
                                   : static_cast<BoostLoss>(option("loss", static_cast<double>(BoostLoss::kSquared),
                                                                   static_cast<double>(BoostLoss::kHuber)));
  if (options.loss == BoostLoss::kPoisson) {
    for (const double value : given.target) {
      if (value < 0) throw Napi::RangeError::New(env, "target " + std::to_string(value) + " must be >= 0");
    }
  }
  options.learning_rate = option("learningRate", 0, 1e3);
  options.quantile = option("quantile", 0, 1);
  options.huber_delta = option("huberDelta", 0, 1e300);
  options.dart = option("dart", 0, 1) != 0;
  options.rate_drop = option("rateDrop", 0, 1);
  options.skip_drop = option("skipDrop", 0, 1);
  options.subsample = option("subsample", 0, 1);
  options.max_bins = static_cast<uint32_t>(option("maxBins", 2, 255));
  options.validation_fraction = option("validationFraction", 0, 1);
  if (options.dart && options.validation_fraction > 0) {
    throw Napi::RangeError::New(env, "validationFraction must be 0 with dart");
  }
  options.patience = static_cast<uint32_t>(option("patience", 1, 1e9));
  options.tolerance = option("tolerance", 0, 1e300);
  options.seed = static_cast<uint64_t>(option("seed", 0, 9007199254740991.0));
  options.tree.leaf_wise = option("leafWise", 0, 1) != 0;
  options.tree.max_leaves = static_cast<uint32_t>(option("maxLeaves", 0, 1e9));
  options.tree.max_depth = static_cast<uint32_t>(option("maxDepth", 0, 1e9));
  options.tree.features_per_tree = option("featuresPerTree", 0, 1);
  options.tree.features_per_node = option("featuresPerNode", 0, 1);
  options.tree.penalties.lambda = option("lambda", 0, 1e300);
  options.tree.penalties.alpha = option("alpha", 0, 1e300);
  options.tree.penalties.min_hessian = option("minHessian", 0, 1e300);
  options.tree.penalties.min_gain = option("minGain", 0, 1e300);
  options.tree.penalties.min_rows = static_cast<uint32_t>(option("minRows", 1, 1e9));
  const auto categorical_given = optional_span<uint8_t>(info, 8, "categorical");
  const auto monotone_given = optional_span<int8_t>(info, 9, "monotone");
  std::vector<uint8_t> categorical(categorical_given.begin(), categorical_given.end());
  std::vector<int8_t> monotone(monotone_given.begin(), monotone_given.end());
  if (!info[8].IsNull() && categorical.size() != given.column_count) {
    throw Napi::RangeError::New(env, "categorical must have one element per column");
  }
  if (!info[9].IsNull() && monotone.size() != given.column_count) {
    throw Napi::RangeError::New(env, "monotone must have one element per column");
  }
  return run_async(
      env, info[10],
      [given = std::move(given), weights = std::move(weights), categorical = std::move(categorical),
       monotone = std::move(monotone), options](TaskControl& control) -> std::shared_ptr<const BoostingModel> {
        if (control.checkpoint) describe(*control.checkpoint, given, weights, categorical, monotone);
        BoostedForest model = fit_boosting({given.data.data(), given.row_count, given.column_count, given.target,
                                            weights, categorical, monotone},
                                           options, control);
        if (control.stopped()) return nullptr;
        return std::make_shared<const BoostingModel>(std::move(model));
      },
      [](Napi::Env env, const std::shared_ptr<const BoostingModel>& model) -> Napi::Value {
        if (!model) return env.Null();
        return Binding::wrap(env, model);
      });
}

[[noreturn]] void refuse(Napi::Env env, const std::string& what) { throw Napi::RangeError::New(env, what); }

// Reads the four arguments about categories from `first` on into the model, all null for none.
void read_categories(const Napi::CallbackInfo& info, size_t first, BoostedForest& model) {
  const Napi::Env env = info.Env();
  if (info[first].IsNull()) return;
  const Forest& forest = model.forest;
  const auto node_set = span<int32_t>(info, first, "categorySet", forest.node_count());
  const auto sets = span<uint32_t>(info, first + 1, "sets");
  const auto start = span<uint32_t>(info, first + 2, "categoriesStart", size_t{forest.feature_count} + 1);
  const auto categories = span<float>(info, first + 3, "categories");
  if (sets.size == 0 || sets.size % 8 != 0) {
    refuse(env, "sets has " + std::to_string(sets.size) + " elements, must have a positive multiple of 8");
  }
  if (start.data[0] != 0 || start.data[forest.feature_count] != categories.size) {
    refuse(env, "categoriesStart must begin with 0 and end with the number of categories, " +
                    std::to_string(categories.size));
  }
  for (size_t c = 0; c < forest.feature_count; ++c) {
    const size_t begin = start.data[c];
    const size_t end = start.data[c + 1];
    if (end < begin || end > categories.size || end - begin > kMostCategories) {
      refuse(env, "categoriesStart[" + std::to_string(c + 1) + "] must be at most " + std::to_string(kMostCategories) +
                      " above the one before");
    }
    for (size_t i = begin; i < end; ++i) {
      if (!std::isfinite(categories.data[i]) || (i > begin && !(categories.data[i] > categories.data[i - 1]))) {
        refuse(env, "categories[" + std::to_string(i) + "] must be finite and above the one before");
      }
    }
  }
  for (size_t i = 0; i < node_set.size; ++i) {
    const int64_t set = node_set.data[i];
    if (set < -1 || set >= static_cast<int64_t>(sets.size / 8) || (set >= 0 && forest.feature[i] < 0)) {
      refuse(env, "categorySet[" + std::to_string(i) + "] " + std::to_string(set) + " must be -1 or a set below " +
                      std::to_string(sets.size / 8) + ", and -1 for a leaf");
    }
  }
  model.category_set.assign(node_set.begin(), node_set.end());
  model.sets.resize(sets.size / 8);
  for (size_t i = 0; i < sets.size; ++i) {
    model.sets[i / 8][i % 8 / 2] |= static_cast<uint64_t>(sets.data[i]) << (i % 2 * 32);
  }
  model.categories_start.assign(start.begin(), start.end());
  model.categories.assign(categories.begin(), categories.end());
}

// (featureCount, classCount, link, base, the arrays of forestCreate from treeStart on with one
// value per leaf, categorySet | null, sets | null, categoriesStart | null, categories | null)
// → a boosted model. Everything is checked: the arrays may come from anywhere.
Napi::Value create(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const size_t feature_count = integer(info, 0, "featureCount", 1, 1u << 20);
  const size_t class_count = integer(info, 1, "classCount", 0, 65535);
  if (class_count == 1) refuse(env, "classCount 1 must be 0 or at least 2");
  BoostedForest model;
  model.class_count = static_cast<uint32_t>(class_count);
  model.link = class_count == 2   ? BoostLink::kLogistic
               : class_count > 2 ? BoostLink::kSoftmax
               : integer(info, 2, "link", 0, 1) == 1 ? BoostLink::kExp
                                                     : BoostLink::kIdentity;
  const size_t outputs = class_count > 2 ? class_count : 1;
  const auto base = span<double>(info, 3, "base", outputs);
  for (size_t k = 0; k < outputs; ++k) {
    if (!std::isfinite(base.data[k])) refuse(env, "base[" + std::to_string(k) + "] must be finite");
  }
  model.base.assign(base.begin(), base.end());
  model.forest = read_forest(info, 4, feature_count, 1, kMostTrees);
  if (model.forest.tree_count() % outputs != 0) {
    refuse(env, "treeStart has " + std::to_string(model.forest.tree_count()) + " trees, must have a multiple of " +
                    std::to_string(outputs));
  }
  read_categories(info, 12, model);
  return Binding::wrap(env, std::make_shared<const BoostingModel>(std::move(model)));
}

// (model) → copies of the arrays that boostingCreate takes.
Napi::Value arrays(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const auto held = Binding::get(info);
  const BoostedForest& model = held->model;
  Napi::Object result = Napi::Object::New(env);
  result["featureCount"] = Napi::Number::New(env, model.forest.feature_count);
  result["classCount"] = Napi::Number::New(env, model.class_count);
  result["link"] = Napi::Number::New(env, model.link == BoostLink::kExp ? 1 : 0);
  result["base"] = copy_of<Napi::Float64Array>(env, model.base.data(), model.base.size());
  write_forest(env, model.forest, result);
  if (model.sets.empty()) {
    for (const char* name : {"categorySet", "sets", "categoriesStart", "categories"}) result[name] = env.Null();
    return result;
  }
  std::vector<uint32_t> sets;
  for (const CategorySet& set : model.sets) {
    for (const uint64_t word : set) {
      sets.push_back(static_cast<uint32_t>(word));
      sets.push_back(static_cast<uint32_t>(word >> 32));
    }
  }
  result["categorySet"] = copy_of<Napi::Int32Array>(env, model.category_set.data(), model.category_set.size());
  result["sets"] = copy_of<Napi::Uint32Array>(env, sets.data(), sets.size());
  result["categoriesStart"] =
      copy_of<Napi::Uint32Array>(env, model.categories_start.data(), model.categories_start.size());
  result["categories"] = copy_of<Napi::Float32Array>(env, model.categories.data(), model.categories.size());
  return result;
}

Napi::Value importances(const Napi::CallbackInfo& info) {
  const auto model = Binding::get(info);
  const auto& values = model->model.forest.importances;
  return copy_of<Napi::Float64Array>(info.Env(), values.data(), values.size());
}

}  // namespace

void register_boosting(Napi::Env env, Napi::Object exports) {
  exports["boostingFit"] = Napi::Function::New<fit>(env, "boostingFit");
  exports["boostingCreate"] = Napi::Function::New<create>(env, "boostingCreate");
  exports["boostingArrays"] = Napi::Function::New<arrays>(env, "boostingArrays");
  exports["boostingImportances"] = Napi::Function::New<importances>(env, "boostingImportances");
  Binding::add_exports(env, exports, "boosting");
}

}  // namespace tenon
