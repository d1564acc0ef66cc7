#pragma once

#include "base/time.h"

namespace rondo::host {

// The wall clock. On workerd it stands still between I/O, so two readings in one synchronous run
// are equal: take the time again after every await, and never use it to tell things apart.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Instant now() = 0;
};

}  // namespace rondo::host
