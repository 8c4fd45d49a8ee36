#include "../prelude.h"

#if defined(__x86_64__)
#include <immintrin.h>

TENON_TARGET_BEGIN("avx2,fma")
namespace tenon {
namespace avx2_isa {

constexpr const char* kTableName = "avx2";
constexpr const char* kTableDescription = "x86-64 with AVX2 and FMA";
constexpr uint32_t kTableRequired = kAvx2 | kFma;

#include "simd.h"

#include "../generic/all.h"

}  // namespace avx2_isa
}  // namespace tenon
TENON_TARGET_END

namespace tenon {
const KernelTable& avx2_table() noexcept { return avx2_isa::table; }
}  // namespace tenon
#endif
