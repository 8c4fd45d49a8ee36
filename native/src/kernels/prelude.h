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
#define TENON_INLINE_MEMBER [[gnu::always_inline]] inline

// Lets a loop's invariant seem to vary, so that what is computed from it stays in the loop, where
// x86's addressing does it for nothing.
#if defined(__x86_64__)
#define TENON_VARYING(variable) asm("" : "+r"(variable))
#else
#define TENON_VARYING(variable) static_cast<void>(0)
#endif

#if defined(__clang__)
#define TENON_TARGET_BEGIN(features) _Pragma(TENON_TEXT(clang attribute push(__attribute__((target(features))), apply_to = function)))
#define TENON_TARGET_END _Pragma("clang attribute pop")
#else
#define TENON_TARGET_BEGIN(features) _Pragma("GCC push_options") _Pragma(TENON_TEXT(GCC target(features)))
#define TENON_TARGET_END _Pragma("GCC pop_options")
#endif
#define TENON_TEXT(...) #__VA_ARGS__
