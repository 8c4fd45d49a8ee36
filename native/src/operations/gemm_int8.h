#pragma once

#include <cstddef>
#include <cstdint>

namespace tenon {

// C (m x n) = A (m x k) op(B) (k x n): sums of 8-bit products, exact in 32 bits. All row-major with
// rows adjacent; op transposes, so that a transposed B is stored n x k. k is at most kMaxQuadDepth.
// C overlaps neither.
struct GemmInt8Call {
  const int8_t* a;
  const int8_t* b;
  int32_t* c;
  size_t m;
  size_t n;
  size_t k;
  bool transpose_b = false;
};

// Runs on the pool when the work is worth it. Throws std::bad_alloc.
void gemm_int8(const GemmInt8Call& call);

}  // namespace tenon
