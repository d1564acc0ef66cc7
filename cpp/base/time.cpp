#include "base/time.h"

#include <cmath>

namespace rondo {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

bool isDigit(char c) { return c >= '0' && c <= '9'; }

// Digits with an optional fraction, from the front of `text`, which is advanced past them. By hand,
// since libc++ reads no floating point from characters yet.
std::optional<double> takeNumber(std::string_view& text) {
  if (text.empty() || !isDigit(text.front())) return std::nullopt;
  double value = 0;
  for (; !text.empty() && isDigit(text.front()); text.remove_prefix(1)) {
    value = value * 10 + (text.front() - '0');
  }
  if (!text.starts_with('.')) return value;
  text.remove_prefix(1);
  for (double place = 0.1; !text.empty() && isDigit(text.front()); text.remove_prefix(1)) {
    value += place * (text.front() - '0');
    place /= 10;
  }
  return value;
}

// Milliseconds in the unit at the front of `text`. "ms" is looked for before "m".
std::optional<double> takeUnit(std::string_view& text) {
  constexpr struct {
    std::string_view name;
    double millis;
  } kUnits[] = {{"ms", 1}, {"s", 1e3}, {"m", 60e3}, {"h", 3600e3}, {"d", 86400e3}};
  for (const auto& unit : kUnits) {
    if (!text.starts_with(unit.name)) continue;
    text.remove_prefix(unit.name.size());
    return unit.millis;
  }
  return std::nullopt;
}

// Exactly `count` digits from the front of `text`.
std::optional<int> takeDigits(std::string_view& text, std::size_t count) {
  if (text.size() < count) return std::nullopt;
  int value = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (!isDigit(text[i])) return std::nullopt;
    value = value * 10 + (text[i] - '0');
  }
  text.remove_prefix(count);
  return value;
}

bool take(std::string_view& text, std::string_view anyOf) {
  if (text.empty() || anyOf.find(text.front()) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<std::chrono::sys_days> takeDate(std::string_view& text) {
  const auto year = takeDigits(text, 4);
  if (!year || !take(text, "-")) return std::nullopt;
  const auto month = takeDigits(text, 2);
  if (!month || !take(text, "-")) return std::nullopt;
  const auto day = takeDigits(text, 2);
  if (!day) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{*year},
                                         std::chrono::month{static_cast<unsigned>(*month)},
                                         std::chrono::day{static_cast<unsigned>(*day)}};
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days{date};
}

std::optional<Millis> takeClock(std::string_view& text) {
  const auto hour = takeDigits(text, 2);
  if (!hour || *hour > 23 || !take(text, ":")) return std::nullopt;
  const auto minute = takeDigits(text, 2);
  if (!minute || *minute > 59 || !take(text, ":")) return std::nullopt;
  const auto second = takeDigits(text, 2);
  if (!second || *second > 60) return std::nullopt;
  Millis fraction{0};
  if (take(text, ".")) {
    std::int64_t scale = 100;
    if (text.empty() || !isDigit(text.front())) return std::nullopt;
    while (const auto digit = takeDigits(text, 1)) {
      fraction += Millis{*digit * scale};
      scale /= 10;
    }
  }
  return hours{*hour} + minutes{*minute} + seconds{*second} + fraction;
}

std::optional<Millis> takeOffset(std::string_view& text) {
  if (take(text, "Zz")) return Millis{0};
  const bool west = text.starts_with('-');
  if (!take(text, "+-")) return std::nullopt;
  const auto hour = takeDigits(text, 2);
  if (!hour || !take(text, ":")) return std::nullopt;
  const auto minute = takeDigits(text, 2);
  if (!minute) return std::nullopt;
  const Millis offset = hours{*hour} + minutes{*minute};
  return west ? -offset : offset;
}

void appendPadded(std::string& out, std::int64_t value, std::size_t width) {
  const std::string digits = std::to_string(value);
  if (digits.size() < width) out.append(width - digits.size(), '0');
  out += digits;
}

}  // namespace

std::optional<Millis> parseDuration(std::string_view text) {
  // Longer than any quota window, and far from the limits of the arithmetic.
  constexpr double kMostMillis = 1e15;
  double total = 0;
  if (text.empty()) return std::nullopt;
  while (!text.empty()) {
    const auto number = takeNumber(text);
    if (!number) return std::nullopt;
    const auto unit = takeUnit(text);
    if (!unit) return std::nullopt;
    total += *number * *unit;
  }
  if (!(total < kMostMillis)) return std::nullopt;
  // The subtraction keeps a sum like 13 h 19 min 1.2 s, inexact in binary, from gaining a whole
  // millisecond.
  return Millis{static_cast<std::int64_t>(std::ceil(total - 1e-6))};
}

std::optional<Instant> parseRfc3339(std::string_view text) {
  const auto date = takeDate(text);
  if (!date || !take(text, "Tt ")) return std::nullopt;
  const auto clock = takeClock(text);
  if (!clock) return std::nullopt;
  const auto offset = takeOffset(text);
  if (!offset || !text.empty()) return std::nullopt;
  return Instant{*date} + *clock - *offset;
}

std::string formatRfc3339(Instant instant) {
  const auto day = std::chrono::floor<days>(instant);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{instant - day};
  std::string out;
  appendPadded(out, static_cast<int>(date.year()), 4);
  out += '-';
  appendPadded(out, static_cast<unsigned>(date.month()), 2);
  out += '-';
  appendPadded(out, static_cast<unsigned>(date.day()), 2);
  out += 'T';
  appendPadded(out, clock.hours().count(), 2);
  out += ':';
  appendPadded(out, clock.minutes().count(), 2);
  out += ':';
  appendPadded(out, clock.seconds().count(), 2);
  out += '.';
  appendPadded(out, clock.subseconds().count(), 3);
  out += 'Z';
  return out;
}

}  // namespace rondo
