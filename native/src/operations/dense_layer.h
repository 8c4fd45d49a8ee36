#pragma once

#include <cstddef>
#include <cstdint>

#include "buffer.h"

namespace tenon {

// A dense layer as one operation, its weights put once into the order in which kernels read them:
//
//   y(r, j) = max(floor, bias[j] + sum over k of x(r, k) weights(k, j))
//
// A row gives the same bits in any company and at any number of threads; and on every instruction
// set but AMX, which multiplies on tiles of bfloat16 (TileProduct in kernels/parameters.h) what is
// finite, and so rounds in another way.
class DenseLayer {
 public:
  // `weights` inputs x units and `bias` of `units`, both at least 1. Floor: minus infinity for none, 0 for a rectifier.
  // May throw std::bad_alloc.
  DenseLayer(const float* weights, const float* bias, size_t inputs, size_t units, float floor);

  size_t inputs() const noexcept { return inputs_; }
  size_t units() const noexcept { return units_; }
  size_t size_bytes() const noexcept;

  // `rows` x inputs to `rows` x units, which overlap nothing; on the pool when the work is worth it.
  // May throw std::bad_alloc.
  void apply(const float* x, size_t rows, float* y) const;

 private:
  // Some rows and columns from a whole panel on, by chains or by tiles.
  struct Part {
    size_t row;
    size_t rows;
    size_t column;
    size_t columns;
  };
  void chain(const float* x, const Part& part, float* y) const;
  void tiles(const float* x, const Part& part, float* y) const;

  size_t inputs_;
  size_t units_;
  float floor_;
  Buffer<float> panels_;
  Buffer<float> bias_;       // filled up to whole panels with zeros
  Buffer<uint16_t> splits_;  // empty where nothing is multiplied on tiles
};

}  // namespace tenon
