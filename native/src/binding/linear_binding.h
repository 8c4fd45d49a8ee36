#pragma once

#include <napi.h>

#include "../algorithms/linear_model.h"

namespace tenon {

// A JavaScript handle that owns a linear model.
Napi::Value wrap_linear(Napi::Env env, LinearModel model);

// linearFit, linearCreate, linearPredict, linearPredictSync, linearArrays, linearSizeBytes,
// linearDispose.
void register_linear(Napi::Env env, Napi::Object exports);

}  // namespace tenon
