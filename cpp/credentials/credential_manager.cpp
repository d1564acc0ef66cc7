#include "credentials/credential_manager.h"

#include <algorithm>
#include <utility>

namespace rondo::credentials {
namespace {

constexpr std::size_t kMostCursors = 256;
constexpr std::size_t kMostCoolDowns = 128;  // of one credential
constexpr std::size_t kLongestModel = 128;

// What cursors and cool-downs are kept under. Longer names share what their beginnings share.
std::string_view keyOf(std::string_view model) { return model.substr(0, kLongestModel); }

}  // namespace

CredentialManager::CredentialManager(std::vector<Credential> credentials)
    : credentials_(std::move(credentials)), members_(credentials_.size()) {}

std::optional<std::size_t> CredentialManager::indexOf(std::string_view id) const {
  const auto found = std::ranges::find(credentials_, id, &Credential::id);
  if (found == credentials_.end()) return std::nullopt;
  return static_cast<std::size_t>(found - credentials_.begin());
}

const Credential* CredentialManager::find(std::string_view id) const {
  const auto index = indexOf(id);
  return index ? &credentials_[*index] : nullptr;
}

CredentialManager::Cursor& CredentialManager::cursorOf(std::string_view model) {
  const auto key = keyOf(model);
  auto entry = cursors_.find(key);
  if (entry == cursors_.end()) {
    if (cursors_.size() >= kMostCursors) {
      cursors_.erase(std::ranges::min_element(
          cursors_, {}, [](const auto& each) { return each.second.lastUse; }));
    }
    entry = cursors_.emplace(key, Cursor{}).first;
  }
  entry->second.lastUse = ++uses_;
  return entry->second;
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
    return status;
  }
  const auto coolDown = member.coolDowns.find(keyOf(model));
  if (coolDown != member.coolDowns.end() && coolDown->second.until > now) {
    status.state = CredentialState::Cooling;
    status.model = coolDown->first;
    status.reason = coolDown->second.reason;
    status.until = coolDown->second.until;
  }
  return status;
}

const Credential* CredentialManager::choose(std::string_view model, Instant now,
                                            std::span<const std::string> tried) {
  const auto start = credentials_.empty() ? 0 : cursorOf(model).next;
  for (std::size_t step = 0; step < credentials_.size(); ++step) {
    const auto index = (start + step) % credentials_.size();
    const auto& credential = credentials_[index];
    if (!serves(credential, model) || std::ranges::find(tried, credential.id) != tried.end() ||
        statusOf(index, model, now).state != CredentialState::Ready) {
      continue;
    }
    // A cool-down that is still there has ended.
    const auto ended = members_[index].coolDowns.find(keyOf(model));
    if (ended != members_[index].coolDowns.end()) members_[index].coolDowns.erase(ended);
    cursorOf(model).next = (index + 1) % credentials_.size();
    return &credential;
  }
  return nullptr;
}

bool CredentialManager::isFree(std::string_view id, std::string_view model, Instant now) const {
  const auto index = indexOf(id);
  return index && serves(credentials_[*index], model) &&
         statusOf(*index, model, now).state == CredentialState::Ready;
}

PoolState CredentialManager::stateOf(std::string_view model, Instant now) const {
  auto state = PoolState::Unserved;
  for (const auto& status : statusFor(model, now)) {
    if (status.state == CredentialState::Ready) return PoolState::Ready;
    if (status.state == CredentialState::Cooling) state = PoolState::Cooling;
    if (state == PoolState::Unserved) state = PoolState::Quarantined;
  }
  return state;
}

std::optional<Instant> CredentialManager::earliestReset(std::string_view model, Instant now) const {
  std::optional<Instant> earliest;
  for (const auto& status : statusFor(model, now)) {
    if (status.state == CredentialState::Ready) return now;
    if (!status.until) continue;
    earliest = earliest ? std::min(*earliest, *status.until) : *status.until;
  }
  return earliest;
}

void CredentialManager::coolDown(std::string_view id, std::string_view model, Instant until,
                                 std::string reason) {
  const auto index = indexOf(id);
  if (!index) return;
  auto& coolDowns = members_[*index].coolDowns;
  const auto key = keyOf(model);
  const auto known = coolDowns.find(key);
  if (known != coolDowns.end()) {
    if (known->second.until < until) known->second = {until, std::move(reason)};
    return;
  }
  if (coolDowns.size() >= kMostCoolDowns) {
    coolDowns.erase(std::ranges::min_element(coolDowns, {},
                                             [](const auto& each) { return each.second.until; }));
  }
  coolDowns.emplace(key, CoolDown{until, std::move(reason)});
}

void CredentialManager::clear(std::string_view id, std::string_view model) {
  const auto index = indexOf(id);
  if (!index) return;
  auto& coolDowns = members_[*index].coolDowns;
  const auto known = coolDowns.find(keyOf(model));
  if (known != coolDowns.end()) coolDowns.erase(known);
}

void CredentialManager::quarantine(std::string_view id, Quarantine quarantine) {
  const auto index = indexOf(id);
  if (!index) return;
  auto& current = members_[*index].quarantine;
  if (current) quarantine.since = current->since;
  current = std::move(quarantine);
}

void CredentialManager::release(std::string_view id) {
  const auto index = indexOf(id);
  if (index) members_[*index].quarantine.reset();
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
    if (!members_[i].quarantine) {
      for (const auto& [model, coolDown] : members_[i].coolDowns) {
        if (coolDown.until > now) lines.push_back(statusOf(i, model, now));
      }
    }
    if (lines.size() == before) lines.push_back(statusOf(i, {}, now));
  }
  return lines;
}

}  // namespace rondo::credentials
