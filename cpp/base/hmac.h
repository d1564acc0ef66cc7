#pragma once

#include <string_view>

#include "base/sha256.h"

namespace rondo {

// RFC 2104 over SHA-256: what only one who has the key can make of a message. Here for the reason
// for which sha256 is.
Sha256Digest hmacSha256(std::string_view key, std::string_view message);

}  // namespace rondo
