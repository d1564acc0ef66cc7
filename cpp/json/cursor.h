#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "json/text.h"

namespace rondo::json {

// A number of fewer digits than a double's largest power has, and without an exponent, is one that
// a double can hold.
inline constexpr std::size_t kSurelyFiniteDigits = 300;

// A place in a text, which moves over JSON from front to back and notes nothing. What takes
// something moves on only when it is there; after a false, the place is of no use. Borrows the
// text.
class Cursor {
 public:
  // Within what white space may be: a line of JSON goes on over no line's end.
  enum class Space : std::uint8_t { Any, WithinLine };

  explicit Cursor(std::string_view text, Space space = Space::Any) : text_(text), space_(space) {}

  std::size_t position() const { return at_; }
  bool isAtEnd() const { return at_ == text_.size(); }
  // The next byte, or 0 at the end.
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  void skipSpace() {
    while (at_ < text_.size() && isSpace(text_[at_])) ++at_;
  }

  bool take(char c) {
    if (peek() != c) return false;
    ++at_;
    return true;
  }
  bool take(std::string_view word) {
    if (!text_.substr(at_).starts_with(word)) return false;
    at_ += word.size();
    return true;
  }

  // A punctuation mark with the space before and behind it.
  bool takeMark(char c) {
    skipSpace();
    if (!take(c)) return false;
    skipSpace();
    return true;
  }

  bool takeString(Text& string);
  // A name and its colon.
  bool takeKey(Text& name);
  bool takeNumber();
  // Any value that is sound and within the limits of `parse`.
  bool takeValue(std::size_t depth = 0);

 private:
  bool isSpace(char c) const {
    if (static_cast<unsigned char>(c) > ' ') return false;
    return c == ' ' || c == '\t' || ((c == '\n' || c == '\r') && space_ == Space::Any);
  }
  bool takeDigits();
  bool takeContainer(char close, std::size_t depth);

  std::string_view text_;
  std::size_t at_ = 0;
  Space space_;
};

}  // namespace rondo::json
