#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

// Numbers in frames: u32, little-endian.

namespace rondo::wasm {

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

}  // namespace rondo::wasm
