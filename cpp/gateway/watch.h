#pragma once

#include <cstdlib>
#include <optional>
#include <utility>

#include "base/task.h"
#include "base/time.h"
#include "host/clock.h"
#include "host/signals.h"

namespace rondo::gateway {

// A request's patience: how long it waits for something, and what it does meanwhile. One timer at a
// time serves all its waits, since most of them end long before it fires. So a wait is never made
// within another: only the innermost work is awaited through it.
class Watch {
 public:
  // Told each time that nothing has gone to the client for an interval.
  class Silence {
   public:
    virtual ~Silence() = default;
    virtual Task<void> breakSilence() = 0;
  };

  // What it is made of outlives it.
  Watch(host::Clock& clock, host::Waiter& waiter) : clock_(clock), waiter_(waiter) {}
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

  // From now on `silence` is told every `interval`; zero: never.
  void keepAlive(Silence& silence, Millis interval);
  void keepQuiet() { silence_ = nullptr; }
  // Something went to the client.
  void said() { said_ = clock_.now(); }
  // What is waited for goes on: its time counts from now.
  void heard() { heard_ = clock_.now(); }

  // What `work` gives, however long it takes.
  template <class T>
  Task<T> await(Task<T> work) {
    auto result = co_await await(std::move(work), kForever);
    co_return std::move(*result);
  }

  // What `work` gives. Nothing when it takes longer than `atMost`, or for so long after something
  // was `heard`: then it has been dropped.
  template <class T>
  Task<std::optional<T>> await(Task<T> work, Millis atMost) {
    const Turn turn(isWaiting_);
    heard();
    work.start();
    while (!work.done()) {
      arm(heard_ + atMost);
      co_await AnyDone(work, *timer_);
      if (work.done()) break;
      co_await tick();
      const bool isLate = !work.done() && clock_.now() >= heard_ + atMost;
      if (isLate) co_return std::nullopt;
    }
    co_return work.take();
  }

 private:
  static constexpr Millis kForever = std::chrono::years(1);

  // Stops the program where one wait is made within another.
  class Turn {
   public:
    explicit Turn(bool& isTaken) : isTaken_(isTaken) {
      if (isTaken_) std::abort();
      isTaken_ = true;
    }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;
    ~Turn() { isTaken_ = false; }

   private:
    bool& isTaken_;
  };

  void arm(Instant end);
  Task<void> tick();

  host::Clock& clock_;
  host::Waiter& waiter_;
  std::optional<Task<void>> timer_;
  Silence* silence_ = nullptr;
  Millis interval_{};
  Instant said_{};
  Instant heard_{};
  Instant fires_{};
  bool isWaiting_ = false;
};

}  // namespace rondo::gateway
