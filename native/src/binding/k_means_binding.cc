#include "k_means_binding.h"

#include "../algorithms/k_means.h"
#include "../runtime/thread_pool.h"
#include "model_binding.h"

namespace tenon {
namespace {

// Rows a thread scores at a time.
constexpr size_t kScoreRows = 256;

struct KMeansModel {
  static constexpr napi_type_tag kTypeTag = {0x3ad85f17c0b64e29ull, 0xe7216c9d4f08b35aull};
  static constexpr const char* kTypeName = "a k-means model";

  size_t feature_count() const { return means.columns; }
  size_t value_count() const { return 1; }
  size_t size_bytes() const { return means.centers.size() * sizeof(double); }
  void predict(const float* rows, size_t row_count, float* out, const TaskControl* control) const {
    ThreadPool::instance().parallel_for(
        row_count, kScoreRows,
        [&](size_t begin, size_t end) { means.predict(rows + begin * means.columns, end - begin, out + begin); },
        control);
  }
  void predict_few(const float* rows, size_t row_count, float* out) const { means.predict(rows, row_count, out); }

  KMeans means;
};

using Binding = ModelBinding<KMeansModel>;

// (data, rowCount, columnCount, rows | null, weights | null, options: {...}, control | null)
// → Promise of { model, inertia, epochs }.
Napi::Value fit(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  TrainingRows given = training_features(info);
  std::vector<double> weights = training_weights(info, 4);
  const auto option = options_reader(info, 5);
  KMeansOptions options;
  options.clusters = static_cast<uint32_t>(option("clusters", 1, static_cast<double>(std::min<size_t>(given.row_count, 65535))));
  options.starts = static_cast<uint32_t>(option("starts", 1, 1000));
  options.max_epochs = static_cast<uint32_t>(option("maxEpochs", 1, 1e9));
  options.tolerance = option("tolerance", 0, 1e300);
  options.seed = static_cast<uint64_t>(option("seed", 0, 9007199254740991.0));
  return run_async(
      env, info[6],
      [given = std::move(given), weights = std::move(weights), options](TaskControl& control) mutable {
        auto model = std::make_shared<KMeansModel>();
        model->means = fit_k_means(given.data, given.column_count, weights, options, control);
        return model;
      },
      [](Napi::Env env, std::shared_ptr<KMeansModel>& model) -> Napi::Value {
        Napi::Object result = Napi::Object::New(env);
        result["inertia"] = Napi::Number::New(env, model->means.inertia);
        result["epochs"] = Napi::Number::New(env, model->means.epochs);
        result["model"] = Binding::wrap(env, std::move(model));
        return result;
      });
}

// (featureCount, clusterCount, centers) → a model; everything is checked.
Napi::Value create(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  auto model = std::make_shared<KMeansModel>();
  model->means.columns = static_cast<uint32_t>(integer(info, 0, "featureCount", 1, 1u << 20));
  model->means.clusters = static_cast<uint32_t>(integer(info, 1, "clusterCount", 1, 65535));
  model->means.centers =
      finite_numbers(info, 2, "centers", product(env, "centers", model->means.columns, model->means.clusters));
  return Binding::wrap(env, std::move(model));
}

// (model) → a copy of the centres.
Napi::Value centers(const Napi::CallbackInfo& info) {
  const auto model = Binding::get(info);
  return copy_of<Napi::Float64Array>(info.Env(), model->means.centers.data(), model->means.centers.size());
}

}  // namespace

void register_k_means(Napi::Env env, Napi::Object exports) {
  exports["kMeansFit"] = Napi::Function::New<fit>(env, "kMeansFit");
  exports["kMeansCreate"] = Napi::Function::New<create>(env, "kMeansCreate");
  exports["kMeansCenters"] = Napi::Function::New<centers>(env, "kMeansCenters");
  Binding::add_exports(env, exports, "kMeans");
}

}  // namespace tenon
