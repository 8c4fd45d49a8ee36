#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "../runtime/task.h"
#include "network_model.h"
#include "network_rate.h"
#include "network_trainer.h"

namespace tenon {

struct NetworkOptions {
  NetworkShape shape;
  StepOptions step;
  RateOptions rate;
  uint32_t max_epochs = 200;
  uint32_t batch_size = 200;
  bool shuffle = true;
  bool early_stopping = false;
  double validation_fraction = 0.1;
  uint32_t patience = 10;  // epochs without an improvement of `tolerance` that end the fit
  double tolerance = 1e-4;
};

struct NetworkFit {
  std::shared_ptr<const NetworkModel> model;  // null if stopped or diverged
  uint32_t epochs = 0;
  bool converged = false;
  bool diverged = false;
  // Mean loss per epoch: of the training rows while they were stepped on, and of the held-out ones.
  std::vector<double> training_loss;
  std::vector<double> validation_loss;
};

// Fits by back-propagation to row-major finite rows; lbfgs and batch normalization do not go with
// convolutions. `weights` is empty or says how much each counts. A regression target is brought to
// mean zero and unit variance first, and the output layer scaled back at the end. With early
// stopping some rows, of each class its share, are held out, and the epoch that was best on them is the result.
// The same bits at any thread count and on every instruction set. Returns early when stopped.
// May throw std::bad_alloc.
NetworkFit fit_network(std::span<const float> data, const std::vector<double>& target,
                       const std::vector<double>& weights, const NetworkOptions& options, TaskControl& control);

}  // namespace tenon
