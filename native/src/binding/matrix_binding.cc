#include "matrix_binding.h"

#include <cstring>
#include <stdexcept>
#include <vector>

#include "../operations/columns.h"
#include "../operations/copy.h"
#include "../operations/gemm.h"
#include "addon_data.h"
#include "arguments.h"
#include "async_task.h"
#include "type_tag.h"

namespace tenon {
namespace {

constexpr size_t kMaxSize = size_t{1} << 53;

// The memory is refused before it is asked for: an overcommitting system would say yes and kill
// the process later.
void check_budget(Napi::Env env, const char* name, size_t elements) {
  if (elements > buffer_limit() / sizeof(float)) {
    throw Napi::RangeError::New(env, std::string(name) + " of " + std::to_string(elements) +
                                         " elements is larger than half of this machine's memory, " +
                                         std::to_string(buffer_limit() / sizeof(float)) + " elements");
  }
}

Napi::Float64Array doubles(Napi::Env env, const std::vector<double>& values) {
  auto array = Napi::Float64Array::New(env, values.size());
  std::copy(values.begin(), values.end(), array.Data());
  return array;
}

std::vector<float> copy_floats(const Napi::CallbackInfo& info, size_t index, const char* name, size_t length) {
  const auto from = span<const float>(info, index, name, length);
  return {from.begin(), from.end()};
}

// (matrix, control)
Napi::Value column_statistics_async(const Napi::CallbackInfo& info) {
  const auto matrix = NativeMatrix::share(info.Env(), info[0], "matrix");
  return run_async(
      info.Env(), info[1],
      [matrix](TaskControl& control) {
        return column_statistics(matrix->values.data(), matrix->rows, matrix->columns, &control);
      },
      [](Napi::Env env, ColumnStatistics& found) {
        Napi::Object result = Napi::Object::New(env);
        result["count"] = doubles(env, found.count);
        result["mean"] = doubles(env, found.mean);
        result["variance"] = doubles(env, found.variance);
        result["low"] = doubles(env, found.low);
        result["high"] = doubles(env, found.high);
        return result;
      });
}

// (matrix, minus, times, plus, control)
Napi::Value affine_columns_async(const Napi::CallbackInfo& info) {
  const auto matrix = NativeMatrix::share(info.Env(), info[0], "matrix");
  return run_async(
      info.Env(), info[4],
      [matrix, minus = copy_floats(info, 1, "minus", matrix->columns),
       times = copy_floats(info, 2, "times", matrix->columns),
       plus = copy_floats(info, 3, "plus", matrix->columns)](TaskControl& control) {
        auto result = std::make_shared<Matrix>(matrix->rows, matrix->columns);
        affine_columns(matrix->values.data(), result->values.data(), matrix->rows, matrix->columns, minus.data(),
                       times.data(), plus.data(), &control);
        return result;
      },
      [](Napi::Env env, std::shared_ptr<Matrix>& result) { return NativeMatrix::wrap(env, std::move(result)); });
}

// (a, b, transposeA, transposeB, control)
Napi::Value gemm_f32_async(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const auto a = NativeMatrix::share(env, info[0], "a");
  const auto b = NativeMatrix::share(env, info[1], "b");
  const bool transpose_a = boolean(info, 2, "transposeA");
  const bool transpose_b = boolean(info, 3, "transposeB");
  const size_t m = transpose_a ? a->columns : a->rows;
  const size_t k = transpose_a ? a->rows : a->columns;
  const size_t n = transpose_b ? b->rows : b->columns;
  const size_t b_depth = transpose_b ? b->columns : b->rows;
  if (k != b_depth) {
    throw Napi::RangeError::New(env, "a has depth " + std::to_string(k) + " and b " + std::to_string(b_depth) +
                                         ": they must be equal");
  }
  check_budget(env, "the product", product(env, "the product", m, n));
  return run_async(
      env, info[4],
      [=](TaskControl& control) {
        auto c = std::make_shared<Matrix>(m, n);
        GemmCall call{a->values.data(), b->values.data(), c->values.data(), m, n, k, transpose_a, transpose_b};
        call.chain = true;  // a row of a batch is what it is alone
        gemm(call, &control);
        return c;
      },
      [](Napi::Env result_env, std::shared_ptr<Matrix>& c) { return NativeMatrix::wrap(result_env, std::move(c)); });
}

}  // namespace

// (data, rows, columns) copies a Float32Array; (matrix handed over by wrap) takes it.
NativeMatrix::NativeMatrix(const Napi::CallbackInfo& info) : Napi::ObjectWrap<NativeMatrix>(info) {
  const Napi::Env env = info.Env();
  tag_wrapped<NativeMatrix>(info);
  if (info.Length() == 1 && info[0].IsExternal()) {
    matrix_ = *info[0].As<Napi::External<std::shared_ptr<Matrix>>>().Data();
  } else {
    const size_t rows = integer(info, 1, "rowCount", 0, kMaxSize);
    const size_t columns = integer(info, 2, "columnCount", 1, kMaxSize);
    const size_t elements = product(env, "rowCount x columnCount", rows, columns);
    check_budget(env, "data", elements);
    const auto data = span<const float>(info, 0, "data", elements);
    try {
      matrix_ = std::make_shared<Matrix>(rows, columns);
    } catch (const std::bad_alloc&) {
      throw Napi::RangeError::New(env, "no memory for data of " + std::to_string(elements) + " elements");
    }
    copy_to_fresh(data.data, elements, matrix_->values.data());
  }
  // So that garbage collection knows what holding this object costs.
  Napi::MemoryManagement::AdjustExternalMemory(env, static_cast<int64_t>(matrix_->values.size() * sizeof(float)));
}

std::shared_ptr<Matrix> NativeMatrix::share(Napi::Env env, Napi::Value value, const char* name) {
  NativeMatrix* self = unwrap_tagged<NativeMatrix>(env, value, name, "NativeMatrix");
  if (!self->matrix_) throw Napi::TypeError::New(env, std::string(name) + " has been disposed of");
  return self->matrix_;
}

Napi::Value NativeMatrix::wrap(Napi::Env env, std::shared_ptr<Matrix> matrix) {
  return AddonData::of(env).constructors["NativeMatrix"].New(
      {Napi::External<std::shared_ptr<Matrix>>::New(env, &matrix)});
}

Napi::Value NativeMatrix::row_count(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), matrix_ ? static_cast<double>(matrix_->rows) : 0.0);
}

