#include "base/utf8.h"

#include <algorithm>

namespace rondo {
namespace {

// Whether the byte goes on with a character that others have begun.
constexpr bool isContinuation(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

}  // namespace

std::string_view beginningOf(std::string_view text, std::size_t bytes) {
  if (text.size() <= bytes) return text;
  while (bytes > 0 && isContinuation(text[bytes])) --bytes;
  return text.substr(0, bytes);
}

std::int64_t countCodePoints(std::string_view text) {
  return std::ranges::count_if(text, [](char c) { return !isContinuation(c); });
}

}  // namespace rondo
