#pragma once

#include <napi.h>

namespace tenon {

// activeIsa(), isas(), kernelNames(), threadCount(), setThreadCount(n). Throws if TENON_FORCE_ISA
// or TENON_NATIVE_THREADS holds what it must not.
void register_runtime(Napi::Env env, Napi::Object exports);

}  // namespace tenon
