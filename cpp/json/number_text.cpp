#include "json/number_text.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>

#include "json/digits.h"

namespace rondo::json {
namespace {

// Powers of ten that a double holds without a loss.
constexpr auto kExactPowers =
    std::to_array({1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                   1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22});
constexpr int kLastPower = kExactPowers.size() - 1;

// Whole numbers up to here are doubles.
constexpr std::uint64_t kExactDigits = std::uint64_t{1} << 53;

// As many digits as surely fit 64 bits.
constexpr int kFittingDigits = 19;

// A number as it is spelled: digits × 10^power.
struct Decimal {
  bool isNegative = false;
  std::uint64_t digits = 0;
  int power = 0;

  // With one rounding for the digits, where they need one, and one for the power.
  double value() const {
    const auto whole = static_cast<double>(digits);
    const double factor = kExactPowers[static_cast<std::size_t>(std::abs(power))];
    const double size = power < 0 ? whole / factor : whole * factor;
    return isNegative ? -size : size;
  }
};

// Nearly every number there is; nothing for one of more digits, or of a power beyond the exact
// ones.
std::optional<Decimal> decimalOf(std::string_view number) {
  Decimal decimal{.isNegative = number.starts_with('-')};
  const char* at = number.data() + (decimal.isNegative ? 1 : 0);
  const char* const end = number.data() + number.size();
  const auto skipZeros = [&] {
    while (at != end && *at == '0') ++at;
  };
  // Gives how many there are.
  const auto takeDigits = [&] {
    const char* const begin = at;
    for (; static_cast<std::size_t>(end - at) >= kDigitsTogether; at += kDigitsTogether) {
      const std::uint64_t eight = loadDigits(at);
      if (leadingDigits(eight) < kDigitsTogether) break;
      decimal.digits = decimal.digits * 100'000'000 + numberOfDigits(eight);
    }
    for (; at != end && isDigit(*at); ++at) {
      decimal.digits = decimal.digits * 10 + static_cast<std::uint64_t>(*at - '0');
    }
    return at - begin;
  };
  skipZeros();
  std::ptrdiff_t count = takeDigits();
  if (at != end && *at == '.') {
    const char* const point = ++at;
    if (count == 0) skipZeros();
    count += takeDigits();
    if (at - point > std::numeric_limits<std::int16_t>::max()) return std::nullopt;
    decimal.power = -static_cast<int>(at - point);
  }
  if (count > kFittingDigits) return std::nullopt;
  if (at != end) {
    at += at[1] == '+' ? 2 : 1;
    int power = 0;
    const auto read = std::from_chars(at, end, power);
    if (read.ec != std::errc() || std::abs(power) > 2 * kLastPower) return std::nullopt;
    decimal.power += power;
  }
  return std::abs(decimal.power) > kLastPower ? std::nullopt : std::optional(decimal);
}

}  // namespace

// Two exact doubles make one that is rounded as it must be (Clinger 1990), in a tenth of the
// library's time.
double doubleOf(std::string_view number) {
  const auto decimal = decimalOf(number);
  if (decimal && decimal->digits <= kExactDigits) return decimal->value();
  return std::strtod(std::string(number).c_str(), nullptr);
}

// By the library's own algorithm, as Writer::number.
void appendFloat(std::string& out, float number) {
  if (!std::isfinite(number)) {
    out += "null";
    return;
  }
  std::array<char, 32> digits{};
  const char* end =
      nlohmann::detail::to_chars(digits.data(), digits.data() + digits.size(), number);
  out.append(digits.data(), static_cast<std::size_t>(end - digits.data()));
}

// Google spells floats as doubles, in seventeen digits: the nearest double to each would take the
// library a good while. Where all that the number may be rounds to one float, it is that.
float floatOf(std::string_view number) {
  constexpr double kError = 0x1p-51;
  if (const auto decimal = decimalOf(number)) {
    const double value = decimal->value();
    const auto one = static_cast<float>(value * (1 - kError));
    const auto other = static_cast<float>(value * (1 + kError));
    if (one == other) return one;
  }
  return std::strtof(std::string(number).c_str(), nullptr);
}

}  // namespace rondo::json
