#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace rondo {

// A peer's words made fit for a log line and a client: one line, without control characters, cut
// to `limit` bytes at the end of a UTF-8 character, and with these blotted out, whatever they
// touch:
//   what begins like a Google API key, an OAuth client's secret, an access or refresh token or a
//   JWT; PEM blocks;
//   e-mail addresses, also with their '@' as "%40";
//   numbers of eleven digits and more, as Google's projects and accounts have, and those of six and
//   more just behind the word "project".
// What only looks like one of these is blotted out too. In linear time.
std::string redact(std::string_view text, std::size_t limit);

}  // namespace rondo
