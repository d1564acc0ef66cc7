#pragma once

#include <optional>
#include <string_view>

#include "base/time.h"
#include "google/error_body.h"
#include "http/headers.h"

namespace rondo::google {

// A moment that Google named, and how far to believe it.
struct RetryHint {
  Instant at;  // At least a second and at most a week from now.
  enum class Source {
    Reset,    // The quota's own reset: a time stamp or a delay in ErrorInfo.
    Details,  // RetryInfo. May speak of another quota than the one that is spent.
    Message,  // Words in the message.
    Header,   // Retry-After.
  } source;
};

// The most trustworthy hint that lies ahead. Delays of zero and less, and times that have passed,
// are no hints.
std::optional<RetryHint> findRetryHint(const ErrorBody& body, const http::Headers& headers,
                                       Instant now);

// The delay in words such as "Please retry in 44.1s." or "reset after 1h2m3s" or "try again in 20
// seconds".
std::optional<Millis> delayInMessage(std::string_view message);

}  // namespace rondo::google
