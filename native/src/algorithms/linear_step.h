#pragma once

#include <cstdint>
#include <vector>

#include "linear_model.h"

namespace tenon {

// Moves parameters along a gradient: the state and the rule of one stochastic solver.
//
//   sgd         w -= rate g
//   momentum    v = momentum v + g; w -= rate v
//   nesterov    the same, then a look ahead: w -= rate (g + momentum v)
//   adagrad     s += g^2; w -= rate g / (sqrt(s) + epsilon)          Duchi, Hazan, Singer, 2011
//   rmsprop     s = beta2 s + (1 - beta2) g^2; then as adagrad       Tieleman and Hinton, 2012
//   adam        means of g and g^2, both freed of their start        Kingma and Ba, 2015
//   adamw       the same; the penalty shrinks w directly             Loshchilov and Hutter, 2019
class LinearStep {
 public:
  LinearStep(const LinearOptions& options, size_t size);

  // `gradient` has one number per parameter.
  void take(float* w, const float* gradient, double rate);

 private:
  const LinearOptions& options_;
  uint64_t steps_ = 0;
  std::vector<float> first_;   // velocity, or the mean gradient
  std::vector<float> second_;  // squared gradients
};

}  // namespace tenon
