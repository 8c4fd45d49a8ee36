#include "linear_step.h"

#include <cmath>

#include "../kernels/table.h"

namespace tenon {

LinearStep::LinearStep(const LinearOptions& options, size_t size)
    : options_(options), first_(size, 0.0f), second_(size, 0.0f) {}

void LinearStep::take(float* w, const float* gradient, double rate) {
  const KernelTable& k = kernels();
  const size_t size = first_.size();
  const float step_rate = static_cast<float>(rate);
  ++steps_;
  switch (options_.solver) {
    case LinearSolver::kMomentum:
    case LinearSolver::kNesterov: {
      MomentumStep step{step_rate, 0.0f, static_cast<float>(options_.momentum), 0.0f, false};
      step.nesterov = options_.solver == LinearSolver::kNesterov;
      k.f32_momentum_step(w, gradient, first_.data(), size, step);
      break;
    }
    case LinearSolver::kAdagrad:
    case LinearSolver::kRmsprop: {
      const bool decaying = options_.solver == LinearSolver::kRmsprop;
      const double keep = decaying ? options_.beta2 : 1.0;
      const double fresh = decaying ? 1.0 - options_.beta2 : 1.0;
      for (size_t i = 0; i < size; ++i) {
        const double g = gradient[i];
        second_[i] = static_cast<float>(keep * second_[i] + fresh * g * g);
        w[i] = static_cast<float>(w[i] - rate * g / (std::sqrt(static_cast<double>(second_[i])) + options_.epsilon));
      }
      break;
    }
    case LinearSolver::kAdam:
    case LinearSolver::kAdamw: {
      const double done = static_cast<double>(steps_);
      AdamStep step{};
      step.rate = step_rate;
      step.fresh1 = static_cast<float>(1 - options_.beta1);
      step.beta2 = static_cast<float>(options_.beta2);
      step.fresh2 = static_cast<float>(1 - options_.beta2);
      step.epsilon = static_cast<float>(options_.epsilon);
      step.step_size = static_cast<float>(rate / (1 - std::pow(options_.beta1, done)));
      step.inverse_root = static_cast<float>(1 / std::sqrt(1 - std::pow(options_.beta2, done)));
      k.f32_adam_step(w, gradient, first_.data(), second_.data(), size, step);
      break;
    }
    default: k.f32_sgd_step(w, gradient, size, {step_rate, 0.0f}); break;
  }
}

}  // namespace tenon
