#pragma once

#include <cstdint>

namespace tenon {

enum class NetworkSchedule : uint8_t { kConstant, kStep, kCosine, kOneCycle, kPlateau };

// How the length of a step changes over a fit.
struct RateOptions {
  NetworkSchedule schedule = NetworkSchedule::kConstant;
  double rate = 1e-3;          // one-cycle: the highest
  double factor = 0.5;         // step, plateau: what a reduction multiplies with
  uint32_t epochs = 10;        // step: between reductions; plateau: without improvement before one
  uint32_t warmup_epochs = 0;  // over which the rate rises in a line from nearly zero
};

// The rate of each step. Cosine falls to zero at the end (Loshchilov and Hutter, SGDR, 2017,
// without restarts); one-cycle rises from a 25th of the rate over the first 30 % of the steps and
// falls to a 10,000th of that, both along half a cosine (Smith and Topin, 2018).
class LearningRate {
 public:
  LearningRate(const RateOptions& options, uint64_t steps_per_epoch, uint32_t epochs);

  // Of step `step`, from 0.
  double at(uint64_t step) const;

  // An epoch ended; `improved` says whether its loss did.
  void epoch_ended(bool improved);

 private:
  RateOptions options_;
  uint64_t warmup_steps_;
  uint64_t total_;
  uint32_t ended_ = 0;
  uint32_t stale_ = 0;
  double reduction_ = 1;
};

}  // namespace tenon
