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
};

}  // namespace rondo::host
