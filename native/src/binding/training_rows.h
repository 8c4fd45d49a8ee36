#pragma once

#include <napi.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "../operations/buffer.h"
#include "../operations/columns.h"
#include "../operations/copy.h"
#include "../operations/shared_floats.h"
#include "../operations/target.h"
#include "../runtime/checkpoint.h"
#include "../runtime/thread_pool.h"
#include "arguments.h"

namespace tenon {

// What an estimator learns from: copied out of JavaScript's memory, or shared with it.
struct TrainingRows {
  size_t row_count = 0;
  size_t column_count = 0;
  Buffer<float> data;          // row-major; empty if the rows are shared
  std::vector<double> target;  // per row

  // Where the rows are shared, what holds them.
  std::shared_ptr<const SharedFloats> share;
  const float* shared = nullptr;

  // Row-major, of either kind.
  std::span<const float> rows() const noexcept {
    return shared == nullptr ? std::span<const float>(data) : std::span(shared, row_count * column_count);
  }
};

// Whether an estimator reads rows where they are if it can. It must stay within its memory whatever
// is in them, twice the same or not.
enum class Sharing { kNever, kWherePossible };

// Floats a thread copies at once: long enough to hide the hand-over.
inline constexpr size_t kCopiedFloats = size_t{1} << 18;

// Reads arguments 0 to 3: data, rowCount, columnCount, rows | null. Without target. Where `found` is
// given it receives the statistics of the columns, looked at on the way; not of shared rows, which
// nobody looks at.
inline TrainingRows training_features(const Napi::CallbackInfo& info, ColumnStatistics* found = nullptr,
                                      Sharing sharing = Sharing::kNever) {
  const Napi::Env env = info.Env();
  const size_t given_rows = integer(info, 1, "rowCount", 1, 0x7fffffff);
  TrainingRows result;
  result.column_count = integer(info, 2, "columnCount", 1, 1u << 20);
  const auto data = span<float>(info, 0, "data", product(env, "data", given_rows, result.column_count));
  const auto rows = optional_span<uint32_t>(info, 3, "rows");
  const bool all = info[3].IsNull();
  if (!all && rows.size == 0) throw Napi::RangeError::New(env, "rows must not be empty");
  for (size_t i = 0; i < rows.size; ++i) {
    if (rows.data[i] >= given_rows) {
      throw Napi::RangeError::New(env, "rows[" + std::to_string(i) + "] " + std::to_string(rows.data[i]) +
                                           " must be below " + std::to_string(given_rows));
    }
  }
  result.row_count = all ? given_rows : rows.size;
  const size_t columns = result.column_count;
  if (all && sharing == Sharing::kWherePossible) {
    result.share = SharedFloats::holding(data.data, data.size);
    if (result.share) {
      result.shared = data.data;
      return result;
    }
  }
  result.data = Buffer<float>(product(env, "rows", result.row_count, columns));
  float* const copy = result.data.data();
  const bool large = result.data.size() >= kLargeCopy;
  if (large) touch_pages(copy, result.data.size());
  const auto fill = [&](size_t begin, size_t end) {
    const size_t count = (end - begin) * columns;
    if (all && large) {
      copy_streamed(data.data + begin * columns, count, copy + begin * columns);
    } else if (all) {
      std::copy_n(data.data + begin * columns, count, copy + begin * columns);
    } else {
      for (size_t i = begin; i < end; ++i) std::copy_n(data.data + rows.data[i] * columns, columns, copy + i * columns);
    }
  };
  if (found != nullptr) {
    // Whichever of both the cache then holds.
    *found = column_statistics(all ? data.data : copy, result.row_count, columns, fill);
  } else {
    ThreadPool::instance().parallel_for(result.row_count, chunk_count(kCopiedFloats, columns), fill);
  }
  return result;
}

// Throws std::range_error for the first column that is not finite.
inline void refuse_not_finite(const ColumnStatistics& found, size_t row_count) {
  for (size_t c = 0; c < found.count.size(); ++c) {
    if (found.count[c] != static_cast<double>(row_count) || !std::isfinite(found.low[c]) ||
        !std::isfinite(found.high[c])) {
      throw std::range_error("data column " + std::to_string(c) + " must be finite");
    }
  }
}

// The same and argument 4, the target. `rows` chooses rows of both.
inline TrainingRows training_rows(const Napi::CallbackInfo& info, ColumnStatistics* found = nullptr,
                                  Sharing sharing = Sharing::kNever) {
  TrainingRows result = training_features(info, found, sharing);
  const auto target = span<double>(info, 4, "target", integer(info, 1, "rowCount", 1, 0x7fffffff));
  if (info[3].IsNull()) {
    reserve_huge(result.target, target.size);
    result.target.assign(target.begin(), target.end());
    return result;
  }
  result.target.reserve(result.row_count);
  for (const uint32_t row : span<uint32_t>(info, 3, "rows")) result.target.push_back(target.data[row]);
  return result;
}

// Reads argument `index`: one weight per given row, or null for none (an empty result). `rows`,
// argument 3, chooses among them too. Weights must be positive and finite: the TypeScript face
// leaves rows of weight zero out.
inline std::vector<double> training_weights(const Napi::CallbackInfo& info, size_t index) {
  const Napi::Env env = info.Env();
  const size_t given_rows = integer(info, 1, "rowCount", 1, 0x7fffffff);
  if (info[index].IsNull()) return {};
  const auto weights = span<double>(info, index, "weights", given_rows);
  const auto rows = optional_span<uint32_t>(info, 3, "rows");
  std::vector<double> result;
  if (info[3].IsNull()) {
    result.assign(weights.begin(), weights.end());
  } else {
    result.reserve(rows.size);
    for (const uint32_t row : rows) {
      if (row >= given_rows) throw Napi::RangeError::New(env, "rows must be below " + std::to_string(given_rows));
      result.push_back(weights.data[row]);
    }
  }
  for (const double weight : result) {
    if (!(weight > 0 && std::isfinite(weight))) {
      throw Napi::RangeError::New(env, "weights " + std::to_string(weight) + " must be positive and finite");
    }
  }
  return result;
}

// Tells a checkpoint what a fit learns from, all of which must outlive the fit: rows, weights and
// what else there is, one vector each.
template <typename... Others>
void describe(Checkpoint& checkpoint, const TrainingRows& rows, const std::vector<double>& weights,
              const std::vector<Others>&... others) {
  checkpoint.describe(rows.row_count, rows.column_count, [&](Digest& digest) {
    const std::span<const float> data = rows.rows();
    digest.add(data.data(), data.size_bytes());
    digest.add(rows.target);
    digest.add(weights);
    (digest.add(others), ...);
  });
}

// Class numbers below class_count, or for class_count 0 finite numbers.
inline void check_labels(Napi::Env env, const std::vector<double>& target, size_t class_count) {
  if (look_at_target(target.data(), target.size(), class_count).good) return;
  for (size_t i = 0; i < target.size(); ++i) {
    const double value = target[i];
    const bool good = class_count == 0 ? std::isfinite(value)
                                       : value >= 0 && value < static_cast<double>(class_count) &&
                                             value == std::floor(value);
    if (!good) {
      throw Napi::RangeError::New(env, "target " + std::to_string(value) + " must be " +
                                           (class_count == 0 ? "finite" : "a class below " + std::to_string(class_count)));
    }
  }
}

// A number from low to high.
inline double number_property(Napi::Env env, const Napi::Object& object, const char* name, double low, double high) {
  const Napi::Value value = object.Get(name);
  if (!value.IsNumber()) throw Napi::TypeError::New(env, std::string(name) + " must be a number");
  const double given = value.As<Napi::Number>().DoubleValue();
  if (!(given >= low && given <= high)) {
    throw Napi::RangeError::New(env, std::string(name) + " " + std::to_string(given) + " must be from " +
                                         std::to_string(low) + " to " + std::to_string(high));
  }
  return given;
}

}  // namespace tenon
