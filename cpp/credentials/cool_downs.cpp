#include "credentials/cool_downs.h"

#include <algorithm>
#include <utility>

namespace rondo::credentials {
namespace {

constexpr std::size_t kLongestName = 128;
constexpr int kMostSteps = 16;
// Refusals that lie further apart have nothing to do with each other.
constexpr Millis kMemory = std::chrono::minutes(10);

std::string_view keyOf(std::string_view name) { return name.substr(0, kLongestName); }

}  // namespace

const CoolDown* longerOf(const CoolDown* one, const CoolDown* other) {
  if (!one || !other) return one ? one : other;
  return one->until < other->until ? other : one;
}

Millis lengthOf(const Ladder& ladder, int steps) {
  return std::min(ladder.first * (std::int64_t{1} << std::min(steps, kMostSteps)), ladder.most);
}

const CoolDown* CoolDowns::find(std::string_view name, Instant now) const {
  const auto found = entries_.find(keyOf(name));
  if (found == entries_.end() || found->second.coolDown.until <= now) return nullptr;
  return &found->second.coolDown;
}

const CoolDown* CoolDowns::longest(Instant now) const {
  const CoolDown* last = nullptr;
  forEach(now, [&last](const std::string&, const CoolDown& each) { last = longerOf(last, &each); });
  return last;
}

// Nothing when it is a new one that would be the first to go.
CoolDowns::Entry* CoolDowns::entryFor(std::string_view name, Instant until) {
  const auto key = keyOf(name);
  const auto known = entries_.find(key);
  if (known != entries_.end()) return &known->second;
  if (entries_.size() >= most_) {
    const auto soonest = std::ranges::min_element(
        entries_, {}, [](const auto& each) { return each.second.coolDown.until; });
    if (soonest->second.coolDown.until >= until) return nullptr;
    entries_.erase(soonest);
  }
  return &entries_[std::string(key)];
}

bool CoolDowns::extend(std::string_view name, CoolDown coolDown) {
  auto* entry = entryFor(name, coolDown.until);
  if (!entry || entry->coolDown.until >= coolDown.until) return false;
  entry->coolDown = std::move(coolDown);
  return true;
}

bool CoolDowns::rest(std::string_view name, const Ladder& ladder, Instant atLeast, Instant now,
                     std::string reason) {
  if (find(name, now)) return extend(name, {atLeast, now, std::move(reason)});
  auto* entry = entryFor(name, std::max(now + ladder.first, atLeast));
  if (!entry) return false;
  entry->steps = now - entry->coolDown.until < kMemory ? entry->steps + 1 : 0;
  const Instant until = std::max(now + lengthOf(ladder, entry->steps), atLeast);
  entry->coolDown = {until, now, std::move(reason)};
  return true;
}

void CoolDowns::clear(std::string_view name, Instant began) {
  const auto known = entries_.find(keyOf(name));
  if (known != entries_.end() && known->second.coolDown.since < began) entries_.erase(known);
}

void CoolDowns::clearAll(Instant moment) {
  std::erase_if(entries_,
                [moment](const auto& each) { return each.second.coolDown.since <= moment; });
}

std::optional<CoolDown> CoolDowns::take(std::string_view name, Instant now) {
  const auto known = entries_.find(keyOf(name));
  if (known == entries_.end() || known->second.coolDown.until <= now) return std::nullopt;
  auto taken = std::move(known->second.coolDown);
  entries_.erase(known);
  return taken;
}

Instant CoolDowns::latestRefusal() const {
  Instant latest{};
  for (const auto& [name, entry] : entries_) latest = std::max(latest, entry.coolDown.since);
  return latest;
}

}  // namespace rondo::credentials
