#pragma once

#include <napi.h>

namespace tenon {

// linearSvmFit: its result is a linear model (linear_binding.h).
void register_linear_svm(Napi::Env env, Napi::Object exports);

}  // namespace tenon
