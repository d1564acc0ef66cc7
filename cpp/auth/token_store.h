#pragma once

#include <optional>
#include <string>

#include "auth/access_token.h"
#include "base/result.h"
#include "base/task.h"
#include "credentials/credential.h"
#include "host/host.h"

namespace rondo::auth {

// The tokens that isolates share, by credential. What lies in the store is sealed under a key that
// is derived from the credential's own secret, so that it is of no use to whoever can read the
// store but not the Worker's secrets. What can't be opened counts as not there and is replaced.
class TokenStore {
 public:
  // The logger outlives the store.
  explicit TokenStore(host::Logger& logger) : logger_(logger) {}

  // The access token that is kept, if it outlasts `beyond`. Nothing: the caller is to get one, and
  // to `keep` or `giveUp`.
  Task<std::optional<AccessToken>> claim(host::Io io, const credentials::Credential& credential,
                                         Instant beyond);
  Task<void> keep(host::Io io, const credentials::Credential& credential, AccessToken token);
  void giveUp(host::Io io, const credentials::Credential& credential);
  void erase(host::Io io, const credentials::Credential& credential);

  // The refresh token that Google gave in place of the configured one, if any. Transient when KV
  // failed.
  Task<Result<std::optional<Secret>>> findRefresh(host::Io io,
                                                  const credentials::Credential& credential);
  Task<void> keepRefresh(host::Io io, const credentials::Credential& credential, Secret token);
  void eraseRefresh(host::Io io, const credentials::Credential& credential);

 private:
  Task<std::optional<std::string>> seal(host::Io io, const credentials::Credential& credential,
                                        std::string key, std::string record);
  Task<std::optional<std::string>> open(host::Io io, const credentials::Credential& credential,
                                        std::string key, std::string sealed);

  host::Logger& logger_;
};

}  // namespace rondo::auth
