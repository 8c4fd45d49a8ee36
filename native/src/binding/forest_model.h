#pragma once

#include <cstddef>
#include <utility>

#include "../algorithms/forest.h"
#include "../algorithms/forest_score.h"
#include "handle.h"

namespace tenon {

// A forest as JavaScript holds it.
struct ForestModel {
  static constexpr napi_type_tag kTypeTag = {0x7e40f0e5746f7265ull, 0x8d1c2b96a3f54e07ull};
  static constexpr const char* kTypeName = "a forest";

  explicit ForestModel(Forest grown) : forest(std::move(grown)), scorer(forest) {}

  size_t size_bytes() const {
    return scorer.size_bytes() + forest.node_count() * (4 + 4 + 4 + 1) + forest.cover.size() * 4 +
           forest.values.size() * 4 + forest.tree_start.size() * 4 + forest.importances.size() * 8;
  }

  uint32_t feature_count() const noexcept { return scorer.feature_count(); }
  uint32_t value_count() const noexcept { return scorer.value_count(); }
  void predict(const float* rows, size_t row_count, float* out, const TaskControl* control) const {
    scorer.predict(rows, row_count, out, control);
  }
  void predict_few(const float* rows, size_t row_count, float* out) const { scorer.predict_few(rows, row_count, out); }

  Forest forest;
  ForestScorer scorer;
};

using ForestHandle = Handle<ForestModel>;

}  // namespace tenon
