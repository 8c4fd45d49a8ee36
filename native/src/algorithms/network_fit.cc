#include "network_fit.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "../runtime/checkpoint.h"
#include "convolutional_network.h"
#include "lbfgs.h"
#include "lbfgs_state.h"
#include "network_state.h"
#include "random.h"

namespace tenon {
namespace {

constexpr uint64_t kShuffleStream = 0;
constexpr uint64_t kSplitStream = 1;

// Rows whose gradient is summed in floats before it goes to doubles.
constexpr size_t kFullPassRows = 4096;

void shuffle(std::vector<uint32_t>& order, Random& random) {
  for (size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[random.below(static_cast<uint32_t>(i))]);
}

// Targets and weights as the trainer reads them.
struct Prepared {
  std::vector<float> target;
  std::vector<float> weight;  // empty: one each
  double mean = 0;
  double scale = 1;
};

// Weights are divided by their mean, so that only their ratios matter.
Prepared prepare(const std::vector<double>& target, const std::vector<double>& weights, const NetworkOptions& options) {
  Prepared result;
  const double n = static_cast<double>(target.size());
  double total = weights.empty() ? n : 0;
  for (const double w : weights) total += w;
  for (const double w : weights) result.weight.push_back(static_cast<float>(w / total * n));
  if (options.shape.class_count > 0) {
    result.target.assign(target.begin(), target.end());
    return result;
  }
  const auto share = [&](size_t i) { return (weights.empty() ? 1.0 : weights[i]) / total; };
  for (size_t i = 0; i < target.size(); ++i) result.mean += share(i) * target[i];
  double squares = 0;
  for (size_t i = 0; i < target.size(); ++i) squares += share(i) * (target[i] - result.mean) * (target[i] - result.mean);
  if (squares > 0 && std::isfinite(squares)) result.scale = std::sqrt(squares);
  for (const double y : target) result.target.push_back(static_cast<float>((y - result.mean) / result.scale));
  return result;
}

// Holds out a share of the rows, for classes the share of each; leaves at least one on each side.
void hold_out(const std::vector<double>& target, const NetworkOptions& options, std::vector<uint32_t>& training,
              std::vector<uint32_t>& validation) {
  Random random(options.step.seed, kSplitStream);
  shuffle(training, random);
  std::vector<double> owed(std::max<size_t>(1, options.shape.class_count), 0.0);
  std::vector<uint32_t> kept;
  for (const uint32_t row : training) {
    double& debt = owed[options.shape.class_count == 0 ? 0 : static_cast<size_t>(target[row])];
    debt += options.validation_fraction;
    if (debt >= 1) {
      debt -= 1;
      validation.push_back(row);
    } else {
      kept.push_back(row);
    }
  }
  if (validation.empty() && kept.size() > 1) {
    validation.push_back(kept.back());
    kept.pop_back();
  }
  std::sort(kept.begin(), kept.end());
  training = std::move(kept);
}

double loss_of(const float* z, size_t width, float target, const StepOptions& options) {
  const double first = static_cast<double>(z[0]);
  const double wanted = static_cast<double>(target);
  switch (options.loss) {
    case NetworkLoss::kSoftmax: {
      double highest = first;
      for (size_t j = 1; j < width; ++j) highest = std::max(highest, static_cast<double>(z[j]));
      double sum = 0;
      for (size_t j = 0; j < width; ++j) sum += std::exp(static_cast<double>(z[j]) - highest);
      return std::log(sum) + highest - static_cast<double>(z[static_cast<size_t>(target)]);
    }
    case NetworkLoss::kLogistic: return std::max(first, 0.0) - first * wanted + std::log1p(std::exp(-std::abs(first)));
    case NetworkLoss::kSquared: return 0.5 * (first - wanted) * (first - wanted);
    default: {
      const double size = std::abs(first - wanted);
      const double edge = options.huber_delta;
      return size <= edge ? 0.5 * size * size : edge * (size - 0.5 * edge);
    }
  }
}

// The held-out rows in memory of their own, and the weighted mean loss of a network on them.
class Validation {
 public:
  Validation(std::span<const float> data, const Prepared& prepared, const std::vector<uint32_t>& rows,
             const NetworkOptions& options)
      : options_(options) {
    const size_t columns = options.shape.feature_count;
    rows_.resize(rows.size() * columns);
    sums_.resize(rows.size() * options.shape.widths.back());
    for (size_t i = 0; i < rows.size(); ++i) {
      std::copy_n(data.data() + rows[i] * columns, columns, rows_.data() + i * columns);
      target_.push_back(prepared.target[rows[i]]);
      weight_.push_back(prepared.weight.empty() ? 1.0f : prepared.weight[rows[i]]);
    }
  }

