#include "network_trainer.h"

#include <algorithm>
#include <cmath>

namespace tenon {

std::vector<float> NetworkTrainer::canonical(Buffer<float> Parameter::*which) const {
  std::vector<float> out;
  out.reserve(parameter_count_);
  if (convolutions_ != nullptr) convolutions_->append(which, out);
  for (const Layer& layer : layers_) {
    const Buffer<float>& weights = layer.weights.*which;
    for (size_t k = 0; k < layer.inputs; ++k) {
      for (size_t j = 0; j < layer.units; ++j) {
        out.push_back(weights[(j / kPanel * layer.inputs + k) * kPanel + j % kPanel]);
      }
    }
    for (const Parameter* parameter : {&layer.bias, &layer.gain, &layer.shift}) {
      const Buffer<float>& vector = parameter->*which;
      if (vector.size() > 0) out.insert(out.end(), vector.data(), vector.data() + layer.units);
    }
  }
  return out;
}

void NetworkTrainer::set_canonical(Buffer<float> Parameter::*which, const float* values) {
  if (convolutions_ != nullptr) values = convolutions_->set(which, values);
  for (Layer& layer : layers_) {
    Buffer<float>& weights = layer.weights.*which;
    for (size_t k = 0; k < layer.inputs; ++k) {
      for (size_t j = 0; j < layer.units; ++j) {
        weights[(j / kPanel * layer.inputs + k) * kPanel + j % kPanel] = *values++;
      }
    }
    for (Parameter* parameter : {&layer.bias, &layer.gain, &layer.shift}) {
      Buffer<float>& vector = parameter->*which;
      if (vector.size() == 0) continue;
      std::copy_n(values, layer.units, vector.data());
      values += layer.units;
    }
  }
}

void NetworkTrainer::set_parameters(const float* values) {
  set_canonical(&Parameter::value, values);
  for (Layer& layer : layers_) refresh(layer);
}

std::vector<float> NetworkTrainer::scoring_values() const {
  std::vector<float> values = parameters();
  if (options_.normalization != NetworkNormalization::kBatch) return values;
  std::vector<float> folded;
  const float* from = values.data();
  for (const Layer& layer : layers_) {
    const size_t count = layer.inputs * layer.units;
    const float* const bias = from + count;
    if (!layer.hidden) {
      folded.insert(folded.end(), from, bias + layer.units);
      break;
    }
    const float* const gain = bias + layer.units;
    const float* const shift = gain + layer.units;
    std::vector<double> factor(layer.units);
    for (size_t j = 0; j < layer.units; ++j) {
      const double seen = moment_share_ > 0 ? moment_share_ : 1;
      factor[j] = static_cast<double>(gain[j]) / std::sqrt(layer.batch_variance[j] / seen + kNormEpsilon);
    }
    for (size_t i = 0; i < count; ++i) {
      folded.push_back(static_cast<float>(static_cast<double>(from[i]) * factor[i % layer.units]));
    }
    for (size_t j = 0; j < layer.units; ++j) {
      const double seen = moment_share_ > 0 ? moment_share_ : 1;
      const double centred = static_cast<double>(bias[j]) - layer.batch_mean[j] / seen;
      folded.push_back(static_cast<float>(centred * factor[j] + static_cast<double>(shift[j])));
    }
    from = shift + layer.units;
  }
  return folded;
}

}  // namespace tenon
