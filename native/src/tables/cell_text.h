#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace tenon {

// What a cell's text can be read as, narrowest first; kText is what is left.
enum class CsvType : uint8_t { kBoolean, kInteger, kDouble, kTimestamp, kText };

// A set of types, one bit each.
using CsvTypes = uint8_t;
inline constexpr CsvTypes bit_of(CsvType type) noexcept { return static_cast<CsvTypes>(1u << static_cast<int>(type)); }
inline constexpr CsvTypes kEveryType = 0b1111;  // but text

// How numbers may be written: a type that is recognised must read and write back as it stands, one that is
// asked for takes leading zeros, a plus and blanks as well.
enum class NumberStyle : uint8_t { kCanonical, kAny };

// Each reads the whole text, or gives nothing where it is no value of the type or reading would lose something: an
// integer beyond 64 bits, a double that is infinite or a whole number beyond 2^53 without point and exponent, a seventh
// decimal of a second. Blanks around numbers: the space for canonical integers, \t \n \f \r and the space otherwise.

// "true" or "false", letters of either case.
std::optional<bool> read_boolean(std::string_view text) noexcept;
std::optional<int64_t> read_integer(std::string_view text, NumberStyle style) noexcept;
// The nearest double, as IEEE 754 wants it.
std::optional<double> read_double(std::string_view text, NumberStyle style) noexcept;
// Microseconds since 1970-01-01T00:00:00Z of YYYY-MM-DD, then perhaps T or a space and hh:mm, :ss, a fraction of 1 to 6
// digits, and after the seconds Z or an offset ±hh, ±hhmm or ±hh:mm; without one it is UTC. Gregorian throughout.
std::optional<int64_t> read_timestamp(std::string_view text) noexcept;

// All that it can be read as, but text.
CsvTypes types_of(std::string_view text) noexcept;

// The narrowest type of a set; kText for none.
CsvType narrowest(CsvTypes types) noexcept;

}  // namespace tenon
