#include "auth/token_record.h"

#include "base/ascii.h"
#include "json/value.h"

namespace rondo::auth {
namespace {

std::optional<Secret> secretOf(const json::Value& record, std::string_view field) {
  const auto text = json::findString(record, field);
  if (!text || text->empty() || !isVisibleAscii(*text)) return std::nullopt;
  return Secret(std::string(*text));
}

}  // namespace

std::string tokenKey(std::string_view credentialId) {
  return std::string("token:v1:").append(credentialId);
}

std::string refreshKey(std::string_view credentialId) {
  return std::string("refresh:v1:").append(credentialId);
}

std::string encodeTokenRecord(const AccessToken& token) {
  json::Value record = json::Value::object();
  record["token"] = token.token.reveal();
  record["expiry"] = toUnixMillis(token.expiry);
  return json::dump(record);
}

std::optional<AccessToken> decodeTokenRecord(std::string_view text) {
  const auto record = json::parse(text);
  if (!record) return std::nullopt;
  auto token = secretOf(*record, "token");
  const auto expiry = json::findInteger(*record, "expiry");
  if (!token || !expiry) return std::nullopt;
  return AccessToken{std::move(*token), fromUnixMillis(*expiry)};
}

std::string encodeRefreshRecord(const Secret& refreshToken) {
  json::Value record = json::Value::object();
  record["refresh_token"] = refreshToken.reveal();
  return json::dump(record);
}

std::optional<Secret> decodeRefreshRecord(std::string_view text) {
  const auto record = json::parse(text);
  return record ? secretOf(*record, "refresh_token") : std::nullopt;
}

}  // namespace rondo::auth
