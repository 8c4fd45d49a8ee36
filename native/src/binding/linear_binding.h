#pragma once

#include <napi.h>

namespace tenon {

// linearFit, linearCreate, linearPredict, linearPredictSync, linearArrays, linearSizeBytes,
// linearDispose.
void register_linear(Napi::Env env, Napi::Object exports);

}  // namespace tenon
