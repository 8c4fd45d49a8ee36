#pragma once

#include <algorithm>
#include <cstdint>
#include <mutex>
#include <vector>

#include "../operations/buffer.h"
#include "../runtime/thread_pool.h"
#include "../runtime/turns.h"
#include "linear_problem.h"
#include "random.h"

namespace tenon {

// Rows of a problem in an order that is drawn anew for each pass. They come in blocks that fit a
// second-level cache, scaled and next to each other. Threads bring blocks together at once, each the
// one that it will learn from: only what is learned moves from one to the other.
//
// Memory gives single rows out at half the speed of neighbours. Of data far larger than caches a few
// neighbours are therefore drawn at a time. A block has many such groups, and deals one row of each
// before the next of any: a batch has rows from all over the data.
class LinearBlocks {
 public:
  // All rows take part if `rows` is empty, otherwise those it lists; blocks are whole batches as far
  // as that goes.
  LinearBlocks(const LinearProblem& problem, std::vector<uint32_t> rows, size_t batch_size);

  // Shuffles the rows and calls learn(LinearRows) with one block after another; false if stopped.
  template <typename Learn>
  bool pass(Random& random, const TaskControl& control, Learn&& learn) {
    shuffle(random);
    Turns turns;
    ThreadPool::instance().parallel_for(count_, block_rows_, [&](size_t begin, size_t end) {
      Block* const block = taken();
      if (!control.stopped()) fill(*block, begin, end - begin);
      turns.take(begin / block_rows_, [&] {
        if (!control.stopped()) learn(rows_of(*block, end - begin));
      });
      give_back(block);
    });
    return !control.stopped();
  }

 private:
  struct Block {
    Buffer<float> x;
    // As LinearRows has them; those that a problem has not are empty.
    Buffer<float> target, weight;
    Buffer<uint32_t> label;
    Buffer<uint32_t> order, place;  // the rows as they are read, and where in the block each goes
  };

  void shuffle(Random& random);
  uint32_t row_at(size_t position) const noexcept;
  void fill(Block& block, size_t begin, size_t count) const noexcept;
  LinearRows rows_of(const Block& block, size_t count) const noexcept;
  Block* taken() noexcept;
  void give_back(Block* block) noexcept;

  const LinearProblem& problem_;
  std::vector<uint32_t> rows_;  // empty for all
  size_t count_;
  size_t block_rows_;
  size_t group_rows_ = 1;         // a power of two
  std::vector<uint32_t> groups_;  // in the order of the pass; rows beyond the last group come last
  size_t rotation_ = 0;           // the row that the first group begins with
  uint32_t salt_ = 0;             // chooses which row of a group is dealt first
  std::vector<Block> blocks_;
  // Those that nobody uses, the latest last: a thread gets the one back that its cache holds.
  std::vector<Block*> free_;
  std::mutex mutex_;
};

}  // namespace tenon
