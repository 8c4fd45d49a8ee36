#pragma once

#include <napi.h>

namespace tenon {

void register_csv(Napi::Env env, Napi::Object exports);

}  // namespace tenon
