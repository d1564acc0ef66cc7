#pragma once

#include <cstddef>
#include <string_view>

// Searches that look at sixteen bytes at a time.

namespace rondo {

// Where the first byte is that is one of the two; the size when there is none.
std::size_t findEither(std::string_view bytes, char one, char other);

// Whether `bytes` begin with `head`.
bool beginWith(std::string_view bytes, std::string_view head);

// Whether all of them are ASCII.
bool areAscii(std::string_view bytes);

// Whether `now` is as long as `before`, begins with the same byte, and differs from it but in
// digits that stand in the place of digits. A number that was sound is so still: no 0 came to stand
// in front of other digits.
bool differOnlyInDigits(std::string_view before, std::string_view now);

// How many bytes at the start are of base64's standard alphabet.
std::size_t base64Prefix(std::string_view text);

}  // namespace rondo
