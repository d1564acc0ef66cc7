#pragma once

#include <string>
#include <string_view>

#include "base/task.h"

namespace rondo::gateway {

// Who keeps an answer when all of it is there, and before the client has its end: what the client
// asks next may build on it.
class Keeper {
 public:
  virtual ~Keeper() = default;

  enum class Outcome { Fine, Failed };
  // `whole` is the answer; empty of a stream. Fine too when nothing is to be kept. A failure is
  // never the answer's.
  virtual Task<Outcome> keep(std::string_view whole) = 0;
  // The same answer, as it tells that it was not kept, where its dialect has a member for that.
  virtual std::string unkept(std::string whole) const { return whole; }
  // Whether it keeps answers that are streams, too.
  virtual bool takesStreams() const { return true; }
};

}  // namespace rondo::gateway
