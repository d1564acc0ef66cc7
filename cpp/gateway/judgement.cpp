#include "gateway/judgement.h"

#include <algorithm>
#include <array>
#include <utility>

#include "gateway/pool_errors.h"
#include "gateway/remedies.h"

namespace rondo::gateway {
namespace {

using credentials::CoolDown;
using credentials::CredentialKind;
using credentials::Healing;
using credentials::Ladder;
using google::Refusal;
using google::RefusalClass;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

enum class Case : std::uint8_t {
  RequestFault,
  OtherForm,
  Mend,
  NamedContent,
  Suspect,
  Narrow,
  StaleToken,
  RefusedToken,
  RefusedKey,
  Dead,
  DeadToo,
  Minute,
  Day,
  NoAccess,
  NoCapacity,
  BusyPool,
  BusyPoolAgain,
  Location,
  Transient,
  AllFailed,
  Unusable,
  UnusableAgain,
};

using enum Fault;
using enum Reach;

constexpr Millis kNone{};
constexpr Millis kForGood{};

// In the order of Case.
constexpr std::array<Rule, 22> kRules = {{
    {"request_fault", Request, ThisRequest, kNone, kNone, Verdict::PassOn},
    {"other_form", Request, ThisRequest, kNone, kNone, Verdict::TryNext},
    {"mend_request", Request, ThisRequest, kNone, kNone, Verdict::Mend},
    {"named_content", Fault::NamedContent, ThisRequest, kNone, kNone, Verdict::PassOn},
    {"suspect", Request, ThisRequest, kNone, kNone, Verdict::TryNext},
    {"narrow", Request, ThisRequest, kNone, kNone, Verdict::TryNext},
    {"stale_token", Credential, ThisRequest, kNone, kNone, Verdict::RenewToken},
    {"refused_token", Credential, ThisCredential, minutes(5), hours(4), Verdict::TryNext},
    {"refused_key", Credential, ThisCredential, kNone, kForGood, Verdict::TryNext},
    {"dead_credential", Credential, ThisCredential, minutes(10), kForGood, Verdict::TryNext},
    {"dead_credential_too", Credential, ThisRequest, kNone, kNone, Verdict::TryNext},
    {"minute", Credential, ThisCredentialAndModel, seconds(60), minutes(5), Verdict::TryNext},
    {"day", Credential, ThisCredentialAndModel, hours(1), credentials::kLongestCoolDown,
     Verdict::TryNext},
    {"no_access", Model, ThisCredentialAndModel, minutes(30), hours(12), Verdict::TryNext},
    {"no_capacity", Model, ThisModel, seconds(5), seconds(60), Verdict::Stop},
    {"busy_pool", Pool, ThisCredentialAndModel, seconds(5), seconds(60), Verdict::PreferElsewhere},
    {"busy_pool_again", Pool, ThisModel, seconds(5), seconds(60), Verdict::Stop},
    {"location", Place, ThisRequest, kNone, kNone, Verdict::TryElsewhere},
    {"transient", Google, ThisRequest, kNone, kNone, Verdict::TryNext},
    {"all_failed", Google, ThisModel, seconds(1), seconds(2), Verdict::Stop},
    {"unusable", Google, ThisRequest, kNone, kNone, Verdict::OnceMore},
    {"unusable_again", Google, ThisRequest, kNone, kNone, Verdict::PassOn},
}};

const Rule& ruleOf(Case each) { return kRules[static_cast<std::size_t>(each)]; }

Ladder ladderOf(Case each) { return {ruleOf(each).least, ruleOf(each).most}; }

// --- Which case it is ----------------------------------------------------------------------------

bool isFreshlyRefused(const Loss& loss) { return loss.attempt.token == Attempt::Token::Renewed; }

std::ptrdiff_t countOf(std::span<const Lost> before, RefusalClass refusal) {
  return std::ranges::count(before, refusal,
                            [](const Lost& each) { return each.loss.refusal.refusal; });
}

// Another credential was refused in the same words.
bool isSaidAgain(const Loss& loss, std::span<const Lost> before) {
  return std::ranges::any_of(before, [&loss](const Lost& each) {
    const Refusal& one = each.loss.refusal;
    const Refusal& other = loss.refusal;
    return one.refusal == other.refusal && one.reason == other.reason &&
           each.loss.attempt.credential != loss.attempt.credential;
  });
}

Case tokenCase(const Loss& loss) {
  if (loss.attempt.credential->kind == CredentialKind::ApiKey) return Case::RefusedKey;
  return isFreshlyRefused(loss) ? Case::RefusedToken : Case::StaleToken;
}

// A refusal of the credential's rights that a request may have brought about by what it names.
bool maySpeakOfRequest(const Loss& loss) {
  return loss.attempt.uses.features.has(google::Feature::StoredContent) &&
         !google::isSurelyOfCredential(loss.refusal);
}

bool usesHostedTools(const Attempt& attempt) {
  return attempt.uses.features.has(google::Feature::HostedTools);
}

bool isOfThisRequest(const Loss& loss) {
  return loss.refusal.isNarrow ||
         (usesHostedTools(loss.attempt) && mayBeOfTools(loss.refusal, *loss.attempt.credential));
}

// A denial that two credentials meet is the request's. A quota may be spent with one after the
// other.
Case narrowCase(const Loss& loss, std::span<const Lost> before) {
  using enum RefusalClass;
  const auto refusal = loss.refusal.refusal;
  const bool isDenial = refusal == DeadCredential || refusal == NoAccess;
  return isDenial && isSaidAgain(loss, before) ? Case::NamedContent : Case::Narrow;
}

Case deadCase(const Loss& loss, std::span<const Lost> before) {
  if (maySpeakOfRequest(loss)) return Case::NamedContent;
  if (!google::isSurelyOfCredential(loss.refusal)) {
    return isSaidAgain(loss, before) ? Case::NamedContent : Case::Suspect;
  }
  const bool tookOneOut = countOf(before, RefusalClass::DeadCredential) > 0;
  return tookOneOut ? Case::DeadToo : Case::Dead;
}

Case capacityCase(const Loss& loss, std::span<const Lost> before) {
  if (loss.refusal.reason != google::kSharedPoolBusy) return Case::NoCapacity;
  return countOf(before, RefusalClass::Capacity) > 0 ? Case::BusyPoolAgain : Case::BusyPool;
}

Case caseOf(const Loss& loss, std::span<const Lost> before) {
  if (isOfThisRequest(loss)) return narrowCase(loss, before);
  switch (loss.refusal.refusal) {
    case RefusalClass::FixToken: return tokenCase(loss);
    case RefusalClass::Minute: return Case::Minute;
    case RefusalClass::Day: return Case::Day;
    case RefusalClass::NoAccess:
      return maySpeakOfRequest(loss) ? Case::NamedContent : Case::NoAccess;
    case RefusalClass::Capacity: return capacityCase(loss, before);
    case RefusalClass::DeadCredential: return deadCase(loss, before);
    case RefusalClass::Location: return Case::Location;
    case RefusalClass::Transient: return Case::Transient;
    case RefusalClass::Unusable:
      return countOf(before, RefusalClass::Unusable) > 0 ? Case::UnusableAgain : Case::Unusable;
    case RefusalClass::NamedContent: return Case::NamedContent;
    case RefusalClass::MendRequest: return Case::Mend;
    case RefusalClass::OtherForm: return Case::OtherForm;
    case RefusalClass::RequestFault: break;
  }
  return Case::RequestFault;
}

// --- What follows --------------------------------------------------------------------------------

void log(const Exchange& exchange, std::string_view event, host::LogRecord fields) {
  fields.insert(fields.begin(), {"request", exchange.request.id});
  exchange.services.host.logger.log(host::LogLevel::Warn, event, fields);
}

void restTheModel(Exchange& exchange, const std::string& model, Case each, Instant atLeast,
                  std::string_view reason) {
  auto& pool = exchange.services.pool;
  const Instant now = exchange.services.host.clock.now();
  if (!pool.restModel(model, ladderOf(each), atLeast, now, std::string(reason))) return;
  exchange.services.recorder.count(telemetry::Event::CoolDown, reason);
  const auto until = pool.earliestReset(model, now).value_or(now);
  log(exchange, "model_resting",
      {{"model", model}, {"reason", std::string(reason)}, {"until", formatRfc3339(until)}});
}

// One loss on its way to the pool.
class Consequence {
 public:
  Consequence(Exchange& exchange, const std::string& model, const Attempt& attempt)
      : exchange_(exchange),
        pool_(exchange.services.pool),
        model_(model),
        credential_(*attempt.credential),
        attempt_(attempt),
        now_(exchange.services.host.clock.now()) {}

