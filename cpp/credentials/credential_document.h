#pragma once

#include <string>

#include "credentials/credential.h"
#include "credentials/fields.h"

namespace rondo::credentials {

// What the environment says for all credentials. Empty texts: nothing is said.
struct Defaults {
  std::string projectId;
  std::string location = "global";
  std::string clientId;
  std::string clientSecret;
  enum class TokenAddress { OwnUri, Overridden } tokenAddress = TokenAddress::OwnUri;
};

// A credential out of its JSON object. `variable` stays empty.
Checked<Credential> readDocument(const json::Value& document, const Defaults& defaults);

// A credential out of a variable's text: a JSON object, a JSON string that holds a key, or a key.
Checked<Credential> readText(std::string_view text, const Defaults& defaults);

}  // namespace rondo::credentials
