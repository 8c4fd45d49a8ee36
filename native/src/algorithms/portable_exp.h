#pragma once

#include <cstdint>
#include <cstring>

namespace tenon {

// e^x to within two units in the last place, the same bits on every machine: the library's own
// differs between versions and processors. Arguments beyond what doubles hold are cut to +-708.
inline double portable_exp(double x) noexcept {
  x = x < -708 ? -708 : x > 708 ? 708 : x;
  constexpr double kRound = 6755399441055744.0;  // 1.5 * 2^52: adding rounds to a whole number
  const double n = (x * 1.4426950408889634 + kRound) - kRound;
  const double r = (x - n * 0.693147180369123816490) - n * 1.90821492927058770002e-10;
  // 1 + r + r^2 / 2! + ... + r^13 / 13!; |r| <= ln 2 / 2 leaves 4e-18.
  double p = 1.0 / 6227020800.0;
  p = p * r + 1.0 / 479001600.0;
  p = p * r + 1.0 / 39916800.0;
  p = p * r + 1.0 / 3628800.0;
  p = p * r + 1.0 / 362880.0;
  p = p * r + 1.0 / 40320.0;
  p = p * r + 1.0 / 5040.0;
  p = p * r + 1.0 / 720.0;
  p = p * r + 1.0 / 120.0;
  p = p * r + 1.0 / 24.0;
  p = p * r + 1.0 / 6.0;
  p = p * r + 0.5;
  p = p * r + 1.0;
  p = p * r + 1.0;
  const uint64_t bits = static_cast<uint64_t>(static_cast<int64_t>(n) + 1023) << 52;
  double scale;
  std::memcpy(&scale, &bits, sizeof scale);
  return p * scale;
}

}  // namespace tenon
