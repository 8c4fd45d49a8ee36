#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "../runtime/snapshot.h"
#include "forest.h"
#include "tree_builder.h"

namespace tenon {

// The finished trees of a forest that is being grown, as a snapshot keeps them.

// How many bytes write_trees() writes.
size_t trees_bytes(const std::vector<Tree>& trees, const std::vector<uint32_t>& finished);

// Writes the trees numbered in `finished`.
void write_trees(SnapshotWriter& writer, const std::vector<Tree>& trees, const std::vector<uint32_t>& finished);

// Reads `wanted` trees of any origin into their places and adds their numbers to `finished`. Returns
// why they cannot be used, having changed nothing, or an empty text.
std::string read_trees(SnapshotReader& reader, uint64_t wanted, size_t feature_count, const ForestOptions& options,
                       std::vector<Tree>& trees, std::vector<uint32_t>& finished);

}  // namespace tenon
