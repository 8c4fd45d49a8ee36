#include "kernels_binding.h"

#include <algorithm>
#include <atomic>
#include <limits>
#include <string>
#include <vector>

#include "../kernels/table.h"
#include "../operations/columns.h"
#include "../operations/elementwise.h"
#include "../operations/gemm.h"
#include "../operations/gemm_int8.h"
#include "../operations/int8.h"
#include "../operations/prune.h"
#include "../operations/target.h"
#include "../runtime/thread_pool.h"
#include "arguments.h"
#include "handle.h"

namespace tenon {
namespace {

using Info = Napi::CallbackInfo;

constexpr size_t kMaxSize = size_t{1} << 53;

size_t size_at(const Info& info, size_t index, const char* name, size_t low = 0) {
  return integer(info, index, name, low, kMaxSize);
}

float real_at(const Info& info, size_t index, const char* name) {
  return static_cast<float>(number(info, index, name, -std::numeric_limits<float>::max(), std::numeric_limits<float>::max()));
}

Napi::Value undefined(const Info& info) { return info.Env().Undefined(); }

Napi::Value real(const Info& info, double value) { return Napi::Number::New(info.Env(), value); }

void refuse_overlap(const Info& info, const char* name, const void* a, size_t a_bytes, const void* b, size_t b_bytes) {
  const auto* x = static_cast<const char*>(a);
  const auto* y = static_cast<const char*>(b);
  if (a_bytes > 0 && b_bytes > 0 && x < y + b_bytes && y < x + a_bytes) {
    throw Napi::RangeError::New(info.Env(), std::string(name) + " overlaps an input in memory");
  }
}

// The same array or disjoint ones: anything between would be read after it was written.
void refuse_partial_overlap(const Info& info, const char* name, const void* a, const void* b, size_t bytes) {
  if (a != b) refuse_overlap(info, name, a, bytes, b, bytes);
}

Napi::Value dot_f32(const Info& info) {
  const auto a = span<const float>(info, 0, "a");
  const auto b = span<const float>(info, 1, "b", a.size);
  return real(info, kernels().f32_dot(a.data, b.data, a.size));
}

Napi::Value axpy_f32(const Info& info) {
  const float alpha = real_at(info, 0, "alpha");
  const auto x = span<const float>(info, 1, "x");
  const auto y = span<float>(info, 2, "y", x.size);
  refuse_partial_overlap(info, "y", y.data, x.data, x.size * sizeof(float));
  kernels().f32_axpy(alpha, x.data, y.data, x.size);
  return undefined(info);
}

Napi::Value gemv_f32(const Info& info) {
  const size_t rows = size_at(info, 3, "rows");
  const size_t columns = size_at(info, 4, "columns");
  const auto a = span<const float>(info, 0, "a", product(info.Env(), "rows x columns", rows, columns));
  const auto x = span<const float>(info, 1, "x", columns);
  const auto y = span<float>(info, 2, "y", rows);
  refuse_overlap(info, "y", y.data, rows * sizeof(float), a.data, a.size * sizeof(float));
  refuse_overlap(info, "y", y.data, rows * sizeof(float), x.data, columns * sizeof(float));
  const size_t grain = std::max<size_t>(1, 4 * kElementwiseChunk / std::max<size_t>(1, columns));
  ThreadPool::instance().parallel_for(rows, grain, [&](size_t begin, size_t end) {
    kernels().f32_gemv(a.data + begin * columns, columns, x.data, y.data + begin, end - begin, columns);
  });
  return undefined(info);
}

// (a, x, y, rows, columns)
Napi::Value gemv_transposed_f32(const Info& info) {
  const size_t rows = size_at(info, 3, "rows");
  const size_t columns = size_at(info, 4, "columns");
  const auto a = span<const float>(info, 0, "a", product(info.Env(), "rows x columns", rows, columns));
  const auto x = span<const float>(info, 1, "x", rows);
  const auto y = span<float>(info, 2, "y", columns);
  refuse_overlap(info, "y", y.data, columns * sizeof(float), a.data, a.size * sizeof(float));
  refuse_overlap(info, "y", y.data, columns * sizeof(float), x.data, rows * sizeof(float));
  std::fill_n(y.data, columns, 0.0f);
  kernels().f32_gemv_transposed(a.data, columns, x.data, y.data, rows, columns);
  return undefined(info);
}

// (a, b, c, m, n, k, transposeA, transposeB, accumulate)
Napi::Value gemm_f32(const Info& info) {
  const Napi::Env env = info.Env();
  GemmCall call{};
  call.m = size_at(info, 3, "m");
  call.n = size_at(info, 4, "n");
  call.k = size_at(info, 5, "k");
  call.transpose_a = boolean(info, 6, "transposeA");
  call.transpose_b = boolean(info, 7, "transposeB");
  call.accumulate = boolean(info, 8, "accumulate");
  const auto a = span<const float>(info, 0, "a", product(env, "m x k", call.m, call.k));
  const auto b = span<const float>(info, 1, "b", product(env, "k x n", call.k, call.n));
  const auto c = span<float>(info, 2, "c", product(env, "m x n", call.m, call.n));
  refuse_overlap(info, "c", c.data, c.size * sizeof(float), a.data, a.size * sizeof(float));
  refuse_overlap(info, "c", c.data, c.size * sizeof(float), b.data, b.size * sizeof(float));
  call.a = a.data;
  call.b = b.data;
  call.c = c.data;
  gemm(call);
  return undefined(info);
}

// (data, rows, columns, count, mean, variance, low, high)
Napi::Value column_statistics_f32(const Info& info) {
  const size_t rows = size_at(info, 1, "rows");
  const size_t columns = size_at(info, 2, "columns");
  const auto data = span<const float>(info, 0, "data", product(info.Env(), "rows x columns", rows, columns));
  const char* const names[] = {"count", "mean", "variance", "low", "high"};
  Span<double> out[5];
  for (size_t i = 0; i < 5; ++i) out[i] = span<double>(info, 3 + i, names[i], columns);
  const ColumnStatistics found = column_statistics(data.data, rows, columns);
  const std::vector<double>* const values[] = {&found.count, &found.mean, &found.variance, &found.low, &found.high};
  for (size_t i = 0; i < 5; ++i) std::copy(values[i]->begin(), values[i]->end(), out[i].data);
  return undefined(info);
}

// (x, y, rows, columns, minus, times, plus)
Napi::Value affine_f32(const Info& info) {
  const size_t rows = size_at(info, 2, "rows");
  const size_t columns = size_at(info, 3, "columns");
  const size_t n = product(info.Env(), "rows x columns", rows, columns);
  const auto x = span<const float>(info, 0, "x", n);
  const auto y = span<float>(info, 1, "y", n);
  const auto minus = span<const float>(info, 4, "minus", columns);
  const auto times = span<const float>(info, 5, "times", columns);
  const auto plus = span<const float>(info, 6, "plus", columns);
  refuse_partial_overlap(info, "y", y.data, x.data, n * sizeof(float));
  affine_columns(x.data, y.data, rows, columns, minus.data, times.data, plus.data);
  return undefined(info);
}

Napi::Value sigmoid_f32(const Info& info) {
  const auto z = span<const float>(info, 0, "z");
  const auto p = span<float>(info, 1, "p", z.size);
  refuse_partial_overlap(info, "p", p.data, z.data, z.size * sizeof(float));
  elementwise(z.size, [&](size_t begin, size_t end) { kernels().f32_sigmoid(z.data + begin, p.data + begin, end - begin); });
  return undefined(info);
}

Napi::Value sigmoid_loss_f32(const Info& info) {
  const auto z = span<const float>(info, 0, "z");
  const auto target = span<const float>(info, 1, "target", z.size);
  const auto gradient = span<float>(info, 2, "gradient", z.size);
  refuse_partial_overlap(info, "gradient", gradient.data, z.data, z.size * sizeof(float));
  refuse_overlap(info, "gradient", gradient.data, z.size * sizeof(float), target.data, z.size * sizeof(float));
  return real(info, elementwise_sum(z.size, kElementwiseChunk, [&](size_t begin, size_t end) {
                return kernels().f32_sigmoid_loss(z.data + begin, target.data + begin, gradient.data + begin, end - begin);
              }));
}

size_t rows_at_once(size_t classes) { return std::max<size_t>(1, kElementwiseChunk / std::max<size_t>(1, classes)); }

// (z, p, rows, classes)
Napi::Value softmax_f32(const Info& info) {
  const size_t rows = size_at(info, 2, "rows");
  const size_t classes = size_at(info, 3, "classes", 1);
  const size_t n = product(info.Env(), "rows x classes", rows, classes);
  const auto z = span<const float>(info, 0, "z", n);
  const auto p = span<float>(info, 1, "p", n);
  refuse_partial_overlap(info, "p", p.data, z.data, n * sizeof(float));
  ThreadPool::instance().parallel_for(rows, rows_at_once(classes), [&](size_t begin, size_t end) {
    kernels().f32_softmax(z.data + begin * classes, p.data + begin * classes, end - begin, classes);
  });
  return undefined(info);
}

// (z, label, gradient, classes)
Napi::Value softmax_loss_f32(const Info& info) {
  const size_t classes = size_at(info, 3, "classes", 1);
  const auto label = span<const uint32_t>(info, 1, "label");
  const size_t rows = label.size;
  const size_t n = product(info.Env(), "rows x classes", rows, classes);
  const auto z = span<const float>(info, 0, "z", n);
  const auto gradient = span<float>(info, 2, "gradient", n);
  refuse_partial_overlap(info, "gradient", gradient.data, z.data, n * sizeof(float));
  refuse_overlap(info, "gradient", gradient.data, n * sizeof(float), label.data, rows * sizeof(uint32_t));
  for (size_t r = 0; r < rows; ++r) {
    if (label.data[r] >= classes) {
      throw Napi::RangeError::New(info.Env(), "label[" + std::to_string(r) + "] " + std::to_string(label.data[r]) +
                                                  " must be below classes " + std::to_string(classes));
    }
  }
  return real(info, elementwise_sum(rows, rows_at_once(classes), [&](size_t begin, size_t end) {
                return kernels().f32_softmax_loss(z.data + begin * classes, label.data + begin,
                                                  gradient.data + begin * classes, end - begin, classes);
              }));
}

void refuse_shared_state(const Info& info, const Span<float>* states, const char* const* names, size_t count,
                         const Span<const float>& gradient) {
  const size_t bytes = gradient.size * sizeof(float);
  for (size_t i = 0; i < count; ++i) {
    refuse_overlap(info, names[i], states[i].data, bytes, gradient.data, bytes);
    for (size_t j = 0; j < i; ++j) refuse_overlap(info, names[i], states[i].data, bytes, states[j].data, bytes);
  }
}

// (weights, gradient, rate, decay)
Napi::Value sgd_step_f32(const Info& info) {
  const SgdStep step = {real_at(info, 2, "learningRate"), real_at(info, 3, "weightDecay")};
  const auto g = span<const float>(info, 1, "gradient");
  const auto w = span<float>(info, 0, "weights", g.size);
  const char* const names[] = {"weights"};
  refuse_shared_state(info, &w, names, 1, g);
  elementwise(g.size, [&](size_t begin, size_t end) { kernels().f32_sgd_step(w.data + begin, g.data + begin, end - begin, step); });
  return undefined(info);
}

// (weights, gradient, velocity, rate, decay, momentum, dampening, nesterov)
Napi::Value momentum_step_f32(const Info& info) {
  const MomentumStep step = {real_at(info, 3, "learningRate"), real_at(info, 4, "weightDecay"),
                             real_at(info, 5, "momentum"), real_at(info, 6, "dampening"), boolean(info, 7, "nesterov")};
  const auto g = span<const float>(info, 1, "gradient");
  const Span<float> state[] = {span<float>(info, 0, "weights", g.size), span<float>(info, 2, "velocity", g.size)};
  const char* const names[] = {"weights", "velocity"};
  refuse_shared_state(info, state, names, 2, g);
  elementwise(g.size, [&](size_t begin, size_t end) {
    kernels().f32_momentum_step(state[0].data + begin, g.data + begin, state[1].data + begin, end - begin, step);
  });
  return undefined(info);
}

// (weights, gradient, square, rate, decay, beta, epsilon)
Napi::Value square_step_f32(const Info& info) {
  const double beta = number(info, 5, "beta", 0, 1);
  const SquareStep step = {real_at(info, 3, "learningRate"), real_at(info, 4, "weightDecay"), static_cast<float>(beta),
                           beta == 1 ? 1.0f : static_cast<float>(1 - beta), real_at(info, 6, "epsilon")};
  const auto g = span<const float>(info, 1, "gradient");
  const Span<float> state[] = {span<float>(info, 0, "weights", g.size), span<float>(info, 2, "square", g.size)};
  const char* const names[] = {"weights", "square"};
  refuse_shared_state(info, state, names, 2, g);
  elementwise(g.size, [&](size_t begin, size_t end) {
    kernels().f32_square_step(state[0].data + begin, g.data + begin, state[1].data + begin, end - begin, step);
  });
  return undefined(info);
}

// (weights, gradient, mean, square, rate, decay, decoupled, beta1, beta2, epsilon, stepSize, inverseRoot)
Napi::Value adam_step_f32(const Info& info) {
  const double beta1 = number(info, 7, "beta1", 0, 1);
  const double beta2 = number(info, 8, "beta2", 0, 1);
  const AdamStep step = {real_at(info, 4, "learningRate"),
                         real_at(info, 5, "weightDecay"),
                         boolean(info, 6, "decoupled"),
                         static_cast<float>(1 - beta1),
                         static_cast<float>(beta2),
                         static_cast<float>(1 - beta2),
                         real_at(info, 9, "epsilon"),
                         real_at(info, 10, "stepSize"),
                         real_at(info, 11, "inverseRoot")};
  const auto g = span<const float>(info, 1, "gradient");
  const Span<float> state[] = {span<float>(info, 0, "weights", g.size), span<float>(info, 2, "mean", g.size),
                               span<float>(info, 3, "square", g.size)};
  const char* const names[] = {"weights", "mean", "square"};
  refuse_shared_state(info, state, names, 3, g);
  elementwise(g.size, [&](size_t begin, size_t end) {
    kernels().f32_adam_step(state[0].data + begin, g.data + begin, state[1].data + begin, state[2].data + begin,
                            end - begin, step);
  });
  return undefined(info);
}

// (x, q, scale, rows, columns); returns the first row that is not finite, or -1.
Napi::Value quantize_int8(const Info& info) {
  const size_t rows = size_at(info, 3, "rows");
  const size_t columns = size_at(info, 4, "columns");
  const size_t n = product(info.Env(), "rows x columns", rows, columns);
  const auto x = span<const float>(info, 0, "x", n);
  const auto q = span<int8_t>(info, 1, "q", n);
  const auto scale = span<float>(info, 2, "scale", rows);
  refuse_overlap(info, "q", q.data, n, x.data, n * sizeof(float));
  refuse_overlap(info, "scale", scale.data, rows * sizeof(float), x.data, n * sizeof(float));
  refuse_overlap(info, "scale", scale.data, rows * sizeof(float), q.data, n);
  const size_t spoiled = quantize_rows(x.data, rows, columns, q.data, scale.data);
  return real(info, spoiled == kNoRow ? -1.0 : static_cast<double>(spoiled));
}

// (x, y, zeros)
Napi::Value prune_f32(const Info& info) {
  const auto x = span<const float>(info, 0, "x");
  const auto y = span<float>(info, 1, "y", x.size);
  refuse_partial_overlap(info, "y", y.data, x.data, x.size * sizeof(float));
  prune_smallest(x.data, y.data, x.size, integer(info, 2, "zeros", 0, x.size));
  return undefined(info);
}

// (x): whether no value is NaN or infinite.
Napi::Value all_finite(const Info& info) {
  const auto x = span<const float>(info, 0, "x");
  constexpr size_t kChunk = size_t{1} << 18;
  std::atomic<bool> finite{true};
  ThreadPool::instance().parallel_for(x.size, kChunk, [&](size_t begin, size_t end) {
    const float largest = kernels().f32_magnitude(x.data + begin, end - begin);
    if (!(largest - largest == 0)) finite.store(false, std::memory_order_relaxed);
  });
  return Napi::Boolean::New(info.Env(), finite.load());
}

// (target, classCount): 0 if a number is no class below classCount, or for 0 not finite; 1 if all are the
// same, otherwise 2.
Napi::Value look_at_target(const Info& info) {
  const size_t class_count = integer(info, 1, "classCount", 0, 65535);
  const auto target = span<const double>(info, 0, "target");
  const TargetLook found = tenon::look_at_target(target.data, target.size, class_count);
  return real(info, !found.good ? 0 : found.varies ? 2 : 1);
}

// (x, order, place, rows, columns, minus, times, plus, y): row place[r] of y is row order[r] of x, its columns scaled
Napi::Value affine_rows(const Info& info) {
  const size_t rows = size_at(info, 3, "rows");
  const size_t columns = size_at(info, 4, "columns", 1);
  const auto x = span<const float>(info, 0, "x", product(info.Env(), "x", rows, columns));
  const auto order = span<const uint32_t>(info, 1, "order");
  const auto place = span<const uint32_t>(info, 2, "place", order.size);
  const size_t length = columns + 16;
  std::vector<float> factors(3 * length);
  for (size_t of = 0; of < 3; ++of) {
    const auto each = span<const float>(info, 5 + of, of == 0 ? "minus" : of == 1 ? "times" : "plus", columns);
    for (size_t i = 0; i < length; ++i) factors[of * length + i] = each.data[i % columns];
  }
  const auto y = span<float>(info, 8, "y", product(info.Env(), "y", order.size, columns));
  refuse_overlap(info, "y", y.data, y.size * sizeof(float), x.data, x.size * sizeof(float));
  for (const uint32_t row : order) {
    if (row >= rows) throw Napi::RangeError::New(info.Env(), "order must be below " + std::to_string(rows));
  }
  for (const uint32_t row : place) {
    if (row >= order.size) throw Napi::RangeError::New(info.Env(), "place must be below " + std::to_string(order.size));
  }
  const AffineColumns by = {factors.data(), factors.data() + length, factors.data() + 2 * length, columns};
  kernels().f32_affine_rows(x.data, order.data, place.data, order.size, by, y.data);
  return undefined(info);
}

// (scores, rows, columns, best) → the columns
Napi::Value row_best(const Info& info) {
  const size_t rows = size_at(info, 1, "rows");
  const size_t columns = size_at(info, 2, "columns");
  const auto scores = span<const float>(info, 0, "scores", product(info.Env(), "scores", rows, columns));
  const auto best = span<float>(info, 3, "best", rows);
  std::vector<uint32_t> found(rows);
  kernels().f32_row_best(scores.data, columns, rows, columns, found.data(), best.data);
  return copy_of<Napi::Uint32Array>(info.Env(), found.data(), rows);
}

// (x, plus, factor, minus, bound, from)
Napi::Value find_above(const Info& info) {
  const auto x = span<const float>(info, 0, "x");
  const auto plus = span<const float>(info, 1, "plus", x.size);
  const auto minus = span<const float>(info, 3, "minus", x.size);
  const float factor = real_at(info, 2, "factor");
  const float bound = real_at(info, 4, "bound");
  return real(info, static_cast<double>(kernels().f32_find_above(x.data, plus.data, factor, minus.data, bound,
                                                                 size_at(info, 5, "from"), x.size)));
}

// (x, rows, columns, label, weight | null, sums): sums lie `columns` rounded up to 16 apart.
Napi::Value add_rows(const Info& info) {
  const size_t rows = size_at(info, 1, "rows");
  const size_t columns = size_at(info, 2, "columns");
  const auto x = span<const float>(info, 0, "x", product(info.Env(), "x", rows, columns));
  const auto label = span<const uint32_t>(info, 3, "label", rows);
  const auto weight = optional_span<const double>(info, 4, "weight");
  const auto sums = span<double>(info, 5, "sums");
  const size_t labels = sums.size / std::max<size_t>(16, (columns + 15) / 16 * 16);
  for (const uint32_t each : label) {
    if (each >= labels) throw Napi::RangeError::New(info.Env(), "label " + std::to_string(each) + " must be below " + std::to_string(labels));
  }
  if (!info[4].IsNull() && weight.size != rows) throw Napi::RangeError::New(info.Env(), "weight must have one number per row");
  kernels().f64_add_rows(x.data, rows, columns, label.data, info[4].IsNull() ? nullptr : weight.data, sums.data);
  return info.Env().Undefined();
}

// (x, weights, sums): as many rows of weights as sums, and 15 numbers more.
Napi::Value row_products(const Info& info) {
  const auto x = span<const float>(info, 0, "x");
  const auto sums = span<double>(info, 2, "sums");
  const auto weights = span<const double>(info, 1, "weights", product(info.Env(), "weights", x.size, sums.size) + 15);
  kernels().f64_row_products(x.data, weights.data, x.size, sums.size, sums.data);
  return info.Env().Undefined();
}

// (a, b, rows, columns, sums): a panel each, and kGramStrip x columns sums.
Napi::Value gram_tile(const Info& info) {
  const size_t rows = size_at(info, 2, "rows");
  const size_t columns = size_at(info, 3, "columns");
  if (columns == 0 || columns % 8 != 0 || columns > kGramPanel) {
    throw Napi::RangeError::New(info.Env(), "columns " + std::to_string(columns) + " must be 8, 16 or 24");
  }
  const size_t panel = product(info.Env(), "a", rows, kGramPanel);
  const auto a = span<const double>(info, 0, "a", panel);
  const auto b = span<const double>(info, 1, "b", panel);
  const auto sums = span<double>(info, 4, "sums", kGramStrip * columns);
  kernels().f64_gram_tile({a.data, b.data, sums.data, columns, rows, columns});
  return info.Env().Undefined();
}

Napi::Value dot_int8(const Info& info) {
  const auto a = span<const int8_t>(info, 0, "a");
  const auto b = span<const int8_t>(info, 1, "b", a.size);
  return real(info, static_cast<double>(kernels().i8_dot(a.data, b.data, a.size)));
}

// (a, x, rowScale, xScale, y, rows, columns)
Napi::Value gemv_int8(const Info& info) {
  const size_t rows = size_at(info, 5, "rows");
  const size_t columns = size_at(info, 6, "columns");
  const float x_scale = real_at(info, 3, "xScale");
  const auto a = span<const int8_t>(info, 0, "a", product(info.Env(), "rows x columns", rows, columns));
  const auto x = span<const int8_t>(info, 1, "x", columns);
  const auto row_scale = span<const float>(info, 2, "rowScale", rows);
  const auto y = span<float>(info, 4, "y", rows);
  refuse_overlap(info, "y", y.data, rows * sizeof(float), a.data, a.size);
  refuse_overlap(info, "y", y.data, rows * sizeof(float), x.data, x.size);
  refuse_overlap(info, "y", y.data, rows * sizeof(float), row_scale.data, rows * sizeof(float));
  int8_gemv(a.data, x.data, row_scale.data, x_scale, y.data, rows, columns);
  return undefined(info);
}

// (a, b, c, m, n, k, transposeB)
Napi::Value gemm_int8(const Info& info) {
  const Napi::Env env = info.Env();
  GemmInt8Call call{};
  call.m = size_at(info, 3, "m");
  call.n = size_at(info, 4, "n");
  call.k = integer(info, 5, "k", 0, kMaxQuadDepth);
  call.transpose_b = boolean(info, 6, "transposeB");
  const auto a = span<const int8_t>(info, 0, "a", product(env, "m x k", call.m, call.k));
  const auto b = span<const int8_t>(info, 1, "b", product(env, "k x n", call.k, call.n));
  const auto c = span<int32_t>(info, 2, "c", product(env, "m x n", call.m, call.n));
  refuse_overlap(info, "c", c.data, c.size * sizeof(int32_t), a.data, a.size);
  refuse_overlap(info, "c", c.data, c.size * sizeof(int32_t), b.data, b.size);
  call.a = a.data;
  call.b = b.data;
  call.c = c.data;
  tenon::gemm_int8(call);
  return undefined(info);
}

}  // namespace

void register_kernels(Napi::Env env, Napi::Object exports) {
#define TENON_EXPORT(name, function) exports[name] = Napi::Function::New<function>(env, name)
  TENON_EXPORT("dotF32", dot_f32);
  TENON_EXPORT("axpyF32", axpy_f32);
  TENON_EXPORT("gemvF32", gemv_f32);
  TENON_EXPORT("gemvTransposedF32", gemv_transposed_f32);
  TENON_EXPORT("gemmF32", gemm_f32);
  TENON_EXPORT("columnStatistics", column_statistics_f32);
  TENON_EXPORT("affineColumns", affine_f32);
  TENON_EXPORT("sigmoid", sigmoid_f32);
  TENON_EXPORT("sigmoidLoss", sigmoid_loss_f32);
  TENON_EXPORT("softmax", softmax_f32);
  TENON_EXPORT("softmaxLoss", softmax_loss_f32);
  TENON_EXPORT("sgdStep", sgd_step_f32);
  TENON_EXPORT("momentumStep", momentum_step_f32);
  TENON_EXPORT("squareStep", square_step_f32);
  TENON_EXPORT("adamStep", adam_step_f32);
  TENON_EXPORT("quantizeInt8", quantize_int8);
  TENON_EXPORT("pruneF32", prune_f32);
  TENON_EXPORT("allFinite", all_finite);
  TENON_EXPORT("lookAtTarget", look_at_target);
  TENON_EXPORT("affineRows", affine_rows);
  TENON_EXPORT("rowBest", row_best);
  TENON_EXPORT("findAbove", find_above);
  TENON_EXPORT("addRows", add_rows);
  TENON_EXPORT("rowProducts", row_products);
  TENON_EXPORT("gramTile", gram_tile);
  TENON_EXPORT("dotInt8", dot_int8);
  TENON_EXPORT("gemvInt8", gemv_int8);
  TENON_EXPORT("gemmInt8", gemm_int8);
#undef TENON_EXPORT
}

}  // namespace tenon
