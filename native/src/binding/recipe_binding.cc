#include "recipe_binding.h"

#include <algorithm>
#include <cmath>
#include <new>
#include <string>
#include <vector>

#include "../algorithms/distinct_rows.h"
#include "../algorithms/view_features.h"
#include "../algorithms/view_quantiles.h"
#include "../algorithms/view_statistics.h"
#include "arguments.h"
#include "column_views.h"

namespace tenon {
namespace {

using Info = Napi::CallbackInfo;

// Row numbers are 32 bits.
constexpr size_t kMostRows = 0xffffffff;

size_t rows_at(const Info& info, size_t index) { return integer(info, index, "rows", 0, kMostRows); }

// The columns of info[0] and info[1], and the array written at `index`, apart from them.
template <typename T>
struct Call {
  Call(const Info& info, size_t rows, size_t index, const char* name) : read(info, 0, rows) {
    out = span<T>(info, index, name);
    read.refuse_overlap(info.Env(), name, out.data, out.size * sizeof(T));
    for (const FeatureColumn& column : read.columns) views.push_back(column.view);
  }

  void expect(const Info& info, const char* name, size_t length) const {
    if (out.size == length) return;
    throw Napi::RangeError::New(info.Env(), std::string(name) + " has " + std::to_string(out.size) +
                                                " elements, must have " + std::to_string(length));
  }

  ColumnViews read;
  std::vector<ColumnView> views;
  Span<T> out;
};

void refuse_long_cells(const Info& info, const ColumnView& view) {
  if (view.elements != 1) throw Napi::RangeError::New(info.Env(), "layout must be of one number to a cell");
}

template <typename Compute>
auto with_memory(const Info& info, const Compute& compute) {
  try {
    return compute();
  } catch (const std::bad_alloc&) {
    throw Napi::RangeError::New(info.Env(), "no memory for the rows of a recipe");
  }
}

// (arrays, layout, rows, left) → how many
template <size_t (*kChoose)(const std::vector<ColumnView>&, size_t, uint32_t*)>
Napi::Value choose_rows(const Info& info) {
  const size_t rows = rows_at(info, 2);
  const Call<uint32_t> call(info, rows, 3, "left");
  call.expect(info, "left", rows);
  const size_t count = rows == 0 ? 0 : with_memory(info, [&] { return kChoose(call.views, rows, call.out.data); });
  return Napi::Number::New(info.Env(), static_cast<double>(count));
}

// (arrays, layout, rows, out): five numbers per column.
Napi::Value statistics(const Info& info) {
  const size_t rows = rows_at(info, 2);
  const Call<double> call(info, rows, 3, "out");
  call.expect(info, "out", 5 * call.views.size());
  const std::vector<NumberMoments> found = with_memory(info, [&] { return view_statistics(call.views, rows); });
  for (size_t c = 0; c < found.size(); ++c) {
    const auto& [count, mean, rest, square, low, high] = found[c];
    const double deviation = count == 0 ? 0 : std::sqrt(square / count);
    const double five[] = {count, mean + rest, deviation, low, high};
    std::copy_n(five, 5, call.out.data + 5 * c);
  }
  return info.Env().Undefined();
}

// (arrays, layout, rows, out, shares): per column how many numbers there are, and the two beside each quantile.
Napi::Value quantiles(const Info& info) {
  const Napi::Env env = info.Env();
  const size_t rows = rows_at(info, 2);
  const Call<double> call(info, rows, 3, "out");
  const auto given = span<const double>(info, 4, "shares");
  const std::vector<double> shares(given.begin(), given.end());
  for (const double share : shares) {
    // Written so that NaN fails.
    if (!(share >= 0 && share <= 1)) throw Napi::RangeError::New(env, "shares must be from 0 to 1");
  }
  for (const ColumnView& view : call.views) refuse_long_cells(info, view);
  const size_t each = 1 + 2 * shares.size();
  call.expect(info, "out", product(env, "columns x shares", call.views.size(), each));
  const std::vector<ColumnQuantiles> found = with_memory(info, [&] { return view_quantiles(call.views, rows, shares); });
  double* out = call.out.data;
  for (const ColumnQuantiles& column : found) {
    std::fill_n(out, each, 0.0);
    out[0] = static_cast<double>(column.count);
    for (size_t i = 0; i < column.neighbours.size(); ++i) {
      out[1 + 2 * i] = column.neighbours[i].low;
      out[2 + 2 * i] = column.neighbours[i].high;
    }
    out += each;
  }
  return env.Undefined();
}

// (arrays, layout, rows, out): those of missing cells have no meaning.
Napi::Value numbers(const Info& info) {
  const size_t rows = rows_at(info, 2);
  const Call<double> call(info, rows, 3, "out");
  call.expect(info, "out", rows);
  if (call.views.size() != 1) throw Napi::RangeError::New(info.Env(), "layout must be of one column");
  refuse_long_cells(info, call.views[0]);
  read_numbers(call.views[0], 0, rows, call.out.data);
  return info.Env().Undefined();
}

// (arrays, layout, rows, features, columns) → the column, row and element of the first that is not finite, or null.
Napi::Value features(const Info& info) {
  const Napi::Env env = info.Env();
  const size_t rows = rows_at(info, 2);
  const size_t columns = integer(info, 4, "columns", 1, size_t{1} << 53);
  const Call<float> call(info, rows, 3, "features");
  call.expect(info, "features", product(env, "rows x columns", rows, columns));
  const std::vector<FeatureColumn>& views = call.read.columns;
  for (const auto& [view, offset, width] : views) {
    if (offset + width > columns) throw Napi::RangeError::New(env, "layout must have its features within the columns");
    if (view.type == CellType::kI32 ? view.elements != 1 : view.elements != width) {
      throw Napi::RangeError::New(env, "layout must have a feature for each element");
    }
  }
  const std::optional<BadFeature> bad = write_features(views, rows, columns, call.out.data);
  if (!bad) return env.Null();
  Napi::Array place = Napi::Array::New(env, 3);
  const size_t three[] = {bad->column, bad->row, bad->element};
  for (uint32_t i = 0; i < 3; ++i) place[i] = static_cast<double>(three[i]);
  return place;
}

}  // namespace

void register_recipe(Napi::Env env, Napi::Object exports) {
  exports["rowsWithoutMissing"] = Napi::Function::New<choose_rows<rows_without_missing>>(env, "rowsWithoutMissing");
  exports["distinctRows"] = Napi::Function::New<choose_rows<distinct_rows>>(env, "distinctRows");
  exports["viewStatistics"] = Napi::Function::New<statistics>(env, "viewStatistics");
  exports["viewQuantiles"] = Napi::Function::New<quantiles>(env, "viewQuantiles");
  exports["viewNumbers"] = Napi::Function::New<numbers>(env, "viewNumbers");
  exports["viewFeatures"] = Napi::Function::New<features>(env, "viewFeatures");
}

}  // namespace tenon
