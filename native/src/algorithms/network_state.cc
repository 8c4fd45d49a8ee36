#include "network_state.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace tenon {
namespace {

template <typename T>
bool all_finite(const std::vector<T>& values) {
  return std::all_of(values.begin(), values.end(), [](T value) { return std::isfinite(value); });
}

template <typename T>
bool none_negative(const std::vector<T>& values) {
  return std::all_of(values.begin(), values.end(), [](T value) { return value >= 0; });
}

}  // namespace

NetworkMemory NetworkTrainer::memory() const {
  NetworkMemory memory{canonical(&Parameter::value), canonical(&Parameter::first), canonical(&Parameter::second),
                       {}, {}, moment_share_, steps_};
  for (const Layer& layer : layers_) {
    memory.mean.insert(memory.mean.end(), layer.batch_mean.begin(), layer.batch_mean.end());
    memory.variance.insert(memory.variance.end(), layer.batch_variance.begin(), layer.batch_variance.end());
  }
  return memory;
}

void NetworkTrainer::set_memory(const NetworkMemory& memory) {
  set_canonical(&Parameter::first, memory.first.data());
  set_canonical(&Parameter::second, memory.second.data());
  set_parameters(memory.value.data());
  size_t at = 0;
  for (Layer& layer : layers_) {
    std::copy_n(memory.mean.data() + at, layer.batch_mean.size(), layer.batch_mean.data());
    std::copy_n(memory.variance.data() + at, layer.batch_variance.size(), layer.batch_variance.data());
    at += layer.batch_mean.size();
  }
  moment_share_ = memory.moment_share;
  steps_ = memory.steps;
}

size_t progress_bytes(const NetworkProgress& progress) {
  const NetworkMemory& memory = progress.memory;
  const size_t doubles = progress.training_loss.size() + progress.validation_loss.size() + memory.mean.size() +
                         memory.variance.size();
  const size_t floats = progress.kept.size() + memory.value.size() + memory.first.size() + memory.second.size();
  return 10 * sizeof(uint64_t) + doubles * sizeof(double) + floats * sizeof(float);
}

void write_progress(SnapshotWriter& writer, const NetworkProgress& progress) {
  const NetworkMemory& memory = progress.memory;
  for (const auto* values : {&progress.training_loss, &progress.validation_loss, &memory.mean, &memory.variance}) {
    writer.array(*values);
  }
  for (const auto* values : {&progress.kept, &memory.value, &memory.first, &memory.second}) writer.array(*values);
  writer.value(memory.moment_share);
  writer.value(memory.steps);
}

std::string read_progress(SnapshotReader& reader, uint64_t epochs, bool validates, size_t scoring_count,
                          NetworkProgress& progress) {
  NetworkProgress read;
  NetworkMemory& memory = read.memory;
  const NetworkMemory& begun = progress.memory;
  // The reader fails for good at the first that has another length.
  reader.array(read.training_loss, epochs);
  reader.array(read.validation_loss, validates ? epochs : 0);
  reader.array(memory.mean, begun.mean.size());
  reader.array(memory.variance, begun.variance.size());
  reader.array(read.kept, validates ? scoring_count : 0);
  for (auto* values : {&memory.value, &memory.first, &memory.second}) reader.array(*values, begun.value.size());
  reader.value(memory.moment_share);
  reader.value(memory.steps);
  if (!reader.done()) return "its arrays must have the lengths of the network";
  for (const auto* values : {&read.training_loss, &read.validation_loss, &memory.mean, &memory.variance}) {
    if (!all_finite(*values)) return "its losses and moments must be finite";
  }
  for (const auto* values : {&read.kept, &memory.value, &memory.first, &memory.second}) {
    if (!all_finite(*values)) return "its weights and what the solver remembers of them must be finite";
  }
  if (!none_negative(memory.variance) || !none_negative(memory.second)) return "its squares must be at least 0";
  if (!(memory.moment_share >= 0 && memory.moment_share <= 1)) return "its share of moments must be from 0 to 1";
  progress = std::move(read);
  return "";
}

}  // namespace tenon
