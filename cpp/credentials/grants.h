#pragma once

#include <string>

#include "credentials/credential.h"
#include "credentials/credential_document.h"

namespace rondo::credentials {

// A grant, and the id of the credential that it makes.
struct Identified {
  std::string id;
  Grant grant;
};

Checked<Identified> readServiceAccount(const json::Value& document, const Defaults& defaults);

// For authorized users and OAuth tokens. The client's pair is taken whole: both from the document,
// or both from the defaults.
Checked<Identified> readRefreshGrant(CredentialKind kind, const json::Value& document,
                                     const Defaults& defaults);

Checked<Identified> readApiKey(const json::Value& document);

}  // namespace rondo::credentials
