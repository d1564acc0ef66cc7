#pragma once

#include <string>

#include "credentials/credential.h"
#include "credentials/credential_manager.h"
#include "google/error.h"

namespace rondo::gateway {

// What an operator can do about a credential that is out, and whether that may be found out by
// trying again. Names what is missing where, and holds no secret.
struct Remedy {
  std::string words;
  credentials::Healing healing = credentials::Healing::ByProbe;
};

// For a refusal of the class DeadCredential.
Remedy remedyFor(const google::Refusal& refusal, const credentials::Credential& credential);

}  // namespace rondo::gateway
