#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

// Strings in the spelling of a JSON document, what stands between the quotes. Whoever only passes a
// string on copies its spelling, and neither takes escapes off nor puts them on.

namespace rondo::json {

// A string of a document, which it borrows from.
class Text {
 public:
  Text() = default;
  // `HalfPairs`: among the escapes are halves of surrogate pairs, which stand for U+FFFD.
  enum class Escapes : std::uint8_t { Absent, Present, HalfPairs };
  // `spelling` is sound: well-formed UTF-8, no bare control character, every escape complete.
  Text(std::string_view spelling, Escapes escapes) : spelling_(spelling), escapes_(escapes) {}

  bool empty() const { return spelling_.empty(); }
  std::string_view spelling() const { return spelling_; }
  Escapes escapes() const { return escapes_; }
  bool hasEscapes() const { return escapes_ != Escapes::Absent; }

  // The characters themselves.
  std::string plain() const;

  // Appends the spelling as others may see it: without halves of pairs.
  void appendTo(std::string& out) const;

  // Whether the characters are these.
  friend bool operator==(const Text& text, std::string_view plain);

 private:
  std::string_view spelling_;
  Escapes escapes_ = Escapes::Absent;
};

// A string in its spelling that is put together of pieces.
class TextBuilder {
 public:
  TextBuilder() = default;
  // Of plain characters; bytes that are not UTF-8 become U+FFFD.
  TextBuilder(std::string_view plain) { append(plain); }
  TextBuilder(const char* plain) : TextBuilder(std::string_view(plain)) {}
  explicit TextBuilder(const Text& text) { append(text); }

  bool empty() const { return spelling_.empty(); }
  Text view() const { return {spelling_, escapes_}; }

  void append(const Text& text);
  void append(std::string_view plain);
  void append(const char* plain) { append(std::string_view(plain)); }
  void append(TextBuilder other);

  friend bool operator==(const TextBuilder& text, std::string_view plain) {
    return text.view() == plain;
  }

 private:
  std::string spelling_;
  Text::Escapes escapes_ = Text::Escapes::Absent;
};

// A string's characters, borrowed from its document when nothing in it is escaped.
class PlainText {
 public:
  PlainText() = default;
  explicit PlainText(const Text& text);

  std::string_view view() const { return owned_.empty() ? borrowed_ : std::string_view(owned_); }
  bool empty() const { return view().empty(); }

  friend bool operator==(const PlainText& text, std::string_view plain) {
    return text.view() == plain;
  }

 private:
  std::string owned_;
  std::string_view borrowed_;
};

}  // namespace rondo::json
