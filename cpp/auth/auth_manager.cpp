#include "auth/auth_manager.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "auth/renewal_policy.h"

namespace rondo::auth {
namespace {

constexpr std::string_view kBearer = "Bearer ";
constexpr Millis kMostWait = std::chrono::seconds(10);
constexpr int kMostWaits = 2;
constexpr std::size_t kMostRejected = 8;

// As long as KV takes to show a write everywhere: who looks again sees what the last look led to.
constexpr Millis kBetweenRenewals = std::chrono::minutes(1);

const RenewalPolicy& policyOf(host::Io io) { return policyFor(io.store.sharing()); }

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
  enum class Maker { Us, Another } maker = Maker::Another;
  Millis lifetime{};                 // What was left of it when it came.
  std::optional<Instant> renewal;    // When it was last begun ahead of time.
  std::shared_ptr<Refresh> refresh;  // null: nobody leads
  std::vector<Secret> rejected;      // The last tokens that a back-end did not accept.

  bool mayUse(const AccessToken& candidate, Instant now) const {
    return candidate.isUsable(now) &&
           std::ranges::find(rejected, candidate.token) == rejected.end();
  }

  void take(AccessToken taken, Maker by, Instant now) {
    lifetime = taken.expiry - now;
    token = std::move(taken);
    maker = by;
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
    : host_(host), store_(host.logger), minter_(host, store_, std::move(settings)) {}

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
  const Instant now = host_.clock.now();
  auto stored = co_await store_.claim(io, credential, now + kExpiryMargin);
  if (stored && slot.mayUse(*stored, now)) {
    slot.take(*stored, Slot::Maker::Another, now);
    co_return *stored;
  }
  const auto given = givenToken(credential);
  if (given && slot.mayUse(*given, now)) {
    store_.giveUp(io, credential);
    slot.take(*given, Slot::Maker::Another, now);
    co_return *given;
  }
  co_return co_await mint(io, credential, slot);
}

// A claim in the store. Whichever way its holder's frame ends, it is given back unless it was kept,
// so that nobody waits for one who is gone.
class AuthManager::Claim {
 public:
  Claim(TokenStore& store, host::Io io, const Credential& credential)
      : store_(store), io_(io), credential_(credential) {}
  Claim(const Claim&) = delete;
  Claim& operator=(const Claim&) = delete;
  ~Claim() {
    if (state_ == State::Held) store_.giveUp(io_, credential_);
  }

  void kept() { state_ = State::Kept; }

 private:
  TokenStore& store_;
  host::Io io_;
  const Credential& credential_;
  enum class State { Held, Kept } state_ = State::Held;
};

// The token, kept here and on its way to the store.
Task<Result<AccessToken>> AuthManager::mint(host::Io io, const Credential& credential, Slot& slot) {
  Claim claim(store_, io, credential);
  const auto minted = co_await minter_.mint(io, credential);
  if (!minted) co_return fail(minted.error());
  slot.take(minted->access, Slot::Maker::Us, host_.clock.now());
  co_await store_.keep(io, credential, minted->access);
  claim.kept();
  co_return minted->access;
}

TokenStatus AuthManager::statusOf(const Credential& credential) const {
  if (std::holds_alternative<credentials::ApiKey>(credential.grant)) {
    return {TokenState::NotNeeded, {}, {}};
  }
  const auto slot = slots_.find(credential.id);
  if (slot == slots_.end() || !slot->second->token) return {};
  const Slot& held = *slot->second;
  TokenStatus status{TokenState::Valid, {}, held.token->expiry};
  if (held.maker == Slot::Maker::Us) status.minted = held.token->expiry - held.lifetime;
  const Instant now = host_.clock.now();
  if (!held.token->isUsable(now)) {
    status.state = TokenState::Expired;
  } else if (now + leadFor(kMakersLead, held.lifetime) >= held.token->expiry) {
    status.state = TokenState::Expiring;
  }
  return status;
}

bool AuthManager::isDue(host::Io io, const Slot& slot) const {
  if (!slot.token || slot.refresh) return false;
  const auto& policy = policyOf(io);
  const bool isOurs = slot.maker == Slot::Maker::Us;
  const Instant now = host_.clock.now();
  const Millis lead = leadFor(isOurs ? policy.makersLead : policy.othersLead, slot.lifetime);
  if (now + lead < slot.token->expiry) return false;
  return slot.token->isUsable(now) && (!slot.renewal || now - *slot.renewal >= kBetweenRenewals);
}

Task<void> AuthManager::renewAhead(host::Io io, const credentials::CredentialManager& pool) {
  for (const auto& credential : pool.credentials()) {
    const auto slot = slots_.find(credential.id);
    if (slot == slots_.end() || !isDue(io, *slot->second)) continue;
    if (pool.isQuarantined(credential.id)) continue;
    co_await renew(io, credential, *slot->second);
    co_return;
  }
}

// Who finds another token in the store than its own takes that one over, and is its maker no
// longer.
Task<void> AuthManager::renew(host::Io io, const Credential& credential, Slot& slot) {
  slot.renewal = host_.clock.now();
  const auto& policy = policyOf(io);
  const AccessToken ours = *slot.token;
  auto stored = co_await store_.claim(io, credential, ours.expiry - policy.mayEndSooner);
  const Instant now = host_.clock.now();
  if (stored && stored->token != ours.token && slot.mayUse(*stored, now)) {
    slot.take(std::move(*stored), Slot::Maker::Another, now);
    co_return;
  }
  const bool isOurs = slot.maker == Slot::Maker::Us;
  if (!isOurs && !isDrawn(policy.oddsAgainst(ours.expiry - now))) co_return;
  const auto minted = co_await mint(io, credential, slot);
  if (!minted && isDead(minted.error())) slot.token.reset();
}

// One time in so many.
bool AuthManager::isDrawn(int odds) {
  if (odds == 1) return true;
  std::uint8_t draw = 0;
  host_.entropy.fill({&draw, 1});
  return draw % odds == 0;
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
  store_.erase(io, credential);
}

}  // namespace rondo::auth
