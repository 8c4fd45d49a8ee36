#pragma once

#include <napi.h>

namespace tenon {

// boostingFit, boostingCreate, boostingPredict, boostingPredictSync, boostingArrays,
// boostingImportances, boostingSizeBytes, boostingDispose.
void register_boosting(Napi::Env env, Napi::Object exports);

}  // namespace tenon
