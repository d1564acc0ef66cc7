#include "credentials/grants.h"

#include <utility>

#include "base/ascii.h"
#include "credentials/private_key.h"
#include "http/url.h"

namespace rondo::credentials {
namespace {

constexpr std::string_view kGoogleDomain = "googleapis.com";
constexpr std::string_view kGoogleTokenUrl = "https://oauth2.googleapis.com/token";

// Assertions are signed for this address, so it must be Google's: another one could trade them in.
Checked<std::string> tokenUrlOf(const json::Value& document, const Defaults& defaults) {
  auto url = optionalText(document, "token_uri");
  if (!url) return url;
  if (url->empty()) return std::string(kGoogleTokenUrl);
  if (defaults.tokenAddress == Defaults::TokenAddress::Overridden) return url;
  const auto origin = http::parseOrigin(*url);
  if (!origin || origin->scheme != "https" || !http::isWithinDomain(origin->host, kGoogleDomain)) {
    return fault(
        "token_uri is not an https address on googleapis.com; OAUTH_TOKEN_URL sends token "
        "requests elsewhere");
  }
  return url;
}

Checked<void> checkUniverse(const json::Value& document) {
  const auto universe = optionalText(document, "universe_domain");
  if (!universe) return fault(universe.error());
  if (!universe->empty() && *universe != kGoogleDomain) {
    return fault("universe_domain is not googleapis.com; other clouds are not supported");
  }
  return {};
}

struct ClientPair {
  std::string id;
  std::string secret;
};

Checked<ClientPair> clientPairOf(const json::Value& document, const Defaults& defaults) {
  auto id = optionalText(document, "client_id");
  if (!id) return fault(std::move(id.error()));
  auto secret = optionalText(document, "client_secret");
  if (!secret) return fault(std::move(secret.error()));
  if (id->empty() && secret->empty()) {
    if (defaults.clientId.empty() || defaults.clientSecret.empty()) {
      return fault(
          "client_id and client_secret are missing: add them, or set OAUTH_CLIENT_ID and "
          "OAUTH_CLIENT_SECRET");
    }
    return ClientPair{defaults.clientId, defaults.clientSecret};
  }
  if (id->empty()) return fault("client_id is missing");
  if (secret->empty()) return fault("client_secret is missing");
  return ClientPair{std::move(*id), std::move(*secret)};
}

// Without its expiry nothing tells how long a token may be used, so it isn't.
Checked<std::optional<GivenToken>> givenTokenOf(const json::Value& document) {
  auto token = optionalText(document, "access_token");
  if (!token) return fault(std::move(token.error()));
  if (!isVisibleAscii(*token)) return fault("access_token holds blanks or other odd characters");
  const auto* field = json::find(document, "expiry_date");
  if (!field) return std::nullopt;
  const auto expiry = json::asInteger(*field);
  if (!expiry) return fault("expiry_date must be a number of milliseconds");
  if (token->empty()) return std::nullopt;
  return GivenToken{Secret(std::move(*token)), fromUnixMillis(*expiry)};
}

}  // namespace

Checked<Identified> readServiceAccount(const json::Value& document, const Defaults& defaults) {
  auto email = requiredText(document, "client_email");
  if (!email) return fault(std::move(email.error()));
  auto keyId = requiredText(document, "private_key_id");
  if (!keyId) return fault(std::move(keyId.error()));
  const auto pem = requiredText(document, "private_key");
  if (!pem) return fault(pem.error());
  auto pkcs8 = readPkcs8(*pem);
  if (!pkcs8) return fault(std::move(pkcs8.error()));
  auto tokenUrl = tokenUrlOf(document, defaults);
  if (!tokenUrl) return fault(std::move(tokenUrl.error()));
  if (auto universe = checkUniverse(document); !universe) return fault(std::move(universe.error()));

  auto id = credentialId(CredentialKind::ServiceAccount, {*email, *keyId});
  return Identified{std::move(id), ServiceAccountKey{std::move(*email), std::move(*keyId),
                                                     std::move(*pkcs8), std::move(*tokenUrl)}};
}

Checked<Identified> readRefreshGrant(CredentialKind kind, const json::Value& document,
                                     const Defaults& defaults) {
  auto refreshToken = requiredText(document, "refresh_token");
  if (!refreshToken) return fault(std::move(refreshToken.error()));
  auto client = clientPairOf(document, defaults);
  if (!client) return fault(std::move(client.error()));
  auto given = givenTokenOf(document);
  if (!given) return fault(std::move(given.error()));
  if (auto universe = checkUniverse(document); !universe) return fault(std::move(universe.error()));

  auto id = credentialId(kind, {client->id, *refreshToken});
  return Identified{std::move(id),
                    RefreshGrant{std::move(client->id), Secret(std::move(client->secret)),
                                 Secret(std::move(*refreshToken)), std::move(*given)}};
}

Checked<Identified> readApiKey(const json::Value& document) {
  // Google's keys are 39 to 53 characters long. What is far longer is some other file, encoded.
  constexpr std::size_t kLongest = 256;
  auto key = requiredText(document, "api_key");
  if (!key) return fault(std::move(key.error()));
  if (!isVisibleAscii(*key) || key->size() > kLongest) {
    return fault("is neither JSON nor an API key");
  }
  auto id = credentialId(CredentialKind::ApiKey, {*key});
  return Identified{std::move(id), ApiKey{Secret(std::move(*key))}};
}

}  // namespace rondo::credentials
