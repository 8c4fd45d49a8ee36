#include "network_rate.h"

#include <algorithm>
#include <cmath>

namespace tenon {
namespace {

constexpr double kPi = 3.14159265358979323846;
constexpr double kRisingShare = 0.3;
constexpr double kFirstDivisor = 25;
constexpr double kLastDivisor = 1e4;

// From `from` at 0 to `to` at 1, along half a cosine.
double eased(double from, double to, double share) {
  return to + (from - to) * 0.5 * (1 + std::cos(kPi * std::clamp(share, 0.0, 1.0)));
}

}  // namespace

LearningRate::LearningRate(const RateOptions& options, uint64_t steps_per_epoch, uint32_t epochs)
    : options_(options), warmup_steps_(steps_per_epoch * options.warmup_epochs), total_(steps_per_epoch * epochs) {}

double LearningRate::at(uint64_t step) const {
  const double rate = options_.rate * reduction_;
  if (step < warmup_steps_) {
    return rate * static_cast<double>(step + 1) / static_cast<double>(warmup_steps_ + 1);
  }
  const double done = static_cast<double>(step - warmup_steps_);
  const double all = static_cast<double>(std::max<uint64_t>(1, total_ - std::min(total_, warmup_steps_)));
  if (options_.schedule == NetworkSchedule::kCosine) return eased(rate, 0, done / all);
  if (options_.schedule == NetworkSchedule::kOneCycle) {
    const double rising = kRisingShare * all;
    const double first = rate / kFirstDivisor;
    if (done < rising) return eased(first, rate, done / rising);
    return eased(rate, first / kLastDivisor, (done - rising) / (all - rising));
  }
  return rate;
}

void LearningRate::epoch_ended(bool improved) {
  ++ended_;
  if (options_.schedule == NetworkSchedule::kStep && ended_ % options_.epochs == 0) reduction_ *= options_.factor;
  if (options_.schedule != NetworkSchedule::kPlateau) return;
  stale_ = improved ? 0 : stale_ + 1;
  if (stale_ < options_.epochs) return;
  stale_ = 0;
  reduction_ *= options_.factor;
}

}  // namespace tenon
