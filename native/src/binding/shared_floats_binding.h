#pragma once

#include <napi.h>

namespace tenon {

// sharedFloats.
void register_shared_floats(Napi::Env env, Napi::Object exports);

}  // namespace tenon
