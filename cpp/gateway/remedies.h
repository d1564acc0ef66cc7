#pragma once

#include <string>
#include <string_view>

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

// What an operator can do about a refusal, in a sentence, and where. Each may be empty.
struct Advice {
  std::string words;
  std::string link;
};
Advice adviceOn(const google::Refusal& refusal, const credentials::Credential& credential);

// A quarantine's remedy, taken apart: the address that it may end with, and the words before.
Advice splitRemedy(std::string_view remedy);

// For a refusal of the class DeadCredential.
Remedy remedyFor(const google::Refusal& refusal, const credentials::Credential& credential);

}  // namespace rondo::gateway
