#include "credentials/pool_sync.h"

#include <algorithm>
#include <iterator>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "credentials/known_facts.h"
#include "credentials/kv_credential_store.h"
#include "credentials/pool_facts.h"
#include "credentials/sharing_policy.h"

namespace rondo::credentials {
namespace {

using host::Fact;
using std::chrono::seconds;

constexpr Millis kFreshForWriting = seconds(5);
constexpr Millis kDebounce = seconds(1);
constexpr Millis kMostWait = seconds(2);
constexpr Millis kLeftAlone = seconds(30);
// Of facts about names that may be invented.
constexpr std::ptrdiff_t kMostHearsay = 64;
// As long as it may take to reach the object.
constexpr Millis kEndsWithin = seconds(5);

using Telling = SharingPolicy::Telling;
using Writing = SharingPolicy::Writing;

const SharingPolicy& policyOf(host::Io io) { return policyFor(io.store.sharing()); }

// Holds a signal up while somebody reads, and wakes who waits whichever way the reading ends.
class Reading {
 public:
  Reading(host::SignalId& held, host::SignalBoard& signals) : held_(held), signals_(signals) {
    held_ = signals_.create();
  }
  Reading(const Reading&) = delete;
  Reading& operator=(const Reading&) = delete;
  ~Reading() { signals_.raise(std::exchange(held_, host::kNoSignal)); }

 private:
  host::SignalId& held_;
  host::SignalBoard& signals_;
};

// News on their way. Whichever way the telling ends, they are put back unless it was finished.
class Outgoing {
 public:
  Outgoing(std::vector<Fact>& pending, host::Clock& clock)
      : pending_(pending), clock_(clock), news_(std::exchange(pending, {})) {}
  Outgoing(const Outgoing&) = delete;
  Outgoing& operator=(const Outgoing&) = delete;
  ~Outgoing() { mergeFacts(pending_, news_, clock_.now()); }

  const std::vector<Fact>& news() const { return news_; }
  void finish() { news_.clear(); }

