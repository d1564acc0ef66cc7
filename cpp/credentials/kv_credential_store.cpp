#include "credentials/kv_credential_store.h"

#include <algorithm>
#include <string_view>
#include <unordered_map>

#include "credentials/pool_facts.h"
#include "json/value.h"

namespace rondo::credentials {
namespace {

using host::Fact;

constexpr Millis kLeastTtl = std::chrono::seconds(60);  // KV refuses less.
constexpr std::size_t kMostFacts = 1024;
constexpr std::size_t kLongestText = 4096;
constexpr std::size_t kLongestRecord = 4'000'000;

std::optional<Fact> factOf(const json::Value& element) {
  if (!element.is_array() || element.size() != 4) return std::nullopt;
  const auto key = json::asString(element[0]);
  const auto rank = json::asInteger(element[1]);
  const auto expires = json::asInteger(element[2]);
  const auto value = json::asString(element[3]);
  if (!key || !rank || !expires || !value) return std::nullopt;
  if (key->size() > kLongestText || value->size() > kLongestText) return std::nullopt;
  return Fact{std::string(*key), *rank, fromUnixMillis(*expires), std::string(*value)};
}

void dropLeast(std::vector<Fact>& facts) {
  if (facts.size() <= kMostFacts) return;
  std::ranges::nth_element(
      facts, facts.begin() + kMostFacts,
      [](const Fact& one, const Fact& other) { return isWorthLess(other, one); });
  facts.resize(kMostFacts);
}

// Whether it changed anything.
bool replaceIfHigher(Fact& known, const Fact& news) {
  if (known.rank >= news.rank) return false;
  known = news;
  return true;
}

Instant latestExpiry(const std::vector<Fact>& facts) {
  return std::ranges::max_element(facts, {}, &Fact::expires)->expires;
}

}  // namespace

std::string encodeFacts(const std::vector<Fact>& facts) {
  json::Value list = json::Value::array();
  for (const auto& fact : facts) {
    list.push_back(
        json::Value::array({fact.key, fact.rank, toUnixMillis(fact.expires), fact.value}));
  }
  return json::dump(list);
}

std::vector<Fact> decodeFacts(std::string_view text) {
  std::vector<Fact> facts;
  if (text.size() > kLongestRecord) return facts;
  const auto list = json::parse(text);
  if (!list || !list->is_array()) return facts;
  for (const auto& element : *list) {
    if (auto fact = factOf(element)) facts.push_back(std::move(*fact));
  }
  return facts;
}

bool mergeFacts(std::vector<Fact>& known, const std::vector<Fact>& news, Instant now) {
  std::erase_if(known, [now](const Fact& fact) { return fact.expires <= now; });
  std::unordered_map<std::string, std::size_t> places;
  if (!news.empty()) {
    for (std::size_t i = 0; i < known.size(); ++i) places.emplace(known[i].key, i);
  }
  bool changed = false;
  for (const auto& fact : news) {
    if (fact.expires <= now) continue;
    const auto [place, isNew] = places.emplace(fact.key, known.size());
    if (isNew) known.push_back(fact);
    if (isNew || replaceIfHigher(known[place->second], fact)) changed = true;
  }
  dropLeast(known);
  return changed;
}

Task<Result<std::vector<Fact>>> KvCredentialStore::facts() {
  const auto record = co_await kv_.get(std::string(kStateKey));
  if (!record) co_return fail(record.error());
  if (!*record) co_return std::vector<Fact>();
  const auto read = decodeFacts(**record);
  if (read.empty())
    logger_.log(host::LogLevel::Warn, "state_ignored", {{"key", std::string(kStateKey)}});
  std::vector<Fact> facts;
  mergeFacts(facts, read, clock_.now());
  co_return facts;
}

Task<Result<void>> KvCredentialStore::share(std::vector<Fact> facts) {
  const Millis ttl =
      facts.empty() ? kLeastTtl : std::max(kLeastTtl, latestExpiry(facts) - clock_.now());
  kv_.putLater(std::string(kStateKey), encodeFacts(facts), ttl);
  co_return Result<void>();
}

Task<Result<std::optional<std::string>>> KvCredentialStore::claim(std::string key, Instant) {
  return kv_.get(std::move(key));
}

void KvCredentialStore::settleLater(std::string key, std::string value, Instant expires) {
  const Millis ttl = expires - clock_.now();
  if (ttl >= kLeastTtl) kv_.putLater(std::move(key), std::move(value), ttl);
}

void KvCredentialStore::releaseLater(std::string) {}

void KvCredentialStore::eraseLater(std::string key) { kv_.eraseLater(std::move(key)); }

}  // namespace rondo::credentials
