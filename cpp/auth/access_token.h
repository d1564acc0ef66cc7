#pragma once

#include "base/secret.h"
#include "base/time.h"

namespace rondo::auth {

// A token is not used any more this long before it expires: the call that carries it takes time,
// and clocks differ.
inline constexpr Millis kExpiryMargin = std::chrono::minutes(1);

struct AccessToken {
  Secret token;    // Visible ASCII, never empty.
  Instant expiry;  // As its issuer said, without the margin.

  bool isUsable(Instant now) const { return now + kExpiryMargin < expiry; }
};

}  // namespace rondo::auth