  double loss(const NetworkTrainer& trainer, const TaskControl& control) {
    const std::vector<float> values = trainer.scoring_values();
    const auto network = make_network(trainer.scoring_shape(), values.data());
    if (!network->sums(rows_.data(), target_.size(), sums_.data(), &control)) return 0;
    const size_t width = options_.shape.widths.back();
    double sum = 0, weight = 0;
    for (size_t i = 0; i < target_.size(); ++i) {
      sum += static_cast<double>(weight_[i]) * loss_of(sums_.data() + i * width, width, target_[i], options_.step);
      weight += static_cast<double>(weight_[i]);
    }
    return weight > 0 ? sum / weight : 0;
  }

 private:
  const NetworkOptions& options_;
  std::vector<float> rows_, sums_, target_, weight_;
};

// The output layer's numbers for the target as given.
void scale_back(const NetworkShape& shape, const Prepared& prepared, std::vector<float>& values) {
  const size_t last = shape.inputs(shape.layers() - 1) * shape.widths.back();
  float* const weights = values.data() + values.size() - last - shape.widths.back();
  for (size_t i = 0; i < last + 1; ++i) {
    const double shift = i == last ? prepared.mean : 0;
    weights[i] = static_cast<float>(static_cast<double>(weights[i]) * prepared.scale + shift);
  }
}

// All rows at once, for lbfgs: the mean loss and the penalty, with their gradient in doubles.
class FullPass {
 public:
  FullPass(NetworkTrainer& trainer, const TrainingSet& set, const std::vector<uint32_t>& rows,
           const NetworkOptions& options, const TaskControl& control)
      : trainer_(trainer), set_(set), rows_(rows), options_(options), control_(control) {}

  bool operator()(const std::vector<double>& at, double& value, std::vector<double>& gradient) const {
    const std::vector<float> parameters(at.begin(), at.end());
    trainer_.set_parameters(parameters.data());
    gradient.assign(at.size(), 0.0);
    value = 0;
    double total = 0;
    for (size_t begin = 0; begin < rows_.size(); begin += kFullPassRows) {
      const size_t count = std::min(kFullPassRows, rows_.size() - begin);
      value += trainer_.evaluate(set_, rows_.data() + begin, count, control_);
      if (control_.stopped()) return false;
      double weight = static_cast<double>(count);
      if (set_.weight != nullptr) {
        weight = 0;
        for (size_t i = begin; i < begin + count; ++i) weight += static_cast<double>(set_.weight[rows_[i]]);
      }
      total += weight;
      const std::vector<float> slopes = trainer_.gradient();
      for (size_t i = 0; i < slopes.size(); ++i) gradient[i] += weight * static_cast<double>(slopes[i]);
    }
    value /= total;
    for (double& slope : gradient) slope /= total;
    if (options_.step.penalty == NetworkPenalty::kL2) penalize(at, value, gradient);
    return true;
  }

 private:
  void penalize(const std::vector<double>& at, double& value, std::vector<double>& gradient) const {
    const NetworkShape& shape = trainer_.scoring_shape();
    size_t i = 0;
    for (size_t l = 0; l < shape.layers(); ++l) {
      const size_t end = i + shape.inputs(l) * shape.widths[l];
      for (; i < end; ++i) {
        value += 0.5 * options_.step.strength * at[i] * at[i];
        gradient[i] += options_.step.strength * at[i];
      }
      i += (shape.normalizes(l) ? 3 : 1) * shape.widths[l];
    }
  }

