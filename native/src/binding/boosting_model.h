#pragma once

#include <cstddef>
#include <utility>

#include "../algorithms/boost_score.h"
#include "../algorithms/boosting.h"
#include "handle.h"

namespace tenon {

// A boosted model as JavaScript holds it.
struct BoostingModel {
  static constexpr napi_type_tag kTypeTag = {0x3b7a5d10c2e94f68ull, 0xa60f9173d8e2b45cull};
  static constexpr const char* kTypeName = "a boosted model";

  explicit BoostingModel(BoostedForest boosted) : model(std::move(boosted)), scorer(model) {}
  BoostingModel(const BoostingModel&) = delete;

  size_t size_bytes() const {
    const Forest& forest = model.forest;
    return scorer.size_bytes() + forest.node_count() * (4 + 4 + 4 + 1) + forest.cover.size() * 4 +
           forest.values.size() * 4 + forest.tree_start.size() * 4 + forest.importances.size() * 8 +
           model.category_set.size() * 4 + model.sets.size() * sizeof(CategorySet) + model.categories.size() * 4;
  }

  uint32_t feature_count() const noexcept { return scorer.feature_count(); }
  uint32_t value_count() const noexcept { return scorer.value_count(); }
  void predict(const float* rows, size_t row_count, float* out, const TaskControl* control) const {
    scorer.predict(rows, row_count, out, control);
  }
  void predict_few(const float* rows, size_t row_count, float* out) const { scorer.predict_few(rows, row_count, out); }

  BoostedForest model;
  BoostScorer scorer;
};

using BoostingHandle = Handle<BoostingModel>;

}  // namespace tenon
