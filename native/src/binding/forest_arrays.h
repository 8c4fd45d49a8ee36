#pragma once

#include <napi.h>

#include <cstddef>

#include "../algorithms/forest.h"

namespace tenon {

inline constexpr size_t kMostForestTrees = 100'000;

// Reads the eight arguments from `first` on: treeStart, feature, threshold, child, missingLeft,
// values, importances, cover | null. Everything is checked, as the arrays may come from anywhere:
// that trees are trees, that numbers are finite, and with several values per leaf that they are
// probabilities. Throws a RangeError that names the array and the place.
Forest read_forest(const Napi::CallbackInfo& info, size_t first, size_t feature_count, size_t value_count,
                   size_t most_trees);

// Sets properties of those names to copies of the arrays; cover is null where it is not known.
void write_forest(Napi::Env env, const Forest& forest, Napi::Object result);

}  // namespace tenon
