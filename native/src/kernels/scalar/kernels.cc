#include "../prelude.h"

namespace tenon {
namespace scalar_isa {

constexpr const char* kTableName = "scalar";
constexpr const char* kTableDescription = "plain C++, the reference";
constexpr uint32_t kTableRequired = kNoFeature;

#include "simd.h"

#include "../generic/all.h"

}  // namespace scalar_isa

const KernelTable& scalar_table() noexcept { return scalar_isa::table; }

}  // namespace tenon
