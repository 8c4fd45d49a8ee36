#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "network_model.h"

namespace tenon {

// A network in 8 bits. A layer's inputs are u8, x = (q - zero) * input_scale, the same for every
// row; its weights s8 with one scale per unit. Sums are exact, so every instruction set and any
// batch give the same bits. Values beyond the calibrated range are held to its ends.
class QuantizedNetwork final : public NetworkModel {
 public:
  // Per layer: `codes` the weights (inputs x units, row-major); `values` the units' scales, the
  // biases, of a normalized layer gains and shifts, then input_scale and zero. Layers have at
  // most kMaxQuadDepth inputs. May throw std::bad_alloc.
  QuantizedNetwork(NetworkShape shape, const int8_t* codes, const float* values);

  // The numbers in `codes` and in `values` for a shape.
  static size_t code_count(const NetworkShape& shape) noexcept;
  static size_t value_count(const NetworkShape& shape) noexcept;

  size_t size_bytes() const noexcept override;
  std::vector<int8_t> codes() const;
  const std::vector<float>& values() const noexcept { return values_; }

  // Two of the largest blocks of AMX.
  size_t block_rows() const noexcept override { return 64; }
  const float* block_sums(const float* rows, size_t row_count) const override { return pass(rows, row_count, false); }
  const float* finite_block_sums(const float* rows, size_t row_count) const override {
    return pass(rows, row_count, true);
  }

 private:
  struct Layer {
    Buffer<int8_t> weights;
    std::vector<int32_t> minus;  // zero times the sum of a unit's codes
    std::vector<float> scale, bias, gain, shift;
    float inverse_scale = 1;
    float zero = 0;
  };
  // Null if `only_finite` and a feature is not; features are looked at where they are quantized.
  const float* pass(const float* rows, size_t row_count, bool only_finite) const;

  std::vector<Layer> layers_;
  std::vector<float> values_;
};

// Quantizes a network: weights symmetrically by each unit's largest, the inputs of each layer by
// the range that `rows` (at least one) reach there. Null if a value leaves single precision.
// May throw std::bad_alloc.
std::shared_ptr<const QuantizedNetwork> quantize_network(const DenseNetwork& network, const float* rows,
                                                         size_t row_count, const TaskControl& control);

}  // namespace tenon
