#pragma once

#include <napi.h>

namespace tenon {

// neighborsFit, neighborsCreate, neighborsArrays, neighborsPredict, neighborsPredictSync,
// neighborsSizeBytes, neighborsDispose.
void register_neighbors(Napi::Env env, Napi::Object exports);

}  // namespace tenon
