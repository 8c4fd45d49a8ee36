#pragma once

#include <napi.h>

namespace tenon {

// threadCount(), setThreadCount(n), activeIsa(), isas().
void register_runtime(Napi::Env env, Napi::Object exports);

}  // namespace tenon
