#pragma once

#include <napi.h>

#include <cmath>
#include <string>
#include <vector>

#include "../operations/buffer.h"
#include "../runtime/checkpoint.h"
#include "../runtime/thread_pool.h"
#include "arguments.h"

namespace tenon {

// What an estimator learns from, copied out of JavaScript's memory.
struct TrainingRows {
  size_t row_count = 0;
  size_t column_count = 0;
  std::vector<float> data;     // row-major
  std::vector<double> target;  // per row
};

// Reserves memory and has every thread touch some of its pages: the system clears each when it is
// first touched, which takes one thread as long as the copy that follows.
inline void reserve_touched(std::vector<float>& values, size_t count) {
  constexpr size_t kHugePageFloats = size_t{1} << 19;
  constexpr size_t kPageFloats = 1024;
  reserve_huge(values, count);
  if (count < 2 * kHugePageFloats) return;
  volatile float* const memory = values.data();
  ThreadPool::instance().parallel_for(count, kHugePageFloats, [&](size_t begin, size_t end) {
    for (size_t i = begin; i < end; i += kPageFloats) memory[i] = 0;
  });
}

// Reads arguments 0 to 3: data, rowCount, columnCount, rows | null. Without target.
inline TrainingRows training_features(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const size_t given_rows = integer(info, 1, "rowCount", 1, 0x7fffffff);
  TrainingRows result;
  result.column_count = integer(info, 2, "columnCount", 1, 1u << 20);
  const auto data = span<float>(info, 0, "data", product(env, "data", given_rows, result.column_count));
  const auto rows = optional_span<uint32_t>(info, 3, "rows");
  if (info[3].IsNull()) {
    result.row_count = given_rows;
    reserve_touched(result.data, data.size);
    result.data.assign(data.begin(), data.end());
    return result;
  }
  if (rows.size == 0) throw Napi::RangeError::New(env, "rows must not be empty");
  result.row_count = rows.size;
  const size_t size = product(env, "rows", rows.size, result.column_count);
  reserve_touched(result.data, size);
  for (size_t i = 0; i < rows.size; ++i) {
    const size_t row = rows.data[i];
    if (row >= given_rows) {
      throw Napi::RangeError::New(env, "rows[" + std::to_string(i) + "] " + std::to_string(row) + " must be below " +
                                           std::to_string(given_rows));
    }
    const float* from = data.data + row * result.column_count;
    result.data.insert(result.data.end(), from, from + result.column_count);
  }
  return result;
}

// The same and argument 4, the target. `rows` chooses rows of both.
inline TrainingRows training_rows(const Napi::CallbackInfo& info) {
  TrainingRows result = training_features(info);
  const auto target = span<double>(info, 4, "target", integer(info, 1, "rowCount", 1, 0x7fffffff));
  if (info[3].IsNull()) {
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
    digest.add(rows.data);
    digest.add(rows.target);
    digest.add(weights);
    (digest.add(others), ...);
  });
}

// Class numbers below class_count, or for class_count 0 finite numbers.
inline void check_labels(Napi::Env env, const std::vector<double>& target, size_t class_count) {
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
