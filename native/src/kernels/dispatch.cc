#include <cstdlib>
#include <cstring>

#include "table.h"

#if defined(__x86_64__) && defined(__linux__)
#define TENON_AMX
#include <cpuid.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace tenon {

const KernelTable& scalar_table() noexcept;
#if defined(__x86_64__)
const KernelTable& avx2_table() noexcept;
const KernelTable& avx512_table() noexcept;
#if defined(TENON_AMX)
const KernelTable& amx_table() noexcept;

namespace {

// Whether the processor has AMX for 8 bits and bfloat16 and Linux lets this process use it. Asked once: that
// makes room for the tiles in the state of every thread.
bool amx_usable() noexcept {
  unsigned a, b, c, d;
  if (__get_cpuid_count(7, 0, &a, &b, &c, &d) == 0) return false;
  constexpr unsigned kBf16TileInt8 = 1u << 22 | 3u << 24;
  if ((d & kBf16TileInt8) != kBf16TileInt8) return false;
  constexpr long kRequestPermission = 0x1023;  // ARCH_REQ_XCOMP_PERM
  constexpr long kTileData = 18;               // XFEATURE_XTILEDATA
  return syscall(SYS_arch_prctl, kRequestPermission, kTileData) == 0;
}

}  // namespace
#endif
#elif defined(__aarch64__)
const KernelTable& neon_table() noexcept;
#endif

uint32_t cpu_features() noexcept {
  uint32_t found = kNoFeature;
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx2")) found |= kAvx2;
  if (__builtin_cpu_supports("fma")) found |= kFma;
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl")) {
    found |= kAvx512;
  }
  if (__builtin_cpu_supports("avx512vnni")) found |= kVnni;
#if defined(TENON_AMX)
  static const bool amx = amx_usable();
  if (amx) found |= kAmx;
#endif
#elif defined(__aarch64__)
  found |= kNeon;  // part of the base architecture
#endif
  return found;
}

KernelTables kernel_tables() noexcept {
#if defined(TENON_AMX)
  static const KernelTable* const tables[] = {&amx_table(), &avx512_table(), &avx2_table(), &scalar_table()};
#elif defined(__x86_64__)
  static const KernelTable* const tables[] = {&avx512_table(), &avx2_table(), &scalar_table()};
#elif defined(__aarch64__)
  static const KernelTable* const tables[] = {&neon_table(), &scalar_table()};
#else
  static const KernelTable* const tables[] = {&scalar_table()};
#endif
  return {tables, sizeof(tables) / sizeof(tables[0])};
}

const KernelTable* active_kernels() noexcept {
  const uint32_t features = cpu_features();
  const char* forced = std::getenv("TENON_FORCE_ISA");
  const KernelTables all = kernel_tables();
  for (size_t i = 0; i < all.count; ++i) {
    const KernelTable* table = all.tables[i];
    if ((table->required & features) != table->required) continue;
    if (forced == nullptr || std::strcmp(forced, table->name) == 0) return table;
  }
  return nullptr;
}

}  // namespace tenon
