#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

// Decimal digits, eight characters of a text looked at together as one number of 64 bits.

namespace rondo::json {

inline constexpr std::size_t kDigitsTogether = 8;

// The first character is in the lowest byte.
static_assert(std::endian::native == std::endian::little);

inline std::uint64_t loadDigits(const char* text) {
  std::uint64_t digits;
  std::memcpy(&digits, text, sizeof digits);
  return digits;
}

constexpr bool isDigit(char c) { return c >= '0' && c <= '9'; }

// How many of the eight are digits before the first that is none. '0' to '9' are 0x30 to 0x39: the
// upper half of the byte is 3, and stays so with 6 added. What a byte carries over spoils but those
// behind it.
constexpr std::size_t leadingDigits(std::uint64_t eight) {
  constexpr std::uint64_t kUpperHalves = 0xF0F0'F0F0'F0F0'F0F0;
  constexpr std::uint64_t kThrees = 0x3030'3030'3030'3030;
  constexpr std::uint64_t kSixes = 0x0606'0606'0606'0606;
  const std::uint64_t others = ((eight ^ kThrees) | ((eight + kSixes) ^ kThrees)) & kUpperHalves;
  return static_cast<std::size_t>(std::countr_zero(others)) / 8;
}

// What eight digits spell: neighbours are put together, then pairs, then fours.
constexpr std::uint64_t numberOfDigits(std::uint64_t eight) {
  eight = (eight & 0x0F0F'0F0F'0F0F'0F0F) * (10 * 0x100 + 1) >> 8;
  eight = (eight & 0x00FF'00FF'00FF'00FF) * (100 * 0x1'0000 + 1) >> 16;
  return (eight & 0x0000'FFFF'0000'FFFF) * (10'000 * 0x1'0000'0000 + 1) >> 32;
}

// The first character at or behind `at` that is no digit, or `end`.
inline const char* skipDigits(const char* at, const char* end) {
  while (static_cast<std::size_t>(end - at) >= kDigitsTogether) {
    const std::size_t count = leadingDigits(loadDigits(at));
    at += count;
    if (count < kDigitsTogether) return at;
  }
  while (at != end && isDigit(*at)) ++at;
  return at;
}

}  // namespace rondo::json
