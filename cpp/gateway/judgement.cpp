#include "gateway/judgement.h"

#include <utility>

#include "gateway/remedies.h"

namespace rondo::gateway {
namespace {

using credentials::CoolDown;
using credentials::CredentialKind;
using credentials::Healing;
using credentials::Ladder;
using google::Refusal;
using google::RefusalClass;
using std::chrono::minutes;
using std::chrono::seconds;

// How long a credential rests for a model when Google refuses a token that was minted a moment ago.
constexpr Millis kFreshTokenRefused = minutes(5);

constexpr Ladder kCapacity{seconds(5), seconds(60)};
// Short enough to be waited out: no request is refused for it alone.
constexpr Ladder kFailures{seconds(1), seconds(2)};

// Google's shared pool was busy for so many credentials: then it is for all.
constexpr int kBusyForAll = 2;

Instant now(const Exchange& exchange) { return exchange.services.host.clock.now(); }

void logChange(const Exchange& exchange, std::string_view event, host::LogRecord fields) {
  fields.insert(fields.begin(), {"request", exchange.request.id});
  exchange.services.host.logger.log(host::LogLevel::Warn, event, fields);
}

void logCooling(const Exchange& exchange, const RefusedAttempt& attempt, const CoolDown& coolDown,
                std::string_view quota) {
  host::LogRecord fields{{"credential", attempt.credential.alias},
                         {"model", attempt.model},
                         {"reason", coolDown.reason},
                         {"until", formatRfc3339(coolDown.until)}};
  if (!quota.empty()) fields.push_back({"quota", std::string(quota)});
  logChange(exchange, "credential_cooling", std::move(fields));
}

void cool(Exchange& exchange, const RefusedAttempt& attempt, const Refusal& refusal) {
  auto& pool = exchange.services.pool;
  const auto& id = attempt.credential.id;
  const CoolDown coolDown{refusal.resetAt.value_or(now(exchange)), now(exchange),
                          std::string(google::refusalName(refusal.refusal))};
  bool changed = false;
  if (refusal.refusal == RefusalClass::NoAccess) {
    changed = pool.denyModel(id, attempt.model, coolDown);
    if (!refusal.quota.model.empty()) pool.coolDown(id, refusal.quota.model, coolDown);
  } else if (google::isShared(refusal.quota)) {
    changed = pool.coolDownQuota(id, refusal.quota.id, coolDown);
  } else {
    changed = pool.coolDown(id, attempt.model, coolDown);
    // Other names of the model draw on its quota too.
    if (!refusal.quota.model.empty()) pool.coolDown(id, refusal.quota.model, coolDown);
  }
  if (changed) logCooling(exchange, attempt, coolDown, refusal.quota.id);
}

void restModel(Exchange& exchange, const std::string& model, const Ladder& ladder, Instant atLeast,
               std::string_view reason) {
  auto& pool = exchange.services.pool;
  if (!pool.restModel(model, ladder, atLeast, now(exchange), std::string(reason))) return;
  const auto until = pool.earliestReset(model, now(exchange)).value_or(now(exchange));
  logChange(exchange, "model_resting",
            {{"model", model}, {"reason", std::string(reason)}, {"until", formatRfc3339(until)}});
}

// Google's servers are full. A pool that many projects share may have room elsewhere; a model that
// has no capacity has none for anybody.
Verdict judgeCapacity(Exchange& exchange, const RefusedAttempt& attempt, const Refusal& refusal) {
  const auto name = google::refusalName(refusal.refusal);
  const Instant atLeast = refusal.resetAt.value_or(now(exchange));
  if (refusal.reason != google::kSharedPoolBusy) {
    restModel(exchange, attempt.model, kCapacity, atLeast, name);
    return Verdict::Stop;
  }
  auto& pool = exchange.services.pool;
  if (pool.rest(attempt.credential.id, attempt.model, kCapacity, atLeast, now(exchange),
                std::string(name))) {
    const auto* rest = pool.coolDownOf(attempt.credential.id, attempt.model, now(exchange));
    if (rest) logCooling(exchange, attempt, *rest, {});
  }
  if (attempt.busyBefore + 1 < kBusyForAll) return Verdict::PreferElsewhere;
  restModel(exchange, attempt.model, kCapacity, atLeast, name);
  return Verdict::Stop;
}

void quarantine(Exchange& exchange, const RefusedAttempt& attempt, const std::string& reason,
                Remedy remedy) {
  const std::string words = remedy.words;
  if (!exchange.services.pool.quarantine(attempt.credential.id, reason, std::move(remedy.words),
                                         remedy.healing, now(exchange))) {
    return;
  }
  logChange(exchange, "credential_quarantined",
            {{"credential", attempt.credential.alias}, {"reason", reason}, {"remedy", words}});
}

Verdict judgeToken(Exchange& exchange, const RefusedAttempt& attempt) {
  const auto& credential = attempt.credential;
  if (credential.kind == CredentialKind::ApiKey) {
    quarantine(exchange, attempt, "api_key_refused",
               {"Google doesn't accept this key. Replace it.", Healing::Never});
    return Verdict::TryNext;
  }
  if (!attempt.isTokenFresh) {
    exchange.services.auth.drop(exchange.io, credential, attempt.authorization);
    return Verdict::Repeat;
  }
  const CoolDown coolDown{now(exchange) + kFreshTokenRefused, now(exchange), "token_refused"};
  if (exchange.services.pool.coolDown(credential.id, attempt.model, coolDown)) {
    logCooling(exchange, attempt, coolDown, {});
  }
  return Verdict::TryNext;
}

}  // namespace

Verdict judge(Exchange& exchange, const RefusedAttempt& attempt, const Refusal& refusal) {
  switch (refusal.refusal) {
    case RefusalClass::FixToken: return judgeToken(exchange, attempt);
    case RefusalClass::Minute:
    case RefusalClass::Day:
    case RefusalClass::NoAccess: cool(exchange, attempt, refusal); return Verdict::TryNext;
    case RefusalClass::Capacity: return judgeCapacity(exchange, attempt, refusal);
    case RefusalClass::DeadCredential:
      quarantine(exchange, attempt, refusal.reason, remedyFor(refusal, attempt.credential));
      return Verdict::TryNext;
    case RefusalClass::Location: return Verdict::TryElsewhere;
    case RefusalClass::Transient: return Verdict::TryNext;
    case RefusalClass::RequestFault:
    case RefusalClass::MendRequest: return Verdict::PassOn;
  }
  return Verdict::PassOn;
}

Millis restAfterFailures(Exchange& exchange, const std::string& model) {
  const Instant at = now(exchange);
  restModel(exchange, model, kFailures, at, kUpstreamFailing);
  return exchange.services.pool.earliestReset(model, at).value_or(at) - at;
}

}  // namespace rondo::gateway