 private:
  std::vector<Fact>& pending_;
  host::Clock& clock_;
  std::vector<Fact> news_;
};

// Of `facts`, those alone that `known` has, or that it lacks.
enum class Presence { There, Missing };
void keepIf(std::vector<Fact>& facts, const std::vector<Fact>& known, Presence wanted) {
  std::erase_if(facts, [all = KnownFacts(known), wanted](const Fact& each) {
    return all.have(each) != (wanted == Presence::There);
  });
}

struct Taken {
  bool hasNews = false;
  std::vector<Fact> voided;  // They were known until now.
};

Taken takeIn(std::vector<Fact>& known, std::vector<Fact> news, Instant now) {
  Taken taken;
  auto hearsay = std::ranges::count_if(known, isHearsay);
  std::erase_if(
      news, [&hearsay](const Fact& each) { return isHearsay(each) && ++hearsay > kMostHearsay; });
  taken.voided = takeVoided(known, news, now);
  taken.hasNews = mergeFacts(known, news, now);
  takeVoided(known, {}, now);
  return taken;
}

// What takes the place of these facts, which are void, in a store that merges, and is gone soon.
std::vector<Fact> ended(std::vector<Fact> facts, Instant now) {
  for (auto& fact : facts) {
    ++fact.rank;
    fact.expires = now + kEndsWithin;
  }
  return facts;
}

}  // namespace

bool PoolSync::isOlder(const std::optional<Instant>& event, Millis age) {
  return !event || host_.clock.now() - *event >= age;
}

Task<void> PoolSync::before(host::Io io) { return refresh(io, policyOf(io).stale); }

// Reads, or waits for who reads, when what is known is of that age.
Task<void> PoolSync::refresh(host::Io io, Millis age) {
  if (!isOlder(readAt_, age) || !isOlder(failedAt_, kLeftAlone)) co_return;
  if (reading_ != host::kNoSignal) {
    co_await io.waiter.wait(reading_, kMostWait);
  } else {
    co_await read(io);
  }
}

Task<void> PoolSync::hurry(host::Io io) {
  if (policyOf(io).telling == Telling::AtOnce) co_await tellAtOnce(io);
}

Task<void> PoolSync::after(host::Io io) {
  return policyOf(io).telling == Telling::AtOnce ? tellAtOnce(io) : tellGathered(io);
}

Task<void> PoolSync::tellAtOnce(host::Io io) {
  gather(policyOf(io).interval);
  if (pending_.empty()) co_return;
  co_await share(io);
  // Where one credential is spent, others often are: what is known now keeps the request from
  // finding that out one by one.
  co_await refresh(io, Millis{});
}

Task<void> PoolSync::tellGathered(host::Io io) {
  const Millis interval = policyOf(io).interval;
  gather(interval);
  if (hasToWrite() && isOlder(sharedAt_, interval)) {
    co_await shareSoon(io);
  } else if (reading_ == host::kNoSignal) {
    co_await refresh(io, interval);
  }
}

Task<void> PoolSync::shareSoon(host::Io io) {
  const Millis interval = policyOf(io).interval;
  sharedAt_ = host_.clock.now();
  co_await io.waiter.wait(host::kNoSignal, kDebounce);
  // Others may have told it meanwhile.
  co_await refresh(io, kFreshForWriting);
  gather(interval);
  if (isOlder(readAt_, interval)) co_return;  // The news wait for the next time.
  std::unordered_map<std::string_view, const Fact*> known;
  for (const auto& each : known_) known.emplace(each.key, &each);
  const Instant now = host_.clock.now();
  std::erase_if(pending_, [&known, now](const Fact& each) {
    const auto same = known.find(each.key);
    return same != known.end() && repeats(each, *same->second, now);
  });
  co_await share(io);
}

void PoolSync::gather(Millis atLeast) {
  const Instant now = host_.clock.now();
  mergeFacts(pending_, pool_.takeNews(now, atLeast), now);
  std::erase_if(pending_,
                [now, atLeast](const Fact& each) { return each.expires - now < atLeast; });
}

Task<void> PoolSync::read(host::Io io) {
  const Reading reading(reading_, host_.signals);
  auto facts = co_await io.store.facts();
  const Instant now = host_.clock.now();
  if (!facts) {
    failedAt_ = now;
    host_.logger.log(host::LogLevel::Warn, "state_read_failed",
                     {{"reason", facts.error().message}});
    co_return;
  }
  readAt_ = now;
  const bool isBeyond = keepWithinReach(*facts, now);
  const bool isToReplace = isBeyond && policyOf(io).writing == Writing::Replaces;
  record_ = isToReplace ? Record::BeyondReach : Record::Sound;
  known_.clear();
  mergeFacts(known_, *facts, now);
  putBackLost();
  pool_.learn(known_, now);
}

// What was told and is not in what was read just now, though it still holds.
void PoolSync::putBackLost() {
  const Instant now = host_.clock.now();
  auto lost = std::exchange(told_, {});
  takeVoided(lost, known_, now);
  keepIf(lost, known_, Presence::Missing);
  mergeFacts(pending_, lost, now);
}

Task<void> PoolSync::share(host::Io io) {
  if (!isOlder(failedAt_, kLeftAlone)) co_return;
  const Instant now = host_.clock.now();
  const auto writing = policyOf(io).writing;
  Outgoing outgoing(pending_, host_.clock);
  auto all = known_;
  auto taken = takeIn(all, outgoing.news(), now);
  if (!taken.hasNews && record_ == Record::Sound) {
    outgoing.finish();
    co_return;
  }
  auto written = outgoing.news();
  keepIf(written, all, Presence::There);
  if (writing == Writing::Merges) {
    std::ranges::move(ended(std::move(taken.voided), now), std::back_inserter(all));
  }
  const auto shared = co_await io.store.share(std::move(all));
  if (!shared) {
    failedAt_ = host_.clock.now();
    host_.logger.log(host::LogLevel::Warn, "state_write_failed",
                     {{"reason", shared.error().message}});
    co_return;
  }
  takeIn(known_, outgoing.news(), now);
  outgoing.finish();
  if (writing == Writing::Replaces) told_ = std::move(written);
  record_ = Record::Sound;
}

}  // namespace rondo::credentials
