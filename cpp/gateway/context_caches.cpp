#include "gateway/context_caches.h"

#include <algorithm>
#include <utility>

namespace rondo::gateway {
namespace {

constexpr std::size_t kMostBeginnings = 500;
constexpr std::size_t kMostNames = 200;

// A beginning that wasn't seen for so long is not expected again.
constexpr Millis kRecent = std::chrono::minutes(5);

// A cache is not used up to its last moment, since the request takes a while to get there.
constexpr Millis kMargin = std::chrono::seconds(15);

// Of the models there are, none takes less (ai.google.dev/gemini-api/docs/caching) but some demand
// more, and say so when they are asked.
constexpr std::int64_t kLeastTokens = 1024;

// A longer cache is made when the best there is holds less than this part of it: what is cached is
// paid in full once more.
constexpr std::int64_t kGrowth = 2;

template <class Entry>
void dropOldest(std::map<std::string, Entry, std::less<>>& entries, std::size_t most) {
  if (entries.size() <= most) return;
  entries.erase(
      std::ranges::min_element(entries, {}, [](const auto& each) { return each.second.seen; }));
}

}  // namespace

ContextCaches::Plan ContextCaches::planFor(const translation::CacheableBody& body,
                                           std::string_view model, Instant now) const {
  Plan plan;
  std::int64_t used = 0;
  bool isBeingMade = false;
  for (std::size_t turns = body.most() + 1; turns-- > 0;) {
    const Beginning* known = find(body.key(turns), now);
    if (!known) continue;
    if (known->cache && known->cache->expires > now + kMargin) {
      plan.used = Plan::Used{turns, known->cache->name};
      used = known->tokens;
      break;
    }
    isBeingMade = isBeingMade || known->makingUntil > now;
    if (!plan.make && known->tokens >= leastTokens(model)) plan.make = turns;
  }
  if (isBeingMade) plan.make.reset();
  if (!plan.make || used == 0) return plan;
  const std::int64_t tokens = find(body.key(*plan.make), now)->tokens;
  if (tokens < used * kGrowth) plan.make.reset();
  return plan;
}

const ContextCaches::Beginning* ContextCaches::find(const std::string& key, Instant now) const {
  const auto found = beginnings_.find(key);
  const bool isRecent = found != beginnings_.end() && now - found->second.seen < kRecent;
  return isRecent ? &found->second : nullptr;
}

void ContextCaches::saw(const std::string& key, std::int64_t tokens, Instant now) {
  auto& beginning = beginnings_[key];
  beginning.tokens = tokens;
  beginning.seen = now;
  dropOldest(beginnings_, kMostBeginnings);
}

void ContextCaches::making(const std::string& key, Instant until) {
  const auto found = beginnings_.find(key);
  if (found != beginnings_.end()) found->second.makingUntil = until;
}

void ContextCaches::made(const std::string& key, std::string name, Instant expires) {
  const auto found = beginnings_.find(key);
  if (found != beginnings_.end()) found->second.cache = Cache{std::move(name), expires};
}

void ContextCaches::forget(std::string_view name) {
  for (auto& [key, beginning] : beginnings_) {
    if (beginning.cache && beginning.cache->name == name) beginning.cache.reset();
  }
}

std::int64_t ContextCaches::leastTokens(std::string_view model) const {
  const auto found = least_.find(model);
  return found == least_.end() ? kLeastTokens : found->second;
}

void ContextCaches::tooSmall(const std::string& model, std::int64_t least) {
  if (least_.size() >= kMostNames) least_.clear();
  least_[model] = least;
}

void ContextCaches::avoid(const std::string& owner, Instant until) {
  if (avoided_.size() >= kMostNames) avoided_.clear();
  avoided_[owner] = until;
}

bool ContextCaches::isAvoided(std::string_view owner, Instant now) const {
  const auto found = avoided_.find(owner);
  return found != avoided_.end() && found->second > now;
}

std::string ContextCaches::credentialOf(std::string_view conversation, Instant now) const {
  const auto found = keepers_.find(conversation);
  const bool isRecent = found != keepers_.end() && now - found->second.seen < kRecent;
  return isRecent ? found->second.credential : std::string();
}

void ContextCaches::keptBy(std::string conversation, std::string credential, Instant now) {
  keepers_[std::move(conversation)] = {std::move(credential), now};
  dropOldest(keepers_, kMostBeginnings);
}

}  // namespace rondo::gateway
