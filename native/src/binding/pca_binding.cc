#include "pca_binding.h"

#include <algorithm>
#include <memory>

#include "../algorithms/pca.h"
#include "arguments.h"
#include "async_task.h"
#include "handle.h"
#include "matrix_binding.h"

namespace tenon {
namespace {

// (matrix, components, seed, control | null) → Promise of { mean, components, variance,
// totalVariance }, or of the number of the first column that is not finite.
Napi::Value fit(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const std::shared_ptr<Matrix> matrix = NativeMatrix::share(env, info[0], "matrix");
  if (matrix->rows < 2) throw Napi::RangeError::New(env, "matrix must have at least two rows");
  const size_t components = integer(info, 1, "components", 1, std::min(matrix->rows, matrix->columns));
  const uint64_t seed = integer(info, 2, "seed", 0, 9007199254740991);
  return run_async(
      env, info[3],
      [matrix, components, seed](TaskControl& control) {
        return fit_pca(matrix->values.data(), matrix->rows, matrix->columns, components, seed, control);
      },
      [](Napi::Env env, const Pca& pca) -> Napi::Value {
        if (pca.bad_column) return Napi::Number::New(env, static_cast<double>(*pca.bad_column));
        Napi::Object result = Napi::Object::New(env);
        result["mean"] = copy_of<Napi::Float64Array>(env, pca.mean.data(), pca.mean.size());
        result["components"] = copy_of<Napi::Float64Array>(env, pca.components.data(), pca.components.size());
        result["variance"] = copy_of<Napi::Float64Array>(env, pca.variance.data(), pca.variance.size());
        result["totalVariance"] = Napi::Number::New(env, pca.total_variance);
        return result;
      });
}

}  // namespace

void register_pca(Napi::Env env, Napi::Object exports) { exports["pcaFit"] = Napi::Function::New<fit>(env, "pcaFit"); }

}  // namespace tenon
