#pragma once

#include <napi.h>

namespace tenon {

// The synchronous kernels, on JavaScript's own arrays: nothing of JavaScript runs meanwhile, so
// their memory stays where it is. Arguments are positional; native/kernels/*.ts gives them names.
void register_kernels(Napi::Env env, Napi::Object exports);

}  // namespace tenon
