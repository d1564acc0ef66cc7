#include "credentials/credential.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/sha256.h"
#include "credentials/model_use.h"

namespace rondo::credentials {

std::string_view kindName(CredentialKind kind) {
  switch (kind) {
    case CredentialKind::ServiceAccount: return "service_account";
    case CredentialKind::AuthorizedUser: return "authorized_user";
    case CredentialKind::OAuthTokens: return "oauth_tokens";
    case CredentialKind::ApiKey: return "api_key";
  }
  return "";
}

std::string_view backendName(Backend backend) {
  return backend == Backend::Vertex ? "vertex" : "gemini";
}

bool serves(const Credential& credential, std::string_view model) {
  return credential.models.empty() ||
         std::ranges::any_of(credential.models,
                             [name = allowedAs(model)](const std::string& pattern) {
                               return matchesGlob(pattern, name);
                             });
}

std::string credentialId(CredentialKind kind, const std::vector<std::string_view>& identity) {
  std::string text(kindName(kind));
  for (const auto field : identity) text.append("\n").append(field);
  return sha256Hex(text).substr(0, 16);
}

}  // namespace rondo::credentials
