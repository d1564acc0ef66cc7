#pragma once

#include <coroutine>
#include <cstdint>
#include <functional>
#include <queue>
#include <utility>
#include <vector>

#include "base/time.h"
#include "host/clock.h"

namespace rondo::poolmodel {

// Virtual time: it jumps from one event to the next, so that a day takes seconds and every run of
// one seed is the same.
class EventQueue : public host::Clock {
 public:
  explicit EventQueue(Instant start) : now_(start) {}

  Instant now() override { return now_; }

  // Events of one moment happen in the order in which they were laid in.
  void at(Instant when, std::function<void()> event) {
    events_.push({std::max(when, now_), ++last_, std::move(event)});
  }
  void after(Millis wait, std::function<void()> event) { at(now_ + wait, std::move(event)); }

  // Runs all events up to `end`, and stops the clock there.
  void runUntil(Instant end) {
    while (!events_.empty() && events_.top().when <= end) {
      auto event = std::move(const_cast<Event&>(events_.top()));
      events_.pop();
      now_ = event.when;
      event.happen();
    }
    now_ = end;
  }

  // co_await queue.pass(wait)
  auto pass(Millis wait) {
    struct Awaiter {
      EventQueue& queue;
      Millis wait;
      bool await_ready() const { return false; }
      void await_suspend(std::coroutine_handle<> waiting) {
        queue.after(wait, [waiting] { waiting.resume(); });
      }
      void await_resume() const {}
    };
    return Awaiter{*this, wait};
  }

 private:
  struct Event {
    Instant when;
    std::uint64_t order;
    std::function<void()> happen;
    bool operator<(const Event& other) const {
      return std::pair(when, order) > std::pair(other.when, other.order);
    }
  };
  std::priority_queue<Event> events_;
  std::uint64_t last_ = 0;
  Instant now_;
};

}  // namespace rondo::poolmodel
