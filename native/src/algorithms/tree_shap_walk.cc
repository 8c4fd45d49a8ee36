#include "tree_shap_walk.h"

#include "../kernels/prelude.h"

namespace tenon {
namespace {
namespace base {
#include "tree_shap_walk.inc"
}  // namespace base
}  // namespace
}  // namespace tenon

#if defined(__x86_64__)
TENON_TARGET_BEGIN("avx2")
namespace tenon {
namespace {
namespace avx2 {
#include "tree_shap_walk.inc"
}  // namespace avx2
}  // namespace
}  // namespace tenon
TENON_TARGET_END

TENON_TARGET_BEGIN("avx512f,avx512bw,avx512dq,avx512vl")
namespace tenon {
namespace {
namespace avx512 {
#include "tree_shap_walk.inc"
}  // namespace avx512
}  // namespace
}  // namespace tenon
TENON_TARGET_END
#endif

namespace tenon {

ShapWalk shap_walk() noexcept {
#if defined(__x86_64__)
  const uint32_t required = kernels().required;
  if (required & kAvx512) return avx512::walk;
  if (required & kAvx2) return avx2::walk;
#endif
  return base::walk;
}

}  // namespace tenon
