#include "../prelude.h"

#if defined(__x86_64__)
#include <immintrin.h>

TENON_TARGET_BEGIN("avx2,fma,avx512f,avx512bw,avx512dq,avx512vl,avx512vnni")
namespace tenon {
namespace avx512_isa {

constexpr const char* kTableName = "avx512";
constexpr const char* kTableDescription = "x86-64 with AVX-512 F, BW, DQ, VL and VNNI";
constexpr uint32_t kTableRequired = kAvx2 | kFma | kAvx512 | kVnni;

#include "simd.h"

#include "../generic/all.h"

}  // namespace avx512_isa
}  // namespace tenon
TENON_TARGET_END

namespace tenon {
const KernelTable& avx512_table() noexcept { return avx512_isa::table; }
}  // namespace tenon
#endif
