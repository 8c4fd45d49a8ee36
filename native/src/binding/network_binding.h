#pragma once

#include <napi.h>

namespace tenon {

// Dense networks: networkFit, networkCreate, networkPredict and what goes with them.
void register_network(Napi::Env env, Napi::Object exports);

}  // namespace tenon
