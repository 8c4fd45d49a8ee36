#include "naive_bayes_binding.h"

#include "../algorithms/naive_bayes.h"
#include "../runtime/thread_pool.h"
#include "linear_binding.h"
#include "model_binding.h"

namespace tenon {
namespace {

// Rows a thread scores at a time.
constexpr size_t kScoreRows = 1024;

struct GaussianModel {
  static constexpr napi_type_tag kTypeTag = {0x4c1d7be09a6f5283ull, 0xb02f64d8e7913ac5ull};
  static constexpr const char* kTypeName = "a naive Bayes model";

  size_t feature_count() const { return bayes.columns; }
  size_t value_count() const { return bayes.classes; }
  size_t size_bytes() const {
    return (3 * bayes.mean.size() + 2 * bayes.log_prior.size()) * sizeof(double);
  }
  void predict(const float* rows, size_t row_count, float* out, const TaskControl* control) const {
    ThreadPool::instance().parallel_for(
        row_count, kScoreRows,
        [&](size_t begin, size_t end) {
          bayes.predict(rows + begin * bayes.columns, end - begin, out + begin * bayes.classes);
        },
        control);
  }
  void predict_few(const float* rows, size_t row_count, float* out) const { bayes.predict(rows, row_count, out); }

  GaussianBayes bayes;
};

using Binding = ModelBinding<GaussianModel>;

// Finite rows, with what goes with them.
struct Given {
  TrainingRows rows;
  ColumnStatistics found;
  std::vector<double> weights;
  uint32_t class_count;

  // Looks at what has not been looked at; false if stopped. Throws std::range_error for a column that is not finite.
  bool check(const TaskControl& control) {
    if (rows.share) found = column_statistics(rows.rows().data(), rows.row_count, rows.column_count, &control);
    if (control.stopped()) return false;
    refuse_not_finite(found, rows.row_count);
    return true;
  }
};

// Arguments 0 to 6: data, rowCount, columnCount, rows | null, target, weights | null, classCount.
Given given_of(const Napi::CallbackInfo& info) {
  Given given;
  given.rows = training_rows(info, &given.found, Sharing::kWherePossible);
  given.weights = training_weights(info, 5);
  given.class_count = static_cast<uint32_t>(integer(info, 6, "classCount", 2, 65535));
  check_labels(info.Env(), given.rows.target, given.class_count);
  return given;
}

// (…, options: { smoothing }, control | null) → Promise of a model, null if sums left the finite numbers.
Napi::Value fit_gaussian(const Napi::CallbackInfo& info) {
  Given given = given_of(info);
  const double smoothing = options_reader(info, 7)("smoothing", 0, 1);
  return run_async(
      info.Env(), info[8],
      [given = std::move(given), smoothing](TaskControl& control) mutable {
        auto model = std::make_shared<GaussianModel>();
        if (!given.check(control)) return model;
        model->bayes = fit_gaussian_bayes(given.rows.rows(), given.rows.column_count, given.rows.target, given.weights,
                                          given.class_count, smoothing, control);
        return model;
      },
      [](Napi::Env env, std::shared_ptr<GaussianModel>& model) -> Napi::Value {
        return model->bayes.finite() ? Binding::wrap(env, std::move(model)) : env.Null();
      });
}

// (…, options: { alpha, fitPrior }, control | null) → Promise of linear_fit_result().
Napi::Value fit_multinomial(const Napi::CallbackInfo& info) {
  Given given = given_of(info);
  const auto option = options_reader(info, 7);
  const double alpha = option("alpha", 1e-10, 1e300);
  const bool fit_prior = option("fitPrior", 0, 1) != 0;
  return run_async(
      info.Env(), info[8],
      [given = std::move(given), alpha, fit_prior](TaskControl& control) mutable {
        if (!given.check(control)) return LinearFit{};
        for (size_t c = 0; c < given.rows.column_count; ++c) {
          if (given.found.low[c] < 0) {
            throw std::range_error("data column " + std::to_string(c) + " must not be negative");
          }
        }
        return fit_multinomial_bayes(given.rows.rows(), given.rows.column_count, given.rows.target, given.weights,
                                     given.class_count, alpha, fit_prior, control);
      },
      linear_fit_result);
}

// (featureCount, classCount, mean, variance, logPrior) → a model; everything is checked.
Napi::Value create_gaussian(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  auto model = std::make_shared<GaussianModel>();
  GaussianBayes& bayes = model->bayes;
  bayes.columns = static_cast<uint32_t>(integer(info, 0, "featureCount", 1, 1u << 20));
  bayes.classes = static_cast<uint32_t>(integer(info, 1, "classCount", 2, 65535));
  const size_t size = product(env, "mean", bayes.columns, bayes.classes);
  bayes.mean = finite_numbers(info, 2, "mean", size);
  bayes.variance = finite_numbers(info, 3, "variance", size);
  bayes.log_prior = finite_numbers(info, 4, "logPrior", bayes.classes);
  for (size_t i = 0; i < size; ++i) {
    if (!(bayes.variance[i] >= 1e-200)) {
      throw Napi::RangeError::New(env, "variance[" + std::to_string(i) + "] must be at least 1e-200");
    }
  }
  for (size_t k = 0; k < bayes.classes; ++k) {
    if (bayes.log_prior[k] > 0) throw Napi::RangeError::New(env, "logPrior[" + std::to_string(k) + "] must be <= 0");
  }
  bayes.finish();
  return Binding::wrap(env, std::move(model));
}

// (model) → copies of the arrays that gaussianBayesCreate takes.
Napi::Value arrays_gaussian(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const auto model = Binding::get(info);
  const GaussianBayes& bayes = model->bayes;
  Napi::Object result = Napi::Object::New(env);
  result["featureCount"] = Napi::Number::New(env, bayes.columns);
  result["classCount"] = Napi::Number::New(env, bayes.classes);
  result["mean"] = copy_of<Napi::Float64Array>(env, bayes.mean.data(), bayes.mean.size());
  result["variance"] = copy_of<Napi::Float64Array>(env, bayes.variance.data(), bayes.variance.size());
  result["logPrior"] = copy_of<Napi::Float64Array>(env, bayes.log_prior.data(), bayes.log_prior.size());
  return result;
}

}  // namespace

void register_naive_bayes(Napi::Env env, Napi::Object exports) {
  exports["gaussianBayesFit"] = Napi::Function::New<fit_gaussian>(env, "gaussianBayesFit");
  exports["gaussianBayesCreate"] = Napi::Function::New<create_gaussian>(env, "gaussianBayesCreate");
  exports["gaussianBayesArrays"] = Napi::Function::New<arrays_gaussian>(env, "gaussianBayesArrays");
  exports["multinomialBayesFit"] = Napi::Function::New<fit_multinomial>(env, "multinomialBayesFit");
  Binding::add_exports(env, exports, "gaussianBayes");
}

}  // namespace tenon
