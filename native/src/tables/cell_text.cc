#include "cell_text.h"

#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>

namespace tenon {
namespace {

constexpr double kLargestWhole = 9007199254740992.0;  // 2^53
constexpr uint64_t kLargestExact = uint64_t{1} << 53;
// Powers of ten that are doubles exactly.
constexpr double kTens[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                            1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
constexpr int kMostTens = 22;
// Digits that a 64-bit number holds whatever they are.
constexpr int kMostDigits = 19;

bool is_digit(char c) noexcept { return static_cast<unsigned char>(c - '0') < 10; }
bool is_blank(char c) noexcept { return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r'; }

// Up to 8 bytes of text, the first one the lowest; zeros where it ends sooner.
[[gnu::always_inline]] inline uint64_t load_text(const char* at, const char* end) noexcept {
  const size_t left = static_cast<size_t>(end - at);
  uint64_t word = 0;
  if (left >= 8) {
    std::memcpy(&word, at, 8);
  } else if (left >= 4) {
    // Two loads that overlap.
    uint32_t low, high;
    std::memcpy(&low, at, 4);
    std::memcpy(&high, end - 4, 4);
    word = low | uint64_t{high} << (8 * (left - 4));
  } else {
    for (size_t i = 0; i < left; ++i) word |= uint64_t{static_cast<uint8_t>(at[i])} << (8 * i);
  }
  return word;
}

constexpr uint64_t kWholeTens[] = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000};

// Goes over digits, eight at a time, and puts them behind those of `digits`, modulo 2^64.
[[gnu::always_inline]] inline const char* read_digits(const char* at, const char* end, uint64_t& digits) noexcept {
  for (;;) {
    const uint64_t word = load_text(at, end) ^ 0x3030303030303030ull;
    // The high bit of each byte above 9.
    const uint64_t others = (((word & 0x7f7f7f7f7f7f7f7full) + 0x7676767676767676ull) | word) & 0x8080808080808080ull;
    const int count = std::countr_zero(others) / 8;
    if (count == 0) return at;
    // Zeros in front; then pairs, fours and eights.
    uint64_t part = word << (64 - 8 * count);
    part = (part * 10 + (part >> 8)) & 0x00ff00ff00ff00ffull;
    part = (part * 100 + (part >> 16)) & 0x0000ffff0000ffffull;
    part = (part * 10000 + (part >> 32)) & 0xffffffffull;
    digits = digits * kWholeTens[count] + part;
    at += count;
    if (count < 8) return at;
  }
}

template <typename Blank>
[[gnu::always_inline]] inline std::string_view trimmed(std::string_view text, Blank blank) noexcept {
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

bool is_word(std::string_view text, std::string_view word) noexcept {
  if (text.size() != word.size()) return false;
  for (size_t i = 0; i < word.size(); ++i) {
    if (lower(text[i]) != word[i]) return false;
  }
  return true;
}

// Reads fixed digits one after the other.
class Digits {
 public:
  explicit Digits(std::string_view text) noexcept : at_(text.data()), end_(text.data() + text.size()) {}

  bool number(int digits, int& value) noexcept {
    if (end_ - at_ < digits) return false;
    value = 0;
    for (int i = 0; i < digits; ++i, ++at_) {
      if (!is_digit(*at_)) return false;
      value = value * 10 + (*at_ - '0');
    }
    return true;
  }
  bool mark(char c) noexcept {
    if (at_ == end_ || *at_ != c) return false;
    ++at_;
    return true;
  }
  bool digit(int& value) noexcept {
    if (at_ == end_ || !is_digit(*at_)) return false;
    value = *at_++ - '0';
    return true;
  }
  bool done() const noexcept { return at_ == end_; }

 private:
  const char* at_;
  const char* end_;
};

// Days from 1970-01-01 (Howard Hinnant, chrono-compatible low-level date algorithms, 2013).
int64_t days_of(int year, int month, int day) noexcept {
  const int64_t y = month <= 2 ? year - 1 : year;
  const int64_t era = (y >= 0 ? y : y - 399) / 400;
  const int64_t of_era = y - era * 400;
  const int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

int days_in(int year, int month) noexcept {
  static constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  return month == 2 && leap ? 29 : kDays[month - 1];
}

}  // namespace

std::optional<bool> read_boolean(std::string_view text) noexcept {
  if (is_word(text, "true")) return true;
  if (is_word(text, "false")) return false;
  return std::nullopt;
}

std::optional<int64_t> read_integer(std::string_view text, NumberStyle style) noexcept {
  const bool canonical = style == NumberStyle::kCanonical;
  const bool outer = !text.empty() && (is_digit(text.front()) || text.front() == '-') && is_digit(text.back());
  if (!outer) text = canonical ? trimmed(text, [](char c) { return c == ' '; }) : trimmed(text, is_blank);
  const bool negative = !text.empty() && text.front() == '-';
  if (negative || (!canonical && !text.empty() && text.front() == '+')) text.remove_prefix(1);
  if (text.empty()) return std::nullopt;
  if (canonical && text.front() == '0' && (text.size() > 1 || negative)) return std::nullopt;
  if (!canonical) {
    while (text.size() > 1 && text.front() == '0') text.remove_prefix(1);
  }
  if (text.size() > kMostDigits) return std::nullopt;
  uint64_t value = 0;
  if (read_digits(text.data(), text.data() + text.size(), value) != text.data() + text.size()) return std::nullopt;
  const uint64_t most = static_cast<uint64_t>(std::numeric_limits<int64_t>::max()) + negative;
  if (value > most) return std::nullopt;
  return static_cast<int64_t>(negative ? 0 - value : value);
}

std::optional<double> read_double(std::string_view text, NumberStyle style) noexcept {
  text = trimmed(text, [](char c) { return is_blank(c); });
  if (text.empty()) return std::nullopt;
  // Signs are often as good as random: without branches.
  const bool negative = text.front() == '-';
  text.remove_prefix(static_cast<size_t>(negative | (text.front() == '+')));
  const char* const begin = text.data();
  const char* const end = begin + text.size();
  const char* at = begin;
  uint64_t digits = 0;
  while (at != end && is_digit(*at)) digits = digits * 10 + static_cast<uint64_t>(*at++ - '0');
  const ptrdiff_t whole = at - begin;
  if (style == NumberStyle::kCanonical && whole > 1 && *begin == '0') return std::nullopt;
  bool marked = false;
  ptrdiff_t decimals = 0;
  if (at != end && *at == '.') {
    marked = true;
    const char* const first = ++at;
    at = read_digits(at, end, digits);
    decimals = at - first;
  }
  if (whole == 0 && decimals == 0) return std::nullopt;
  int64_t exponent = 0;
  if (at != end && (*at == 'e' || *at == 'E')) {
    marked = true;
    ++at;
    bool down = false;
    if (at != end && (*at == '+' || *at == '-')) down = *at++ == '-';
    const char* const first = at;
    // Beyond this every number is zero or infinite; which, from_chars decides.
    for (; at != end && is_digit(*at); ++at) exponent = exponent < 100000 ? exponent * 10 + (*at - '0') : exponent;
    if (at == first) return std::nullopt;
    if (down) exponent = -exponent;
  }
  if (at != end) return std::nullopt;
  double value = 0;
  const int64_t tens = exponent - decimals;
  if (whole + decimals <= kMostDigits && digits <= kLargestExact && tens >= -kMostTens && tens <= kMostTens) {
    // Both are exact, so that the one operation rounds once (Clinger 1990).
    value = static_cast<double>(digits);
    value = tens < 0 ? value / kTens[-tens] : value * kTens[tens];
  } else {
    const auto [last, error] = std::from_chars(begin, end, value);
    // Too large or too small; what is too small is zero.
    if (error == std::errc::result_out_of_range) value = tens + whole + decimals > 0 ? HUGE_VAL : 0;
    else if (error != std::errc() || last != end) return std::nullopt;
  }
  if (!std::isfinite(value) || (!marked && value > kLargestWhole)) return std::nullopt;
  return std::bit_cast<double>(std::bit_cast<uint64_t>(value) ^ uint64_t{negative} << 63);
}

std::optional<int64_t> read_timestamp(std::string_view text) noexcept {
  Digits digits(text);
  int year = 0, month = 0, day = 0;
  if (!digits.number(4, year) || !digits.mark('-') || !digits.number(2, month) || !digits.mark('-') ||
      !digits.number(2, day)) {
    return std::nullopt;
  }
  if (month < 1 || month > 12 || day < 1 || day > days_in(year, month)) return std::nullopt;
  int hour = 0, minute = 0, second = 0, micros = 0, offset = 0;
  if (!digits.done()) {
    if (!digits.mark('T') && !digits.mark(' ')) return std::nullopt;
    if (!digits.number(2, hour) || !digits.mark(':') || !digits.number(2, minute)) return std::nullopt;
    if (digits.mark(':')) {
      if (!digits.number(2, second)) return std::nullopt;
      if (digits.mark('.')) {
        int unit = 100000;
        int digit = 0;
        if (!digits.digit(digit)) return std::nullopt;
        do {
          micros += digit * unit;
          unit /= 10;
        } while (unit > 0 && digits.digit(digit));
      }
      const bool plus = digits.mark('+');
      if (plus || digits.mark('-')) {
        int hours = 0, minutes = 0;
        if (!digits.number(2, hours)) return std::nullopt;
        if (!digits.done()) {
          (void)digits.mark(':');
          if (!digits.number(2, minutes)) return std::nullopt;
        }
        offset = (hours * 60 + minutes) * (plus ? 1 : -1);
      } else {
        (void)digits.mark('Z');
      }
    }
    if (!digits.done()) return std::nullopt;
  }
  // 24:00 is midnight at the end of the day.
  const bool midnight = hour == 24 && minute == 0 && second == 0 && micros == 0;
  if ((hour > 23 && !midnight) || minute > 59 || second > 59) return std::nullopt;
  const int64_t seconds = days_of(year, month, day) * 86400 + hour * 3600 + minute * 60 + second - offset * 60;
  return seconds * 1000000 + micros;
}

CsvTypes types_of(std::string_view text) noexcept {
  if (read_boolean(text)) return bit_of(CsvType::kBoolean);
  CsvTypes types = 0;
  if (read_integer(text, NumberStyle::kCanonical)) types |= bit_of(CsvType::kInteger);
  if (read_double(text, NumberStyle::kCanonical)) types |= bit_of(CsvType::kDouble);
  if (types == 0 && read_timestamp(text)) types |= bit_of(CsvType::kTimestamp);
  return types;
}

CsvType narrowest(CsvTypes types) noexcept {
  for (const CsvType type : {CsvType::kBoolean, CsvType::kInteger, CsvType::kDouble, CsvType::kTimestamp}) {
    if ((types & bit_of(type)) != 0) return type;
  }
  return CsvType::kText;
}

}  // namespace tenon
