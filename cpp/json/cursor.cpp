#include "json/cursor.h"

#include <cmath>

#include "json/characters.h"
#include "json/digits.h"
#include "json/number_text.h"
#include "json/value.h"

namespace rondo::json {
namespace {

bool isFinite(std::string_view number, bool hasExponent) {
  if (!hasExponent && number.size() < kSurelyFiniteDigits) return true;
  return std::isfinite(doubleOf(number));
}

Text::Escapes escapesOf(const Inside& inside) {
  if (inside.hasHalfPairs) return Text::Escapes::HalfPairs;
  return inside.hasEscapes ? Text::Escapes::Present : Text::Escapes::Absent;
}

}  // namespace

bool Cursor::takeString(Text& string) {
  if (!take('"')) return false;
  const Inside inside = insideOfString(text_.substr(at_));
  string = {text_.substr(at_, inside.size), escapesOf(inside)};
  at_ += inside.size;
  return take('"');
}

bool Cursor::takeKey(Text& name) { return takeString(name) && takeMark(':'); }

bool Cursor::takeDigits() {
  const char* const begin = text_.data() + at_;
  const char* const end = skipDigits(begin, text_.data() + text_.size());
  at_ += static_cast<std::size_t>(end - begin);
  return end != begin;
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
