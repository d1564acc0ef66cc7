#include "json/nested.h"

#include <algorithm>
#include <bit>
#include <string_view>

#include "base/block.h"
#include "json/characters.h"
#include "json/cursor.h"
#include "json/value.h"

namespace rondo::json {
namespace {

// A string of the document is closed by `\"`, and the document behind that.
constexpr std::ptrdiff_t kShortestEnd = 3;

// The spellings of a short escape, from `\\n` to `\\\"`. A sound document goes on behind them.
constexpr int kShortestEscape = 3;
constexpr std::ptrdiff_t kShortEscapeBytes = 4;

constexpr int kPlainStep = kBlockBytes;
// A block, and an escape that begins in its last byte.
constexpr std::ptrdiff_t kStepBytes = kPlainStep - 1 + kShortEscapeBytes;

constexpr bool isNumberCharacter(char c) {
  return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E';
}

// The white space that an outer escape `\n`, `\r` or `\t` stands for; else 0.
constexpr char spaceOf(char letter) {
  switch (letter) {
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    default: return '\0';
  }
}

// How long a short escape of the document's own, as `\n` or `\"`, is between outer quotes: `\\n`,
// `\\\"`. Its last byte is the letter. 0 when it is none. `at` is at a backslash, with three bytes
// behind it.
int shortEscapeLength(const char* at) {
  if (at[1] != '\\') return 0;
  if (at[2] != '\\') return isShortEscape(at[2]) ? 3 : 0;
  return at[3] == '"' || at[3] == '\\' || at[3] == '/' ? 4 : 0;
}

// Copies the document's characters to where they go while it judges them. What takes something
// gives false where it isn't, and then all of it is given up.
class Transcript {
 public:
  // Writes behind `out` at most as many bytes as the spelling has, and touches a block more.
  Transcript(std::string_view spelling, char* out, References references, KeyWatch* watch)
      : at_(spelling.data()),
        end_(at_ + spelling.size()),
        out_(out),
        references_(references),
        watch_(watch) {}

  bool take() {
    char* const begin = out_;
    takeSpace();
    out_ = begin;
    if (peek() != '{' && peek() != '[') return false;
    if (!takeValue(0)) return false;
    char* const end = out_;
    takeSpace();
    out_ = end;
    return at_ == end_;
  }

  // Behind what was written.
  const char* end() const { return out_; }

 private:
  char peek() const { return at_ == end_ ? '\0' : *at_; }

  void copy(std::ptrdiff_t count) {
    for (; count > 0; --count) *out_++ = *at_++;
  }

  bool take(char c) {
    if (peek() != c) return false;
    copy(1);
    return true;
  }

  bool takeWord(std::string_view word) {
    if (!std::string_view(at_, end_).starts_with(word)) return false;
    copy(static_cast<std::ptrdiff_t>(word.size()));
    return true;
  }

  void takeSpace() {
    for (;;) {
      if (peek() == ' ') {
        copy(1);
      } else if (end_ - at_ >= 2 && *at_ == '\\' && spaceOf(at_[1]) != '\0') {
        *out_++ = spaceOf(at_[1]);
        at_ += 2;
      } else {
        return;
      }
    }
  }

  // A punctuation mark with the space before and behind it.
  bool takeMark(char c) {
    takeSpace();
    if (!take(c)) return false;
    takeSpace();
    return true;
  }

  bool takeValue(std::size_t depth) {
    switch (peek()) {
      case '\\': return takeString();
      case '{': return takeContainer('}', depth);
      case '[': return takeContainer(']', depth);
      case 't': return takeWord("true");
      case 'f': return takeWord("false");
      case 'n': return takeWord("null");
      default: return takeNumber();
    }
  }

  bool takeContainer(char close, std::size_t depth) {
    if (depth >= kMaxDepth || ++values_ > kMaxValues) return false;
    copy(1);
    takeSpace();
    if (take(close)) return true;
    do {
      if (close == '}' && !takeKey(depth)) return false;
      if (!takeValue(depth + 1)) return false;
    } while (takeMark(',') && ++values_ <= kMaxValues);
    return take(close);
  }

  bool takeKey(std::size_t depth) {
    const char* const begin = out_ + 1;
    if (!takeString()) return false;
    const std::string_view key(begin, out_ - 1);
    if (depth == 0 && watch_ && std::ranges::find(watch_->keys, key) != watch_->keys.end()) {
      watch_->isAnyThere = true;
    }
    return mayBeKey(key) && takeMark(':');
  }

  // An escape may spell any letter.
  bool mayBeKey(std::string_view key) const {
    return references_ == References::Allowed || (key != "$ref" && !key.contains('\\'));
  }

