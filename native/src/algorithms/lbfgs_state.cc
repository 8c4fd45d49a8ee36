#include "lbfgs_state.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace tenon {
namespace {

bool all_finite(const std::vector<double>& values) {
  return std::all_of(values.begin(), values.end(), [](double value) { return std::isfinite(value); });
}

}  // namespace

size_t state_bytes(const LbfgsState& state) {
  const size_t vectors = 2 + 2 * state.history.size();
  return (vectors * (state.parameters.size() + 1) + state.history.size() + 4) * sizeof(double);
}

void write_state(SnapshotWriter& writer, const LbfgsState& state) {
  writer.array(state.parameters);
  writer.array(state.gradient);
  writer.value(state.value);
  writer.value<uint64_t>(state.history.size());
  for (const LbfgsCorrection& correction : state.history) {
    writer.array(correction.step);
    writer.array(correction.change);
    writer.value(correction.scale);
  }
}

std::string read_state(SnapshotReader& reader, uint64_t iterations, LbfgsState& state) {
  LbfgsState read;
  const size_t count = state.parameters.size();
  uint64_t corrections = 0;
  read.iterations = static_cast<uint32_t>(iterations);
  reader.array(read.parameters, count);
  reader.array(read.gradient, count);
  reader.value(read.value);
  if (!reader.value(corrections) || corrections > kLbfgsHistory) return "it must have the lengths of the search";
  bool finite = all_finite(read.parameters) && all_finite(read.gradient) && std::isfinite(read.value);
  for (uint64_t i = 0; i < corrections; ++i) {
    LbfgsCorrection correction;
    reader.array(correction.step, count);
    reader.array(correction.change, count);
    if (!reader.value(correction.scale)) break;
    finite = finite && all_finite(correction.step) && all_finite(correction.change) && std::isfinite(correction.scale);
    read.history.push_back(std::move(correction));
  }
  if (!reader.done()) return "it must have the lengths of the search";
  if (!finite) return "its numbers must be finite";
  state = std::move(read);
  return "";
}

}  // namespace tenon