  void carryOut(Case each, const Refusal& refusal) {
    switch (each) {
      case Case::StaleToken:
        exchange_.services.auth.drop(exchange_.io, credential_, attempt_.authorization);
        return;
      case Case::RefusedToken: return refuseToken();
      case Case::RefusedKey:
        return takeOut("api_key_refused",
                       {"Google doesn't accept this key. Replace it.", Healing::Never});
      case Case::Dead: return takeOut(refusal.reason, remedyFor(refusal, credential_));
      case Case::Minute:
      case Case::Day:
      case Case::NoAccess: return cool(each, refusal);
      case Case::Narrow: return restForTools(refusal);
      case Case::NoCapacity: return restModel(each, refusal);
      case Case::BusyPool: return restCredential(each, refusal);
      case Case::BusyPoolAgain:
        restCredential(Case::BusyPool, refusal);
        return restModel(each, refusal);
      default: return;
    }
  }

  void takeOut(const std::string& reason, Remedy remedy) {
    const std::string words = remedy.words;
    if (!pool_.quarantine(credential_.id, reason, std::move(remedy.words), remedy.healing, now_)) {
      return;
    }
    exchange_.services.alerts.quarantined(credential_.alias, reason, words);
    log(exchange_, "credential_quarantined",
        {{"credential", credential_.alias}, {"reason", reason}, {"remedy", words}});
  }

