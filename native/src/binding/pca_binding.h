#pragma once

#include <napi.h>

namespace tenon {

// pcaFit.
void register_pca(Napi::Env env, Napi::Object exports);

}  // namespace tenon
