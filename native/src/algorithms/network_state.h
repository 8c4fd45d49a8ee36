#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "../runtime/snapshot.h"
#include "network_trainer.h"

namespace tenon {

// What a fit by steps has after some epochs. The rest follows from it: the order of the rows from
// the seed, the rate and the epochs without improvement from the losses.
struct NetworkProgress {
  std::vector<double> training_loss;    // per epoch
  std::vector<double> validation_loss;  // per epoch, or none
  std::vector<float> kept;              // the network of the epoch best on the held-out rows, or none
  NetworkMemory memory;
};

// How many bytes write_progress() writes.
size_t progress_bytes(const NetworkProgress& progress);

void write_progress(SnapshotWriter& writer, const NetworkProgress& progress);

// Reads what a fit has after `epochs` epochs, of any origin, into that of a fit which has not begun.
// `validates` says whether rows are held out, `scoring_count` how many numbers a network that scores
// has. Returns why it cannot be used, having changed nothing, or an empty text.
std::string read_progress(SnapshotReader& reader, uint64_t epochs, bool validates, size_t scoring_count,
                          NetworkProgress& progress);

}  // namespace tenon