 private:
  void refuseToken() {
    takeOut("token_refused",
            {"Google refuses the tokens that it has just issued for this credential: see whether "
             "its account or project was disabled.",
             Healing::ByRest});
  }

  // Never longer than the table has it, whatever Google names.
  void cool(Case each, const Refusal& refusal) {
    const Rule& rule = ruleOf(each);
    const Instant until = std::min(refusal.resetAt.value_or(now_ + rule.least), now_ + rule.most);
    const CoolDown coolDown{until, now_, std::string(google::refusalName(refusal.refusal))};
    if (!coolFor(refusal, coolDown)) return;
    logCooling(coolDown, refusal.quota.id);
    if (each == Case::Day && isPoolSpent(exchange_.services, model_)) {
      exchange_.services.alerts.spent(model_, pool_.earliestReset(model_, now_));
    }
  }

  bool coolFor(const Refusal& refusal, const CoolDown& coolDown) {
    const bool isDenied = refusal.refusal == RefusalClass::NoAccess;
    if (!isDenied && google::isShared(refusal.quota)) {
      return pool_.coolDownQuota(credential_.id, refusal.quota.id, coolDown);
    }
    const bool changed = isDenied ? pool_.denyModel(credential_.id, model_, coolDown)
                                  : pool_.coolDown(credential_.id, model_, coolDown);
    // Other names of the model draw on its quota too.
    if (!refusal.quota.model.empty()) {
      pool_.coolDown(credential_.id, refusal.quota.model, coolDown);
    }
    return changed;
  }

  // So that requests with tools begin elsewhere for a while.
  void restForTools(const Refusal& refusal) {
    if (!usesHostedTools(attempt_) || !refusal.resetAt) return;
    const Instant until = std::min(*refusal.resetAt, now_ + ruleOf(Case::Day).most);
    pool_.restForTools(credential_.id, model_,
                       {until, now_, std::string(google::refusalName(refusal.refusal))});
  }

  void restModel(Case each, const Refusal& refusal) {
    restTheModel(exchange_, model_, each, refusal.resetAt.value_or(now_),
                 google::refusalName(refusal.refusal));
  }

