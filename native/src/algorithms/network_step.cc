#include "network_step.h"

#include <algorithm>
#include <cmath>

namespace tenon {
namespace {

// The most layers, the output's included, that start small by themselves.
constexpr size_t kShallowLayers = 3;

// L1's step: towards zero by `by`, and not beyond.
void shrink(float* w, size_t n, float by) noexcept {
  for (size_t i = 0; i < n; ++i) {
    const float size = std::abs(w[i]) - by;
    w[i] = std::copysign(size > 0 ? size : 0.0f, w[i]);
  }
}

}  // namespace

void NetworkParameter::prepare(size_t count, float start) {
  // Not every solver needs all four; they are small beside the batch, and simplicity wins.
  for (Buffer<float>* buffer : {&value, &gradient, &first, &second}) {
    *buffer = Buffer<float>(count);
    std::fill_n(buffer->data(), count, buffer == &value ? start : 0.0f);
  }
}

double NetworkParameter::gradient_squares() const noexcept {
  double parts[8] = {};
  const float* const g = gradient.data();
  for (size_t i = 0; i < gradient.size(); ++i) parts[i % 8] += static_cast<double>(g[i]) * static_cast<double>(g[i]);
  double squares = 0;
  for (const double part : parts) squares += part;
  return squares;
}

// He (2015) keeps the variance through rectifiers, Glorot and Bengio (2010) through the rest.
// The smaller of the two learns noise later, and a few layers stand what it loses.
double start_bound(const StepOptions& options, Activation activation, bool hidden, size_t layers, double inputs,
                   double outputs) noexcept {
  const bool rectifies = activation == Activation::kRelu || activation == Activation::kGelu;
  const bool he = options.start == NetworkStart::kHe ||
                  (options.start == NetworkStart::kAuto && rectifies && hidden && layers > kShallowLayers);
  return std::sqrt(6.0 / (he ? inputs : inputs + outputs));
}

void NetworkStep::begin(uint64_t number, double rate) {
  rate_ = rate;
  const double t = static_cast<double>(number);
  adam_.rate = static_cast<float>(rate);
  adam_.decoupled = options_.solver == NetworkSolver::kAdamw;
  adam_.fresh1 = static_cast<float>(1 - options_.beta1);
  adam_.beta2 = static_cast<float>(options_.beta2);
  adam_.fresh2 = static_cast<float>(1 - options_.beta2);
  adam_.epsilon = static_cast<float>(options_.epsilon);
  adam_.step_size = static_cast<float>(rate / (1 - std::pow(options_.beta1, t)));
  adam_.inverse_root = static_cast<float>(1 / std::sqrt(1 - std::pow(options_.beta2, t)));
}

void NetworkStep::update(NetworkParameter& parameter, size_t at, float* gradient, size_t n, bool weights) const {
  const KernelTable& k = kernels();
  float* const w = parameter.value.data() + at;
  float* const first = parameter.first.data() + at;
  float* const second = parameter.second.data() + at;
  const float step_rate = static_cast<float>(rate_);
  const bool decays = weights && options_.penalty == NetworkPenalty::kL2;
  const float decay = decays ? static_cast<float>(options_.strength) : 0.0f;
  switch (options_.solver) {
    case NetworkSolver::kSgd: k.f32_sgd_step(w, gradient, n, {step_rate, decay}); break;
    case NetworkSolver::kMomentum:
    case NetworkSolver::kNesterov:
      k.f32_momentum_step(w, gradient, first, n,
                          {step_rate, decay, static_cast<float>(options_.momentum), 0.0f,
                           options_.solver == NetworkSolver::kNesterov});
      break;
    case NetworkSolver::kAdagrad:
      k.f32_square_step(w, gradient, second, n, {step_rate, decay, 1.0f, 1.0f, static_cast<float>(options_.epsilon)});
      break;
    case NetworkSolver::kRmsprop:
      k.f32_square_step(w, gradient, second, n,
                        {step_rate, decay, static_cast<float>(options_.beta2), static_cast<float>(1 - options_.beta2),
                         static_cast<float>(options_.epsilon)});
      break;
    default: {
      AdamStep step = adam_;
      step.decay = decay;
      k.f32_adam_step(w, gradient, first, second, n, step);
    }
  }
  if (weights && options_.penalty == NetworkPenalty::kL1) {
    shrink(w, n, static_cast<float>(rate_ * options_.strength));
  }
}

}  // namespace tenon
