#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace rondo {

// A peer's words made fit for a log line and a client: one line, without control characters, cut
// to `limit` bytes at the end of a UTF-8 character, and with everything that begins like a Google
// API key, an access or refresh token, a JWT or a PEM block blotted out.
std::string redact(std::string_view text, std::size_t limit);

}  // namespace rondo
