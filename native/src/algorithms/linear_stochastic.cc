#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "linear_blocks.h"
#include "linear_parameters.h"
#include "linear_problem.h"
#include "linear_step.h"
#include "random.h"

namespace tenon {
namespace {

// With `slowing`, steps shrink with the square root of the epoch, in units of this many.
constexpr double kSlowEpochs = 16;
// Rows whose loss is found at once: they stay in the first-level cache.
constexpr size_t kPieceRows = 128;

double rate_at(const LinearOptions& options, const LearningRate& schedule, uint64_t step, uint32_t epoch) {
  const double rate = schedule.at(step);
  return options.slowing ? rate / std::sqrt(1.0 + epoch / kSlowEpochs) : rate;
}

// Which rows are learned from, ascending and empty for all, and which are held out.
struct Division {
  std::vector<uint32_t> learned;
  std::vector<uint32_t> held;
};

// Holds out the share of rows that early stopping asks for, at least one, and keeps one to learn
// from.
Division hold_out(size_t rows, double share, Random& random) {
  Division result;
  if (share == 0 || rows < 2) return result;
  std::vector<uint32_t> order(rows);
  std::iota(order.begin(), order.end(), 0u);
  for (size_t i = rows; i > 1; --i) std::swap(order[i - 1], order[random.below(static_cast<uint32_t>(i))]);
  const auto wanted = static_cast<size_t>(std::floor(share * static_cast<double>(rows)));
  const size_t count = std::clamp<size_t>(wanted, 1, rows - 1);
  result.held.assign(order.end() - static_cast<ptrdiff_t>(count), order.end());
  order.resize(rows - count);
  std::sort(order.begin(), order.end());
  result.learned = std::move(order);
  return result;
}

// Adds up the gradients of a batch's rows, which may come a few at a time, and steps along them.
class BatchSteps {
 public:
  BatchSteps(const LinearProblem& problem, size_t rows, std::vector<float>& w)
      : problem_(problem),
        options_(problem.options()),
        rows_(rows),
        schedule_(options_.rate, chunk_count(rows, options_.batch_size), options_.max_epochs),
        step_(options_, w.size()),
        w_(w),
        gradient_(w.size()),
        l2_(options_.l2 > 0 ? problem.outputs() * problem.columns() : 0) {
    for (size_t i = 0; i < l2_.size(); ++i) l2_[i] = static_cast<float>(problem.l2_of(i % problem.columns()));
  }

  void begin(uint32_t epoch) {
    epoch_ = epoch;
    seen_ = 0;
    loss_ = 0;
  }

  // Learns from the next rows of the pass.
  void learn(const LinearRows& rows, const TaskControl& control) {
    for (size_t at = 0; at < rows.count && !control.stopped();) {
      if (missing_ == 0) {
        missing_ = batch_ = std::min<size_t>(options_.batch_size, rows_ - seen_);
        std::fill(gradient_.begin(), gradient_.end(), 0.0f);
      }
      const size_t count = std::min({missing_, rows.count - at, kPieceRows});
      loss_ += problem_.loss(w_.data(), rows.part(at, count, problem_.columns()), gradient_.data(), scratch_);
      at += count;
      seen_ += count;
      missing_ -= count;
      if (missing_ == 0) take_step();
    }
  }

  // The mean loss of the pass, each row's when it was learned from.
  double loss() const noexcept { return loss_ / static_cast<double>(rows_); }
  void epoch_ended(bool improved) { schedule_.epoch_ended(improved); }

 private:
  void take_step() {
    const double rate = rate_at(options_, schedule_, steps_++, epoch_);
    const bool decoupled = options_.solver == LinearSolver::kAdamw;
    const float share = 1.0f / static_cast<float>(batch_);
    for (float& g : gradient_) g *= share;
    if (!decoupled) {
      for (size_t i = 0; i < l2_.size(); ++i) gradient_[i] += l2_[i] * w_[i];
    }
    clip(gradient_, options_.clip_norm);
    if (decoupled) {
      const size_t columns = problem_.columns();
      for (size_t i = 0; i < l2_.size(); ++i) {
        w_[i] *= static_cast<float>(std::max(0.0, 1 - rate * problem_.l2_of(i % columns)));
      }
    }
    step_.take(w_.data(), gradient_.data(), rate);
    shrink_all(problem_, w_, rate);
  }

