#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "json/value.h"

// A look over a document before the library parses it: is it more than we take in, and which of its
// strings are so long that they must go around the parser, which keeps several copies of the string
// at hand while it grows. A request of 32 MiB has to fit the 128 MB of an isolate.

namespace rondo::json {

// A string value of at least this many bytes goes around the parser.
inline constexpr std::size_t kLongString = 64 * 1024;

// The bytes between the quotes of a string value.
struct LongString {
  std::size_t begin = 0;
  std::size_t size = 0;
};

struct Scan {
  std::string excess;  // "nested more than 200 levels deep". Empty: within the limits.
  std::vector<LongString> longStrings;
};

Scan scanDocument(std::string_view text);

// The document with a short token in the place of each long string.
std::string withoutLongStrings(std::string_view text, const Scan& scan);

// Where a byte of the shortened document stands in the whole one.
std::size_t positionBefore(const Scan& scan, std::size_t position);

// Puts the long strings back. False when one of them is not the inside of a JSON string.
[[nodiscard]] bool restoreLongStrings(Value& value, std::string_view text, const Scan& scan);

}  // namespace rondo::json
