#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace rondo {

// RFC 4648. The encoders return text, the decoder bytes; both hold them in a std::string.

std::string encodeBase64(std::string_view bytes);

// The same behind what `out` holds: of megabytes there is to be no second copy.
void appendBase64(std::string& out, std::string_view bytes);

// URL-safe alphabet, no padding: the form JWTs use.
std::string encodeBase64Url(std::string_view bytes);

// Takes both alphabets, with or without padding, and skips white space. Nothing on any other
// character, on padding inside the text, or on a length that no encoder produces.
std::optional<std::string> decodeBase64(std::string_view text);

}  // namespace rondo
