#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "auth/access_token.h"
#include "auth/minter.h"
#include "auth/token_answer.h"
#include "auth/token_store.h"
#include "base/result.h"
#include "base/task.h"
#include "credentials/credential.h"
#include "credentials/credential_manager.h"
#include "host/host.h"
#include "http/headers.h"

namespace rondo::auth {

// NotNeeded: an API key. Expiring: to be renewed soon.
enum class TokenState { None, Valid, Expiring, Expired, NotNeeded };

struct TokenStatus {
  TokenState state = TokenState::None;
  std::optional<Instant> minted;  // When it was minted here; nothing when another isolate did it.
  std::optional<Instant> expires;
};

// Turns credentials into the header fields that carry them. One an isolate; it outlives every
// request. An access token comes from, in this order: the isolate's memory, the store that the
// isolates share, the credential itself (while what it was given with is valid), the grant. Tokens
// are used until a minute before their expiry. One that is just minted is used whatever its
// lifetime.
//
// Requests that need the same token at the same time share one refresh. The first one leads; the
// others wait for its signal, each on a timer of its own, and refresh by themselves when the
// leader's client leaves or the timer fires. A failure is shared in the same way, and forgotten
// with the refresh that failed.
//
// Tokens in use are renewed ahead of time, behind an answer, so that no request waits for one. Over
// KV the isolate that minted a token renews it, from six minutes before its expiry on; the others
// look for the new one from three and a half before, by when KV shows it everywhere. So a token
// costs one write, however many isolates use it.
class AuthManager {
 public:
  // The host is copied: its parts must outlive the manager.
  AuthManager(const host::Host& host, AuthSettings settings);
  ~AuthManager();
  AuthManager(const AuthManager&) = delete;
  AuthManager& operator=(const AuthManager&) = delete;

  // The fields to send to a back-end: `authorization`, and `x-goog-user-project` when there is a
  // quota project; or `x-goog-api-key`. The credential must outlive the task.
  //
  // Errors, by reaction:
  //   Unavailable                         dead (isDead): take the credential out.
  //   Transient, "token_endpoint_failed"  no answer, 429, 5xx or not JSON. Try another credential.
  //   Broken, "token_answer_broken"       a success that holds no token.
  //   Broken, "token_refused"             any other refusal: a fault of Rondo's or its settings.
  // A message names Google's reason, what to do about it, and no secret.
  Task<Result<http::Headers>> authorize(host::Io io, const credentials::Credential& credential);

  // A back-end answered 401 to `used`, which `authorize` gave. Forgets that token here and in the
  // store, unless another one has taken its place meanwhile, and doesn't take it from the store or
  // the credential again. Nothing to do for API keys.
  void drop(host::Io io, const credentials::Credential& credential, const http::Headers& used);

  // Behind an answer: renews the token of one of the pool's credentials, the first that is due and
  // not in quarantine. Without one it does nothing, and costs nothing.
  Task<void> renewAhead(host::Io io, const credentials::CredentialManager& pool);

  // For a status page: how it stands with the token that this isolate has for the credential.
  TokenStatus statusOf(const credentials::Credential& credential) const;
  const Mints& mints() const { return minter_.mints(); }

 private:
  struct Refresh;
  struct Slot;
  class Leadership;
  class Claim;
  using Credential = credentials::Credential;

  Slot& slotOf(const Credential& credential);
  bool isDue(host::Io io, const Slot& slot) const;
  Task<void> renew(host::Io io, const Credential& credential, Slot& slot);
  bool isDrawn(int odds);
  Task<Result<AccessToken>> tokenFor(host::Io io, const Credential& credential);
  Task<Result<AccessToken>> lead(host::Io io, const Credential& credential, Slot& slot);
  Task<Result<AccessToken>> obtain(host::Io io, const Credential& credential, Slot& slot);
  Task<Result<AccessToken>> mint(host::Io io, const Credential& credential, Slot& slot);

  host::Host host_;
  TokenStore store_;
  Minter minter_;
  // By credential id. A slot stays where it is: suspended requests refer to it.
  std::map<std::string, std::unique_ptr<Slot>, std::less<>> slots_;
};

}  // namespace rondo::auth
