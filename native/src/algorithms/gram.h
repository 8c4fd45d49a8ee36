#pragma once

#include <algorithm>
#include <cstddef>

#include "../kernels/parameters.h"
#include "../operations/buffer.h"
#include "../runtime/task.h"

namespace tenon {

// A matrix of sums of products, of which only entries on the diagonal and right of it mean something:
// what is below them holds anything. May throw std::bad_alloc.
class GramSums {
 public:
  // All zero. At least as many columns as rows.
  GramSums(size_t rows, size_t columns);

  size_t rows() const noexcept { return rows_; }
  size_t stride() const noexcept { return stride_; }
  double* row(size_t i) noexcept { return sums_.data() + i * stride_; }
  const double* row(size_t i) const noexcept { return sums_.data() + i * stride_; }

 private:
  size_t rows_;
  size_t stride_;
  Buffer<double> sums_;
};

// Some rows of doubles, whose products are added to sums: sums(i, j) += left(r, i) * right(r, j) for
// every row in turn. Each sum is one chain in order of rows, so its bits do not depend on how rows are
// cut into blocks, on threads or on the instruction set.
class GramBlock {
 public:
  // For at most `rows` rows at a time. `two_sided` where left and right differ. May throw std::bad_alloc.
  GramBlock(size_t columns, size_t rows, bool two_sided);

  // How many rows fill no more than the caches, where the columns are not too many for that.
  static size_t rows_for(size_t columns) noexcept;

  bool two_sided() const noexcept { return left_.size() > 0; }
  // Calls fn(first, width, right, left) for each panel of a row, from panel `from` on: where its columns
  // first to first + width go. `left` is null unless two_sided().
  template <typename Fn>
  void fill(size_t row, size_t from, Fn&& fn) {
    for (size_t panel = from; panel * kGramPanel < columns_; ++panel) {
      const size_t first = panel * kGramPanel;
      const size_t at = panel * panel_ + row * kGramPanel;
      fn(first, std::min(kGramPanel, columns_ - first), right_.data() + at, two_sided() ? left_.data() + at : nullptr);
    }
  }

  // Adds the first `rows` rows, to sums from panel `from` on alone.
  void add_to(GramSums& sums, size_t rows, size_t from, const TaskControl& control) const;

 private:
  size_t columns_;
  size_t panel_;  // entries between panels
  Buffer<double> right_, left_;
};

}  // namespace tenon
