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
class LinearBlocks {
 public:
  // Rows order[0] to order[count - 1] take part; blocks are whole batches as far as that goes.
  LinearBlocks(const LinearProblem& problem, std::vector<uint32_t> order, size_t count, size_t batch_size);

  // Shuffles the rows and calls learn(LinearRows) with one block after another; false if stopped.
  template <typename Learn>
  bool pass(Random& random, const TaskControl& control, Learn&& learn) {
    shuffle(random);
    Turns turns;
    ThreadPool::instance().parallel_for(count_, block_rows_, [&](size_t begin, size_t end) {
      Buffer<float>* const x = taken();
      if (!control.stopped()) problem_.gather(order_.data() + begin, end - begin, x->data());
      turns.take(begin / block_rows_, [&] {
        if (!control.stopped()) learn(rows_of(begin, end - begin, x->data()));
      });
      give_back(x);
    });
    return !control.stopped();
  }

 private:
  void shuffle(Random& random);
  LinearRows rows_of(size_t begin, size_t count, const float* x) const noexcept;
  Buffer<float>* taken() noexcept;
  void give_back(Buffer<float>* x) noexcept;

  const LinearProblem& problem_;
  std::vector<uint32_t> order_;
  // What goes with each row, in the order of the pass: picked one by one while rows are brought
  // together, each would be waited for.
  std::vector<float> target_, weight_;
  std::vector<uint32_t> label_;
  size_t count_;
  size_t block_rows_;
  std::vector<Buffer<float>> blocks_;
  // Those that nobody uses, the latest last: a thread gets the one back that its cache holds.
  std::vector<Buffer<float>*> free_;
  std::mutex mutex_;
};

}  // namespace tenon
