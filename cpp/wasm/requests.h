#pragma once

#include <cstdint>
#include <memory>
#include <unordered_map>

#include "credentials/kv_credential_store.h"
#include "credentials/location_cache.h"
#include "gateway/gateway.h"
#include "telemetry/counted_kv.h"
#include "wasm/host.h"
#include "wasm/worker_board.h"
#include "wasm/worker_credential_store.h"
#include "wasm/worker_memory.h"

namespace rondo::wasm {

// Whether there is a Durable Object to share through.
enum class PoolBinding { Present, Missing };

// Whether its location's isolates share through a cache.
enum class CacheBinding { Present, Missing };

// What every request of the instance is served with.
struct Shared {
  gateway::Gateway& gateway;
  OpTable& ops;
  const WorkerSignals& signals;
  host::Clock& clock;
  host::Logger& logger;
  PoolBinding pool;
  CacheBinding cache;
  credentials::LocationFacts& location;
};

// The requests that are being served, by the worker's names for them.
class RequestTable {
 public:
  explicit RequestTable(Shared shared) : shared_(shared) {}

  // Serves until the request first waits, or is answered.
  void start(std::uint32_t req, gateway::ClientRequest request);

  // Frees the request if it is finished; call after each step of it.
  void reap(std::uint32_t req);

  void cancel(std::uint32_t req);

 private:
  // What one request holds. The task comes last, so that it is destroyed before what it uses.
  struct Active {
    WorkerFetcher fetcher;
    WorkerKv kv;
    WorkerCrypto crypto;
    WorkerWaiter waiter;
    WorkerHoldings holdings;
    WorkerHeldBody held;
    WorkerReply reply;
    telemetry::CountedKv countedKv;
    credentials::KvCredentialStore kvStore;
    PoolObject object;
    WorkerCredentialStore poolStore;
    WorkerKv cache;
    credentials::LocationCache locationCache;
    WorkerBoard board;
    WorkerMemory memory;
    Task<void> task;

    Active(const Shared& shared, std::uint32_t req, gateway::ClientRequest request);
    gateway::ClientRequest remembering(gateway::ClientRequest request);
    host::CredentialStore& allLocations(const Shared& shared);
    host::Io io(const Shared& shared);
  };

  Shared shared_;
  std::unordered_map<std::uint32_t, std::unique_ptr<Active>> active_;
};

}  // namespace rondo::wasm
