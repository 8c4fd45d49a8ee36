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

// What a dense layer does to each sum. GELU in its tanh form, x sigmoid(2 sqrt(2/pi) (x + 0.044715 x^3)).
enum class Activation : uint8_t { kIdentity, kRelu, kTanh, kLogistic, kGelu };

// Columns of a dense layer that lie together in memory: one panel holds them for every row of
// the depth. The same on every instruction set, so that a sum over a layer is too.
inline constexpr size_t kPanel = 32;

// C = A B for a block of any height and depth, on matrices that stay where they are:
//
//   a(r, k) = a[r * a_row + k * a_depth]
//   b(k, j) = b[j / kPanel * b_panel + k * b_depth + j mod kPanel]
//   c(r, j) = c[r * c_row + j]
//
// Each element is one chain of multiply-adds in order of depth that begins at start[r * start_row + j],
// or at zero without `start`, and ends as the larger of itself and `floor`; so its bits do not
// depend on how a product is cut into blocks. With `apart` the chain begins at zero and is added to
// `start` in the end: deep sums are then rounded less, and by where the depth is cut.
struct DenseBlock {
  const float* a;
  size_t a_row;
  size_t a_depth;
  const float* b;
  size_t b_depth;
  size_t b_panel;
  const float* start;  // may be c
  size_t start_row;
  float* c;
  size_t c_row;
  size_t rows;
  size_t columns;  // a multiple of 16
  size_t depth;
  float floor;  // minus infinity for none, 0 for a rectifier
  bool apart;
};

// C = start + A B for lines of rows, the depth in runs of equal length, on matrices that stay where
// they are; what a convolution over an image is, and its slopes:
//
//   a(i, r, s, k) = a[i * a_line + r * a_row + s * a_run + k * a_depth]
//   b(s, k, j)    = b[j / kPanel * b_panel + s * b_run + k * b_depth + j mod kPanel]
//   c(i, r, j)    = c[i * c_line + r * c_row + j], and `start` likewise
//
// Each element is one chain of multiply-adds in order of runs and depth, as in a dense block.
struct RunBlock {
  const float* a;
  size_t a_line;
  size_t a_row;
  size_t a_run;
  size_t a_depth;
  const float* b;
  size_t b_run;
  size_t b_depth;
  size_t b_panel;
  const float* start;  // may be c
  size_t start_line;
  size_t start_row;
  float* c;
  size_t c_line;
  size_t c_row;
  size_t lines;
  size_t rows;     // of each line
  size_t columns;  // a multiple of 16
  size_t runs;
  size_t depth;    // of each run
  float floor;
};

// Windows of size x size positions that do not overlap, and one position for each. Channels are
// adjacent; of the full image and of `which` up to a multiple of 16.
struct PoolBlock {
  float* full;
  size_t full_line;
  size_t full_position;
  float* pooled;
  size_t pooled_line;
  size_t pooled_position;
  float* which;   // the position in its window that was the largest, the first of equals
  size_t which_position;
  size_t height;  // of the pooled image
  size_t width;
  size_t channels;
  size_t size;
};

// A dense block in 8 bits: sums of u8 times s8, exact in 32 bits up to a depth of kMaxQuadDepth, then
//
//   c(r, j) = max(floor, (sum - minus[j]) * scale[j] + bias[j])
//
// Both sides go in groups of four along the depth, the last filled up with zeros:
//
//   a(r, k) = a[r * a_row + k]
//   b(k, j) = b[j / kPanel * b_panel + (k / 4 * kPanel + j mod kPanel) * 4 + k mod 4]
struct QuadBlock {
  const uint8_t* a;
  size_t a_row;
  const int8_t* b;
  size_t b_panel;
  const int32_t* minus;
  const float* scale;
  const float* bias;
  float* c;
  size_t c_row;
  size_t rows;
  size_t columns;  // a multiple of 16
  size_t groups;   // of four
  float floor;
  // Unless null, where each c(r, j) goes as a code, the nearest to c * inverse_scale + zero of 0 to
  // 255, at q[r * q_row + j]; what c holds is then anything.
  uint8_t* q;
  size_t q_row;
  float inverse_scale;
  float zero;
};

// C = start + A B in whole numbers, A and B as in a QuadBlock:
//
//   c(r, j) = start[r * start_row + j] + sum over k of a(r, k) b(k, j)
//
// B is padded to whole panels; of C and `start` only `columns` exist. The depth is a whole number
// of kQuadStep, A and B being filled up with zeros.
struct QuadProduct {
  const uint8_t* a;
  size_t a_row;
  const int8_t* b;
  size_t b_panel;
  const int32_t* start;  // may be c
  size_t start_row;      // 0: every row begins with the same numbers
  int32_t* c;
  size_t c_row;
  size_t rows;
  size_t columns;
  size_t groups;  // of four
};
inline constexpr size_t kQuadStep = 64;

// 255 * 128 * 65,536 is just below 2^31.
inline constexpr size_t kMaxQuadDepth = 65536;

// A product in single precision on tiles of bfloat16, of which each number is the sum of three: the
// first 8 bits of its significand, the next 8 and the last. Six of the nine products of such parts
// are as near to the exact one as single precision is (Henry, Tang and Heinecke, "Leveraging the
// bfloat16 artificial intelligence datatype for higher-precision computations", 2019):
//
//   c(r, j) = max(floor, start(r, j) + sum over k of a(r, k) b(k, j))
//
// Panels hold kTileStep of the depth after the other, kTileFloats entries each: of A's 32 rows or
// B's 32 columns part by part, and of a part one half after the other. Rows, columns and depth are
// filled up with zeros. An element depends on its row, its column and the depth alone.
//
// Parts below 2^-126 count as zero. A product with an infinity is NaN.
struct TileProduct {
  const uint16_t* a;
  size_t a_panel;
  const uint16_t* b;
  size_t b_panel;
  size_t steps;
  const float* start;  // may be c; null for zeros
  size_t start_row;    // 0: every row begins with the same numbers
  float* c;
  size_t c_row;
  size_t rows;
  size_t columns;
  float floor;
};
inline constexpr size_t kTileStep = 32;
inline constexpr size_t kTileParts = 3;
inline constexpr size_t kTileFloats = kTileParts * kPanel * kTileStep;

// Entries of a panel as deep as that.
constexpr size_t tile_panel(size_t depth) { return (depth + kTileStep - 1) / kTileStep * kTileFloats; }

// Rows of doubles in panels of kGramPanel adjacent columns, of which a strip is kGramStrip. What a tile adds:
//
//   sums[i * stride + j] += a[r * kGramPanel + i] b[r * kGramPanel + j]
//
// for i < kGramStrip and j < columns. Each sum is one chain of multiply-adds in order of rows.
inline constexpr size_t kGramStrip = 8;
inline constexpr size_t kGramPanel = 24;
struct GramTile {
  const double* a;
  const double* b;
  double* sums;
  size_t stride;
  size_t rows;
  size_t columns;  // 8, 16 or 24
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

// d = g + decay * w; square += d^2 (AdaGrad), or with beta below 1
// square = beta * square + (1 - beta) * d^2 (RMSProp); w -= rate * d / (sqrt(square) + epsilon)
struct SquareStep {
  float rate;
  float decay;
  float beta;   // 1 for AdaGrad
  float fresh;  // 1 for AdaGrad, otherwise 1 - beta
  float epsilon;
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
