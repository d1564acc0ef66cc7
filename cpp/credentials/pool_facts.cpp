#include "credentials/pool_facts.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "json/value.h"

namespace rondo::credentials {
namespace {

using host::Fact;

// The first part of a fact's key. The parts are joined by '|'; a name may hold one, and comes last.
constexpr std::string_view kModelOfCredential = "cool";
constexpr std::string_view kQuotaOfCredential = "quota";
constexpr std::string_view kModel = "model";
constexpr std::string_view kCredential = "credential";

// Longer than any quarantine is worth remembering when nobody comes across it.
constexpr Millis kQuarantineLasts = std::chrono::days(30);
// By then every isolate has heard of it, and the quarantine's own fact has given way to it.
constexpr Millis kFreedLasts = std::chrono::hours(1);
// Longer than any cool-down that it voids, since their facts stay beside it.
constexpr Millis kResetLasts = std::chrono::days(30);
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

CoolDown coolDownOf(const Fact& fact, const json::Value& value) {
  return {fact.expires, fromUnixMillis(json::findInteger(value, "since").value_or(0)),
          std::string(json::findString(value, "reason").value_or(""))};
}

Fact write(const CredentialCools& event) {
  const auto kind =
      event.scope == CredentialCools::Scope::Model ? kModelOfCredential : kQuotaOfCredential;
  return coolFact(join(kind, event.credential, event.name), event.coolDown);
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

PoolEvent credentialEvent(std::string_view id, const Fact& fact, const json::Value& value) {
  const Instant at = fromUnixMillis(fact.rank);
  if (const auto freed = json::findString(value, "freed")) {
    using enum CredentialFreed::Extent;
    return CredentialFreed{std::string(id), *freed == "everything" ? Everything : Quarantine, at};
  }
  Quarantine quarantine;
  quarantine.reason = json::findString(value, "reason").value_or("");
  quarantine.remedy = json::findString(value, "remedy").value_or("");
  quarantine.since = fromUnixMillis(json::findInteger(value, "since").value_or(fact.rank));
  if (const auto probe = json::findInteger(value, "probe")) {
    quarantine.probe = fromUnixMillis(*probe);
  }
  const auto probes = json::findInteger(value, "probes").value_or(0);
  quarantine.probes = static_cast<int>(std::clamp<std::int64_t>(probes, 0, kMostProbes));
  return CredentialOut{std::string(id), std::move(quarantine), at};
}

}  // namespace

Fact toFact(const PoolEvent& event) {
  return std::visit([](const auto& each) { return write(each); }, event);
}

std::optional<PoolEvent> toEvent(const Fact& fact) {
  const auto value = json::parse(fact.value);
  if (!value || !value->is_object()) return std::nullopt;
  std::string_view rest = fact.key;
  const auto kind = takePart(rest);
  if (kind == kModel) return ModelRests{std::string(rest), coolDownOf(fact, *value)};
  const auto id = takePart(rest);
  if (kind == kCredential) return credentialEvent(id, fact, *value);
  using enum CredentialCools::Scope;
  if (kind == kModelOfCredential || kind == kQuotaOfCredential) {
    return CredentialCools{std::string(id), kind == kModelOfCredential ? Model : Quota,
                           std::string(rest), coolDownOf(fact, *value)};
  }
  return std::nullopt;
}

bool repeats(const Fact& news, const Fact& known) {
  if (news.key != known.key) return false;
  const auto one = toEvent(known);
  const auto other = toEvent(news);
  if (!one || !other) return false;
  const auto* before = std::get_if<CredentialOut>(&*one);
  const auto* now = std::get_if<CredentialOut>(&*other);
  return before && now && before->quarantine.reason == now->quarantine.reason &&
         before->quarantine.probes >= now->quarantine.probes;
}

}  // namespace rondo::credentials
