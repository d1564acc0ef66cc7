#include "auth/auth_manager.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "auth/token_record.h"

namespace rondo::auth {
namespace {

constexpr std::string_view kBearer = "Bearer ";
constexpr Millis kMostWait = std::chrono::seconds(10);
constexpr int kMostWaits = 2;
constexpr std::size_t kMostRejected = 8;
constexpr Millis kLeastTtl = std::chrono::seconds(60);

// The access token that the credential was set up with, if any.
std::optional<AccessToken> givenToken(const credentials::Credential& credential) {
  const auto* refresh = std::get_if<credentials::RefreshGrant>(&credential.grant);
  if (!refresh || !refresh->given) return std::nullopt;
  return AccessToken{refresh->given->token, refresh->given->expiry};
}

}  // namespace

// A refresh that is under way. Shared by its leader and those who wait for it.
struct AuthManager::Refresh {
  host::SignalId signal = host::kNoSignal;
  std::optional<Result<AccessToken>> outcome;  // Stays empty when the leader leaves early.
};

struct AuthManager::Slot {
  std::optional<AccessToken> token;
  std::shared_ptr<Refresh> refresh;  // null: nobody leads
  std::optional<Error> dead;
  std::vector<Secret> rejected;  // The last tokens that a back-end did not accept.

  bool mayUse(const AccessToken& candidate, Instant now) const {
    return candidate.isUsable(now) &&
           std::ranges::find(rejected, candidate.token) == rejected.end();
  }
};

// Makes its holder the leader of a refresh. Whichever way the holder's frame ends, those who wait
// are woken and the lead is free again.
class AuthManager::Leadership {
 public:
  Leadership(Slot& slot, host::SignalBoard& signals)
      : slot_(slot), signals_(signals), refresh_(std::make_shared<Refresh>()) {
    refresh_->signal = signals_.create();
    slot_.refresh = refresh_;
  }
  Leadership(const Leadership&) = delete;
  Leadership& operator=(const Leadership&) = delete;
  ~Leadership() {
    // One that waited too long may have taken the lead over.
    if (slot_.refresh == refresh_) slot_.refresh.reset();
    signals_.raise(refresh_->signal);
  }

  void settle(const Result<AccessToken>& outcome) { refresh_->outcome = outcome; }

 private:
  Slot& slot_;
  host::SignalBoard& signals_;
  std::shared_ptr<Refresh> refresh_;
};

AuthManager::AuthManager(const host::Host& host, AuthSettings settings)
    : host_(host), minter_(host, std::move(settings)) {}

AuthManager::~AuthManager() = default;

AuthManager::Slot& AuthManager::slotOf(const Credential& credential) {
  auto& slot = slots_[credential.id];
  if (!slot) slot = std::make_unique<Slot>();
  return *slot;
}

Task<Result<http::Headers>> AuthManager::authorize(host::Io io, const Credential& credential) {
  http::Headers headers;
  if (const auto* key = std::get_if<credentials::ApiKey>(&credential.grant)) {
    headers.set("x-goog-api-key", key->key.reveal());
    co_return headers;
  }
  const auto token = co_await tokenFor(io, credential);
  if (!token) co_return fail(token.error());
  headers.set("authorization", std::string(kBearer) + token->token.reveal());
  if (!credential.quotaProjectId.empty()) {
    headers.set("x-goog-user-project", credential.quotaProjectId);
  }
  co_return headers;
}

Task<Result<AccessToken>> AuthManager::tokenFor(host::Io io, const Credential& credential) {
  Slot& slot = slotOf(credential);
  std::shared_ptr<Refresh> outwaited;
  for (int waits = 0;; ++waits) {
    if (slot.dead) co_return fail(*slot.dead);
    if (slot.token && slot.token->isUsable(host_.clock.now())) co_return *slot.token;
    const auto refresh = slot.refresh;
    if (!refresh || refresh == outwaited || waits == kMostWaits) break;
    co_await io.waiter.wait(refresh->signal, kMostWait);
    if (refresh->outcome) co_return *refresh->outcome;
    outwaited = refresh;
  }
  co_return co_await lead(io, credential, slot);
}

Task<Result<AccessToken>> AuthManager::lead(host::Io io, const Credential& credential, Slot& slot) {
  Leadership leadership(slot, host_.signals);
  auto token = co_await obtain(io, credential, slot);
  leadership.settle(token);
  co_return token;
}

Task<Result<AccessToken>> AuthManager::obtain(host::Io io, const Credential& credential,
                                              Slot& slot) {
  auto stored = co_await readStored(io, credential, slot);
  if (!stored) stored = givenToken(credential);
  if (stored && slot.mayUse(*stored, host_.clock.now())) {
    slot.token = stored;
    co_return *stored;
  }
  const auto minted = co_await minter_.mint(io, credential);
  if (!minted) {
    if (isDead(minted.error())) slot.dead = minted.error();
    co_return fail(minted.error());
  }
  keep(io, credential, slot, minted->access);
  co_return minted->access;
}

// What KV holds, if that is any good.
Task<std::optional<AccessToken>> AuthManager::readStored(host::Io io, const Credential& credential,
                                                         const Slot& slot) {
  const auto stored = co_await io.kv.get(tokenKey(credential.id));
  if (!stored) {
    host_.logger.log(host::LogLevel::Warn, "kv_read_failed",
                     {{"credential", credential.alias}, {"reason", stored.error().message}});
    co_return std::nullopt;
  }
  if (!*stored) co_return std::nullopt;
  auto token = decodeTokenRecord(**stored);
  if (!token || !slot.mayUse(*token, host_.clock.now())) co_return std::nullopt;
  co_return token;
}

void AuthManager::keep(host::Io io, const Credential& credential, Slot& slot,
                       const AccessToken& token) {
  slot.token = token;
  const Millis ttl = token.expiry - host_.clock.now() - kExpiryMargin;
  if (ttl < kLeastTtl) return;
  io.kv.putLater(tokenKey(credential.id), encodeTokenRecord(token), ttl);
}

void AuthManager::drop(host::Io io, const Credential& credential, const http::Headers& used) {
  const auto field = used.get("authorization");
  if (!field || !field->starts_with(kBearer)) return;
  const Secret token{std::string(field->substr(kBearer.size()))};
  Slot& slot = slotOf(credential);
  if (std::ranges::find(slot.rejected, token) == slot.rejected.end()) {
    if (slot.rejected.size() == kMostRejected) slot.rejected.erase(slot.rejected.begin());
    slot.rejected.push_back(token);
  }
  if (!slot.token || slot.token->token != token) return;
  slot.token.reset();
  io.kv.eraseLater(tokenKey(credential.id));
}

void AuthManager::revive(std::string_view credentialId) {
  const auto slot = slots_.find(credentialId);
  if (slot != slots_.end()) slot->second->dead.reset();
}

}  // namespace rondo::auth
