#include "auth/token_store.h"

#include <utility>
#include <variant>

#include "auth/token_record.h"
#include "base/base64.h"

namespace rondo::auth {
namespace {

using credentials::Credential;
using host::LogLevel;

// Google lets a refresh token die after half a year without use.
constexpr Millis kRefreshTtl = std::chrono::days(180);

// The credential's own secret. It never changes: another one makes another credential.
Secret secretOf(const Credential& credential) {
  if (const auto* key = std::get_if<credentials::ServiceAccountKey>(&credential.grant)) {
    return key->pkcs8;
  }
  if (const auto* grant = std::get_if<credentials::RefreshGrant>(&credential.grant)) {
    return grant->refreshToken;
  }
  return std::get<credentials::ApiKey>(credential.grant).key;
}

// The key under which a record lies is authenticated with it, so that none can be moved to another.
std::string purposeOf(const std::string& key) { return "rondo " + key; }

}  // namespace

Task<std::optional<std::string>> TokenStore::seal(host::Io io, const Credential& credential,
                                                  std::string key, std::string record) {
  const auto sealed =
      co_await io.crypto.seal(secretOf(credential), purposeOf(key), std::move(record));
  if (sealed) co_return encodeBase64(*sealed);
  logger_.log(LogLevel::Warn, "seal_failed",
              {{"credential", credential.alias}, {"reason", sealed.error().message}});
  co_return std::nullopt;
}

Task<std::optional<std::string>> TokenStore::open(host::Io io, const Credential& credential,
                                                  std::string key, std::string sealed) {
  auto bytes = decodeBase64(sealed);
  if (!bytes) co_return std::nullopt;
  auto record = co_await io.crypto.open(secretOf(credential), purposeOf(key), std::move(*bytes));
  if (!record) co_return std::nullopt;
  co_return std::move(*record);
}

Task<std::optional<AccessToken>> TokenStore::claim(host::Io io, const Credential& credential,
                                                   Instant beyond) {
  const auto key = tokenKey(credential.id);
  auto stored = co_await io.store.claim(key, beyond);
  if (!stored) {
    logger_.log(LogLevel::Warn, "token_read_failed",
                {{"credential", credential.alias}, {"reason", stored.error().message}});
    co_return std::nullopt;
  }
  if (!*stored) co_return std::nullopt;
  const auto record = co_await open(io, credential, key, std::move(**stored));
  auto token = record ? decodeTokenRecord(*record) : std::nullopt;
  if (!token || token->expiry <= beyond) co_return std::nullopt;
  co_return token;
}

Task<void> TokenStore::keep(host::Io io, const Credential& credential, AccessToken token) {
  auto key = tokenKey(credential.id);
  auto sealed = co_await seal(io, credential, key, encodeTokenRecord(token));
  if (sealed) {
    io.store.settleLater(std::move(key), std::move(*sealed), token.expiry - kExpiryMargin);
  } else {
    io.store.releaseLater(std::move(key));
  }
}

void TokenStore::giveUp(host::Io io, const Credential& credential) {
  io.store.releaseLater(tokenKey(credential.id));
}

void TokenStore::erase(host::Io io, const Credential& credential) {
  io.store.eraseLater(tokenKey(credential.id));
}

Task<Result<std::optional<Secret>>> TokenStore::findRefresh(host::Io io,
                                                            const Credential& credential) {
  const auto key = refreshKey(credential.id);
  auto stored = co_await io.kv.get(key);
  if (!stored) co_return fail(stored.error());
  if (!*stored) co_return std::optional<Secret>();
  const auto record = co_await open(io, credential, key, std::move(**stored));
  co_return record ? decodeRefreshRecord(*record) : std::nullopt;
}

Task<void> TokenStore::keepRefresh(host::Io io, const Credential& credential, Secret token) {
  auto key = refreshKey(credential.id);
  auto sealed = co_await seal(io, credential, key, encodeRefreshRecord(token));
  if (sealed) io.kv.putLater(std::move(key), std::move(*sealed), kRefreshTtl);
}

void TokenStore::eraseRefresh(host::Io io, const Credential& credential) {
  io.kv.eraseLater(refreshKey(credential.id));
}

}  // namespace rondo::auth
