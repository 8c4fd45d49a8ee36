#pragma once

#include <napi.h>

namespace tenon {

// What recipes do with all rows of a table.
void register_recipe(Napi::Env env, Napi::Object exports);

}  // namespace tenon
