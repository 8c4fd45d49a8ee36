#include "number_columns_binding.h"

#include <cstring>
#include <new>
#include <string>
#include <vector>

#include "../algorithms/number_profile.h"
#include "../operations/buffer.h"
#include "../runtime/thread_pool.h"
#include "addon_data.h"
#include "arguments.h"
#include "async_task.h"
#include "handle.h"
#include "type_tag.h"

namespace tenon {

struct NumberColumnsData {
  struct Column {
    NumberKind kind = NumberKind::kDouble;
    Buffer<uint64_t> numbers;  // present ones only, by their bits
    size_t present = 0;
    size_t rows = 0;
  };
  size_t capacity = 0;
  std::vector<Column> columns;

  int64_t bytes() const { return static_cast<int64_t>(columns.size() * capacity * sizeof(uint64_t)); }
};

namespace {

constexpr size_t kMostColumns = 10000;
constexpr size_t kMostRows = size_t{1} << 53;
constexpr size_t kMostLevels = 1000;

// Appends what is present; `validity` is null if all are.
void append_present(NumberColumnsData::Column& column, const uint64_t* numbers, size_t count, const uint8_t* validity) {
  uint64_t* to = column.numbers.data() + column.present;
  if (validity == nullptr) {
    if (count > 0) std::memcpy(to, numbers, count * sizeof *numbers);
    column.present += count;
  } else {
    // Written whether present or not; there is room, as no more rows are taken than the capacity.
    size_t kept = 0;
    for (size_t row = 0; row < count; ++row) {
      to[kept] = numbers[row];
      kept += (validity[row / 8] >> (row % 8)) & 1;
    }
    column.present += kept;
  }
  column.rows += count;
}

std::vector<NumberProfile> profile_all(NumberColumnsData& data, const std::vector<double>& levels,
                                       TaskControl& control) {
  std::vector<NumberProfile> profiles(data.columns.size());
  const auto profile = [&](size_t at) {
    NumberColumnsData::Column& column = data.columns[at];
    Buffer<uint64_t> spare(column.present);
    profiles[at] = profile_numbers({column.numbers.data(), column.present}, {spare.data(), column.present},
                                   column.kind, levels, control);
    column.numbers = {};
  };
  ThreadPool::instance().parallel_for(
      data.columns.size(), 1,
      [&](size_t begin, size_t end) {
        for (size_t at = begin; at < end; ++at) profile(at);
      },
      &control);
  return profiles;
}

// { finite, nullCount, distinct, mean, stdDev, min, max, quantiles }: arrays as long as the columns.
Napi::Value to_result(Napi::Env env, const NumberColumnsData& data, const std::vector<NumberProfile>& profiles) {
  const auto array = [&](auto value) {
    auto result = Napi::Float64Array::New(env, profiles.size());
    for (size_t at = 0; at < profiles.size(); ++at) result[at] = static_cast<double>(value(at));
    return result;
  };
  Napi::Object result = Napi::Object::New(env);
  result["finite"] = array([&](size_t at) { return profiles[at].finite ? 1 : 0; });
  result["nullCount"] = array([&](size_t at) { return data.columns[at].rows - data.columns[at].present; });
  result["distinct"] = array([&](size_t at) { return profiles[at].distinct; });
  result["mean"] = array([&](size_t at) { return profiles[at].mean; });
  result["stdDev"] = array([&](size_t at) { return profiles[at].std_dev; });
  result["min"] = array([&](size_t at) { return profiles[at].min; });
  result["max"] = array([&](size_t at) { return profiles[at].max; });
  Napi::Array quantiles = Napi::Array::New(env, profiles.size());
  for (size_t at = 0; at < profiles.size(); ++at) {
    const std::vector<double>& found = profiles[at].quantiles;
    quantiles[static_cast<uint32_t>(at)] = copy_of<Napi::Float64Array>(env, found.data(), found.size());
  }
  result["quantiles"] = quantiles;
  return result;
}

}  // namespace

// (kinds: Uint8Array, 1 for integers and 0 for doubles; capacity in rows)
NumberColumns::NumberColumns(const Napi::CallbackInfo& info) : Napi::ObjectWrap<NumberColumns>(info) {
  const Napi::Env env = info.Env();
  tag_wrapped<NumberColumns>(info);
  const size_t capacity = integer(info, 1, "rowCount", 0, kMostRows);
  const auto kinds = span<const uint8_t>(info, 0, "kinds");
  if (kinds.size > kMostColumns) {
    throw Napi::RangeError::New(env, "kinds has " + std::to_string(kinds.size) + " elements, must have at most " +
                                         std::to_string(kMostColumns));
  }
  const size_t numbers = product(env, "kinds x rowCount", kinds.size, capacity);
  const size_t limit = buffer_limit() / sizeof(uint64_t);
  if (numbers > limit) {
    throw Napi::RangeError::New(env, std::to_string(numbers) + " numbers are more than half of this machine's memory, " +
                                         std::to_string(limit) + " numbers");
  }
  try {
    auto data = std::make_shared<NumberColumnsData>();
    data->capacity = capacity;
    data->columns.resize(kinds.size);
    for (size_t at = 0; at < kinds.size; ++at) {
      data->columns[at].kind = kinds.data[at] == 1 ? NumberKind::kInteger : NumberKind::kDouble;
      data->columns[at].numbers = Buffer<uint64_t>(capacity);
    }
    data_ = std::move(data);
  } catch (const std::bad_alloc&) {
    throw Napi::RangeError::New(env, "no memory for " + std::to_string(numbers) + " numbers");
  }
  Napi::MemoryManagement::AdjustExternalMemory(env, data_->bytes());
}

NumberColumns::~NumberColumns() = default;

// (column, numbers: BigInt64Array or Float64Array as its kind, validity: Uint8Array | null)
Napi::Value NumberColumns::append(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  if (!data_) throw Napi::TypeError::New(env, "the columns have been disposed of");
  if (data_->columns.empty()) throw Napi::RangeError::New(env, "there is no column");
  NumberColumnsData::Column& column = data_->columns[integer(info, 0, "column", 0, data_->columns.size() - 1)];
  const uint64_t* numbers = nullptr;
  size_t count = 0;
  if (column.kind == NumberKind::kInteger) {
    const auto given = span<const int64_t>(info, 1, "numbers");
    numbers = reinterpret_cast<const uint64_t*>(given.data);
    count = given.size;
  } else {
    const auto given = span<const double>(info, 1, "numbers");
    numbers = reinterpret_cast<const uint64_t*>(given.data);
    count = given.size;
  }
  if (count > data_->capacity - column.rows) {
    throw Napi::RangeError::New(env, "numbers has " + std::to_string(count) + " elements, must have at most " +
                                         std::to_string(data_->capacity - column.rows) + ", the rows left");
  }
  const auto validity = optional_span<const uint8_t>(info, 2, "validity");
  if (!info[2].IsNull() && validity.size < (count + 7) / 8) {
    throw Napi::RangeError::New(env, "validity has " + std::to_string(validity.size) + " bytes, must have at least " +
                                         std::to_string((count + 7) / 8));
  }
  append_present(column, numbers, count, info[2].IsNull() ? nullptr : validity.data);
  return env.Undefined();
}

// (levels: Float64Array, control | null) → Promise of what to_result says. The object is then empty.
Napi::Value NumberColumns::profile(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const auto given = span<const double>(info, 0, "levels");
  if (given.size > kMostLevels) {
    throw Napi::RangeError::New(env, "levels has " + std::to_string(given.size) + " elements, must have at most " +
                                         std::to_string(kMostLevels));
  }
  for (const double level : given) {
    if (!(level >= 0 && level <= 1)) throw Napi::RangeError::New(env, "levels must be from 0 to 1");
  }
  std::vector<double> levels(given.begin(), given.end());
  const std::shared_ptr<NumberColumnsData> data = take(env);
  if (!data) throw Napi::TypeError::New(env, "the columns have been disposed of");
  return run_async(
      env, info[1],
      [data, levels = std::move(levels)](TaskControl& control) { return profile_all(*data, levels, control); },
      [data](Napi::Env result_env, const std::vector<NumberProfile>& profiles) {
        return to_result(result_env, *data, profiles);
      });
}

Napi::Value NumberColumns::dispose(const Napi::CallbackInfo& info) {
  take(info.Env());
  return info.Env().Undefined();
}

std::shared_ptr<NumberColumnsData> NumberColumns::take(Napi::Env env) {
  if (data_) Napi::MemoryManagement::AdjustExternalMemory(env, -data_->bytes());
  return std::move(data_);
}

void NumberColumns::Finalize(Napi::Env env) { take(env); }

void register_number_columns(Napi::Env env, Napi::Object exports) {
  const Napi::Function columns =
      NumberColumns::DefineClass(env, "NumberColumns",
                                 {NumberColumns::InstanceMethod("append", &NumberColumns::append),
                                  NumberColumns::InstanceMethod("profile", &NumberColumns::profile),
                                  NumberColumns::InstanceMethod("dispose", &NumberColumns::dispose)});
  AddonData::keep_class(env, "NumberColumns", columns);
  exports["NumberColumns"] = columns;
}

}  // namespace tenon
