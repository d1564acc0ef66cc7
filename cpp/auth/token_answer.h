#pragma once

#include <string_view>

#include "auth/access_token.h"
#include "base/result.h"

namespace rondo::auth {

// Whether no retry mends it: Google refused the grant itself, or the private key can't be used. The
// error's `code` is Google's word for it ("invalid_grant") or "private_key_unusable", and its
// message says what to do. The caller takes the credential out of the pool.
inline bool isDead(const Error& error) { return error.kind == ErrorKind::Unavailable; }

// What a token endpoint gave.
struct Minted {
  AccessToken access;
  Secret refreshToken;  // A new one that takes the old one's place. Mostly empty.
};

// Reads a token endpoint's answer (RFC 6749, sections 5.1 and 5.2; Google also puts an object where
// the error's word stands). `asked` is when the request was sent: the lifetime counts from there.
// The errors are those of AuthManager::authorize.
Result<Minted> readTokenAnswer(int status, std::string_view body, Instant asked);

}  // namespace rondo::auth