  void restCredential(Case each, const Refusal& refusal) {
    const auto name = google::refusalName(refusal.refusal);
    if (!pool_.rest(credential_.id, model_, ladderOf(each), refusal.resetAt.value_or(now_), now_,
                    std::string(name))) {
      return;
    }
    const auto* rest = pool_.coolDownOf(credential_.id, model_, now_);
    if (rest) logCooling(*rest, {});
  }

  void logCooling(const CoolDown& coolDown, std::string_view quota) {
    exchange_.services.recorder.count(telemetry::Event::CoolDown, coolDown.reason);
    host::LogRecord fields{{"credential", credential_.alias},
                           {"model", model_},
                           {"reason", coolDown.reason},
                           {"until", formatRfc3339(coolDown.until)}};
    if (!quota.empty()) fields.push_back({"quota", std::string(quota)});
    log(exchange_, "credential_cooling", std::move(fields));
  }

  Exchange& exchange_;
  credentials::CredentialManager& pool_;
  const std::string& model_;
  const credentials::Credential& credential_;
  const Attempt& attempt_;
  Instant now_;
};

}  // namespace

std::span<const Rule> rules() { return kRules; }

bool mayBeOfTools(const Refusal& refusal, const credentials::Credential& credential) {
  // Vertex AI's shared pool says no more of itself, and the Gemini API has none.
  const bool isOfPool = refusal.refusal == RefusalClass::Capacity &&
                        credential.backend != credentials::Backend::Gemini;
  return google::isVague(refusal) && !isOfPool;
}

bool isNarrow(const Rule& rule) {
  return &rule == &ruleOf(Case::Narrow) || &rule == &ruleOf(Case::OtherForm);
}

std::string_view faultName(Fault fault) {
  switch (fault) {
    case Fault::Request: return "the request's";
    case Fault::NamedContent: return "the named content's";
    case Model: return "the model's";
    case Credential: return "the credential's";
    case Place: return "the place's";
    case Pool: return "the pool's";
    case Google: break;
  }
  return "Google's";
}

std::string_view reachName(Reach reach) {
  switch (reach) {
    case ThisRequest: return "this request";
    case ThisCredentialAndModel: return "this credential and model";
    case ThisCredential: return "this credential";
    case ThisModel: break;
  }
  return "this model";
}

std::string_view verdictName(Verdict verdict) {
  switch (verdict) {
    case Verdict::TryNext: return "next credential";
    case Verdict::PreferElsewhere: return "next credential, of another place if there is one";
    case Verdict::TryElsewhere: return "a credential of another place, else passed on";
    case Verdict::RenewToken: return "same credential, new token";
    case Verdict::OnceMore: return "once more";
    case Verdict::Mend: return "same credential, without what was refused";
    case Verdict::Stop: return "stops";
    case Verdict::PassOn: break;
  }
  return "passed on";
}

const Rule& judge(Exchange& exchange, const std::string& model, const Loss& loss,
                  std::span<const Lost> before) {
  const Case each = caseOf(loss, before);
  Consequence(exchange, model, loss.attempt).carryOut(each, loss.refusal);
  return ruleOf(each);
}

void judgeSuccess(Exchange& exchange, const std::string& model, const Attempt& attempt,
                  std::span<const Lost> before) {
  const auto& services = exchange.services;
  for (const auto& [loss, rule] : before) {
    if (rule != &ruleOf(Case::Suspect)) continue;
    Consequence(exchange, model, loss.attempt)
        .takeOut(loss.refusal.reason, remedyFor(loss.refusal, *loss.attempt.credential));
    break;
  }
  services.alerts.modelWell(model);
  if (!services.pool.succeed(attempt.credential->id, model, attempt.began,
                             services.host.clock.now())) {
    return;
  }
  services.alerts.credentialWell(attempt.credential->alias);
  services.host.logger.log(
      host::LogLevel::Info, "credential_released",
      {{"request", exchange.request.id}, {"credential", attempt.credential->alias}});
}

Millis restAfterFailures(Exchange& exchange, const std::string& model) {
  const Instant at = exchange.services.host.clock.now();
  restTheModel(exchange, model, Case::AllFailed, at, kUpstreamFailing);
  return exchange.services.pool.earliestReset(model, at).value_or(at) - at;
}

}  // namespace rondo::gateway
