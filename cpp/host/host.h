#pragma once

#include "host/board.h"
#include "host/clock.h"
#include "host/credential_store.h"
#include "host/crypto.h"
#include "host/entropy.h"
#include "host/fetcher.h"
#include "host/held_body.h"
#include "host/holdings.h"
#include "host/kv_store.h"
#include "host/logger.h"
#include "host/signals.h"

// THE PORT: all that Rondo asks of the outside. One implementation speaks to the Worker (wasm/),
// one is a fake for the tests (tests/support/).

namespace rondo::host {

// What belongs to the instance. Everything outlives every request.
struct Host {
  Clock& clock;
  Entropy& entropy;
  Logger& logger;
  SignalBoard& signals;
};

// What belongs to one request: on workerd, I/O started in a request's name can only be awaited in
// that request. Outlives the request's task.
struct Io {
  Fetcher& fetcher;
  KvStore& kv;
  Crypto& crypto;
  Waiter& waiter;
  CredentialStore& store;
  Holdings& holdings;
  Board* board = nullptr;    // Null: isolates have nothing to add up through.
  HeldBody* held = nullptr;  // Null: the module has the body.
};

}  // namespace rondo::host
