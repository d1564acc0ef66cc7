#include "credentials/pool_sync.h"

#include <algorithm>
#include <utility>

#include "credentials/credential_store.h"

namespace rondo::credentials {
namespace {

using host::CredentialStore;
using std::chrono::minutes;
using std::chrono::seconds;

// KV shows a write elsewhere after up to a minute, so reading more often is of no use.
constexpr Millis kScarceInterval = minutes(1);
// What is older is read anew before it is gone by.
constexpr Millis kScarceStale = minutes(10);
constexpr Millis kPromptStale{250};
constexpr Millis kFreshForWriting = seconds(5);
constexpr Millis kDebounce = seconds(1);
constexpr Millis kMostWait = seconds(2);
constexpr Millis kLeftAlone = seconds(30);

bool isPrompt(host::Io io) { return io.store.sharing() == CredentialStore::Sharing::Prompt; }

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

}  // namespace

bool PoolSync::isOlder(const std::optional<Instant>& event, Millis age) {
  return !event || host_.clock.now() - *event >= age;
}

Task<void> PoolSync::before(host::Io io) {
  co_await refresh(io, isPrompt(io) ? kPromptStale : kScarceStale);
}

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
  if (!isPrompt(io)) co_return;
  auto news = pool_.takeNews(host_.clock.now(), Millis{1});
  if (news.empty()) co_return;
  co_await share(io, std::move(news));
  // Where one credential is spent, others often are: what is known now keeps the request from
  // finding that out one by one.
  co_await refresh(io, Millis{});
}

Task<void> PoolSync::after(host::Io io) {
  if (isPrompt(io)) {
    co_await hurry(io);
    co_return;
  }
  gather();
  if (!pending_.empty() && isOlder(sharedAt_, kScarceInterval)) {
    co_await shareSoon(io);
  } else if (reading_ == host::kNoSignal) {
    co_await refresh(io, kScarceInterval);
  }
}

Task<void> PoolSync::shareSoon(host::Io io) {
  sharedAt_ = host_.clock.now();
  co_await io.waiter.wait(host::kNoSignal, kDebounce);
  // Others may have told it meanwhile.
  co_await refresh(io, kFreshForWriting);
  gather();
  if (isOlder(readAt_, kScarceInterval)) co_return;  // The news wait for the next time.
  std::erase_if(pending_, [this](const host::Fact& each) {
    return std::ranges::any_of(known_,
                               [&each](const host::Fact& known) { return repeats(each, known); });
  });
  co_await share(io, std::exchange(pending_, {}));
}

void PoolSync::gather() {
  const Instant now = host_.clock.now();
  mergeFacts(pending_, pool_.takeNews(now, kScarceInterval), now);
  std::erase_if(pending_,
                [now](const host::Fact& each) { return each.expires - now < kScarceInterval; });
}

Task<void> PoolSync::read(host::Io io) {
  const Reading reading(reading_, host_.signals);
  auto facts = co_await io.store.facts();
  if (!facts) {
    failedAt_ = host_.clock.now();
    host_.logger.log(host::LogLevel::Warn, "state_read_failed",
                     {{"reason", facts.error().message}});
    co_return;
  }
  readAt_ = host_.clock.now();
  known_ = std::move(*facts);
  pool_.learn(known_, host_.clock.now());
}

Task<void> PoolSync::share(host::Io io, std::vector<host::Fact> news) {
  if (!isOlder(failedAt_, kLeftAlone)) co_return;
  if (!mergeFacts(known_, news, host_.clock.now())) co_return;
  const auto shared = co_await io.store.share(known_);
  if (shared) co_return;
  failedAt_ = host_.clock.now();
  host_.logger.log(host::LogLevel::Warn, "state_write_failed",
                   {{"reason", shared.error().message}});
}

}  // namespace rondo::credentials
