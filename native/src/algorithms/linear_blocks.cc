#include "linear_blocks.h"

#include <thread>
#include <utility>

namespace tenon {
namespace {

// Floats of a block: it fits a second-level cache, and handing over what was learned costs little.
constexpr size_t kBlockFloats = size_t{1} << 17;
// Targets a thread picks at once.
constexpr size_t kPicked = size_t{1} << 15;

}  // namespace

LinearBlocks::LinearBlocks(const LinearProblem& problem, std::vector<uint32_t> order, size_t count, size_t batch_size)
    : problem_(problem), order_(std::move(order)), count_(count) {
  block_rows_ = std::max<size_t>(1, kBlockFloats / problem.columns());
  if (batch_size < block_rows_) block_rows_ = block_rows_ / batch_size * batch_size;
  block_rows_ = std::min(block_rows_, count_);
  for (size_t i = std::min(ThreadPool::instance().size(), chunk_count(count_, block_rows_)); i > 0; --i) {
    blocks_.emplace_back(block_rows_ * problem.columns());
  }
  for (Buffer<float>& each : blocks_) free_.push_back(&each);
  if (!problem.targets().empty()) target_.resize(count_);
  if (!problem.labels().empty()) label_.resize(count_);
  if (!problem.weights().empty()) weight_.resize(count_);
}

// Fisher and Yates's.
void LinearBlocks::shuffle(Random& random) {
  for (size_t i = count_; i > 1; --i) std::swap(order_[i - 1], order_[random.below(static_cast<uint32_t>(i))]);
  ThreadPool::instance().parallel_for(count_, kPicked, [&](size_t begin, size_t end) {
    const auto pick = [&](const auto& from, auto& into) {
      for (size_t i = begin; !into.empty() && i < end; ++i) into[i] = from[order_[i]];
    };
    pick(problem_.targets(), target_);
    pick(problem_.labels(), label_);
    pick(problem_.weights(), weight_);
  });
}

LinearRows LinearBlocks::rows_of(size_t begin, size_t count, const float* x) const noexcept {
  return {count, x, target_.empty() ? nullptr : target_.data() + begin, label_.empty() ? nullptr : label_.data() + begin,
          weight_.empty() ? nullptr : weight_.data() + begin};
}

Buffer<float>* LinearBlocks::taken() noexcept {
  for (;;) {
    {
      std::lock_guard lock(mutex_);
      if (!free_.empty()) {
        Buffer<float>* const x = free_.back();
        free_.pop_back();
        return x;
      }
    }
    // There are more threads than when the fit began: an earlier block becomes free soon.
    std::this_thread::yield();
  }
}

void LinearBlocks::give_back(Buffer<float>* x) noexcept {
  std::lock_guard lock(mutex_);
  free_.push_back(x);  // within its capacity
}

}  // namespace tenon
