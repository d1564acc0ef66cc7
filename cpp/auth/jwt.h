#pragma once

#include <string>
#include <string_view>

#include "base/time.h"
#include "credentials/credential.h"

namespace rondo::auth {

// The part of a service account's assertion that is signed: header and claims for an hour from
// `now`, for the audience of the key's own token URL (RFC 7523, section 3; Google Identity, "Using
// OAuth 2.0 for Server to Server Applications").
std::string assertionToSign(const credentials::ServiceAccountKey& key, Instant now);

// The whole JWT (RFC 7515, section 7.1). `signature` is raw bytes.
std::string completeJwt(std::string toSign, std::string_view signature);

}  // namespace rondo::auth
