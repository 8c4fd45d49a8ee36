#pragma once

#include <napi.h>

#include <cstdint>
#include <vector>

#include "../algorithms/network_fit.h"
#include "training_rows.h"

namespace tenon {

// Arguments 0 to 8 of a fit, all copied.
struct FitArguments {
  TrainingRows rows;
  std::vector<double> weights;
  NetworkOptions options;
};

// (data, rowCount, columnCount, rows | null, target, weights | null, classCount, widths, options)
FitArguments fit_arguments(const Napi::CallbackInfo& info);

// (featureCount, classCount, widths, activation, output, layerNormalization) at `index` and on.
NetworkShape shape_at(const Napi::CallbackInfo& info, size_t index, std::vector<ConvolutionShape> convolutions);

// Convolutions as numbers: the image's height, width and channels, then for each its units,
// kernel, stride, whether its padding is `same`, its pool and the pool's size. Empty for null and
// undefined.
std::vector<ConvolutionShape> convolutions_of(Napi::Env env, const Napi::Value& value);
std::vector<uint32_t> numbers_of(const std::vector<ConvolutionShape>& convolutions);

}  // namespace tenon
