#include "credentials/credential_manager.h"

#include <algorithm>
#include <utility>

namespace rondo::credentials {
namespace {

constexpr std::size_t kLongestModel = 128;
constexpr std::size_t kMostNews = 512;
constexpr int kMostHearsay = 16;
constexpr Millis kHearsayLasts = std::chrono::hours(12);
// Google's words, as far as they are kept.
constexpr std::size_t kLongestReason = 128;
constexpr std::size_t kLongestRemedy = 1024;
// A probe that nobody heard of again, since its client left, is repeated after this long.
constexpr Millis kProbeTakes = std::chrono::minutes(1);

// What is told of a name. Longer ones share what their beginnings share.
std::string_view keyOf(std::string_view model) { return model.substr(0, kLongestModel); }

std::vector<int> weightsOf(const std::vector<Credential>& credentials) {
  std::vector<int> weights;
  for (const auto& credential : credentials) weights.push_back(credential.weight);
  return weights;
}

// `now`, or as soon after `last` as can be: isolates' clocks differ, and an event is not to be
// taken for older than the one that it follows.
Instant justAfter(Instant last, Instant now) { return std::max(now, last + Millis{1}); }

Ladder ladderOf(Healing healing) {
  using std::chrono::minutes;
  return healing == Healing::ByRest ? Ladder{minutes(5), kLongestProbe}
                                    : Ladder{minutes(10), kLongestProbe};
}

// Up to the end of a character of UTF-8.
std::string beginningOf(std::string text, std::size_t length) {
  if (text.size() <= length) return text;
  while (length > 0 && (static_cast<unsigned char>(text[length]) & 0xC0U) == 0x80U) --length;
  text.resize(length);
  return text;
}

CoolDown bounded(CoolDown coolDown) {
  coolDown.until = std::min(coolDown.until, coolDown.since + kLongestCoolDown);
  coolDown.reason = beginningOf(std::move(coolDown.reason), kLongestReason);
  return coolDown;
}

bool isAtSamePlace(const Credential& one, const Credential& other) {
  return one.backend == other.backend && one.location == other.location;
}

}  // namespace

CredentialManager::CredentialManager(std::vector<Credential> credentials, Strategy strategy)
    : credentials_(std::move(credentials)),
      strategy_(strategy),
      cycle_(weightedCycle(weightsOf(credentials_))),
      members_(credentials_.size()) {}

std::optional<std::size_t> CredentialManager::indexOf(std::string_view id) const {
  const auto found = std::ranges::find(credentials_, id, &Credential::id);
  if (found == credentials_.end()) return std::nullopt;
  return static_cast<std::size_t>(found - credentials_.begin());
}

const Credential* CredentialManager::find(std::string_view id) const {
  const auto index = indexOf(id);
  return index ? &credentials_[*index] : nullptr;
}

CredentialManager::Member* CredentialManager::memberOf(std::string_view id) {
  const auto index = indexOf(id);
  return index ? &members_[*index] : nullptr;
}

// --- Turns ---------------------------------------------------------------------------------------

const Credential* CredentialManager::choose(const Turn& turn) {
  if (modelRests_.find(turn.model, turn.now)) return nullptr;
  const auto index = pick(turn);
  if (!index) return nullptr;
  auto& member = members_[*index];
  if (member.quarantine) {
    member.quarantine->probe = turn.now + kProbeTakes;
    member.probe = Member::Probe::UnderWay;
  }
  return &credentials_[*index];
}

std::optional<std::size_t> CredentialManager::pick(const Turn& turn) {
  const auto isCandidate = [&](std::size_t index) {
    return isFree(index, turn.model, turn.now) &&
           std::ranges::find(turn.tried, credentials_[index].id) == turn.tried.end();
  };
  const auto preferred = turn.awayFrom ? std::nullopt : indexOf(turn.preferred);
  if (preferred && isCandidate(*preferred)) return preferred;
  if (turn.awayFrom) {
    const auto elsewhere = pickAmong(turn, [&](std::size_t index) {
      return isCandidate(index) && !isAtSamePlace(credentials_[index], *turn.awayFrom);
    });
    if (elsewhere) return elsewhere;
  }
  return pickAmong(turn, isCandidate);
}

// The strategy's choice among the indices that are `wanted`.
template <class Wanted>
std::optional<std::size_t> CredentialManager::pickAmong(const Turn& turn, Wanted wanted) {
  if (strategy_ == Strategy::RoundRobin) {
    if (cycle_.empty()) return std::nullopt;
    auto& cursor = turns_.cursorOf(turn.model);
    for (std::size_t step = 0; step < cycle_.size(); ++step) {
      const auto at = (cursor + step) % cycle_.size();
      if (!wanted(cycle_[at])) continue;
      cursor = (at + 1) % cycle_.size();
      return cycle_[at];
    }
    return std::nullopt;
  }
  std::optional<std::size_t> best;
  double highest = 0;
  for (std::size_t index = 0; index < credentials_.size(); ++index) {
    if (!wanted(index)) continue;
    if (strategy_ == Strategy::FillFirst) return index;
    const auto& credential = credentials_[index];
    const double rank = affinity(turn.conversation, credential.id, credential.weight);
    if (best && rank <= highest) continue;
    best = index;
    highest = rank;
  }
  return best;
}

// --- Questions -----------------------------------------------------------------------------------

const CoolDown* CredentialManager::coolDownOf(const Member& member, std::string_view model,
                                              Instant now) const {
  const CoolDown* last = nullptr;
  for (const auto* each : {modelRests_.find(model, now), member.models.find(model, now),
                           member.denied.find(model, now), member.quotas.longest(now)}) {
    if (each && (!last || last->until < each->until)) last = each;
  }
  return last;
}

bool CredentialManager::isFree(std::size_t index, std::string_view model, Instant now) const {
  const auto& member = members_[index];
  const auto& quarantine = member.quarantine;
  const bool isOut = quarantine && !(quarantine->probe && *quarantine->probe <= now);
  return !isOut && serves(credentials_[index], model) && !coolDownOf(member, model, now);
}

bool CredentialManager::isFree(std::string_view id, std::string_view model, Instant now) const {
  const auto index = indexOf(id);
  return index && isFree(*index, model, now);
}

bool CredentialManager::isQuarantined(std::string_view id) const {
  const auto index = indexOf(id);
  return index && members_[*index].quarantine;
}

const CoolDown* CredentialManager::coolDownOf(std::string_view id, std::string_view model,
                                              Instant now) const {
  const auto index = indexOf(id);
  return index ? coolDownOf(members_[*index], model, now) : nullptr;
}

CredentialStatus CredentialManager::statusOf(std::size_t index, std::string_view model,
                                             Instant now) const {
  const auto& member = members_[index];
  CredentialStatus status;
  status.credential = &credentials_[index];
  if (member.quarantine) {
    status.state = CredentialState::Quarantined;
    status.reason = member.quarantine->reason;
    status.remedy = member.quarantine->remedy;
    status.since = member.quarantine->since;
    status.until = member.quarantine->probe;
  } else if (const auto* coolDown = coolDownOf(member, model, now)) {
    status.state = CredentialState::Cooling;
    status.model = keyOf(model);
    status.reason = coolDown->reason;
    status.since = coolDown->since;
    status.until = coolDown->until;
  }
  return status;
}

PoolState CredentialManager::stateOf(std::string_view model, Instant now) const {
  auto state = PoolState::Unserved;
  for (std::size_t i = 0; i < credentials_.size(); ++i) {
    if (!serves(credentials_[i], model)) continue;
    if (isFree(i, model, now)) return PoolState::Ready;
    if (!members_[i].quarantine) state = PoolState::Cooling;
    if (state == PoolState::Unserved) state = PoolState::Quarantined;
  }
  return state;
}

std::optional<Instant> CredentialManager::earliestReset(std::string_view model, Instant now,
                                                        std::span<const std::string> tried) const {
  std::optional<Instant> earliest;
  for (std::size_t i = 0; i < credentials_.size(); ++i) {
    if (!serves(credentials_[i], model)) continue;
    if (std::ranges::find(tried, credentials_[i].id) != tried.end()) continue;
    if (isFree(i, model, now)) return now;
    if (members_[i].quarantine) continue;
    const auto* coolDown = coolDownOf(members_[i], model, now);
    earliest = earliest ? std::min(*earliest, coolDown->until) : coolDown->until;
  }
  return earliest;
}

std::vector<CredentialStatus> CredentialManager::statusFor(std::string_view model,
                                                           Instant now) const {
  std::vector<CredentialStatus> lines;
  for (std::size_t i = 0; i < credentials_.size(); ++i) {
    if (serves(credentials_[i], model)) lines.push_back(statusOf(i, model, now));
  }
  return lines;
}

std::vector<CredentialStatus> CredentialManager::status(Instant now) const {
  std::vector<CredentialStatus> lines;
  for (std::size_t i = 0; i < credentials_.size(); ++i) {
    const auto before = lines.size();
    const auto& member = members_[i];
    if (!member.quarantine) {
      member.models.forEach(now, [&](const std::string& model, const CoolDown&) {
        lines.push_back(statusOf(i, model, now));
      });
      member.denied.forEach(now, [&](const std::string& model, const CoolDown&) {
        if (!member.models.find(model, now)) lines.push_back(statusOf(i, model, now));
      });
    }
    const bool coolsForAll = !member.quarantine && member.quotas.longest(now);
    if (coolsForAll || lines.size() == before) lines.push_back(statusOf(i, {}, now));
  }
  return lines;
}

// --- Changes -------------------------------------------------------------------------------------

bool CredentialManager::coolDown(std::string_view id, std::string_view model, CoolDown coolDown) {
  auto* member = memberOf(id);
  coolDown = bounded(std::move(coolDown));
  if (!member || !member->models.extend(model, coolDown)) return false;
  using enum CredentialCools::Scope;
  tell(CredentialCools{std::string(id), Model, std::string(keyOf(model)), std::move(coolDown)});
  return true;
}

bool CredentialManager::denyModel(std::string_view id, std::string_view model, CoolDown coolDown) {
  if (turns_.isProven(model)) return this->coolDown(id, model, std::move(coolDown));
  auto* member = memberOf(id);
  coolDown = bounded(std::move(coolDown));
  if (!member || !member->denied.extend(model, coolDown)) return false;
  using enum CredentialCools::Scope;
  if (mayTellHearsay(coolDown.since)) {
    tell(CredentialCools{std::string(id), Denied, std::string(keyOf(model)), std::move(coolDown)});
  }
  return true;
}

// Who invents names is not to make every isolate write.
bool CredentialManager::mayTellHearsay(Instant now) {
  if (now - hearsayBegan_ >= kHearsayLasts) {
    hearsayBegan_ = now;
    hearsay_ = 0;
  }
  return hearsay_++ < kMostHearsay;
}

// The model exists: that it was denied to some is worth knowing.
void CredentialManager::believeDenials(std::string_view model, Instant now) {
  for (std::size_t i = 0; i < credentials_.size(); ++i) {
    auto denial = members_[i].denied.take(model, now);
    if (denial) coolDown(credentials_[i].id, model, std::move(*denial));
  }
}

bool CredentialManager::coolDownQuota(std::string_view id, std::string_view quota,
                                      CoolDown coolDown) {
  auto* member = memberOf(id);
  coolDown = bounded(std::move(coolDown));
  if (!member || !member->quotas.extend(quota, coolDown)) return false;
  using enum CredentialCools::Scope;
  tell(CredentialCools{std::string(id), Quota, std::string(keyOf(quota)), std::move(coolDown)});
  return true;
}

bool CredentialManager::rest(std::string_view id, std::string_view model, const Ladder& ladder,
                             Instant atLeast, Instant now, std::string reason) {
  auto* member = memberOf(id);
  if (!member || !member->models.rest(model, ladder, atLeast, now, std::move(reason))) return false;
  using enum CredentialCools::Scope;
  tell(CredentialCools{std::string(id), Model, std::string(keyOf(model)),
                       *member->models.find(model, now)});
  return true;
}

bool CredentialManager::restModel(std::string_view model, const Ladder& ladder, Instant atLeast,
                                  Instant now, std::string reason) {
  const Instant until = std::min(atLeast, now + kLongestModelRest);
  if (!modelRests_.rest(model, ladder, until, now, std::move(reason))) return false;
  tell(ModelRests{std::string(keyOf(model)), *modelRests_.find(model, now)});
  return true;
}

bool CredentialManager::succeed(std::string_view id, std::string_view model, Instant began,
                                Instant now) {
  auto* member = memberOf(id);
  if (!member) return false;
  member->models.clear(model, began);
  member->denied.clear(model, began);
  modelRests_.clear(model, began);
  if (turns_.prove(model)) believeDenials(model, now);
  if (!member->quarantine || member->changed >= began) return false;
  member->quarantine.reset();
  member->probe = Member::Probe::None;
  member->changed = now;
  tell(CredentialFreed{std::string(id), CredentialFreed::Extent::Quarantine, now});
  return true;
}

bool CredentialManager::quarantine(std::string_view id, std::string reason, std::string remedy,
                                   Healing healing, Instant now) {
  auto* member = memberOf(id);
  if (!member) return false;
  reason = beginningOf(std::move(reason), kLongestReason);
  remedy = beginningOf(std::move(remedy), kLongestRemedy);
  auto& current = member->quarantine;
  const bool isNew = !current || current->reason != reason;
  const bool inVain = std::exchange(member->probe, Member::Probe::None) == Member::Probe::UnderWay;
  if (!isNew && !inVain) return false;  // Requests that were under way are refused too.
  Quarantine next{std::move(reason), std::move(remedy), now, {}, 0};
  if (current) {
    next.since = current->since;
    next.probes = current->probes + (inVain ? 1 : 0);
  }
  if (healing != Healing::Never) next.probe = now + lengthOf(ladderOf(healing), next.probes);
  current = next;
  member->changed = justAfter(member->changed, now);
  tell(CredentialOut{std::string(id), std::move(next), member->changed});
  return isNew;
}

bool CredentialManager::reset(std::string_view id, Instant now) {
  const auto* member = memberOf(id);
  if (!member) return false;
  const Instant latest = std::max({member->changed, member->models.latestRefusal(),
                                   member->denied.latestRefusal(), member->quotas.latestRefusal()});
  const CredentialFreed event{std::string(id), CredentialFreed::Extent::Everything,
                              justAfter(latest, now)};
  apply(event);
  tell(event);
  return true;
}

// --- Between isolates ----------------------------------------------------------------------------

void CredentialManager::tell(const PoolEvent& event) {
  auto fact = toFact(event);
  if (news_.size() >= kMostNews && !news_.contains(fact.key)) {
    const auto least = std::ranges::min_element(
        news_, isWorthLess, [](const auto& each) -> const auto& { return each.second; });
    if (isWorthLess(fact, least->second)) return;
    news_.erase(least);
  }
  auto key = fact.key;
  news_.insert_or_assign(std::move(key), std::move(fact));
}

std::vector<host::Fact> CredentialManager::takeNews(Instant now, Millis atLeast) {
  std::vector<host::Fact> lasting;
  for (auto& [key, fact] : std::exchange(news_, {})) {
    if (fact.expires - now >= atLeast) lasting.push_back(std::move(fact));
  }
  return lasting;
}

void CredentialManager::learn(const std::vector<host::Fact>& facts, Instant now) {
  for (const auto& fact : facts) {
    const auto event = fact.expires > now ? toEvent(fact, now) : std::nullopt;
    if (event) std::visit([this](const auto& each) { apply(each); }, *event);
  }
}

void CredentialManager::apply(const CredentialCools& event) {
  auto* member = memberOf(event.credential);
  if (!member || event.coolDown.since <= member->freed) return;
  using enum CredentialCools::Scope;
  const bool isHearsay = event.scope == Denied && !turns_.isProven(event.name);
  auto& ofModels = isHearsay ? member->denied : member->models;
  (event.scope == Quota ? member->quotas : ofModels).extend(event.name, event.coolDown);
}

void CredentialManager::apply(const ModelRests& event) {
  modelRests_.extend(event.model, event.coolDown);
}

void CredentialManager::apply(const CredentialOut& event) {
  auto* member = memberOf(event.credential);
  if (!member || event.at <= member->changed) return;
  member->quarantine = event.quarantine;
  member->probe = Member::Probe::None;
  member->changed = event.at;
}

void CredentialManager::apply(const CredentialFreed& event) {
  auto* member = memberOf(event.credential);
  if (!member) return;
  if (event.extent == CredentialFreed::Extent::Everything && event.at > member->freed) {
    member->freed = event.at;
    member->models.clearAll(event.at);
    member->denied.clearAll(event.at);
    member->quotas.clearAll(event.at);
  }
  if (event.at <= member->changed) return;
  member->quarantine.reset();
  member->probe = Member::Probe::None;
  member->changed = event.at;
}

}  // namespace rondo::credentials
