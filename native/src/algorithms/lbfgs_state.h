#pragma once

#include <cstddef>
#include <string>

#include "../runtime/snapshot.h"
#include "lbfgs.h"

namespace tenon {

// How many bytes write_state() writes.
size_t state_bytes(const LbfgsState& state);

void write_state(SnapshotWriter& writer, const LbfgsState& state);

// Reads a state of any origin after `iterations` iterations into that of a search which has not
// begun, of as many parameters. Returns why it cannot be used, having changed nothing, or an empty
// text.
std::string read_state(SnapshotReader& reader, uint64_t iterations, LbfgsState& state);

}  // namespace tenon
