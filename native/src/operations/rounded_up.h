#pragma once

#include <cstddef>

namespace tenon {

// The least multiple of `to` that is no less than `count`.
constexpr size_t rounded_up(size_t count, size_t to) noexcept { return (count + to - 1) / to * to; }

}  // namespace tenon
