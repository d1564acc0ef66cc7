#include "credentials/location_cache.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "credentials/known_facts.h"
#include "credentials/kv_credential_store.h"
#include "json/value.h"

namespace rondo::credentials {
namespace {

using host::Fact;
using std::chrono::minutes;
using std::chrono::seconds;

// How old what the location knows of the store behind may be. KV shows a write elsewhere after up
// to a minute, so that to ask it oftener is of no use.
constexpr Millis kFreshOfObject{250};
constexpr Millis kFreshOfKv = minutes(1);
constexpr Millis kLeftAlone = seconds(30);
// A cache forgets what it likes; what it keeps has times of its own.
constexpr Millis kKept = std::chrono::hours(24);

// In front of a token: its expiry in milliseconds since 1970, as far as it is known.
constexpr char kEnd = '\n';

std::string withExpiry(Instant expires, std::string_view value) {
  return std::to_string(toUnixMillis(expires)) + kEnd + std::string(value);
}

std::optional<std::string> outlasting(std::string_view cached, Instant moment) {
  const auto end = cached.find(kEnd);
  if (end == std::string_view::npos) return std::nullopt;
  std::int64_t expires = 0;
  const auto [last, fault] = std::from_chars(cached.data(), cached.data() + end, expires);
  if (fault != std::errc() || last != cached.data() + end) return std::nullopt;
  if (fromUnixMillis(expires) <= moment) return std::nullopt;
  return std::string(cached.substr(end + 1));
}

// Those that KV can tell others in time.
std::vector<Fact> lasting(std::vector<Fact> facts, Instant now) {
  std::erase_if(facts, [now](const Fact& each) { return each.expires - now < kFreshOfKv; });
  return facts;
}

// Whether one of `facts` is not among `known`, or of a higher rank than there.
bool hasMore(const std::vector<Fact>& facts, const std::vector<Fact>& known) {
  return !std::ranges::all_of(
      facts, [all = KnownFacts(known)](const Fact& each) { return all.have(each); });
}

}  // namespace

std::string encodeLocationFacts(const LocationFacts& known) {
  const json::Value head =
      json::Value::array({toUnixMillis(known.due), toUnixMillis(known.writable),
                          known.behind == LocationFacts::Behind::Lacks});
  return json::dump(head) + kEnd + encodeFacts(known.facts);
}

std::optional<LocationFacts> decodeLocationFacts(std::string_view text) {
  const auto end = text.find(kEnd);
  if (end == std::string_view::npos) return std::nullopt;
  const auto head = json::parse(text.substr(0, end));
  if (!head || !head->is_array() || head->size() != 3) return std::nullopt;
  const auto due = json::asInteger((*head)[0]);
  const auto writable = json::asInteger((*head)[1]);
  if (!due || !writable || !(*head)[2].is_boolean()) return std::nullopt;
  LocationFacts known;
  known.facts = decodeFacts(text.substr(end + 1));
  known.due = fromUnixMillis(*due);
  known.writable = fromUnixMillis(*writable);
  if ((*head)[2].get<bool>()) known.behind = LocationFacts::Behind::Lacks;
  return known;
}

host::CredentialStore::Sharing LocationCache::sharing() const {
  return isBehindScarce() ? Sharing::Nearby : behind_.sharing();
}

// Takes in what the location knows, and puts back there what it has lost.
Task<void> LocationCache::look() {
  const auto text = co_await cache_.get(std::string(kStateKey));
  const Instant now = clock_.now();
  mergeFacts(known_.facts, {}, now);
  if (!text || !*text) co_return;
  auto there = decodeLocationFacts(**text);
  if (!there) co_return;
  const bool hasLost = hasMore(known_.facts, there->facts);
  mergeFacts(known_.facts, there->facts, now);
  // A clock that goes wrong elsewhere must not keep the store behind from being asked here.
  known_.due = std::max(known_.due, std::min(there->due, now + kFreshOfKv));
  known_.writable = std::max(known_.writable, std::min(there->writable, now + kFreshOfKv));
  if (!hasLost || there->behind == LocationFacts::Behind::Lacks) known_.behind = there->behind;
  if (hasLost) put();
}

void LocationCache::put() {
  cache_.putLater(std::string(kStateKey), encodeLocationFacts(known_), kKept);
}

Task<void> LocationCache::askBehind() {
  // Before the answer is there, so that others don't ask meanwhile.
  known_.due = clock_.now() + (isBehindScarce() ? kFreshOfKv : kFreshOfObject);
  put();
  const auto read = co_await behind_.facts();
  const Instant now = clock_.now();
  if (!read) {
    known_.due = now + kLeftAlone;
    logger_.log(host::LogLevel::Warn, "state_read_failed", {{"reason", read.error().message}});
    put();
    co_return;
  }
  if (isBehindScarce() && hasMore(lasting(known_.facts, now), *read)) {
    known_.behind = LocationFacts::Behind::Lacks;
  }
  if (mergeFacts(known_.facts, *read, now)) put();
}

// Tells KV what lasts, once a minute for all of the location.
Task<void> LocationCache::tellBehind() {
  const Instant now = clock_.now();
  if (known_.behind == LocationFacts::Behind::Told || now < known_.writable) co_return;
  known_.behind = LocationFacts::Behind::Told;
  known_.writable = now + kFreshOfKv;
  put();
  // It is told behind the answer, and fails there at most.
  co_await behind_.share(lasting(known_.facts, now));
}

Task<Result<std::vector<Fact>>> LocationCache::facts() {
  co_await look();
  if (clock_.now() >= known_.due) {
    co_await askBehind();
    co_await tellBehind();
  }
  co_return known_.facts;
}

Task<Result<void>> LocationCache::share(std::vector<Fact> facts) {
  co_await look();
  const Instant now = clock_.now();
  const bool hasNews = isBehindScarce() && hasMore(lasting(facts, now), known_.facts);
  if (hasNews) known_.behind = LocationFacts::Behind::Lacks;
  if (mergeFacts(known_.facts, facts, now)) put();
  if (!isBehindScarce()) co_return co_await behind_.share(std::move(facts));
  co_await tellBehind();
  co_return Result<void>();
}

Task<Result<std::optional<std::string>>> LocationCache::claim(std::string key, Instant beyond) {
  const auto cached = co_await cache_.get(key);
  if (cached && *cached) {
    auto value = outlasting(**cached, std::max(beyond, clock_.now()));
    if (value) co_return value;
  }
  auto claimed = co_await behind_.claim(key, beyond);
  if (claimed && *claimed) {
    // It lasts longer than that, but the store behind doesn't say how long: good for those who ask
    // the same within a minute, and not for those who want a newer one.
    cache_.putLater(std::move(key), withExpiry(beyond + kFreshOfKv, **claimed), kFreshOfKv);
  }
  co_return claimed;
}

void LocationCache::settleLater(std::string key, std::string value, Instant expires) {
  const Millis lasts = expires - clock_.now();
  if (lasts >= kFreshOfKv) cache_.putLater(key, withExpiry(expires, value), lasts);
  behind_.settleLater(std::move(key), std::move(value), expires);
}

void LocationCache::releaseLater(std::string key) { behind_.releaseLater(std::move(key)); }

void LocationCache::eraseLater(std::string key) {
  cache_.eraseLater(key);
  behind_.eraseLater(std::move(key));
}

}  // namespace rondo::credentials
