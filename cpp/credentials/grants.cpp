#include "credentials/grants.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/ascii.h"
#include "credentials/private_key.h"

namespace rondo::credentials {
namespace {

constexpr std::string_view kGoogleDomain = "googleapis.com";
constexpr std::string_view kGoogleTokenUrl = "https://oauth2.googleapis.com/token";

// Where Google trades assertions in: its token service, and the older paths of the same. Other
// hosts under googleapis.com serve what their customers put there.
constexpr auto kTokenPlaces = std::to_array<std::string_view>(
    {"https://oauth2.googleapis.com/", "https://www.googleapis.com/oauth2/"});

// Whether the address is spelled in one way alone: what reads it differently can't be led
// elsewhere.
bool isPlainPath(std::string_view path) {
  const bool isPlain = std::ranges::all_of(path, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("/-_.").find(c) != std::string_view::npos;
  });
  return isPlain && path.find("..") == std::string_view::npos &&
         path.find("//") == std::string_view::npos;
}

bool isGoogleTokenUrl(std::string_view url) {
  return std::ranges::any_of(kTokenPlaces, [url](std::string_view place) {
    return url.starts_with(place) && isPlainPath(url.substr(place.size() - 1));
  });
}

// Assertions are signed for this address, so it must be Google's: another one could trade them in.
Checked<std::string> tokenUrlOf(const json::Value& document, const Defaults& defaults) {
  auto url = optionalText(document, "token_uri");
  if (!url) return url;
  if (url->empty()) return std::string(kGoogleTokenUrl);
  if (defaults.tokenAddress == Defaults::TokenAddress::Overridden) return url;
  if (!isGoogleTokenUrl(*url)) {
    return fault("token_uri is not Google's, which is " + std::string(kGoogleTokenUrl) +
                 "; OAUTH_TOKEN_URL sends token requests elsewhere");
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
