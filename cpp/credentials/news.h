#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/time.h"
#include "credentials/pool_facts.h"
#include "host/credential_store.h"

namespace rondo::credentials {

// What the other isolates are to be told, of two events about the same thing the last. At most 512,
// of which those are kept that are worth most (see isWorthLess).
class News {
 public:
  // Of denials of models that may be invented, only sixteen in twelve hours are taken in: who
  // invents names is not to make every isolate write.
  void add(const PoolEvent& event);

  // All that still last for `atLeast`. The others are dropped.
  std::vector<host::Fact> take(Instant now, Millis atLeast);

 private:
  bool mayTellHearsay(Instant at);

  std::map<std::string, host::Fact> facts_;  // by key
  int hearsay_ = 0;                          // Denials that were taken in since then.
  Instant hearsayBegan_{};
};

}  // namespace rondo::credentials
