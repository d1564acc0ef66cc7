#pragma once

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// Numbers at the boundary: in front of texts and heads as u32, little-endian; within texts as
// decimal digits.

namespace rondo::frames {

inline constexpr std::size_t kNumberBytes = 4;

// The number at the start of `bytes`, of which there are enough.
inline std::size_t readNumber(std::string_view bytes) {
  std::size_t number = 0;
  for (std::size_t i = kNumberBytes; i-- > 0;) {
    number = number << 8 | static_cast<unsigned char>(bytes[i]);
  }
  return number;
}

inline void appendNumber(std::string& out, std::size_t number) {
  for (std::size_t i = 0; i < kNumberBytes; ++i) out += static_cast<char>(number >> 8 * i & 255U);
}

// Nothing where the text is more or less than digits, or more than a size can hold.
inline std::optional<std::size_t> readDecimal(std::string_view text) {
  std::size_t number = 0;
  const char* const behind = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), behind, number);
  const bool isWhole = error == std::errc() && end == behind;
  return isWhole ? std::optional(number) : std::nullopt;
}

}  // namespace rondo::frames
