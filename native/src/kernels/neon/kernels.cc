#include "../prelude.h"

#if defined(__aarch64__)
#include <arm_neon.h>

namespace tenon {
namespace neon_isa {

constexpr const char* kTableName = "neon";
constexpr const char* kTableDescription = "64-bit ARM";
constexpr uint32_t kTableRequired = kNeon;

#include "simd.h"

#include "../generic/all.h"

}  // namespace neon_isa

const KernelTable& neon_table() noexcept { return neon_isa::table; }

}  // namespace tenon
#endif
