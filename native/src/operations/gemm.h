#pragma once

#include <cstddef>

#include "../runtime/task.h"

namespace tenon {

// C (m x n) = op(A) (m x k) op(B) (k x n), or C += with `accumulate`. All row-major with rows
// adjacent; op transposes, so that a transposed A is stored k x m. C overlaps neither.
struct GemmCall {
  const float* a;
  const float* b;
  float* c;
  size_t m;
  size_t n;
  size_t k;
  bool transpose_a = false;
  bool transpose_b = false;
  bool accumulate = false;
  bool chain = false;  // the bits of an element depend on its row and column alone, on no other size
};

// Runs on the pool when the work is worth it. The bits of C do not depend on the number of
// threads; nor on the instruction set, but that AMX rounds the sums of large products in another way
// (closer to the exact ones), unless `chain` is set. False if control stopped it, C then being half written.
// Throws std::bad_alloc.
bool gemm(const GemmCall& call, const TaskControl* control = nullptr);

}  // namespace tenon
