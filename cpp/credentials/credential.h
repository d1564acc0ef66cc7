#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/secret.h"
#include "base/time.h"

namespace rondo::credentials {

enum class CredentialKind { ServiceAccount, AuthorizedUser, OAuthTokens, ApiKey };

enum class Backend { Vertex, Gemini };

// "service_account", "authorized_user", "oauth_tokens", "api_key".
std::string_view kindName(CredentialKind kind);

// "vertex", "gemini".
std::string_view backendName(Backend backend);

// What a service account signs its assertions with (RFC 7523; Google's key file).
struct ServiceAccountKey {
  std::string clientEmail;
  std::string privateKeyId;
  Secret pkcs8;          // DER, ready for the host's Crypto.
  std::string tokenUrl;  // The key's own `token_uri`: where to post and the audience to sign for.
};

// A token that came with the credential instead of from a token endpoint.
struct GivenToken {
  Secret token;
  Instant expiry;
};

// What a refresh grant needs (RFC 6749, section 6). A refresh token works with the client that it
// was issued to and with no other.
struct RefreshGrant {
  std::string clientId;
  Secret clientSecret;
  Secret refreshToken;
  std::optional<GivenToken> given;
};

struct ApiKey {
  Secret key;
};

using Grant = std::variant<ServiceAccountKey, RefreshGrant, ApiKey>;

// One member of the pool, checked and complete: what the loader lets through can be used as it is.
struct Credential {
  // 16 hexadecimal digits, from SHA-256 of the kind and the fields of the identity. The key of
  // everything that is stored: it survives a move to another variable, and a new secret is a new
  // credential.
  std::string id;
  // What people see: the alias that was given, else the id. Printable ASCII, fit for a header.
  std::string alias;
  // Where it came from: "GCP_SERVICE_ACCOUNT_3", "GCP_SERVICE_ACCOUNTS[1]".
  std::string variable;

  CredentialKind kind = CredentialKind::ApiKey;
  Backend backend = Backend::Gemini;
  std::string projectId;       // Never empty on Vertex.
  std::string location;        // Never empty: "global", "us-central1".
  std::string quotaProjectId;  // The project to bill, sent as x-goog-user-project. May be empty.
  std::vector<std::string> models;  // Globs of the models it may serve. Empty: all.
  int weight = 1;                   // Its share of the turns, 1 to 100.
  Grant grant;
};

// Whether the credential may serve this model at all, in whatever use (credentials/model_use.h).
bool serves(const Credential& credential, std::string_view model);

// The first 16 hexadecimal digits of SHA-256 over the kind's name and `identity`, joined by "\n".
std::string credentialId(CredentialKind kind, const std::vector<std::string_view>& identity);

}  // namespace rondo::credentials