Napi::Value NativeMatrix::column_count(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), matrix_ ? static_cast<double>(matrix_->columns) : 0.0);
}

Napi::Value NativeMatrix::copy_to(const Napi::CallbackInfo& info) {
  if (!matrix_) throw Napi::TypeError::New(info.Env(), "the matrix has been disposed of");
  const auto target = span<float>(info, 0, "target", matrix_->values.size());
  if (target.size > 0) std::memcpy(target.data, matrix_->values.data(), target.size * sizeof(float));
  return info.Env().Undefined();
}

Napi::Value NativeMatrix::dispose(const Napi::CallbackInfo& info) {
  Finalize(info.Env());
  return info.Env().Undefined();
}

void NativeMatrix::Finalize(Napi::Env env) {
  if (!matrix_) return;
  Napi::MemoryManagement::AdjustExternalMemory(env, -static_cast<int64_t>(matrix_->values.size() * sizeof(float)));
  matrix_.reset();
}

void register_matrix(Napi::Env env, Napi::Object exports) {
  const Napi::Function matrix = NativeMatrix::DefineClass(
      env, "NativeMatrix",
      {NativeMatrix::InstanceMethod("rowCount", &NativeMatrix::row_count),
       NativeMatrix::InstanceMethod("columnCount", &NativeMatrix::column_count),
       NativeMatrix::InstanceMethod("copyTo", &NativeMatrix::copy_to),
       NativeMatrix::InstanceMethod("dispose", &NativeMatrix::dispose)});
  AddonData::keep_class(env, "NativeMatrix", matrix);
  exports["NativeMatrix"] = matrix;
  exports["columnStatisticsAsync"] = Napi::Function::New<column_statistics_async>(env, "columnStatisticsAsync");
  exports["affineColumnsAsync"] = Napi::Function::New<affine_columns_async>(env, "affineColumnsAsync");
  exports["gemmF32Async"] = Napi::Function::New<gemm_f32_async>(env, "gemmF32Async");
}

}  // namespace tenon
