#include "view_features.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <mutex>

#include "../kernels/table.h"
#include "../runtime/thread_pool.h"
#include "view_kernels.h"

namespace tenon {
namespace {

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();

// Rows whose features are put together at once: those of 16 columns take 16 KiB.
constexpr size_t kBlock = 256;
constexpr size_t kTogether = 16;
constexpr size_t kGrain = 16 * kBlock;

// Where features go: those of a block's first row, and from row to row.
struct Target {
  float* features;
  size_t stride;
};

// The first of `count` that is not finite; count if all are.
size_t first_bad(const float* values, size_t count) noexcept {
  for (size_t i = 0; i < count; ++i) {
    if (!std::isfinite(values[i])) return i;
  }
  return count;
}

class Writer {
 public:
  Writer(const std::vector<FeatureColumn>& views, const Target& target) : views_(views), target_(target) {}

  void write(size_t begin, size_t count) {
    float* const row = target_.features + begin * target_.stride;
    for (size_t c = 0; c < views_.size();) {
      const size_t together = single_from(c);
      if (together > 0) {
        write_numbers(c, together, begin, count, row + views_[c].offset);
        c += together;
        continue;
      }
      if (views_[c].view.type == CellType::kI32) {
        write_codes(views_[c], begin, count, row + views_[c].offset);
      } else {
        write_elements(c, begin, count, row + views_[c].offset);
      }
      ++c;
    }
  }

  std::optional<BadFeature> bad() const { return bad_; }

 private:
  // How many columns from this one on have one number a row and stand side by side.
  size_t single_from(size_t first) const noexcept {
    size_t count = 0;
    while (count < kTogether && first + count < views_.size()) {
      const FeatureColumn& column = views_[first + count];
      if (column.view.elements != 1 || column.view.type == CellType::kI32) break;
      if (column.offset != views_[first].offset + count) break;
      ++count;
    }
    return count;
  }

  void found_bad(const BadFeature& found) {
    if (!bad_ || found.column < bad_->column || (found.column == bad_->column && found.row < bad_->row)) bad_ = found;
  }

  void write_numbers(size_t first, size_t together, size_t begin, size_t count, float* target) {
    alignas(64) double numbers[kBlock];
    alignas(64) float side[kTogether * kBlock];
    for (size_t c = 0; c < together; ++c) {
      const ColumnView& view = views_[first + c].view;
      float* const values = side + c * kBlock;
      read_numbers(view, begin, count, numbers);
      const bool finite = view_kernels().to_floats(numbers, count, values);
      if (view.may_miss()) {
        uint8_t present[kBlock];
        read_present(view, begin, count, present);
        if (!finite) look_for_bad(first + c, begin, count, values, present);
        for (size_t i = 0; i < count; ++i) values[i] = present[i] != 0 ? values[i] : kNaN;
      } else if (!finite) {
        found_bad({first + c, begin + first_bad(values, count), 0});
      }
    }
    kernels().f32_transpose16(side, kBlock, together, count, target, target_.stride);
  }

  void look_for_bad(size_t column, size_t begin, size_t count, const float* values, const uint8_t* present) {
    for (size_t i = 0; i < count; ++i) {
      if (present[i] == 0 || std::isfinite(values[i])) continue;
      found_bad({column, begin + i, 0});
      return;
    }
  }

  void write_codes(const FeatureColumn& column, size_t begin, size_t count, float* target) const {
    const auto* const codes = static_cast<const int32_t*>(column.view.values);
    for (size_t i = 0; i < count; ++i) {
      const int32_t code = codes[column.view.row(begin + i)];
      if (code >= 0 && static_cast<size_t>(code) < column.width) target[i * target_.stride + code] = 1;
    }
  }

  void write_elements(size_t c, size_t begin, size_t count, float* target) {
    alignas(64) double numbers[kViewBlock];
    const ColumnView& view = views_[c].view;
    for (size_t i = 0; i < count; ++i) {
      float* const features = target + i * target_.stride;
      if (view.may_miss() && view.is_missing(begin + i)) {
        std::fill_n(features, view.elements, kNaN);
        continue;
      }
      for (size_t first = 0; first < view.elements; first += kViewBlock) {
        const size_t length = std::min(kViewBlock, view.elements - first);
        read_elements(view, begin + i, first, length, numbers);
        if (view_kernels().to_floats(numbers, length, features + first)) continue;
        found_bad({c, begin + i, first + first_bad(features + first, length)});
      }
    }
  }

  const std::vector<FeatureColumn>& views_;
  Target target_;
  std::optional<BadFeature> bad_;
};

}  // namespace

std::optional<BadFeature> write_features(const std::vector<FeatureColumn>& views, size_t rows, size_t columns,
                                         float* features) {
  std::mutex mutex;
  std::optional<BadFeature> bad;
  ThreadPool::instance().parallel_for(rows, kGrain, [&](size_t begin, size_t end) {
    Writer writer(views, {features, columns});
    for (size_t at = begin; at < end; at += kBlock) writer.write(at, std::min(kBlock, end - at));
    if (!writer.bad()) return;
    const std::scoped_lock lock(mutex);
    const BadFeature found = *writer.bad();
    if (!bad || found.column < bad->column || (found.column == bad->column && found.row < bad->row)) bad = found;
  });
  return bad;
}

}  // namespace tenon
