#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "row_column.h"

namespace tenon {

// The message that a row is.
enum class RowForm : uint8_t {
  kRecord,  // google.protobuf.Struct, plain JSON
  kTyped,   // tenon.common.v1.Row
};

// Reads rows out of a message's bytes into features, without anything between. It takes rows as serializers write them:
// all columns, each once, of their types. Whatever else there is, it says so and judges nothing.
class RowReader {
 public:
  static constexpr size_t kUnusual = ~size_t{0};

  // `names` in UTF-8, one for each column. May throw std::bad_alloc.
  RowReader(std::vector<std::string> names, std::vector<RowColumn> columns);

  size_t width() const noexcept { return width_; }
  size_t size_bytes() const noexcept { return bytes_; }

  // Reads `rows` messages, each behind the tag `tag`, from bytes[from] on; writes rows x width features.
  // Returns where the next would begin, or kUnusual. May throw std::bad_alloc.
  size_t read(RowForm form, uint8_t tag, const uint8_t* bytes, size_t size, size_t from, size_t rows, float* out) const;

 private:
  struct Scratch;
  template <typename Form>
  size_t read_all(uint8_t tag, const uint8_t* bytes, size_t size, size_t from, size_t rows, float* out) const;

  TextIndex names_;
  std::vector<RowColumn> columns_;
  size_t bytes_;
  size_t width_ = 0;
};

}  // namespace tenon
