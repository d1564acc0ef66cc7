#pragma once

#include <string>

#include "base/result.h"
#include "base/secret.h"
#include "base/task.h"

namespace rondo::host {

// The host's WebCrypto, as far as Rondo needs it.
class Crypto {
 public:
  virtual ~Crypto() = default;

  // RSASSA-PKCS1-v1_5 with SHA-256 over `message`. The key is PKCS#8 DER; gives the raw signature.
  // Unavailable when the key is not one.
  virtual Task<Result<std::string>> signRs256(Secret pkcs8, std::string message) = 0;

  // AES-256-GCM under a key that HKDF with SHA-256 (RFC 5869) derives from `secret` for `purpose`,
  // which is authenticated too. Gives IV (12 bytes) | ciphertext | tag (16 bytes).
  virtual Task<Result<std::string>> seal(Secret secret, std::string purpose, std::string plain) = 0;

  // The plain text of what `seal` gave. Broken when it is damaged, or was sealed with another
  // secret or for another purpose.
  virtual Task<Result<std::string>> open(Secret secret, std::string purpose,
                                         std::string sealed) = 0;
};

}  // namespace rondo::host
