#pragma once

#include <napi.h>

namespace tenon {

// forestCovered, forestExplainer, forestExplainerBaseValues, forestExplain, forestExplainerDispose.
void register_shap(Napi::Env env, Napi::Object exports);

}  // namespace tenon
