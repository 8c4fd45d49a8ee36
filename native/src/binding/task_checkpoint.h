#pragma once

#include <napi.h>

#include <cstdint>
#include <vector>

#include "../runtime/checkpoint.h"

namespace tenon {

// What JavaScript says of a checkpoint: { estimator, parameters: string, seed, intervalMs,
// maxBytes: number, resume: Uint8Array | null }. Throws a TypeError or RangeError naming the property.
CheckpointOptions checkpoint_options(const Napi::Object& given);

// A property that must be a function. Throws a TypeError.
Napi::Function function_property(const Napi::Object& given, const char* name);

// An ArrayBuffer that holds the bytes, without a copy where JavaScript can have native memory; null
// if it cannot be made.
napi_value array_buffer_of(napi_env env, std::vector<uint8_t> bytes);

}  // namespace tenon
