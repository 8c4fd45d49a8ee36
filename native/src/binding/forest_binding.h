#pragma once

#include <napi.h>

namespace tenon {

// forestFit, forestCreate, forestPredict, forestPredictSync, forestArrays, forestSizeBytes,
// forestDispose.
void register_forest(Napi::Env env, Napi::Object exports);

}  // namespace tenon
