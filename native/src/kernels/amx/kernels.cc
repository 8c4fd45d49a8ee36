#include "../prelude.h"

#if defined(__x86_64__) && defined(__linux__)
#include <immintrin.h>

namespace tenon {
const KernelTable& avx512_table() noexcept;
}

TENON_TARGET_BEGIN("avx2,fma,avx512f,avx512bw,avx512dq,avx512vl,avx512vnni,amx-tile,amx-int8,amx-bf16")
namespace tenon {
namespace amx_isa {

#include "../avx512/simd.h"

#include "tiles.h"
#include "dense_int8.h"
#include "product_int8.h"
#include "product_f32.h"

}  // namespace amx_isa
}  // namespace tenon
TENON_TARGET_END

namespace tenon {

// AVX-512's kernels but for those that tiles of 8 bits help, and products of tiles beside.
const KernelTable& amx_table() noexcept {
  static const KernelTable table = [] {
    KernelTable made = avx512_table();
    made.name = "amx";
    made.description = "x86-64 with AVX-512 F, BW, DQ, VL and VNNI, and AMX for 8 bits and bfloat16";
    made.required |= kAmx;
    made.u8_dense_block = amx_isa::amx_dense_block;
    made.u8_product_block = amx_isa::amx_product_block;
    made.tiles = &amx_isa::tile_kernels;
    return made;
  }();
  return table;
}

}  // namespace tenon
#endif
