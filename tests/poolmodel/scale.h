#pragma once

#include "poolmodel/scenario.h"

namespace rondo::poolmodel {

// Who tells the isolates of a large deployment what others found.
enum class Teller {
  Kv,
  Object,         // One that answers any number of calls at once.
  LimitedObject,  // One that needs a millisecond for each.
  TokensApart,    // Such a one for facts, and one for each credential's token.
  KvAndCaches,    // KV, and in each location its cache.
  ObjectAndCaches,
};

struct Size {
  int locations = 20;
  int isolatesAtEach = 50;
  int credentials = 100;
  int perMinute = 1200;  // of each credential
};

// The two minutes after a deployment, with `perSecond` requests each second. A twentieth of the
// credentials spends its day in them, and one is revoked after the first.
Scenario atScale(const Size& size, Teller teller, int perSecond);

}  // namespace rondo::poolmodel
