#pragma once

#include <cstdint>

#include "base/time.h"
#include "poolmodel/google.h"
#include "poolmodel/stores.h"

namespace rondo::poolmodel {

enum class Sharing { KvAlone, WithObject };

// Whether isolates of one location ask each other before they ask the store that all share.
enum class Nearby { Nothing, Cache };

struct Scenario {
  Sharing sharing = Sharing::KvAlone;
  Nearby nearby = Nearby::Nothing;
  TokenObjects tokenObjects = TokenObjects::One;
  int isolates = 200;
  int locations = 10;
  int credentials = 12;
  int perMinute = 120;           // of each credential
  int shortDays = 2;             // Credentials whose day ends within the run.
  std::int64_t shortDay = 3000;  // What is left of it.
  bool kill = true;              // One credential dies in the middle.
  double load = 0.6;             // Of the quota of those that are left at the end.
  double failureRate = 0.01;
  Millis objectCallLasts{};  // How long each call keeps the object busy.
  Millis length = std::chrono::hours(1);
  std::uint32_t seed = 1;
};

struct Outcome {
  std::int64_t requests = 0;
  std::int64_t served = 0;
  std::int64_t allowed = 0;  // What a pool that knows all and loses nothing had served.
  // Requests at whose arrival, or within three seconds of it, some credential had quota left.
  std::int64_t servable = 0;
  std::int64_t refusedServable = 0;
  GoogleCounts google;
  StoreCounts stores;

  double servedOfAllowed() const {
    return static_cast<double>(served) / static_cast<double>(allowed);
  }
  double servedShare() const {
    return static_cast<double>(servable - refusedServable) / static_cast<double>(servable);
  }
  double wastedShare() const {
    return static_cast<double>(google.wasted) / static_cast<double>(google.calls);
  }
  double objectRefusedShare() const {
    return stores.objectCalls == 0 ? 0
                                   : static_cast<double>(stores.objectRefused) /
                                         static_cast<double>(stores.objectCalls);
  }
};

// The same scenario gives the same outcome.
Outcome run(const Scenario& scenario);

}  // namespace rondo::poolmodel