  const LinearProblem& problem_;
  const LinearOptions& options_;
  size_t rows_;
  LearningRate schedule_;
  LinearStep step_;
  std::vector<float>& w_;
  std::vector<float> gradient_;
  std::vector<float> l2_;  // per coefficient, none without the penalty
  std::vector<float> scratch_;
  size_t batch_ = 0;    // rows of the batch
  size_t missing_ = 0;  // rows of it that have not come yet
  size_t seen_ = 0;     // rows of the pass
  double loss_ = 0;
  uint64_t steps_ = 0;
  uint32_t epoch_ = 0;
};

// The mean loss of the listed rows.
double mean_loss(const LinearProblem& problem, const std::vector<float>& w, const std::vector<uint32_t>& held) {
  std::vector<float> x(kPieceRows * problem.columns());
  std::vector<uint32_t> place(kPieceRows);
  std::iota(place.begin(), place.end(), 0u);
  std::vector<float> unused(w.size());
  std::vector<float> scratch, target, weight;
  std::vector<uint32_t> label;
  double loss = 0;
  double total = 0;
  for (size_t begin = 0; begin < held.size(); begin += kPieceRows) {
    const size_t count = std::min(kPieceRows, held.size() - begin);
    problem.gather(held.data() + begin, place.data(), count, x.data());
    const auto chosen = [&](const auto& from, auto& into) {
      into.clear();
      for (size_t i = 0; !from.empty() && i < count; ++i) into.push_back(from[held[begin + i]]);
      return into.empty() ? nullptr : into.data();
    };
    const LinearRows rows = {count, x.data(), chosen(problem.targets(), target), chosen(problem.labels(), label),
                             chosen(problem.weights(), weight)};
    loss += problem.loss(w.data(), rows, unused.data(), scratch);
    for (size_t i = 0; i < count; ++i) total += problem.weight(held[begin + i]);
  }
  return loss / total;
}

}  // namespace

void solve_stochastic(const LinearProblem& problem, std::vector<double>& parameters, LinearFit& fit,
                      TaskControl& control) {
  const LinearOptions& options = problem.options();
  std::vector<float> w(problem.parameter_count(), 0.0f);
  std::vector<float> kept;  // the best on rows held out
  Random random(options.seed, 0);
  auto [learned, held] = hold_out(problem.rows(), options.validation_fraction, random);
  BatchSteps steps(problem, problem.rows() - held.size(), w);
  LinearBlocks blocks(problem, std::move(learned), options.batch_size);
  double best = INFINITY;
  double lowest = INFINITY;
  uint32_t stale = 0;
  for (fit.epochs = 0; fit.epochs < options.max_epochs; ++fit.epochs) {
    steps.begin(fit.epochs);
    if (!blocks.pass(random, control, [&](const LinearRows& rows) { steps.learn(rows, control); })) return;
    const double loss = held.empty() ? steps.loss() : mean_loss(problem, w, held);
    if (!std::isfinite(loss) || !within_reach(w)) {
      fit.diverged = true;
      return;
    }
    if (!held.empty() && loss < lowest) kept = w;
    lowest = std::min(lowest, loss);
    control.progress(fit.epochs + 1, options.max_epochs);
    const bool improved = loss <= best - options.tolerance;
    steps.epoch_ended(improved);
    stale = improved ? 0 : stale + 1;
    best = std::min(best, loss);
    if (stale >= options.patience) {
      ++fit.epochs;
      fit.converged = true;
      break;
    }
  }
  if (!held.empty()) w = kept;
  parameters.assign(w.begin(), w.end());
}

}  // namespace tenon
