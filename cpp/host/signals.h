#pragma once

#include <cstdint>

#include "base/task.h"
#include "base/time.h"

namespace rondo::host {

using SignalId = std::uint32_t;

// No signal: waiting on it is plain sleeping.
inline constexpr SignalId kNoSignal = 0;

// How one request tells others that what they wait for has happened.
class SignalBoard {
 public:
  virtual ~SignalBoard() = default;

  // A fresh signal, never kNoSignal.
  virtual SignalId create() = 0;

  // Wakes all who wait, each in its own request, and retires the signal. Waiting on a retired
  // signal returns at once.
  virtual void raise(SignalId signal) = 0;
};

// A request's way to wait for another. Every wait has a timer of its own: workerd kills a request
// that waits on nothing but another one's work.
class Waiter {
 public:
  virtual ~Waiter() = default;

  // Returns when the signal is raised or after `atMost`, whichever comes first.
  virtual Task<void> wait(SignalId signal, Millis atMost) = 0;
};

}  // namespace rondo::host
