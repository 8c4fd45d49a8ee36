#include "convolutional_network.h"

#include <algorithm>

namespace tenon {
namespace {

// A larger buffer is given back when a call ends.
constexpr size_t kKeptFloats = size_t{1} << 22;

// What one image needs on its way, and what the dense layers take of a block of them.
struct Scratch {
  Buffer<float> images[2], sums, which, flat;
};
thread_local Scratch scratch;

float* at_least(Buffer<float>& buffer, size_t floats) {
  if (buffer.size() < floats) buffer = Buffer<float>(floats);
  return buffer.data();
}

struct ScratchUse {
  ScratchUse() = default;
  ScratchUse(const ScratchUse&) = delete;
  ScratchUse& operator=(const ScratchUse&) = delete;
  ~ScratchUse() {
    for (Buffer<float>* buffer : {&scratch.images[0], &scratch.images[1], &scratch.sums, &scratch.which, &scratch.flat}) {
      if (buffer->size() > kKeptFloats) *buffer = Buffer<float>();
    }
  }
};

NetworkShape dense_part(const NetworkShape& shape) {
  NetworkShape dense = shape;
  dense.feature_count = static_cast<uint32_t>(shape.inputs(0));
  dense.convolutions.clear();
  return dense;
}

}  // namespace

ConvolutionalNetwork::ConvolutionalNetwork(const NetworkShape& given, const float* values)
    : NetworkModel(given), dense_(dense_part(given), values + given.convolution_parameter_count()) {
  for (const ConvolutionShape& convolution : shape().convolutions) {
    const size_t depth = convolution.depth();
    const size_t units = convolution.units;
    const size_t padded = panels_of(units) * kPanel;
    Layer layer{Buffer<float>(depth * padded), Buffer<float>(padded)};
    std::fill_n(layer.weights.data(), depth * padded, 0.0f);
    std::fill_n(layer.bias.data(), padded, 0.0f);
    for (size_t k = 0; k < depth; ++k) {
      for (size_t j = 0; j < units; ++j) layer.weights[(j / kPanel * depth + k) * kPanel + j % kPanel] = *values++;
    }
    std::copy_n(values, units, layer.bias.data());
    values += units;
    layers_.push_back(std::move(layer));
  }
}

size_t ConvolutionalNetwork::size_bytes() const noexcept {
  size_t bytes = dense_.size_bytes();
  for (const Layer& layer : layers_) bytes += (layer.weights.size() + layer.bias.size()) * sizeof(float);
  return bytes;
}

std::vector<float> ConvolutionalNetwork::values() const {
  std::vector<float> out;
  out.reserve(shape().parameter_count());
  for (size_t l = 0; l < layers_.size(); ++l) {
    const Layer& layer = layers_[l];
    const size_t depth = shape().convolutions[l].depth();
    const size_t units = shape().convolutions[l].units;
    for (size_t k = 0; k < depth; ++k) {
      for (size_t j = 0; j < units; ++j) out.push_back(layer.weights[(j / kPanel * depth + k) * kPanel + j % kPanel]);
    }
    out.insert(out.end(), layer.bias.data(), layer.bias.data() + units);
  }
  const std::vector<float> dense = dense_.values();
  out.insert(out.end(), dense.begin(), dense.end());
  return out;
}

const float* ConvolutionalNetwork::block_sums(const float* rows, size_t row_count) const {
  const std::vector<ConvolutionShape>& shapes = shape().convolutions;
  size_t image = 0, sums = 0, which = 0;
  for (const ConvolutionShape& convolution : shapes) {
    image = std::max(image, image_floats(convolution));
    sums = std::max(sums, sum_floats(convolution));
    which = std::max(which, which_floats(convolution));
  }
  const ScratchUse use;
  const size_t flat_count = shape().inputs(0);
  float* const flat = at_least(scratch.flat, row_count * flat_count);
  float* const sum_memory = at_least(scratch.sums, sums);
  float* const which_memory = at_least(scratch.which, which);
  float* const images[2] = {at_least(scratch.images[0], image), at_least(scratch.images[1], image)};
  for (size_t r = 0; r < row_count; ++r) {
    const ConvolutionShape& first = shapes[0];
    const float* const pixels = rows + r * shape().feature_count;
    const size_t across = size_t{first.width} * first.channels;
    std::fill_n(images[0], image_floats(first), 0.0f);
    for (size_t y = 0; y < first.height; ++y) {
      std::copy_n(pixels + y * across, across, images[0] + image_start(first) + y * image_line(first));
    }
    for (size_t l = 0; l < shapes.size(); ++l) {
      const ConvolutionShape& convolution = shapes[l];
      ConvolvedImage out{flat + r * flat_count, convolution.out_width() * convolution.units};
      if (l + 1 < shapes.size()) {
        const ConvolutionShape& next = shapes[l + 1];
        float* const to = images[(l + 1) % 2];
        std::fill_n(to, image_floats(next), 0.0f);
        out = {to + image_start(next), image_line(next)};
      }
      convolve(convolution, shape().activation, images[l % 2], layers_[l].weights.data(), layers_[l].bias.data(),
               sum_memory, nullptr, which_memory, out);
    }
  }
  return dense_.block_sums(flat, row_count);
}

std::shared_ptr<const NetworkModel> make_network(const NetworkShape& shape, const float* values) {
  if (shape.convolutions.empty()) return std::make_shared<DenseNetwork>(shape, values);
  return std::make_shared<ConvolutionalNetwork>(shape, values);
}

}  // namespace tenon
