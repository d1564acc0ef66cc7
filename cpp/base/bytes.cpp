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

constexpr unsigned kAllBytes = 0xFFFF;

// Of bytes as they are, or of blocks of them.
template <class Bytes>
auto isDigit(Bytes bytes) {
  return (bytes >= '0') & (bytes <= '9');
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

bool beginWith(std::string_view bytes, std::string_view head) {
  if (bytes.size() < head.size()) return false;
  std::size_t at = 0;
  for (; at + kBlockBytes <= head.size(); at += kBlockBytes) {
    const Block same = loadBlock(bytes.data() + at) == loadBlock(head.data() + at);
    if (bitsOf(same) != kAllBytes) return false;
  }
  while (at < head.size() && bytes[at] == head[at]) ++at;
  return at == head.size();
}

bool areAscii(std::string_view bytes) {
  const std::size_t first = firstOf(
      bytes, [](Block block) { return bitsOf(block < 0); },
      [](char c) { return static_cast<signed char>(c) < 0; });
  return first == bytes.size();
}

bool differOnlyInDigits(std::string_view before, std::string_view now) {
  if (before.size() != now.size()) return false;
  if (before.empty()) return true;
  if (before.front() != now.front()) return false;
  std::size_t at = 1;
  for (; at + kBlockBytes <= now.size(); at += kBlockBytes) {
    const Block was = loadBlock(before.data() + at);
    const Block is = loadBlock(now.data() + at);
    const Block behind = loadBlock(now.data() + at - 1);
    const Block fits = isDigit(was) & isDigit(is) & ((is != '0') | isDigit(behind));
    if (bitsOf((was == is) | fits) != kAllBytes) return false;
  }
  for (; at < now.size(); ++at) {
    if (before[at] == now[at]) continue;
    if (!isDigit(before[at]) || !isDigit(now[at])) return false;
    if (now[at] == '0' && !isDigit(now[at - 1])) return false;
  }
  return true;
}

std::size_t base64Prefix(std::string_view text) {
  return firstOf(
      text,
      [](Block block) {
        const Block small = block | 0x20;
        const Block letters = (small >= 'a') & (small <= 'z');
        const Block digits = (block >= '/') & (block <= '9');
        return ~bitsOf(letters | digits | (block == '+')) & kAllBytes;
      },
      [](char c) { return !isBase64(c); });
}

}  // namespace rondo
