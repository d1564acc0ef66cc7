#include "credentials/pool_facts.h"

#include <algorithm>
#include <functional>
#include <map>
#include <string_view>
#include <tuple>
#include <utility>

#include "json/value.h"

namespace rondo::credentials {
namespace {

using host::Fact;

// The first part of a fact's key. The parts are joined by '|'; a name may hold one, and comes last.
constexpr std::string_view kModelOfCredential = "cool";
constexpr std::string_view kDenied = "deny";
constexpr std::string_view kQuotaOfCredential = "quota";
constexpr std::string_view kModel = "model";
constexpr std::string_view kCredential = "credential";

// Longer than any quarantine is worth remembering when nobody comes across it.
constexpr Millis kQuarantineLasts = std::chrono::days(30);
// By then every isolate has heard of it, and the quarantine's own fact has given way to it.
constexpr Millis kFreedLasts = std::chrono::hours(1);
// Longer than any cool-down that it voids, since their facts stay beside it.
constexpr Millis kResetLasts = std::chrono::days(30);
// Isolates' clocks differ by less.
constexpr Millis kClocksDiffer = std::chrono::minutes(10);
// How old a moment is that can't be. What is remembered lasts a day longer, so that it ends soon.
constexpr Millis kLongAgo = kResetLasts - std::chrono::days(1);
// More than a quarantine of any age has seen.
constexpr std::int64_t kMostProbes = 1'000'000;

std::string join(std::string_view kind, std::string_view id, std::string_view name) {
  return std::string(kind).append("|").append(id).append("|").append(name);
}

std::string join(std::string_view kind, std::string_view name) {
  return std::string(kind).append("|").append(name);
}

// What comes before the next '|', taken off `rest`.
std::string_view takePart(std::string_view& rest) {
  const auto part = rest.substr(0, rest.find('|'));
  rest.remove_prefix(std::min(rest.size(), part.size() + 1));
  return part;
}

Fact coolFact(std::string key, const CoolDown& coolDown) {
  json::Value value = json::Value::object();
  value["reason"] = coolDown.reason;
  value["since"] = toUnixMillis(coolDown.since);
  return {std::move(key), toUnixMillis(coolDown.until), coolDown.until, json::dump(value)};
}

// A moment of the past, as far as it can be one.
Instant pastMoment(std::int64_t millis, Instant now) {
  const Instant moment = fromUnixMillis(millis);
  return moment <= Instant{} || moment > now + kClocksDiffer ? now - kLongAgo : moment;
}

CoolDown coolDownOf(const Fact& fact, const json::Value& value, Instant latest, Instant now) {
  return {std::min(fact.expires, latest),
          pastMoment(json::findInteger(value, "since").value_or(0), now),
          std::string(json::findString(value, "reason").value_or(""))};
}

std::string_view kindOf(CredentialCools::Scope scope) {
  switch (scope) {
    case CredentialCools::Scope::Model: return kModelOfCredential;
    case CredentialCools::Scope::Denied: return kDenied;
    case CredentialCools::Scope::Quota: break;
  }
  return kQuotaOfCredential;
}

Fact write(const CredentialCools& event) {
  return coolFact(join(kindOf(event.scope), event.credential, event.name), event.coolDown);
}

Fact write(const ModelRests& event) { return coolFact(join(kModel, event.model), event.coolDown); }

Fact write(const CredentialOut& event) {
  json::Value value = json::Value::object();
  value["reason"] = event.quarantine.reason;
  value["remedy"] = event.quarantine.remedy;
  value["since"] = toUnixMillis(event.quarantine.since);
  if (event.quarantine.probe) value["probe"] = toUnixMillis(*event.quarantine.probe);
  value["probes"] = event.quarantine.probes;
  return {join(kCredential, event.credential), toUnixMillis(event.at), event.at + kQuarantineLasts,
          json::dump(value)};
}

Fact write(const CredentialFreed& event) {
  const bool isReset = event.extent == CredentialFreed::Extent::Everything;
  json::Value value = json::Value::object();
  value["freed"] = isReset ? "everything" : "quarantine";
  return {join(kCredential, event.credential), toUnixMillis(event.at),
          event.at + (isReset ? kResetLasts : kFreedLasts), json::dump(value)};
}

PoolEvent credentialEvent(std::string_view id, const Fact& fact, const json::Value& value,
                          Instant now) {
  const Instant at = pastMoment(fact.rank, now);
  if (const auto freed = json::findString(value, "freed")) {
    using enum CredentialFreed::Extent;
    return CredentialFreed{std::string(id), *freed == "everything" ? Everything : Quarantine, at};
  }
  Quarantine quarantine;
  quarantine.reason = json::findString(value, "reason").value_or("");
  quarantine.remedy = json::findString(value, "remedy").value_or("");
  quarantine.since =
      std::min(at, pastMoment(json::findInteger(value, "since").value_or(fact.rank), now));
  if (const auto probe = json::findInteger(value, "probe")) {
    quarantine.probe = std::clamp(fromUnixMillis(*probe), Instant{}, now + kLongestProbe);
  }
  const auto probes = json::findInteger(value, "probes").value_or(0);
  quarantine.probes = static_cast<int>(std::clamp<std::int64_t>(probes, 0, kMostProbes));
  return CredentialOut{std::string(id), std::move(quarantine), at};
}

bool isAboutCredential(const Fact& fact) {
  std::string_view rest = fact.key;
  return takePart(rest) == kCredential;
}

// When each credential was last reset, by its id.
using Resets = std::map<std::string, Instant, std::less<>>;

void noteResets(Resets& resets, const std::vector<Fact>& facts, Instant now) {
  for (const auto& fact : facts) {
    if (!isAboutCredential(fact)) continue;
    const auto event = toEvent(fact, now);
    const auto* freed = event ? std::get_if<CredentialFreed>(&*event) : nullptr;
    if (!freed || freed->extent != CredentialFreed::Extent::Everything) continue;
    auto& at = resets[freed->credential];
    at = std::max(at, freed->at);
  }
}

bool isVoid(const Fact& fact, const Resets& resets, Instant now) {
  if (isAboutCredential(fact)) return false;
  const auto event = toEvent(fact, now);
  const auto* cools = event ? std::get_if<CredentialCools>(&*event) : nullptr;
  const auto reset = cools ? resets.find(cools->credential) : resets.end();
  return reset != resets.end() && cools->coolDown.since <= reset->second;
}

}  // namespace

Instant justAfter(Instant last, Instant now) { return std::max(now, last + Millis{1}); }

Fact toFact(const PoolEvent& event) {
  return std::visit([](const auto& each) { return write(each); }, event);
}

std::optional<PoolEvent> toEvent(const Fact& fact, Instant now) {
  const auto value = json::parse(fact.value);
  if (!value || !value->is_object()) return std::nullopt;
  std::string_view rest = fact.key;
  const auto kind = takePart(rest);
  if (kind == kModel) {
    return ModelRests{std::string(rest), coolDownOf(fact, *value, now + kLongestModelRest, now)};
  }
  const auto id = takePart(rest);
  if (kind == kCredential) return credentialEvent(id, fact, *value, now);
  using enum CredentialCools::Scope;
  for (const auto scope : {Model, Denied, Quota}) {
    if (kind != kindOf(scope)) continue;
    return CredentialCools{std::string(id), scope, std::string(rest),
                           coolDownOf(fact, *value, now + kLongestCoolDown, now)};
  }
  return std::nullopt;
}

bool keepWithinReach(std::vector<Fact>& facts, Instant now) {
  bool changed = false;
  std::erase_if(facts, [&](Fact& fact) {
    const auto event = toEvent(fact, now);
    auto sound = event ? std::optional(toFact(*event)) : std::nullopt;
    const bool isBeyond = sound && (fact.rank > sound->rank || fact.expires > sound->expires);
    if (isBeyond) fact = std::move(*sound);
    changed = changed || isBeyond;
    return !event;
  });
  return changed;
}

std::vector<Fact> takeVoided(std::vector<Fact>& facts, const std::vector<Fact>& news, Instant now) {
  Resets resets;
  noteResets(resets, facts, now);
  noteResets(resets, news, now);
  std::vector<Fact> voided;
  if (resets.empty()) return voided;
  std::erase_if(facts, [&](const Fact& fact) {
    if (!isVoid(fact, resets, now)) return false;
    voided.push_back(fact);
    return true;
  });
  return voided;
}

bool isHearsay(const Fact& fact) {
  std::string_view rest = fact.key;
  return takePart(rest) == kDenied;
}

bool isWorthLess(const Fact& one, const Fact& other) {
  const auto worth = [](const Fact& fact) {
    return std::tuple(isAboutCredential(fact), !isHearsay(fact), fact.expires);
  };
  return worth(one) < worth(other);
}

bool repeats(const Fact& news, const Fact& known, Instant now) {
  if (news.key != known.key) return false;
  const auto one = toEvent(known, now);
  const auto other = toEvent(news, now);
  if (!one || !other) return false;
  const auto* before = std::get_if<CredentialOut>(&*one);
  const auto* after = std::get_if<CredentialOut>(&*other);
  return before && after && before->quarantine.reason == after->quarantine.reason &&
         before->quarantine.probes >= after->quarantine.probes;
}

}  // namespace rondo::credentials
