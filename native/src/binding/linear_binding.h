#pragma once

#include <napi.h>

#include "../algorithms/linear_model.h"

namespace tenon {

// { model | null, epochs, converged, means of the columns }, taking the model; it is null if the solver diverged.
Napi::Value linear_fit_result(Napi::Env env, LinearFit& fit);

// linearFit, linearCreate, linearPredict, linearPredictSync, linearArrays, linearSizeBytes,
// linearDispose.
void register_linear(Napi::Env env, Napi::Object exports);

}  // namespace tenon