  NetworkTrainer& trainer_;
  const TrainingSet& set_;
  const std::vector<uint32_t>& rows_;
  const NetworkOptions& options_;
  const TaskControl& control_;
};

bool all_finite(const std::vector<float>& values) {
  return std::all_of(values.begin(), values.end(), [](float value) { return std::isfinite(value); });
}

// What an epoch's loss decides: the rate of the next, and whether there is one.
class Course {
 public:
  Course(const NetworkOptions& options, LearningRate& rate) : options_(options), rate_(rate) {}

  // An epoch ended with this loss, of the held-out rows if there are any. True if it is the best so
  // far, even if it improved by less than counts.
  bool judge(double loss) {
    const bool improved = loss <= best_ - options_.tolerance;
    const bool leads = loss < best_;
    best_ = std::min(best_, loss);
    rate_.epoch_ended(improved);
    stale_ = improved ? 0 : stale_ + 1;
    return leads;
  }
  bool over() const noexcept { return stale_ >= options_.patience; }

 private:
  const NetworkOptions& options_;
  LearningRate& rate_;
  double best_ = INFINITY;
  uint32_t stale_ = 0;
};

// Goes on from a checkpoint's snapshot, if it has one that can be used.
void resume_steps(NetworkTrainer& trainer, bool validates, uint32_t max_epochs, NetworkProgress& progress,
                  Checkpoint& checkpoint) {
  checkpoint.resume([&](SnapshotReader& reader, uint64_t epochs) -> std::string {
    if (epochs == 0 || epochs >= max_epochs) return "it must be of 1 to " + std::to_string(max_epochs - 1) + " epochs";
    progress.memory = trainer.memory();
    const std::string refusal = read_progress(reader, epochs, validates, trainer.scoring_shape().parameter_count(), progress);
    if (refusal.empty()) trainer.set_memory(progress.memory);
    progress.memory = {};
    return refusal;
  });
}

// Epochs of steps. With `validation`, `kept` receives the values of the epoch that was best on it.
void take_steps(NetworkTrainer& trainer, const TrainingSet& set, std::vector<uint32_t>& order, Validation* validation,
                const NetworkOptions& options, NetworkFit& fit, std::vector<float>& kept, TaskControl& control) {
  const size_t batch = std::min<size_t>(options.batch_size, order.size());
  double weight_sum = 0;
  for (const uint32_t row : order) weight_sum += set.weight == nullptr ? 1.0 : static_cast<double>(set.weight[row]);
  const uint64_t steps_per_epoch = (order.size() + batch - 1) / batch;
  LearningRate rate(options.rate, steps_per_epoch, options.max_epochs);
  Course course(options, rate);
  Random random(options.step.seed, kShuffleStream);
  NetworkProgress progress;
  Checkpoint* const checkpoint = control.checkpoint.get();
  if (checkpoint != nullptr) resume_steps(trainer, validation != nullptr, options.max_epochs, progress, *checkpoint);
  for (; fit.epochs < progress.training_loss.size() && !control.stopped(); ++fit.epochs) {
    if (options.shuffle) shuffle(order, random);
    (void)course.judge((validation == nullptr ? progress.training_loss : progress.validation_loss)[fit.epochs]);
  }
  uint64_t steps = fit.epochs * steps_per_epoch;
  while (fit.epochs < options.max_epochs) {
    if (options.shuffle) shuffle(order, random);
    double loss = 0;
    for (size_t begin = 0; begin < order.size(); begin += batch) {
      const size_t count = std::min(batch, order.size() - begin);
      loss += trainer.step(set, order.data() + begin, count, rate.at(steps++), control);
      if (control.stopped()) break;
    }
    if (control.stopped()) break;
    loss /= weight_sum;
    progress.training_loss.push_back(loss);
    double judged = loss;
    if (validation != nullptr) {
      judged = validation->loss(trainer, control);
      if (control.stopped()) break;
      progress.validation_loss.push_back(judged);
    }
    fit.diverged = !std::isfinite(loss) || !std::isfinite(judged);
    if (fit.diverged) break;
    ++fit.epochs;
    const bool leads = course.judge(judged);
    if (validation != nullptr && leads) progress.kept = trainer.scoring_values();
    control.progress(fit.epochs, options.max_epochs);
    fit.converged = course.over();
    if (fit.converged) break;
    if (checkpoint != nullptr && fit.epochs < options.max_epochs && checkpoint->due()) {
      progress.memory = trainer.memory();
      checkpoint->save(fit.epochs, options.max_epochs, progress_bytes(progress),
                       [&](SnapshotWriter& writer) { write_progress(writer, progress); });
      progress.memory = {};
    }
  }
  fit.training_loss = std::move(progress.training_loss);
  fit.validation_loss = std::move(progress.validation_loss);
  kept = std::move(progress.kept);
}

// Iterations of lbfgs.
void minimize(NetworkTrainer& trainer, const FullPass& pass, const NetworkOptions& options, NetworkFit& fit,
              TaskControl& control) {
  const std::vector<float> start = trainer.parameters();
  LbfgsState state;
  state.parameters.assign(start.begin(), start.end());
  Checkpoint* const checkpoint = control.checkpoint.get();
  if (checkpoint != nullptr) {
    checkpoint->resume([&](SnapshotReader& reader, uint64_t iterations) -> std::string {
      if (iterations == 0 || iterations >= options.max_epochs) {
        return "it must be of 1 to " + std::to_string(options.max_epochs - 1) + " iterations";
      }
      std::vector<double> losses;
      if (!reader.array(losses, iterations)) return "it must have a loss per iteration";
      const std::string refusal = read_state(reader, iterations, state);
      if (refusal.empty()) fit.training_loss = std::move(losses);
      return refusal;
    });
  }
  const auto told = [&](const LbfgsState& now) {
    fit.training_loss.push_back(now.value);
    control.progress(now.iterations, options.max_epochs);
    if (checkpoint == nullptr || now.iterations >= options.max_epochs || !checkpoint->due()) return;
    checkpoint->save(now.iterations, options.max_epochs,
                     state_bytes(now) + (fit.training_loss.size() + 1) * sizeof(double), [&](SnapshotWriter& writer) {
                       writer.array(fit.training_loss);
                       write_state(writer, now);
                     });
  };
  fit.converged = minimize_lbfgs(pass, told, {options.max_epochs, options.tolerance}, state);
  fit.epochs = state.iterations;
  const std::vector<float> end(state.parameters.begin(), state.parameters.end());
  trainer.set_parameters(end.data());
}

}  // namespace

NetworkFit fit_network(std::span<const float> data, const std::vector<double>& target,
                       const std::vector<double>& weights, const NetworkOptions& options, TaskControl& control) {
  NetworkFit fit;
  const Prepared prepared = prepare(target, weights, options);
  std::vector<uint32_t> order(target.size());
  std::iota(order.begin(), order.end(), 0u);
  std::vector<uint32_t> held;
  if (options.early_stopping) hold_out(target, options, order, held);
  const bool full = options.step.solver == NetworkSolver::kLbfgs;
  const size_t batch = std::min<size_t>(full ? kFullPassRows : options.batch_size, order.size());
  NetworkTrainer trainer(options.shape, options.step, batch);
  const TrainingSet set = {data.data(), prepared.target.data(),
                           prepared.weight.empty() ? nullptr : prepared.weight.data()};
  std::vector<float> kept;  // the best epoch's values
  if (full) {
    minimize(trainer, FullPass(trainer, set, order, options, control), options, fit, control);
    if (control.stopped()) return fit;
  } else {
    Validation validation(data, prepared, held, options);
    take_steps(trainer, set, order, held.empty() ? nullptr : &validation, options, fit, kept, control);
    if (control.stopped() || fit.diverged) return fit;
  }
  std::vector<float> values = kept.empty() ? trainer.scoring_values() : std::move(kept);
  if (options.shape.class_count == 0) scale_back(trainer.scoring_shape(), prepared, values);
  fit.diverged = !all_finite(values);
  if (fit.diverged) return fit;
  fit.model = make_network(trainer.scoring_shape(), values.data());
  control.progress(options.max_epochs, options.max_epochs);
  return fit;
}

}  // namespace tenon
