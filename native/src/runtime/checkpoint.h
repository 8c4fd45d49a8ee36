#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "digest.h"
#include "snapshot.h"

namespace tenon {

// How a fit is kept, and what it goes on from.
struct CheckpointOptions {
  // What is fitted. Snapshots of another estimator, with other parameters or another seed are refused.
  std::string estimator;
  std::string parameters;
  uint64_t seed = 0;
  std::chrono::milliseconds interval{0};  // the least time between two snapshots; 0: after every step
  size_t max_bytes = 0;                   // of a snapshot; larger ones are not taken
  std::vector<uint8_t> resume;            // a snapshot, of any origin; empty for none
};

// Lets a long fit hand out snapshots of itself between two of its steps, and go on from one. A
// snapshot begins with a header that says of what fit it is, so that it is used for no other:
//
//   "TENONFIT", format: u32, estimator: text, digest of the parameters: 2 u64, seed: u64,
//   rows: u64, columns: u64, digest of what is learned from: 2 u64, step: u64, steps: u64
//
// One snapshot is on its way at a time. Between two there is besides the interval, unless that is
// 0, fifty times what the last one took, its keeping included: a fit is slowed by at most 2 %.
class Checkpoint {
 public:
  explicit Checkpoint(CheckpointOptions options);

  // How snapshots leave, and what becomes of `resume`: the step that the fit goes on from, or why
  // it begins anew. Set before the fit starts; called on its threads.
  std::function<void(std::vector<uint8_t> bytes, uint64_t step, uint64_t steps)> deliver;
  std::function<void(uint64_t step, std::string refusal)> answer;

  // The snapshot delivered last is kept. From any thread.
  void kept();

  // What the fit learns from; `add` is called when it is first needed. Before all that follows.
  void describe(size_t rows, size_t columns, std::function<void(Digest&)> add);

  // Looks at what the fit learns from now, so that it may go.
  void look() { data_digest(); }

  // Calls `read` with what was saved, if there is something and its header is of this fit. `read`
  // returns why it cannot be used, having changed nothing, or an empty text.
  void resume(const std::function<std::string(SnapshotReader& reader, uint64_t step)>& read);

  // Whether it is time for a snapshot. Whoever is told so must call save(), at a moment when the
  // state is that after `step` whole steps; no one else is told meanwhile. From any thread.
  bool due();

  // Takes a snapshot: `write` writes at most `bytes` bytes. None is taken without the memory for it.
  void save(uint64_t step, uint64_t steps, size_t bytes, const std::function<void(SnapshotWriter&)>& write);

 private:
  using Clock = std::chrono::steady_clock;

  const std::array<uint64_t, 2>& data_digest();
  std::string read_header(SnapshotReader& reader, uint64_t& step);

  CheckpointOptions options_;
  std::array<uint64_t, 2> parameters_;
  size_t rows_ = 0;
  size_t columns_ = 0;
  std::function<void(Digest&)> add_data_;
  std::array<uint64_t, 2> data_{};

  std::mutex mutex_;
  bool on_its_way_ = false;
  Clock::time_point begun_;
  Clock::time_point next_;
};

}  // namespace tenon
