#pragma once

// Everything the kernel files include, before they raise the target: a standard function
// compiled with raised instructions could otherwise be the one the whole program links.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "parameters.h"
#include "table.h"

#define TENON_INLINE [[maybe_unused, gnu::always_inline]] static inline

#if defined(__clang__)
#define TENON_TARGET_BEGIN(features) _Pragma(TENON_TEXT(clang attribute push(__attribute__((target(features))), apply_to = function)))
#define TENON_TARGET_END _Pragma("clang attribute pop")
#else
#define TENON_TARGET_BEGIN(features) _Pragma("GCC push_options") _Pragma(TENON_TEXT(GCC target(features)))
#define TENON_TARGET_END _Pragma("GCC pop_options")
#endif
#define TENON_TEXT(...) #__VA_ARGS__
