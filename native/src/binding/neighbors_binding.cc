#include "neighbors_binding.h"

#include <algorithm>

#include "../algorithms/neighbors.h"
#include "model_binding.h"

namespace tenon {
namespace {

struct NeighborsModel : Neighbors {
  static constexpr napi_type_tag kTypeTag = {0x91c7a06e5d38f24bull, 0x2ae46b90f17dc853ull};
  static constexpr const char* kTypeName = "a neighbours model";
  using Neighbors::Neighbors;
};

using Binding = ModelBinding<NeighborsModel>;

NeighborOptions options_of(const Napi::CallbackInfo& info, size_t class_at, size_t options_at) {
  const auto option = options_reader(info, options_at);
  NeighborOptions options;
  options.class_count = static_cast<uint32_t>(integer(info, class_at, "classCount", 0, 65535));
  options.count = static_cast<uint32_t>(option("count", 1, 0x7fffffff));
  options.metric = static_cast<NeighborMetric>(static_cast<uint8_t>(option("metric", 0, 2)));
  options.by_distance = option("byDistance", 0, 1) != 0;
  return options;
}

// (data, rowCount, columnCount, rows | null, target, weights | null, classCount, options: { count,
// metric, byDistance }, control | null) → Promise of a model.
Napi::Value fit(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const NeighborOptions options = options_of(info, 6, 7);
  TrainingRows given = training_rows(info);
  std::vector<double> weights = training_weights(info, 5);
  check_finite(env, given.data, given.column_count);
  check_labels(env, given.target, options.class_count);
  return run_async(
      env, info[8],
      [given = std::move(given), weights = std::move(weights), options](TaskControl& control) mutable {
        auto model = std::make_shared<NeighborsModel>(options, given.column_count, std::move(given.data),
                                                      std::move(given.target), std::move(weights));
        control.progress(1, 1);
        return model;
      },
      [](Napi::Env env, std::shared_ptr<NeighborsModel>& model) { return Binding::wrap(env, std::move(model)); });
}

// (rows, rowCount, columnCount, target, weights | null, classCount, options) → a model; everything
// is checked.
Napi::Value create(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const NeighborOptions options = options_of(info, 5, 6);
  const size_t row_count = integer(info, 1, "rowCount", 1, 0x7fffffff);
  const size_t columns = integer(info, 2, "columnCount", 1, 1u << 20);
  const auto given = span<float>(info, 0, "rows", product(env, "rows", row_count, columns));
  Buffer<float> rows(given.size);
  std::copy(given.begin(), given.end(), rows.begin());
  check_finite(env, rows, columns);
  std::vector<double> target = finite_numbers(info, 3, "target", row_count);
  check_labels(env, target, options.class_count);
  std::vector<double> weights;
  if (!info[4].IsNull()) weights = finite_numbers(info, 4, "weights", row_count);
  double total = 0;
  for (size_t i = 0; i < weights.size(); ++i) {
    if (!(weights[i] > 0)) throw Napi::RangeError::New(env, "weights[" + std::to_string(i) + "] must be positive");
    total += weights[i];
  }
  if (total - total != 0) throw Napi::RangeError::New(env, "weights must have a finite sum");
  return Binding::wrap(env, std::make_shared<NeighborsModel>(options, columns, std::move(rows), std::move(target),
                                                             std::move(weights)));
}

// (model) → copies of the arrays that neighborsCreate takes.
Napi::Value arrays(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const auto model = Binding::get(info);
  Napi::Object result = Napi::Object::New(env);
  result["rows"] = copy_of<Napi::Float32Array>(env, model->rows().data(), model->rows().size());
  result["target"] = copy_of<Napi::Float64Array>(env, model->target().data(), model->target().size());
  const auto& weights = model->weights();
  if (weights.empty()) result["weights"] = env.Null();
  else result["weights"] = copy_of<Napi::Float64Array>(env, weights.data(), weights.size());
  return result;
}

}  // namespace

void register_neighbors(Napi::Env env, Napi::Object exports) {
  exports["neighborsFit"] = Napi::Function::New<fit>(env, "neighborsFit");
  exports["neighborsCreate"] = Napi::Function::New<create>(env, "neighborsCreate");
  exports["neighborsArrays"] = Napi::Function::New<arrays>(env, "neighborsArrays");
  Binding::add_exports(env, exports, "neighbors");
}

}  // namespace tenon
