#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "../runtime/snapshot.h"
#include "boost_features.h"
#include "boost_tree.h"

namespace tenon {

// What boosting has after some rounds. Scores are not kept: trees add their values to a row in the
// order in which they were grown, and so give the same bits again. With dropout values change later,
// and scores are kept.
struct BoostState {
  std::vector<GrownTree> trees;
  std::vector<double> scores;  // empty without dropout
  // Of early stopping.
  double best_loss = 0;
  size_t best_rounds = 0;
};

// How many bytes write_state() writes at most.
size_t state_bytes(const BoostState& state);

void write_state(SnapshotWriter& writer, const BoostState& state);

// Reads a state of any origin after `rounds` rounds of `outputs` trees, with `score_count` scores. Returns why it cannot be
// used, having changed nothing, or an empty text.
std::string read_state(SnapshotReader& reader, uint64_t rounds, uint32_t outputs, size_t score_count,
                       const BoostFeatures& features, BoostState& state);

}  // namespace tenon
