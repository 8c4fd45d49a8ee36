#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "convolution.h"
#include "network_model.h"

namespace tenon {

// Convolutions and then a dense network, in single precision.
class ConvolutionalNetwork final : public NetworkModel {
 public:
  // `values` in canonical order. May throw std::bad_alloc.
  ConvolutionalNetwork(const NetworkShape& shape, const float* values);

  size_t size_bytes() const noexcept override;

  // The values it was made of.
  std::vector<float> values() const;

  const float* block_sums(const float* rows, size_t row_count) const override;

 private:
  struct Layer {
    Buffer<float> weights;
    Buffer<float> bias;
  };
  std::vector<Layer> layers_;
  DenseNetwork dense_;
};

// The network of a shape, with or without convolutions. May throw std::bad_alloc.
std::shared_ptr<const NetworkModel> make_network(const NetworkShape& shape, const float* values);

}  // namespace tenon
