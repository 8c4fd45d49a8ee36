#pragma once

#include <napi.h>

namespace tenon {

// denseCreate, denseApply, denseDispose.
void register_dense(Napi::Env env, Napi::Object exports);

}  // namespace tenon
