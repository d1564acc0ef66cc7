#include "credentials/credential_manager.h"

#include <algorithm>
#include <utility>

#include "credentials/kept_words.h"

namespace rondo::credentials {
namespace {

constexpr std::size_t kLongestModel = 128;

// What is told of a name. Longer ones share what their beginnings share.
std::string_view keyOf(std::string_view model) { return model.substr(0, kLongestModel); }

std::vector<int> weightsOf(const std::vector<Credential>& credentials) {
  std::vector<int> weights;
  for (const auto& credential : credentials) weights.push_back(credential.weight);
  return weights;
}

CoolDown bounded(CoolDown coolDown) {
  coolDown.until = std::min(coolDown.until, coolDown.since + kLongestCoolDown);
  coolDown.reason = keptReason(std::move(coolDown.reason));
  return coolDown;
}

bool isAtSamePlace(const Credential& one, const Credential& other) {
  return one.backend == other.backend && one.location == other.location;
}

}  // namespace

std::string_view stateName(CredentialState state) {
  switch (state) {
    case CredentialState::Ready: return "ready";
    case CredentialState::Cooling: return "cooling";
    case CredentialState::Quarantined: break;
  }
  return "quarantined";
}

namespace {

std::string placeOfTools(std::string_view id, std::string_view model) {
  return std::string(id).append("|").append(model);
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

CredentialManager::Member* CredentialManager::memberOf(std::string_view id) {
  const auto index = indexOf(id);
  return index ? &members_[*index] : nullptr;
}

// --- Turns ---------------------------------------------------------------------------------------

const Credential* CredentialManager::choose(const Turn& turn) {
  const auto* rest = modelRests_.find(turn.model, turn.now);
  if (rest && rest->reason != turn.unheeded) return nullptr;
  const auto index = pick(turn);
  if (!index) return nullptr;
  members_[*index].health.choose(turn.now);
  return &credentials_[*index];
}

std::optional<std::size_t> CredentialManager::pick(const Turn& turn) {
  const auto isCandidate = [&](std::size_t index) {
    return mayTake(index, turn) &&
           std::ranges::find(turn.tried, credentials_[index].id) == turn.tried.end();
  };
  const auto pickOf = [&](auto wanted) -> std::optional<std::size_t> {
    const auto preferred = turn.awayFrom ? std::nullopt : indexOf(turn.preferred);
    if (preferred && wanted(*preferred)) return preferred;
    if (turn.awayFrom) {
      const auto elsewhere = pickAmong(turn, [&](std::size_t index) {
        return wanted(index) && !isAtSamePlace(credentials_[index], *turn.awayFrom);
      });
      if (elsewhere) return elsewhere;
    }
    return pickAmong(turn, wanted);
  };
  if (turn.tools == Turn::Tools::None) return pickOf(isCandidate);
  const auto rested = pickOf([&](std::size_t index) {
    const auto place = placeOfTools(credentials_[index].id, turn.model);
    return isCandidate(index) && !toolRests_.find(place, turn.now);
  });
  return rested ? rested : pickOf(isCandidate);
}

// The strategy's choice among the indices that are `wanted`.
template <class Wanted>
std::optional<std::size_t> CredentialManager::pickAmong(const Turn& turn, Wanted wanted) {
  if (strategy_ == Strategy::FillFirst) return firstAmong(wanted);
  if (!turn.affinity.empty()) return closestAmong(turn.affinity, wanted);
  if (strategy_ == Strategy::Sticky) return closestAmong(turn.conversation, wanted);
  return nextAmong(turn.model, wanted);
}

template <class Wanted>
std::optional<std::size_t> CredentialManager::firstAmong(Wanted wanted) const {
  for (std::size_t index = 0; index < credentials_.size(); ++index) {
    if (wanted(index)) return index;
  }
  return std::nullopt;
}

template <class Wanted>
std::optional<std::size_t> CredentialManager::nextAmong(std::string_view model, Wanted wanted) {
  if (cycle_.empty()) return std::nullopt;
  auto& cursor = turns_.cursorOf(model);
  for (std::size_t step = 0; step < cycle_.size(); ++step) {
    const auto at = (cursor + step) % cycle_.size();
    if (!wanted(cycle_[at])) continue;
    cursor = (at + 1) % cycle_.size();
    return cycle_[at];
  }
  return std::nullopt;
}

template <class Wanted>
std::optional<std::size_t> CredentialManager::closestAmong(std::string_view key,
                                                           Wanted wanted) const {
  std::optional<std::size_t> best;
  double highest = 0;
  for (std::size_t index = 0; index < credentials_.size(); ++index) {
    if (!wanted(index)) continue;
    const auto& credential = credentials_[index];
    const double rank = affinity(key, credential.id, credential.weight);
    if (best && rank <= highest) continue;
    best = index;
    highest = rank;
  }
  return best;
}

// --- Questions -----------------------------------------------------------------------------------

const CoolDown* CredentialManager::coolDownOf(std::size_t index, std::string_view model,
                                              Instant now) const {
  return longerOf(modelRests_.find(model, now), members_[index].coolDowns.longest(model, now));
}

bool CredentialManager::isFree(std::size_t index, std::string_view model, Instant now) const {
  return mayTake(index, {model, now}) && !modelRests_.find(model, now);
}

// The model's own rest aside.
bool CredentialManager::mayTake(std::size_t index, const Turn& turn) const {
  const Member& member = members_[index];
  return !member.health.isOut(turn.now) && serves(credentials_[index], turn.model) &&
         !member.coolDowns.longest(turn.model, turn.now);
}

bool CredentialManager::isQuarantined(std::string_view id) const {
  const auto index = indexOf(id);
  return index && members_[*index].health.quarantine();
}

bool CredentialManager::isFree(std::string_view id, std::string_view model, Instant now) const {
  return !isQuarantined(id) && !coolDownOf(id, model, now);
}

const CoolDown* CredentialManager::coolDownOf(std::string_view id, std::string_view model,
                                              Instant now) const {
  const auto index = indexOf(id);
  return index ? coolDownOf(*index, model, now) : nullptr;
}

CredentialStatus CredentialManager::statusOf(std::size_t index, std::string_view model,
                                             Instant now) const {
  CredentialStatus status;
  status.credential = &credentials_[index];
  if (const auto* quarantine = members_[index].health.quarantine()) {
    status.state = CredentialState::Quarantined;
    status.reason = quarantine->reason;
    status.remedy = quarantine->remedy;
    status.since = quarantine->since;
    status.until = quarantine->probe;
  } else if (const auto* coolDown = coolDownOf(index, model, now)) {
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
    if (!members_[i].health.quarantine()) state = PoolState::Cooling;
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
    if (members_[i].health.quarantine()) continue;
    const auto* coolDown = coolDownOf(i, model, now);
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

std::vector<CredentialStatus> CredentialManager::statusOfAll(std::string_view model,
                                                             Instant now) const {
  std::vector<CredentialStatus> lines;
  for (std::size_t i = 0; i < credentials_.size(); ++i) lines.push_back(statusOf(i, model, now));
  return lines;
}

std::vector<const Credential*> CredentialManager::orderFor(std::string_view model,
                                                           Instant now) const {
  std::vector<std::size_t> free;
  if (modelRests_.find(model, now)) return {};
  const auto add = [&](std::size_t index) {
    const bool isThere = std::ranges::find(free, index) != free.end();
    if (!isThere && isFree(index, model, now)) free.push_back(index);
  };
  if (strategy_ == Strategy::RoundRobin) {
    const auto cursor = turns_.peek(model);
    for (std::size_t step = 0; step < cycle_.size(); ++step) {
      add(cycle_[(cursor + step) % cycle_.size()]);
    }
  } else {
    for (std::size_t index = 0; index < credentials_.size(); ++index) add(index);
  }
  if (strategy_ == Strategy::Sticky) {
    std::ranges::stable_sort(free, std::ranges::greater{}, [this](std::size_t index) {
      return affinity({}, credentials_[index].id, credentials_[index].weight);
    });
  }
  std::vector<const Credential*> order;
  for (const auto index : free) order.push_back(&credentials_[index]);
  return order;
}

std::vector<Resting> CredentialManager::resting(Instant now) const {
  std::vector<Resting> lines;
  modelRests_.forEach(now, [&lines](const std::string& model, const CoolDown& coolDown) {
    lines.push_back({nullptr, model, coolDown});
  });
  for (std::size_t i = 0; i < credentials_.size(); ++i) {
    const auto& [coolDowns, health] = members_[i];
    if (health.quarantine()) continue;
    coolDowns.forEachModel(now, [&](const std::string& model) {
      lines.push_back({&credentials_[i], model, *coolDowns.longest(model, now)});
    });
  }
  return lines;
}

std::vector<std::string> CredentialManager::knownModels(Instant now) const {
  auto models = turns_.provenModels();
  const auto add = [&models](const std::string& model) { models.push_back(model); };
  modelRests_.forEach(now, [&add](const std::string& model, const CoolDown&) { add(model); });
  for (const auto& member : members_) member.coolDowns.forEachRealModel(now, add);
  std::ranges::sort(models);
  models.erase(std::ranges::unique(models).begin(), models.end());
  return models;
}

std::vector<CredentialStatus> CredentialManager::status(Instant now) const {
  std::vector<CredentialStatus> lines;
  for (std::size_t i = 0; i < credentials_.size(); ++i) {
    const auto before = lines.size();
    const auto& [coolDowns, health] = members_[i];
    if (!health.quarantine()) {
      coolDowns.forEachModel(
          now, [&](const std::string& model) { lines.push_back(statusOf(i, model, now)); });
    }
    const bool coolsForAll = !health.quarantine() && coolDowns.longestOfAll(now);
    if (coolsForAll || lines.size() == before) lines.push_back(statusOf(i, {}, now));
  }
  return lines;
}

// --- Changes -------------------------------------------------------------------------------------

bool CredentialManager::extend(std::string_view id, CredentialCools::Scope scope,
                               std::string_view name, CoolDown coolDown) {
  auto* member = memberOf(id);
  coolDown = bounded(std::move(coolDown));
  if (!member || !member->coolDowns.extend(scope, name, coolDown)) return false;
  news_.add(CredentialCools{std::string(id), scope, std::string(keyOf(name)), std::move(coolDown)});
  return true;
}

bool CredentialManager::coolDown(std::string_view id, std::string_view model, CoolDown coolDown) {
  return extend(id, CredentialCools::Scope::Model, model, std::move(coolDown));
}

bool CredentialManager::coolDownQuota(std::string_view id, std::string_view quota,
                                      CoolDown coolDown) {
  return extend(id, CredentialCools::Scope::Quota, quota, std::move(coolDown));
}

bool CredentialManager::denyModel(std::string_view id, std::string_view model, CoolDown coolDown) {
  return extend(id, scopeOfDenial(model), model, std::move(coolDown));
}

// A model that has been served is none that somebody invented.
CredentialCools::Scope CredentialManager::scopeOfDenial(std::string_view model) const {
  using enum CredentialCools::Scope;
  return turns_.isProven(model) ? Model : Denied;
}

// The model exists: that it was denied to some is worth knowing.
void CredentialManager::believeDenials(std::string_view model, Instant now) {
  for (std::size_t i = 0; i < credentials_.size(); ++i) {
    auto denial = members_[i].coolDowns.takeDenial(model, now);
    if (denial) coolDown(credentials_[i].id, model, std::move(*denial));
  }
}

bool CredentialManager::rest(std::string_view id, std::string_view model, const Ladder& ladder,
                             Instant atLeast, Instant now, std::string reason) {
  auto* member = memberOf(id);
  if (!member) return false;
  const auto* resting = member->coolDowns.rest(model, ladder, atLeast, now, std::move(reason));
  if (!resting) return false;
  using enum CredentialCools::Scope;
  news_.add(CredentialCools{std::string(id), Model, std::string(keyOf(model)), *resting});
  return true;
}

void CredentialManager::restForTools(std::string_view id, std::string_view model,
                                     CoolDown coolDown) {
  toolRests_.extend(placeOfTools(id, model), std::move(coolDown));
}

bool CredentialManager::hasRestsForTools(std::string_view model, Instant now) const {
  // Each request asks, and hardly ever does anybody rest.
  if (!toolRests_.longest(now)) return false;
  return std::ranges::any_of(credentials_, [&](const Credential& each) {
    return toolRests_.find(placeOfTools(each.id, model), now) != nullptr;
  });
}

bool CredentialManager::restModel(std::string_view model, const Ladder& ladder, Instant atLeast,
                                  Instant now, std::string reason) {
  const Instant until = std::min(atLeast, now + kLongestModelRest);
  if (!modelRests_.rest(model, ladder, until, now, std::move(reason))) return false;
  news_.add(ModelRests{std::string(keyOf(model)), *modelRests_.find(model, now)});
  return true;
}

bool CredentialManager::succeed(std::string_view id, std::string_view model, Instant began,
                                Instant now) {
  auto* member = memberOf(id);
  if (!member) return false;
  member->coolDowns.succeed(model, began);
  modelRests_.clear(model, began);
  if (turns_.prove(model)) believeDenials(model, now);
  if (!member->health.succeed(began, now)) return false;
  news_.add(CredentialFreed{std::string(id), CredentialFreed::Extent::Quarantine, now});
  return true;
}

bool CredentialManager::quarantine(std::string_view id, std::string reason, std::string remedy,
                                   Healing healing, Instant now) {
  auto* member = memberOf(id);
  if (!member) return false;
  auto& health = member->health;
  const auto refused = health.refuse(std::move(reason), std::move(remedy), healing, now);
  if (refused == Refused::Nothing) return false;
  news_.add(CredentialOut{std::string(id), *health.quarantine(), health.changed()});
  return refused == Refused::Reason;
}

bool CredentialManager::reset(std::string_view id, Instant now) {
  const auto* member = memberOf(id);
  if (!member) return false;
  const Instant latest = std::max(member->health.changed(), member->coolDowns.latestRefusal());
  const CredentialFreed event{std::string(id), CredentialFreed::Extent::Everything,
                              justAfter(latest, now)};
  apply(event);
  news_.add(event);
  return true;
}

// --- From other isolates -------------------------------------------------------------------------

void CredentialManager::learn(const std::vector<host::Fact>& facts, Instant now) {
  for (const auto& fact : facts) {
    const auto event = fact.expires > now ? toEvent(fact, now) : std::nullopt;
    if (event) std::visit([this](const auto& each) { apply(each); }, *event);
  }
}

void CredentialManager::apply(const CredentialCools& event) {
  auto* member = memberOf(event.credential);
  if (!member) return;
  const bool isDenial = event.scope == CredentialCools::Scope::Denied;
  const auto scope = isDenial ? scopeOfDenial(event.name) : event.scope;
  member->coolDowns.learn(scope, event.name, event.coolDown);
}

void CredentialManager::apply(const ModelRests& event) {
  modelRests_.extend(event.model, event.coolDown);
}

void CredentialManager::apply(const CredentialOut& event) {
  if (auto* member = memberOf(event.credential)) member->health.takeOut(event.quarantine, event.at);
}

void CredentialManager::apply(const CredentialFreed& event) {
  auto* member = memberOf(event.credential);
  if (!member) return;
  if (event.extent == CredentialFreed::Extent::Everything) member->coolDowns.reset(event.at);
  member->health.free(event.at);
}

}  // namespace rondo::credentials
