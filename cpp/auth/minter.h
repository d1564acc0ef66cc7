#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "auth/token_answer.h"
#include "auth/token_store.h"
#include "base/result.h"
#include "base/task.h"
#include "credentials/credential.h"
#include "host/host.h"

namespace rondo::auth {

struct AuthSettings {
  // Where token requests go (OAUTH_TOKEN_URL). Empty: the key's own `token_uri`, and Google's
  // endpoint for refresh grants. It changes the address alone: an assertion is always signed for
  // the key's own `token_uri`.
  std::string tokenUrl;
};

// How often a token was asked for, by how that ended.
struct Mints {
  std::uint64_t succeeded = 0;
  std::uint64_t failed = 0;
};

// Trades credentials for fresh access tokens, one log line a trade. When Google answers a refresh
// grant with a new refresh token, that one is used from then on: it is kept here and in KV, and the
// configured one stays the way back.
class Minter {
 public:
  // The host is copied: its parts must outlive the minter, and so must the store.
  Minter(const host::Host& host, TokenStore& store, AuthSettings settings);

  // The credential holds a service account's key or a refresh grant, and outlives the task. The
  // errors are those of AuthManager::authorize.
  Task<Result<Minted>> mint(host::Io io, const credentials::Credential& credential);

  const Mints& mints() const { return mints_; }

 private:
  using Credential = credentials::Credential;

  // The refresh token that took the configured one's place. Empty: none did.
  struct Rotated {
    Secret token;
    enum class State { Unread, Read } state = State::Unread;
  };

  Task<Result<Minted>> byAssertion(host::Io io, const credentials::ServiceAccountKey& key);
  Task<Result<Minted>> byRefresh(host::Io io, const Credential& credential,
                                 const credentials::RefreshGrant& grant);
  Task<void> readRotated(host::Io io, const Credential& credential, Rotated& rotated);
  Task<void> keepRotated(host::Io io, const Credential& credential, Rotated& rotated, Secret used,
                         Secret given);
  void log(const Credential& credential, std::string_view source, Millis took,
           const Result<Minted>& result);

  host::Host host_;
  TokenStore& store_;
  AuthSettings settings_;
  Mints mints_;
  // By credential id. Never erased: suspended requests refer to the elements.
  std::map<std::string, Rotated, std::less<>> rotated_;
};

}  // namespace rondo::auth
