#include "json/characters.h"

#include <algorithm>
#include <array>
#include <bit>

#include "base/block.h"

namespace rondo::json {
namespace {

// Seen as signed, bytes of 0x80 and above are negative: one comparison finds them and the controls.
constexpr bool isPlain(char c) {
  return static_cast<signed char>(c) >= 0x20 && c != '"' && c != '\\';
}

// Bit i tells that byte i does not stand for itself.
unsigned specialBytes(Block block) {
  return bitsOf((block < 0x20) | (block == '"') | (block == '\\'));
}

// The value of four hexadecimal digits at the start of `text`; -1 when they are not there.
int hexQuad(std::string_view text) {
  if (text.size() < 4) return -1;
  int value = 0;
  for (const char c : text.substr(0, 4)) {
    int digit = -1;
    if (c >= '0' && c <= '9') digit = c - '0';
    if (c >= 'a' && c <= 'f') digit = c - 'a' + 10;
    if (c >= 'A' && c <= 'F') digit = c - 'A' + 10;
    if (digit < 0) return -1;
    value = value * 16 + digit;
  }
  return value;
}

constexpr bool isHighSurrogate(int unit) { return unit >= 0xD800 && unit < 0xDC00; }
constexpr bool isLowSurrogate(int unit) { return unit >= 0xDC00 && unit < 0xE000; }

constexpr char32_t kReplacementPoint = 0xFFFD;
constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
constexpr std::string_view kEscapedReplacement = "\\ufffd";

void appendEscape(std::string& out, unsigned char c) {
  switch (c) {
    case '"': out += "\\\""; return;
    case '\\': out += "\\\\"; return;
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    case '\b': out += "\\b"; return;
    case '\f': out += "\\f"; return;
    default: break;
  }
  constexpr std::string_view kDigits = "0123456789abcdef";
  out += "\\u00";
  out += kDigits[c >> 4];
  out += kDigits[c & 15];
}

// The length of the escape or the sequence that `text` begins with, which is noted; 0 for what may
// not stand in a string, or ends it.
std::size_t judgeSpecial(std::string_view text, Inside& inside) {
  if (text.front() != '\\') return sequenceLength(text);
  inside.hasEscapes = true;
  const std::size_t length = escapeLength(text);
  if (isHalfPair(text.substr(0, length))) inside.hasHalfPairs = true;
  return length;
}

// A block with bytes that don't stand for themselves: bit i tells it of byte i. Without a bit there
// is none, and `begin` is where no block with a byte behind it fits any more: an escape's letter is
// to be there.
struct SpecialBlock {
  std::size_t begin;
  unsigned special;
};

SpecialBlock nextSpecialBlock(std::string_view text, std::size_t begin) {
  for (; text.size() - begin > kBlockBytes; begin += kBlockBytes) {
    if (const unsigned special = specialBytes(loadBlock(text.data() + begin))) {
      return {begin, special};
    }
  }
  return {begin, 0};
}

// Moves the inside's size behind the block and what begins in it. False when the string ends or is
// broken before: then the size is up to there.
bool judgeBlock(std::string_view text, SpecialBlock block, Inside& inside) {
  const char* const bytes = text.data() + block.begin;
  std::size_t judged = 0;
  for (unsigned special = block.special; special != 0; special &= ~0U << judged) {
    const auto at = static_cast<std::size_t>(std::countr_zero(special));
    std::size_t length = 2;
    if (bytes[at] == '\\' && isShortEscape(bytes[at + 1])) {
      inside.hasEscapes = true;
    } else {
      length = judgeSpecial(text.substr(block.begin + at), inside);
      inside.size = block.begin + at;
      if (length == 0) return false;
    }
    judged = at + length;
  }
  inside.size = block.begin + std::max(kBlockBytes, judged);
  return true;
}

}  // namespace

std::size_t plainPrefix(std::string_view text) {
  std::size_t at = 0;
  for (; at + kBlockBytes <= text.size(); at += kBlockBytes) {
    if (const unsigned special = specialBytes(loadBlock(text.data() + at))) {
      return at + static_cast<std::size_t>(std::countr_zero(special));
    }
  }
  while (at < text.size() && isPlain(text[at])) ++at;
  return at;
}

std::size_t sequenceLength(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const auto isTail = [&](std::size_t i, unsigned low = 0x80, unsigned high = 0xBF) {
    return i < text.size() && byte(i) >= low && byte(i) <= high;
  };
  const unsigned lead = byte(0);
  if (lead >= 0xC2 && lead <= 0xDF) return isTail(1) ? 2 : 0;
  if (lead >= 0xE0 && lead <= 0xEF) {
    const unsigned low = lead == 0xE0 ? 0xA0 : 0x80;
    const unsigned high = lead == 0xED ? 0x9F : 0xBF;
    return isTail(1, low, high) && isTail(2) ? 3 : 0;
  }
  if (lead >= 0xF0 && lead <= 0xF4) {
    const unsigned low = lead == 0xF0 ? 0x90 : 0x80;
    const unsigned high = lead == 0xF4 ? 0x8F : 0xBF;
    return isTail(1, low, high) && isTail(2) && isTail(3) ? 4 : 0;
  }
  return 0;
}

std::size_t escapeLength(std::string_view text) {
  if (text.size() < 2) return 0;
  if (isShortEscape(text[1])) return 2;
  if (text[1] != 'u') return 0;
  const int unit = hexQuad(text.substr(2));
  if (unit < 0) return 0;
  if (!isHighSurrogate(unit)) return kUnitLength;
  const std::string_view second = text.substr(kUnitLength);
  return second.starts_with("\\u") && isLowSurrogate(hexQuad(second.substr(2))) ? kPairLength
                                                                                : kUnitLength;
}

bool isHalfPair(std::string_view escape) {
  if (escape.size() != kUnitLength) return false;
  const int unit = hexQuad(escape.substr(2));
  return isHighSurrogate(unit) || isLowSurrogate(unit);
}

Inside insideOfString(std::string_view text) {
  Inside inside;
  for (;;) {
    const SpecialBlock block = nextSpecialBlock(text, inside.size);
    inside.size = block.begin;
    if (block.special == 0) break;
    if (!judgeBlock(text, block, inside)) return inside;
  }
  while (inside.size < text.size()) {
    const std::string_view rest = text.substr(inside.size);
    const std::size_t length = isPlain(rest.front()) ? 1 : judgeSpecial(rest, inside);
    if (length == 0) break;
    inside.size += length;
  }
  return inside;
}

char32_t codePointOf(std::string_view escape) {
  switch (escape[1]) {
    case 'b': return '\b';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    case 'u': break;
    default: return static_cast<unsigned char>(escape[1]);
  }
  if (isHalfPair(escape)) return kReplacementPoint;
  const auto unit = static_cast<char32_t>(hexQuad(escape.substr(2)));
  if (escape.size() < kPairLength) return unit;
  const auto low = static_cast<char32_t>(hexQuad(escape.substr(8)));
  return 0x10000 + ((unit & 0x3FF) << 10) + (low & 0x3FF);
}

char* putCodePoint(char* out, char32_t point) {
  const auto put = [&out](char32_t byte) { *out++ = static_cast<char>(byte); };
  const auto putTail = [&put, point](unsigned shift) { put(0x80 | ((point >> shift) & 0x3F)); };
  if (point < 0x80) {
    put(point);
  } else if (point < 0x800) {
    put(0xC0 | (point >> 6));
    putTail(0);
  } else if (point < 0x10000) {
    put(0xE0 | (point >> 12));
    putTail(6);
    putTail(0);
  } else {
    put(0xF0 | (point >> 18));
    putTail(12);
    putTail(6);
    putTail(0);
  }
  return out;
}

void appendUnescaped(std::string& out, std::string_view escape) {
  std::array<char, 4> bytes;
  out.append(bytes.data(), putCodePoint(bytes.data(), codePointOf(escape)));
}

void appendWithoutHalfPairs(std::string& out, std::string_view json) {
  while (!json.empty()) {
    const std::size_t backslash = json.find('\\');
    out += json.substr(0, backslash);
    if (backslash == std::string_view::npos) return;
    json.remove_prefix(backslash);
    const std::string_view escape = json.substr(0, escapeLength(json));
    out += isHalfPair(escape) ? kEscapedReplacement : escape;
    json.remove_prefix(escape.size());
  }
}

void appendSpelling(std::string& out, std::string_view text) {
  while (!text.empty()) {
    std::size_t kept = plainPrefix(text);
    while (kept < text.size()) {
      const std::size_t length = sequenceLength(text.substr(kept));
      if (length == 0) break;
      kept += length;
      kept += plainPrefix(text.substr(kept));
    }
    out += text.substr(0, kept);
    if (kept == text.size()) return;
    const auto c = static_cast<unsigned char>(text[kept]);
    if (c < 0x80) {
      appendEscape(out, c);
    } else {
      out += kReplacement;
    }
    text.remove_prefix(kept + 1);
  }
}

}  // namespace rondo::json