  bool takeNumber() {
    const char* const begin = out_;
    while (isNumberCharacter(peek())) copy(1);
    Cursor number(std::string_view(begin, out_));
    return number.takeNumber() && number.isAtEnd();
  }

  bool takeString() {
    if (!takeQuote()) return false;
    do {
      copyUsual();
      if (end_ - at_ < kShortestEnd) return false;
      if (at_[1] == '"') return takeQuote();
    } while (takeRare());
    return false;
  }

  bool takeQuote() {
    if (end_ - at_ < 2 || at_[0] != '\\' || at_[1] != '"') return false;
    *out_++ = '"';
    at_ += 2;
    return true;
  }

  // A string's characters and its own short escapes, up to a backslash of another meaning: the
  // outer string has no other quotes and no control characters. Near the end of the text, to any
  // backslash.
  void copyUsual() {
    // Not the members: what is written might be them, for all that a compiler knows.
    const char* at = at_;
    const char* const end = end_;
    char* out = out_;
    while (end - at >= kStepBytes) {
      const Block block = loadBlock(at);
      storeBlock(out, block);
      const unsigned backslashes = bitsOf(block == '\\');
      const int plain = backslashes == 0 ? kPlainStep : std::countr_zero(backslashes);
      at += plain;
      out += plain;
      if (backslashes == 0) continue;
      const int length = shortEscapeLength(at);
      if (length == 0) break;
      *out++ = '\\';
      *out++ = at[length - 1];
      at += length;
    }
    while (at != end && *at != '\\') *out++ = *at++;
    at_ = at;
    out_ = out;
  }

  // What else stands behind an outer backslash within a string, but for its quote.
  bool takeRare() {
    switch (at_[1]) {
      case '\\': return takeInnerEscape();
      case '/': ++at_; return take('/');
      case 'u': return takeOuterCharacter();
      default: return false;  // A control character.
    }
  }

  // An escape of the document's own, whose backslash is escaped.
  bool takeInnerEscape() {
    if (end_ - at_ < kShortEscapeBytes) return false;
    const int length = shortEscapeLength(at_);
    ++at_;
    copy(1);
    if (length == 0) return takeInnerCharacter();
    at_ += length - kShortestEscape;
    copy(1);
    return true;
  }

  // `uXXXX` behind a backslash that is written already, with the other half if it is one of a pair.
  bool takeInnerCharacter() {
    const char* const begin = out_ - 1;
    if (!takeUnit()) return false;
    if (!isHalfPair({begin, out_})) return true;
    if (!std::string_view(at_, end_).starts_with("\\\\u")) return false;
    ++at_;
    copy(1);
    return takeUnit() && escapeLength({begin, out_}) == kPairLength;
  }

  bool takeUnit() {
    constexpr std::ptrdiff_t kBehindBackslash = kUnitLength - 1;
    if (end_ - at_ < kBehindBackslash) return false;
    const char* const begin = out_ - 1;
    copy(kBehindBackslash);
    return escapeLength({begin, out_}) == kUnitLength;
  }

  // A character that the outer string spells by its number. What has a meaning in JSON is given up.
  bool takeOuterCharacter() {
    std::string_view escape(at_, end_);
    escape = escape.substr(0, escapeLength(escape));
    const char32_t point = codePointOf(escape);
    if (point < ' ' || point == '"' || point == '\\') return false;
    at_ += escape.size();
    out_ = putCodePoint(out_, point);
    return true;
  }

  const char* at_;
  const char* end_;
  char* out_;
  References references_;
  KeyWatch* watch_;  // May be null.
  std::size_t values_ = 0;
};

}  // namespace

Kind nestedKind(const Text& text) {
  std::string_view rest = text.spelling();
  while (!rest.empty()) {
    if (rest.front() == '{') return Kind::Object;
    if (rest.front() == '[') return Kind::Array;
    const bool isEscaped = rest.size() >= 2 && rest.front() == '\\' && spaceOf(rest[1]) != '\0';
    if (rest.front() != ' ' && !isEscaped) break;
    rest.remove_prefix(isEscaped ? 2 : 1);
  }
  return Kind::Null;
}

bool appendNested(std::string& out, const Text& text, References references, KeyWatch* watch) {
  const std::size_t before = out.size();
  bool isTaken = false;
  const auto write = [&](char* bytes, std::size_t) {
    Transcript transcript(text.spelling(), bytes + before, references, watch);
    isTaken = transcript.take();
    return isTaken ? static_cast<std::size_t>(transcript.end() - bytes) : before;
  };
  out.resize_and_overwrite(before + text.spelling().size() + kBlockBytes, write);
  return isTaken;
}

}  // namespace rondo::json
