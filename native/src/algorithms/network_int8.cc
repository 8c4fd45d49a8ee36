#include "network_int8.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "../kernels/table.h"

namespace tenon {
namespace {

size_t groups_of(size_t inputs) noexcept { return (inputs + 3) / 4; }

// Bytes between the rows of a layer's inputs: whole cache lines, an odd number of them for the
// reason of row_stride. Rows that cross lines halve the speed of AMX.
size_t byte_stride_of(size_t inputs) noexcept { return ((inputs + 63) / 64 | 1) * 64; }

// Where a weight lies in the panels that QuadBlock reads.
size_t place(size_t groups, size_t k, size_t j) noexcept {
  return ((j / kPanel * groups + k / 4) * kPanel + j % kPanel) * 4 + k % 4;
}

}  // namespace

size_t QuantizedNetwork::code_count(const NetworkShape& shape) noexcept {
  size_t count = 0;
  for (size_t l = 0; l < shape.layers(); ++l) count += shape.inputs(l) * shape.widths[l];
  return count;
}

size_t QuantizedNetwork::value_count(const NetworkShape& shape) noexcept {
  size_t count = 0;
  for (size_t l = 0; l < shape.layers(); ++l) count += (shape.normalizes(l) ? 4 : 2) * shape.widths[l] + 2;
  return count;
}

QuantizedNetwork::QuantizedNetwork(NetworkShape given, const int8_t* codes, const float* values)
    : NetworkModel(std::move(given)), values_(values, values + value_count(shape())) {
  for (size_t l = 0; l < shape().layers(); ++l) {
    const size_t inputs = shape().inputs(l);
    const size_t units = shape().widths[l];
    const size_t padded = panels_of(units) * kPanel;
    const size_t groups = groups_of(inputs);
    Layer layer;
    layer.weights = Buffer<int8_t>(groups * 4 * padded);
    std::fill_n(layer.weights.data(), layer.weights.size(), int8_t{0});
    layer.minus.assign(padded, 0);
    for (size_t k = 0; k < inputs; ++k) {
      for (size_t j = 0; j < units; ++j) {
        layer.weights[place(groups, k, j)] = codes[k * units + j];
        layer.minus[j] += codes[k * units + j];
      }
    }
    codes += inputs * units;
    const auto vector = [&](std::vector<float>& into) {
      into.assign(padded, 0.0f);
      std::copy_n(values, units, into.data());
      values += units;
    };
    vector(layer.scale);
    vector(layer.bias);
    if (shape().normalizes(l)) {
      vector(layer.gain);
      vector(layer.shift);
    }
    const float input_scale = *values++;
    layer.zero = *values++;
    layer.inverse_scale = 1.0f / input_scale;
    for (size_t j = 0; j < units; ++j) {
      layer.minus[j] *= static_cast<int32_t>(layer.zero);
      layer.scale[j] *= input_scale;
    }
    layers_.push_back(std::move(layer));
  }
}

size_t QuantizedNetwork::size_bytes() const noexcept {
  size_t bytes = 0;
  for (const Layer& layer : layers_) {
    bytes += layer.weights.size() + layer.minus.size() * sizeof(int32_t);
    bytes += (layer.scale.size() + layer.bias.size() + layer.gain.size() + layer.shift.size()) * sizeof(float);
  }
  return bytes;
}

std::vector<int8_t> QuantizedNetwork::codes() const {
  std::vector<int8_t> out;
  out.reserve(code_count(shape()));
  for (size_t l = 0; l < layers_.size(); ++l) {
    const size_t groups = groups_of(shape().inputs(l));
    for (size_t k = 0; k < shape().inputs(l); ++k) {
      for (size_t j = 0; j < shape().widths[l]; ++j) out.push_back(layers_[l].weights[place(groups, k, j)]);
    }
  }
  return out;
}

const float* QuantizedNetwork::pass(const float* rows, size_t row_count, bool only_finite) const {
  size_t widest = 0;
  size_t deepest = 0;
  for (size_t l = 0; l < layers_.size(); ++l) {
    widest = std::max(widest, row_stride(shape().widths[l]));
    deepest = std::max(deepest, byte_stride_of(shape().inputs(l)));
  }
  // Bytes in the second scratch, one layer's inputs and the next one's; floats in the first.
  const size_t room = block_rows() * deepest + 64;
  auto* bytes = reinterpret_cast<uint8_t*>(network_scratch(1, 2 * room / sizeof(float)));
  uint8_t* next_bytes = bytes + room;
  bool quantized = false;
  float* const sums = network_scratch(0, block_rows() * widest);
  const float* from = rows;
  size_t from_stride = shape().feature_count;
  for (size_t l = 0; l < layers_.size(); ++l) {
    const Layer& layer = layers_[l];
    const size_t inputs = shape().inputs(l);
    const size_t units = shape().widths[l];
    const size_t stride = row_stride(units);
    const size_t byte_stride = byte_stride_of(inputs);
    const bool hidden = l + 1 < layers_.size();
    const bool rectified = hidden && shape().activation == Activation::kRelu && !shape().layer_normalization;
    float doubt = 0;
    for (size_t r = 0; !quantized && r < row_count; ++r) {
      uint8_t* const q = bytes + r * byte_stride;
      doubt += kernels().u8_quantize(from + r * from_stride, inputs, layer.inverse_scale, layer.zero, q);
      // Whatever stands there meets weights of zero.
      for (size_t k = inputs; k < groups_of(inputs) * 4; ++k) q[k] = 0;
    }
    if (only_finite && l == 0 && doubt != 0) return nullptr;
    QuadBlock block{};
    block.a = bytes;
    block.a_row = byte_stride;
    block.b = layer.weights.data();
    block.b_panel = groups_of(inputs) * kPanel * 4;
    block.minus = layer.minus.data();
    block.scale = layer.scale.data();
    block.bias = layer.bias.data();
    block.c = sums;
    block.c_row = stride;
    block.rows = row_count;
    block.columns = (units + 15) / 16 * 16;
    block.groups = groups_of(inputs);
    block.floor = rectified ? 0.0f : -INFINITY;
    // Of a layer whose sums are all it does, straight to the next one's inputs.
    quantized = rectified || (hidden && shape().activation == Activation::kIdentity && !shape().normalizes(l));
    if (quantized) {
      block.q = next_bytes;
      block.q_row = byte_stride_of(units);
      block.inverse_scale = layers_[l + 1].inverse_scale;
      block.zero = layers_[l + 1].zero;
    }
    kernels().u8_dense_block(block);
    if (quantized) {
      std::swap(bytes, next_bytes);
      continue;
    }
    if (shape().normalizes(l)) normalize_rows(layer.gain.data(), layer.shift.data(), units, sums, row_count, stride);
    if (hidden && !rectified && shape().activation != Activation::kIdentity) {
      for (size_t r = 0; r < row_count; ++r) {
        kernels().f32_activate(shape().activation, sums + r * stride, sums + r * stride, units);
      }
    }
    from = sums;
    from_stride = stride;
  }
  return sums;
}

std::shared_ptr<const QuantizedNetwork> quantize_network(const DenseNetwork& network, const float* rows,
                                                         size_t row_count, const TaskControl& control) {
  const NetworkShape& shape = network.shape();
  const std::vector<ValueRange> ranges = network.input_ranges(rows, row_count, control);
  const std::vector<float> given = network.values();
  const float* from = given.data();
  std::vector<int8_t> codes(QuantizedNetwork::code_count(shape));
  int8_t* code = codes.data();
  std::vector<float> values;
  for (size_t l = 0; l < shape.layers(); ++l) {
    const size_t inputs = shape.inputs(l);
    const size_t units = shape.widths[l];
    std::vector<float> scale(units);
    for (size_t k = 0; k < inputs; ++k) {
      for (size_t j = 0; j < units; ++j) scale[j] = std::max(scale[j], std::abs(from[k * units + j]));
    }
    // Below this the reciprocal would not be finite.
    for (float& s : scale) s = s < 1e-30f ? 1.0f : s / 127.0f;
    for (size_t k = 0; k < inputs; ++k) {
      for (size_t j = 0; j < units; ++j) {
        *code++ = static_cast<int8_t>(std::clamp(std::nearbyint(from[k * units + j] / scale[j]), -127.0f, 127.0f));
      }
    }
    from += inputs * units;
    values.insert(values.end(), scale.begin(), scale.end());
    const size_t vectors = (shape.normalizes(l) ? 3 : 1) * units;
    values.insert(values.end(), from, from + vectors);
    from += vectors;
    // Zero is in every range, so that it has a code of its own.
    const float low = std::min(ranges[l].low, 0.0f);
    const float high = std::max(ranges[l].high, 0.0f);
    const float step = (high - low) / 255.0f;
    if (!std::isfinite(step)) return nullptr;
    const float input_scale = step < 1e-30f ? 1.0f : step;
    values.push_back(input_scale);
    values.push_back(std::clamp(std::nearbyint(-low / input_scale), 0.0f, 255.0f));
  }
  return std::make_shared<QuantizedNetwork>(shape, codes.data(), values.data());
}

}  // namespace tenon
