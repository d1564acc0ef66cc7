#include "json/cursor.h"

#include <array>
#include <cmath>
#include <cstdlib>
#include <optional>
#include <string>

#include "json/characters.h"
#include "json/value.h"

namespace rondo::json {
namespace {

constexpr bool isDigit(char c) { return c >= '0' && c <= '9'; }

bool isFinite(std::string_view number, bool hasExponent) {
  if (!hasExponent && number.size() < kSurelyFiniteDigits) return true;
  return std::isfinite(doubleOf(number));
}

// Digits that a double holds without a loss whatever they are, and powers of ten that it holds so.
constexpr std::uint64_t kExactDigits = 999'999'999'999'999;
constexpr auto kExactPowers =
    std::to_array({1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                   1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22});

// Nearly every number there is, in a tenth of the library's time: what has few digits and no
// exponent is one exact double divided by another, which rounds as it must (Clinger 1990).
std::optional<double> doubleOfFewDigits(std::string_view number) {
  const bool isNegative = number.starts_with('-');
  if (isNegative) number.remove_prefix(1);
  std::uint64_t digits = 0;
  std::size_t decimals = 0;
  bool isBehindPoint = false;
  for (const char c : number) {
    if (c == '.') {
      isBehindPoint = true;
      continue;
    }
    if (!isDigit(c)) return std::nullopt;
    digits = digits * 10 + static_cast<std::uint64_t>(c - '0');
    if (digits > kExactDigits) return std::nullopt;
    if (isBehindPoint) ++decimals;
  }
  if (decimals >= kExactPowers.size()) return std::nullopt;
  const double value = static_cast<double>(digits) / kExactPowers[decimals];
  return isNegative ? -value : value;
}

Text::Escapes escapesOf(const Inside& inside) {
  if (inside.hasHalfPairs) return Text::Escapes::HalfPairs;
  return inside.hasEscapes ? Text::Escapes::Present : Text::Escapes::Absent;
}

}  // namespace

double doubleOf(std::string_view number) {
  if (const auto few = doubleOfFewDigits(number)) return *few;
  return std::strtod(std::string(number).c_str(), nullptr);
}

bool Cursor::takeString(Text& string) {
  if (!take('"')) return false;
  const Inside inside = insideOfString(text_.substr(at_));
  string = {text_.substr(at_, inside.size), escapesOf(inside)};
  at_ += inside.size;
  return take('"');
}

bool Cursor::takeKey(Text& name) { return takeString(name) && takeMark(':'); }

bool Cursor::takeDigits() {
  const std::size_t begin = at_;
  while (isDigit(peek())) ++at_;
  return at_ > begin;
}

bool Cursor::takeNumber() {
  const std::size_t begin = at_;
  take('-');
  if (!take('0') && !takeDigits()) return false;
  if (take('.') && !takeDigits()) return false;
  const bool hasExponent = take('e') || take('E');
  if (hasExponent) {
    if (!take('+')) take('-');
    if (!takeDigits()) return false;
  }
  return isFinite(text_.substr(begin, at_ - begin), hasExponent);
}

bool Cursor::takeValue(std::size_t depth) {
  Text string;
  switch (peek()) {
    case '"': return takeString(string);
    case '{': return takeContainer('}', depth);
    case '[': return takeContainer(']', depth);
    case 't': return take("true");
    case 'f': return take("false");
    case 'n': return take("null");
    default: return takeNumber();
  }
}

bool Cursor::takeContainer(char close, std::size_t depth) {
  if (depth >= kMaxDepth) return false;
  ++at_;
  skipSpace();
  if (take(close)) return true;
  Text name;
  std::size_t keys = 0;
  do {
    if (close == '}' && (++keys > kMaxKeys || !takeKey(name))) return false;
    if (!takeValue(depth + 1)) return false;
  } while (takeMark(','));
  return take(close);
}

}  // namespace rondo::json
