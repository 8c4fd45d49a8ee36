#include "forest_arrays.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "arguments.h"
#include "handle.h"

namespace tenon {
namespace {

[[noreturn]] void refuse(Napi::Env env, const std::string& what) { throw Napi::RangeError::New(env, what); }

}  // namespace

Forest read_forest(const Napi::CallbackInfo& info, size_t first, size_t feature_count, size_t value_count,
                   size_t most_trees) {
  const Napi::Env env = info.Env();
  const auto tree_start = span<uint32_t>(info, first, "treeStart");
  const auto feature = span<int32_t>(info, first + 1, "feature");
  const size_t nodes = feature.size;
  const auto threshold = span<float>(info, first + 2, "threshold", nodes);
  const auto child = span<int32_t>(info, first + 3, "child", nodes);
  const auto missing_left = span<uint8_t>(info, first + 4, "missingLeft", nodes);
  const auto values = span<float>(info, first + 5, "values");
  const auto importances = span<double>(info, first + 6, "importances", feature_count);
  const auto cover = optional_span<float>(info, first + 7, "cover", nodes);
  if (tree_start.size < 2 || tree_start.size > most_trees + 1) {
    refuse(env, "treeStart has " + std::to_string(tree_start.size) + " elements, must have 2 to " +
                    std::to_string(most_trees + 1));
  }
  if (nodes > 0x7fffffff) refuse(env, "feature has " + std::to_string(nodes) + " elements, must have below 2^31");
  if (tree_start.data[0] != 0 || tree_start.data[tree_start.size - 1] != nodes) {
    refuse(env, "treeStart must begin with 0 and end with the number of nodes, " + std::to_string(nodes));
  }
  size_t leaves = 0;
  std::vector<uint8_t> has_parent;
  for (size_t t = 0; t + 1 < tree_start.size; ++t) {
    const size_t start = tree_start.data[t];
    const size_t last = tree_start.data[t + 1];
    if (last <= start || last > nodes) refuse(env, "treeStart[" + std::to_string(t + 1) + "] must be above the one before");
    has_parent.assign(last - start, 0);
    for (size_t i = start; i < last; ++i) {
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
      const int64_t here = static_cast<int64_t>(i - start);
      if (place <= here || place + 1 >= static_cast<int64_t>(last - start)) {
        refuse(env, at("child") + std::to_string(place) + " must be above " + std::to_string(here) + " and below " +
                        std::to_string(static_cast<int64_t>(last - start) - 1));
      }
      uint8_t* parent = has_parent.data() + place;
      if (parent[0] || parent[1]) refuse(env, at("child") + std::to_string(place) + " has another parent already");
      parent[0] = parent[1] = 1;
    }
    if (static_cast<size_t>(std::count(has_parent.begin(), has_parent.end(), uint8_t{1})) + 1 != last - start) {
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
  return forest;
}

void write_forest(Napi::Env env, const Forest& forest, Napi::Object result) {
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
}

}  // namespace tenon
