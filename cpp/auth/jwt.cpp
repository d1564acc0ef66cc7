#include "auth/jwt.h"

#include "base/base64.h"
#include "json/value.h"

namespace rondo::auth {
namespace {

// Enough for Vertex AI and, with a project, for the Gemini API.
constexpr std::string_view kScope = "https://www.googleapis.com/auth/cloud-platform";
constexpr std::int64_t kLifetimeSeconds = 3600;  // Google allows no more.

}  // namespace

std::string assertionToSign(const credentials::ServiceAccountKey& key, Instant now) {
  json::Value header = json::Value::object();
  header["alg"] = "RS256";
  header["typ"] = "JWT";
  header["kid"] = key.privateKeyId;

  json::Value claims = json::Value::object();
  claims["iss"] = key.clientEmail;
  claims["scope"] = kScope;
  claims["aud"] = key.tokenUrl;
  claims["iat"] = unixSeconds(now);
  claims["exp"] = unixSeconds(now) + kLifetimeSeconds;

  return encodeBase64Url(json::dump(header)) + "." + encodeBase64Url(json::dump(claims));
}

std::string completeJwt(std::string toSign, std::string_view signature) {
  return std::move(toSign) + "." + encodeBase64Url(signature);
}

}  // namespace rondo::auth
