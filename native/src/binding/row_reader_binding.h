#pragma once

#include <napi.h>

namespace tenon {

// rowReaderCreate, rowReaderRead, rowReaderDispose.
void register_row_reader(Napi::Env env, Napi::Object exports);

}  // namespace tenon
