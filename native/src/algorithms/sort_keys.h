#pragma once

#include <cstddef>
#include <cstdint>

#include "../runtime/task.h"

namespace tenon {

// Sorts keys[0 .. count) by their most significant bits first, in at most one pass per 8 bits of what they
// differ in, whatever they are. They end in `spare`, which is as long, if `moved`, otherwise where
// they were; the other is overwritten. Meaningless if control stopped it.
void sort_keys(uint64_t* keys, uint64_t* spare, size_t count, bool moved, const TaskControl& control) noexcept;

}  // namespace tenon
