#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace rondo {

// The clock's resolution everywhere in Rondo is the millisecond, as in JavaScript.
using Millis = std::chrono::milliseconds;

// A point of the wall clock, in UTC.
using Instant = std::chrono::sys_time<Millis>;

// Durations as Google's errors spell them: "34.07s", "900ms", "13h19m1.2s". A fraction of a
// millisecond is rounded up. Nothing for anything else, a negative duration included.
std::optional<Millis> parseDuration(std::string_view text);

// RFC 3339 with a date, a time, an optional fraction and "Z" or a numeric offset.
std::optional<Instant> parseRfc3339(std::string_view text);

// "2026-11-24T10:00:53.000Z".
std::string formatRfc3339(Instant instant);

// Whole seconds since 1970, rounded down.
inline std::int64_t unixSeconds(Instant instant) {
  return std::chrono::floor<std::chrono::seconds>(instant).time_since_epoch().count();
}

inline Instant fromUnixMillis(std::int64_t millis) { return Instant{Millis{millis}}; }
inline std::int64_t toUnixMillis(Instant instant) { return instant.time_since_epoch().count(); }

// Seconds for a `retry-after` header: rounded up, at least 1.
inline std::int64_t retryAfterSeconds(Millis wait) {
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(wait).count();
  return seconds < 1 ? 1 : seconds;
}

}  // namespace rondo
