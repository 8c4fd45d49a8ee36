#include "linear_blocks.h"

#include <numeric>
#include <thread>
#include <utility>

namespace tenon {
namespace {

// Floats of a block: it fits a second-level cache, and handing over what was learned costs little.
constexpr size_t kBlockFloats = size_t{1} << 17;
// Data from here on is far larger than the caches; below it every row is drawn by itself.
constexpr size_t kLargeFloats = size_t{1} << 23;
// Floats of a group that memory gives out at nearly full speed, and the most rows of one: a block
// should have many groups.
constexpr size_t kGroupFloats = 2048;
constexpr size_t kGroupRows = 16;

size_t group_rows_of(size_t rows, size_t columns) {
  size_t result = 1;
  while (rows * columns >= kLargeFloats && 2 * result <= kGroupRows && 2 * result * columns <= kGroupFloats) result *= 2;
  return result;
}

}  // namespace

LinearBlocks::LinearBlocks(const LinearProblem& problem, std::vector<uint32_t> rows, size_t batch_size)
    : problem_(problem), rows_(std::move(rows)), count_(rows_.empty() ? problem.rows() : rows_.size()) {
  const size_t most = std::max<size_t>(1, kBlockFloats / problem.columns());
  const size_t batch = batch_size < most ? batch_size : 1;
  group_rows_ = group_rows_of(count_, problem.columns());
  while (std::lcm(batch, group_rows_) > most) group_rows_ /= 2;
  const size_t step = std::lcm(batch, group_rows_);
  block_rows_ = std::min(most / step * step, count_);
  groups_.resize(count_ / group_rows_);
  std::iota(groups_.begin(), groups_.end(), 0u);
  for (size_t i = std::min(ThreadPool::instance().size(), chunk_count(count_, block_rows_)); i > 0; --i) {
    Block& block = blocks_.emplace_back();
    block.x = Buffer<float>(block_rows_ * problem.columns());
    if (!problem.targets().empty()) block.target = Buffer<float>(block_rows_);
    if (!problem.labels().empty()) block.label = Buffer<uint32_t>(block_rows_);
    if (!problem.weights().empty()) block.weight = Buffer<float>(block_rows_);
    block.order = Buffer<uint32_t>(block_rows_);
    block.place = Buffer<uint32_t>(block_rows_);
  }
  for (Block& each : blocks_) free_.push_back(&each);
}

// Fisher and Yates's.
void LinearBlocks::shuffle(Random& random) {
  for (size_t i = groups_.size(); i > 1; --i) {
    std::swap(groups_[i - 1], groups_[random.below(static_cast<uint32_t>(i))]);
  }
  if (group_rows_ == 1) return;
  // Other neighbours in each pass, and other rows that are no whole group.
  rotation_ = random.below(static_cast<uint32_t>(count_));
  salt_ = static_cast<uint32_t>(random.next() >> 32);
}

uint32_t LinearBlocks::row_at(size_t position) const noexcept {
  const size_t group = position / group_rows_;
  size_t row = group < groups_.size() ? groups_[group] * group_rows_ + position % group_rows_ : position;
  row += rotation_;
  if (row >= count_) row -= count_;
  return rows_.empty() ? static_cast<uint32_t>(row) : rows_[row];
}

void LinearBlocks::fill(Block& block, size_t begin, size_t count) const noexcept {
  for (size_t i = 0; i < count; ++i) {
    block.order[i] = row_at(begin + i);
    block.place[i] = static_cast<uint32_t>(i);
  }
  const size_t groups = group_rows_ == 1 ? 0 : count / group_rows_;
  for (size_t g = 0; g < groups; ++g) {
    // Not the first of each group, then the second: rows may repeat in the rhythm of groups.
    const size_t turn = ((groups_[begin / group_rows_ + g] ^ salt_) * 0x9e3779b1u) >> 28;
    for (size_t i = 0; i < group_rows_; ++i) {
      block.place[g * group_rows_ + i] = static_cast<uint32_t>((i + turn) % group_rows_ * groups + g);
    }
  }
  const auto pick = [&](const auto& from, auto& into) {
    for (size_t i = 0; into.size() > 0 && i < count; ++i) into[block.place[i]] = from[block.order[i]];
  };
  pick(problem_.targets(), block.target);
  pick(problem_.labels(), block.label);
  pick(problem_.weights(), block.weight);
  problem_.gather(block.order.data(), block.place.data(), count, block.x.data());
}

LinearRows LinearBlocks::rows_of(const Block& block, size_t count) const noexcept {
  return {count, block.x.data(), block.target.data(), block.label.data(), block.weight.data()};
}

LinearBlocks::Block* LinearBlocks::taken() noexcept {
  for (;;) {
    {
      std::lock_guard lock(mutex_);
      if (!free_.empty()) {
        Block* const block = free_.back();
        free_.pop_back();
        return block;
      }
    }
    // There are more threads than when the fit began: an earlier block becomes free soon.
    std::this_thread::yield();
  }
}

void LinearBlocks::give_back(Block* block) noexcept {
  std::lock_guard lock(mutex_);
  free_.push_back(block);  // within its capacity
}

}  // namespace tenon
