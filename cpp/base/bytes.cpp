#include "base/bytes.h"

#include <bit>

#include "base/block.h"

namespace rondo {
namespace {

// The first place that `find`, which gives a bit for each byte of a block, or `isOne`, which looks
// at a single byte of the rest, has found.
template <class Find, class IsOne>
std::size_t firstOf(std::string_view bytes, Find find, IsOne isOne) {
  std::size_t at = 0;
  for (; at + kBlockBytes <= bytes.size(); at += kBlockBytes) {
    if (const unsigned found = find(loadBlock(bytes.data() + at))) {
      return at + static_cast<std::size_t>(std::countr_zero(found));
    }
  }
  while (at < bytes.size() && !isOne(bytes[at])) ++at;
  return at;
}

bool isBase64(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '/' && c <= '9') || c == '+';
}

}  // namespace

std::size_t findEither(std::string_view bytes, char one, char other) {
  return firstOf(
      bytes, [=](Block block) { return bitsOf((block == one) | (block == other)); },
      [=](char c) { return c == one || c == other; });
}

std::size_t base64Prefix(std::string_view text) {
  return firstOf(
      text,
      [](Block block) {
        const Block small = block | 0x20;
        const Block letters = (small >= 'a') & (small <= 'z');
        const Block digits = (block >= '/') & (block <= '9');
        return ~bitsOf(letters | digits | (block == '+')) & 0xFFFFU;
      },
      [](char c) { return !isBase64(c); });
}

}  // namespace rondo
