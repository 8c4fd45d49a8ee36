#pragma once

#include <napi.h>

namespace tenon {

// kMeansFit, kMeansCreate, kMeansCenters, kMeansPredict, kMeansPredictSync, kMeansSizeBytes,
// kMeansDispose.
void register_k_means(Napi::Env env, Napi::Object exports);

}  // namespace tenon
