#pragma once

#include <dlfcn.h>

namespace tenon {

// Keeps this library mapped for the life of the process. Node unloads an addon when the last
// worker that loaded it ends, and the compute threads would then run unmapped code.
inline void pin_library() {
  Dl_info found;
  if (dladdr(reinterpret_cast<void*>(&pin_library), &found) != 0 && found.dli_fname != nullptr) {
    (void)dlopen(found.dli_fname, RTLD_NOW | RTLD_NOLOAD | RTLD_NODELETE);
  }
}

}  // namespace tenon
