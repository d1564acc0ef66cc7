#include "gateway/watch.h"

#include <algorithm>

namespace rondo::gateway {
namespace {

// Every wait of a request that is served in time is served by one timer of this length.
constexpr Millis kLongestTimer = std::chrono::minutes(1);

}  // namespace

void Watch::keepAlive(Silence& silence, Millis interval) {
  silence_ = interval > Millis{} ? &silence : nullptr;
  interval_ = interval;
  said_ = clock_.now();
}

// A timer that fires by `end`, and by the time that the silence is too long. One that is set and
// fires early is left alone: whoever is woken by it looks at the clock and sets another.
void Watch::arm(Instant end) {
  const Instant now = clock_.now();
  end = std::min(end, now + kLongestTimer);
  if (silence_) end = std::min(end, said_ + interval_);
  end = std::max(end, now);
  if (timer_ && fires_ <= end) return;
  fires_ = end;
  timer_.emplace(waiter_.wait(host::kNoSignal, end - now));
  timer_->start();
}

// The timer has fired.
Task<void> Watch::tick() {
  timer_.reset();
  const bool isSilent = silence_ && clock_.now() - said_ >= interval_;
  if (!isSilent) co_return;
  co_await silence_->breakSilence();
  said();
}

}  // namespace rondo::gateway
