#pragma once

#include <cstddef>
#include <cstdint>

namespace tenon {

// Running moments per column, each array as long as the columns rounded up to 16.
struct ColumnMoments {
  const float* shift;  // a value near the column's, so that sums of differences stay small
  double* sum;         // of x - shift, NaN left out
  double* square;      // of (x - shift)^2
  float* missing;      // how many NaN; exact up to 2^24
  float* low;
  float* high;
};

// y = (x - minus[c]) * times[c] + plus[c] for column c. Each array repeats the columns
// cyclically for `columns` + 16 entries.
struct AffineColumns {
  const float* minus;
  const float* times;
  const float* plus;
  size_t columns;
};

// w -= rate * (g + decay * w)
struct SgdStep {
  float rate;
  float decay;
};

// d = g + decay * w; velocity = momentum * velocity + (1 - dampening) * d;
// w -= rate * velocity, or with nesterov w -= rate * (d + momentum * velocity)
struct MomentumStep {
  float rate;
  float decay;
  float momentum;
  float dampening;
  bool nesterov;
};

// With decoupled decay (AdamW) w *= 1 - rate * decay first, otherwise g += decay * w; then
// m += (1 - beta1) * (g - m); v = beta2 * v + (1 - beta2) * g^2;
// w -= step_size * m / (sqrt(v) * inverse_root + epsilon)
// where step_size = rate / (1 - beta1^t) and inverse_root = 1 / sqrt(1 - beta2^t).
struct AdamStep {
  float rate;
  float decay;
  bool decoupled;
  float fresh1;  // 1 - beta1, subtracted in double: 1 - 0.999f is off by 6e-5 of itself
  float beta2;
  float fresh2;  // 1 - beta2
  float epsilon;
  float step_size;
  float inverse_root;
};

}  // namespace tenon
