#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

// What may stand inside a JSON string (RFC 8259, section 7).

namespace rondo::json {

// Appends `text` as it stands between the quotes of a JSON string. Bytes that are not UTF-8 become
// U+FFFD.
void appendSpelling(std::string& out, std::string_view text);

// Of a byte, whether it is a whole escape with a backslash before it.
inline constexpr std::array<bool, 256> kShortEscapes = [] {
  std::array<bool, 256> are{};
  for (const char letter : {'"', '\\', '/', 'b', 'f', 'n', 'r', 't'}) {
    are[static_cast<unsigned char>(letter)] = true;
  }
  return are;
}();

constexpr bool isShortEscape(char letter) {
  return kShortEscapes[static_cast<unsigned char>(letter)];
}

// How many bytes at the start of `text` stand for themselves: ASCII without quotation marks,
// backslashes and control characters. Looks at sixteen at a time.
std::size_t plainPrefix(std::string_view text);

// The inside of a string, up to its closing quote or to what may not stand in a string.
struct Inside {
  std::size_t size = 0;
  bool hasEscapes = false;
  bool hasHalfPairs = false;
};

// How `text` goes on behind a string's opening quote.
Inside insideOfString(std::string_view text);

// The length of the well-formed UTF-8 sequence of two to four bytes that `text` begins with; 0
// when there is none. Overlong forms and surrogates are not well-formed (Unicode, table 3-7).
std::size_t sequenceLength(std::string_view text);

// The lengths of `\uXXXX`, and of the two of a surrogate pair.
inline constexpr std::size_t kUnitLength = 6;
inline constexpr std::size_t kPairLength = 12;

// The length of the escape that `text`, whose first byte is a backslash, begins with, both halves
// of a surrogate pair included; 0 when it is none.
std::size_t escapeLength(std::string_view text);

// Whether an escape of that length is half a surrogate pair: a character that was cut in two.
bool isHalfPair(std::string_view escape);

// The character that an escape of that length stands for; U+FFFD for half a pair.
char32_t codePointOf(std::string_view escape);

// Writes a character as UTF-8, at most four bytes, and gives the place behind it.
char* putCodePoint(char* out, char32_t point);

// Appends the character that an escape stands for.
void appendUnescaped(std::string& out, std::string_view escape);

// Appends sound JSON, or the inside of a sound string, with the escape of U+FFFD in the place of
// each half of a pair.
void appendWithoutHalfPairs(std::string& out, std::string_view json);

}  // namespace rondo::json
