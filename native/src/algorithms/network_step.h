#pragma once

#include <cstddef>
#include <cstdint>

#include "../kernels/table.h"
#include "../operations/buffer.h"

namespace tenon {

enum class NetworkNormalization : uint8_t { kNone, kBatch, kLayer };
enum class NetworkLoss : uint8_t { kSoftmax, kLogistic, kSquared, kHuber };
enum class NetworkSolver : uint8_t { kSgd, kMomentum, kNesterov, kAdagrad, kRmsprop, kAdam, kAdamw, kLbfgs };
enum class NetworkPenalty : uint8_t { kNone, kL2, kL1 };
enum class NetworkStart : uint8_t { kAuto, kHe, kXavier };

// What one step minimizes, and how: the weighted mean over the batch of the loss, plus strength
// times half the squared weights (L2) or their absolute values (L1). Adamw takes L2 off the
// weights beside its step instead. Biases, gains and shifts are not penalized.
struct StepOptions {
  NetworkNormalization normalization = NetworkNormalization::kNone;
  NetworkLoss loss = NetworkLoss::kSoftmax;
  double huber_delta = 1;
  NetworkSolver solver = NetworkSolver::kAdam;
  double momentum = 0.9;
  double beta1 = 0.9;
  double beta2 = 0.999;  // rmsprop's share of the past as well
  double epsilon = 1e-8;
  NetworkPenalty penalty = NetworkPenalty::kL2;
  double strength = 1e-4;
  double clip_norm = 0;  // of the whole gradient; 0 for no limit
  double dropout = 0;    // the share of hidden values set to zero
  NetworkStart start = NetworkStart::kAuto;
  uint64_t seed = 0;
};

// Numbers that are learnt, in panels, with their gradient and what the optimizer remembers of each.
struct NetworkParameter {
  Buffer<float> value, gradient, first, second;

  // `count` numbers, all `start`. May throw std::bad_alloc.
  void prepare(size_t count, float start);

  double gradient_squares() const noexcept;
};

// How far from zero the weights of a layer start, in a network of `layers`.
double start_bound(const StepOptions& options, Activation activation, bool hidden, size_t layers, double inputs,
                   double outputs) noexcept;

// How parameters follow their gradient: one solver's step.
class NetworkStep {
 public:
  explicit NetworkStep(const StepOptions& options) : options_(options) {}

  // Makes step number `number`, from 1, the one that update() takes.
  void begin(uint64_t number, double rate);

  // Moves `n` numbers of a parameter from `at` on; only `weights` are penalized.
  void update(NetworkParameter& parameter, size_t at, float* gradient, size_t n, bool weights) const;

 private:
  StepOptions options_;
  double rate_ = 0;
  AdamStep adam_{};
};

}  // namespace tenon
