#pragma once

#include <napi.h>

namespace tenon {

// gaussianBayesFit, gaussianBayesCreate, gaussianBayesArrays, gaussianBayesPredict,
// gaussianBayesPredictSync, gaussianBayesSizeBytes, gaussianBayesDispose; and multinomialBayesFit,
// whose result is a linear model (linear_binding.h).
void register_naive_bayes(Napi::Env env, Napi::Object exports);

}  // namespace tenon
