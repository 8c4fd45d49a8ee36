#include "shap_binding.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "../algorithms/tree_shap.h"
#include "arguments.h"
#include "async_task.h"
#include "boosting_model.h"
#include "forest_model.h"

namespace tenon {
namespace {

// Trees laid out for explaining; keeps the model that they are of alive.
struct ForestExplainer {
  static constexpr napi_type_tag kTypeTag = {0x5ba1c47fd2e90863ull, 0xa6f03d1e7b5c8294ull};
  static constexpr const char* kTypeName = "a forest's explainer";

  ForestExplainer(std::shared_ptr<const ForestModel> model, uint32_t sums)
      : shap(model->forest, sums), owner(std::move(model)) {}
  explicit ForestExplainer(std::shared_ptr<const BoostingModel> model) : shap(model->model), owner(std::move(model)) {}

  TreeShap shap;
  std::shared_ptr<const void> owner;
};

using ExplainerHandle = Handle<ForestExplainer>;

// Lays trees out off the JavaScript thread: of a million nodes that takes a tenth of a second.
template <typename Make>
Napi::Value lay_out(const Napi::CallbackInfo& info, size_t control, Make make) {
  return run_async(
      info.Env(), info[control], [make = std::move(make)](TaskControl&) mutable { return make(); },
      [](Napi::Env env, const std::shared_ptr<const ForestExplainer>& explainer) -> Napi::Value {
        return ExplainerHandle::make(env, explainer, explainer->shap.size_bytes());
      });
}

// (forest) → whether it can be explained.
Napi::Value covered(const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(info.Env(), !ForestHandle::get(info, 0, "forest")->forest.cover.empty());
}

// (forest, sums, control | null) → Promise of an explainer of the trees' average for 0 sums, else of that many sums of trees.
Napi::Value create(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  auto model = ForestHandle::get(info, 0, "forest");
  if (model->forest.cover.empty()) throw Napi::RangeError::New(env, "forest must have covers");
  const size_t sums = integer(info, 1, "sums", 0, 65535);
  if (sums > 0 && model->forest.value_count != 1) {
    throw Napi::RangeError::New(env, "sums must be 0 for trees of " + std::to_string(model->forest.value_count) +
                                         " values per leaf");
  }
  return lay_out(info, 2, [model = std::move(model), sums]() mutable {
    return std::make_shared<const ForestExplainer>(std::move(model), static_cast<uint32_t>(sums));
  });
}

// (boosted model) → whether it can be explained.
Napi::Value boosting_covered(const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(info.Env(), !BoostingHandle::get(info, 0, "model")->model.forest.cover.empty());
}

// (boosted model, control | null) → Promise of an explainer of its scores.
Napi::Value create_boosting(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  auto model = BoostingHandle::get(info, 0, "model");
  if (model->model.forest.cover.empty()) throw Napi::RangeError::New(env, "model must have covers");
  return lay_out(info, 1, [model = std::move(model)]() mutable {
    return std::make_shared<const ForestExplainer>(std::move(model));
  });
}

// (explainer) → a Float64Array, one number per value.
Napi::Value base_values(const Napi::CallbackInfo& info) {
  const auto explainer = ExplainerHandle::get(info, 0, "explainer");
  const auto& values = explainer->shap.base_values();
  return copy_of<Napi::Float64Array>(info.Env(), values.data(), values.size());
}

// (explainer, data, rowCount, control | null) → Promise of a Float64Array, rowCount × values × features.
Napi::Value explain(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const auto explainer = ExplainerHandle::get(info, 0, "explainer");
  const TreeShap& shap = explainer->shap;
  const size_t row_count = integer(info, 2, "rowCount", 0, 0x7fffffff);
  const auto data = span<float>(info, 1, "data", product(env, "data", row_count, shap.feature_count()));
  const size_t size = product(env, "data", data.size, shap.value_count());
  return run_async(
      env, info[3],
      [explainer, row_count, size, rows = std::vector<float>(data.begin(), data.end())](TaskControl& control) {
        std::vector<double> out(size);
        explainer->shap.explain(rows.data(), row_count, out.data(), control);
        return out;
      },
      [](Napi::Env env, const std::vector<double>& out) -> Napi::Value {
        return copy_of<Napi::Float64Array>(env, out.data(), out.size());
      });
}

Napi::Value dispose(const Napi::CallbackInfo& info) {
  ExplainerHandle::dispose(info, 0, "explainer");
  return info.Env().Undefined();
}

}  // namespace

void register_shap(Napi::Env env, Napi::Object exports) {
  exports["forestCovered"] = Napi::Function::New<covered>(env, "forestCovered");
  exports["forestExplainer"] = Napi::Function::New<create>(env, "forestExplainer");
  exports["boostingCovered"] = Napi::Function::New<boosting_covered>(env, "boostingCovered");
  exports["boostingExplainer"] = Napi::Function::New<create_boosting>(env, "boostingExplainer");
  exports["forestExplainerBaseValues"] = Napi::Function::New<base_values>(env, "forestExplainerBaseValues");
  exports["forestExplain"] = Napi::Function::New<explain>(env, "forestExplain");
  exports["forestExplainerDispose"] = Napi::Function::New<dispose>(env, "forestExplainerDispose");
}

}  // namespace tenon
