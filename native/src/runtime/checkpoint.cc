#include "checkpoint.h"

#include <algorithm>
#include <new>
#include <string_view>
#include <utility>

namespace tenon {
namespace {

constexpr char kMagic[8] = {'T', 'E', 'N', 'O', 'N', 'F', 'I', 'T'};

// Goes up when anything that is saved, or an algorithm's way to a model, changes.
constexpr uint32_t kFormat = 1;

// Of the time a snapshot took, until the next.
constexpr int kRest = 50;

// A header is longer than its estimator's name by less than this.
constexpr size_t kHeaderBytes = 256;

}  // namespace

Checkpoint::Checkpoint(CheckpointOptions options) : options_(std::move(options)) {
  Digest digest;
  digest.add(options_.parameters.data(), options_.parameters.size());
  parameters_ = digest.value();
  next_ = Clock::now() + options_.interval;
}

void Checkpoint::describe(size_t rows, size_t columns, std::function<void(Digest&)> add) {
  rows_ = rows;
  columns_ = columns;
  add_data_ = std::move(add);
}

const std::array<uint64_t, 2>& Checkpoint::data_digest() {
  if (add_data_) {
    Digest digest;
    add_data_(digest);
    data_ = digest.value();
    add_data_ = nullptr;
  }
  return data_;
}

std::string Checkpoint::read_header(SnapshotReader& reader, uint64_t& step) {
  char magic[8];
  uint32_t format = 0;
  if (!reader.ok()) return "its checksum is not that of its bytes";
  for (char& letter : magic) reader.value(letter);
  if (!reader.value(format) || !std::equal(magic, magic + 8, kMagic)) return "it is no snapshot of a fit";
  if (format != kFormat) {
    return "its format is " + std::to_string(format) + ", must be " + std::to_string(kFormat);
  }
  std::vector<char> estimator;
  uint64_t parameters[2], seed, rows, columns, data[2], steps;
  reader.array(estimator);
  for (uint64_t& word : parameters) reader.value(word);
  for (uint64_t* number : {&seed, &rows, &columns}) reader.value(*number);
  for (uint64_t& word : data) reader.value(word);
  reader.value(step);
  if (!reader.value(steps)) return "it is shorter than its header";
  const std::string_view name(estimator.data(), estimator.size());
  if (name != options_.estimator) return "it is of another estimator than " + options_.estimator;
  if (seed != options_.seed) {
    return "its seed is " + std::to_string(seed) + ", must be " + std::to_string(options_.seed);
  }
  if (!std::equal(parameters, parameters + 2, parameters_.data())) return "it is of other parameters";
  if (rows != rows_ || columns != columns_) {
    return "it is of " + std::to_string(rows) + " rows of " + std::to_string(columns) + " features, must be of " +
           std::to_string(rows_) + " of " + std::to_string(columns_);
  }
  if (!std::equal(data, data + 2, data_digest().data())) return "it is of other rows";
  return "";
}

void Checkpoint::resume(const std::function<std::string(SnapshotReader&, uint64_t)>& read) {
  const std::vector<uint8_t> bytes = std::exchange(options_.resume, {});
  if (bytes.empty()) return;
  SnapshotReader reader(bytes.data(), bytes.size());
  uint64_t step = 0;
  std::string refusal = read_header(reader, step);
  if (refusal.empty()) refusal = read(reader, step);
  if (answer) answer(refusal.empty() ? step : 0, std::move(refusal));
}

bool Checkpoint::due() {
  const std::lock_guard lock(mutex_);
  const auto now = Clock::now();
  if (on_its_way_ || now < next_) return false;
  on_its_way_ = true;
  begun_ = now;
  return true;
}

void Checkpoint::save(uint64_t step, uint64_t steps, size_t bytes, const std::function<void(SnapshotWriter&)>& write) {
  const size_t all = bytes + options_.estimator.size() + kHeaderBytes;
  if (all > options_.max_bytes || !deliver) {
    kept();
    return;
  }
  try {
    SnapshotWriter writer(all);
    for (const char letter : kMagic) writer.value(letter);
    writer.value(kFormat);
    writer.array(options_.estimator.data(), options_.estimator.size());
    for (const uint64_t word : parameters_) writer.value(word);
    for (const uint64_t number : {options_.seed, uint64_t{rows_}, uint64_t{columns_}}) writer.value(number);
    for (const uint64_t word : data_digest()) writer.value(word);
    writer.value(step);
    writer.value(steps);
    write(writer);
    deliver(writer.finish(), step, steps);
  } catch (const std::bad_alloc&) {
    // The fit needs the memory more.
    kept();
  }
}

void Checkpoint::kept() {
  const std::lock_guard lock(mutex_);
  if (!on_its_way_) return;
  on_its_way_ = false;
  const auto now = Clock::now();
  next_ = now;
  if (options_.interval.count() > 0) {
    next_ += std::max<Clock::duration>(options_.interval, kRest * (now - begun_));
  }
}

}  // namespace tenon
