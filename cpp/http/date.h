#pragma once

#include <optional>
#include <string_view>

#include "base/time.h"

namespace rondo::http {

// "Sun, 06 Nov 1994 08:49:37 GMT": the one form that RFC 9110, section 5.6.7, lets anyone send.
std::optional<Instant> parseDate(std::string_view text);

// Retry-After (RFC 9110, section 10.2.3): whole seconds or a date, as a moment. Nothing when the
// value is neither.
std::optional<Instant> parseRetryAfter(std::string_view value, Instant now);

}  // namespace rondo::http
