#include "wasm/requests.h"

#include "wasm/abi.h"

namespace rondo::wasm {

RequestTable::Active::Active(const Shared& shared, std::uint32_t req,
                             gateway::ClientRequest request)
    : fetcher(shared.ops, req),
      kv(shared.ops, req, host_kv),
      crypto(shared.ops, req),
      waiter(shared.ops, shared.signals, req),
      holdings(req),
      held(shared.ops, req),
      reply(shared.ops, req),
      countedKv(kv, shared.gateway.recorder()),
      kvStore(countedKv, shared.clock, shared.logger),
      object(shared.ops, req, shared.gateway.recorder()),
      poolStore(object, kvStore, shared.logger),
      cache(shared.ops, req, host_cache),
      locationCache(cache, shared.location, allLocations(shared), shared.clock, shared.logger),
      board(object),
      memory(shared.ops, req),
      task(shared.gateway.serve(remembering(std::move(request)), io(shared), reply)) {}

gateway::ClientRequest RequestTable::Active::remembering(gateway::ClientRequest request) {
  if (request.memory == gateway::Memory::On) request.store = &memory;
  return request;
}

host::CredentialStore& RequestTable::Active::allLocations(const Shared& shared) {
  host::CredentialStore& kvAlone = kvStore;
  return shared.pool == PoolBinding::Present ? poolStore : kvAlone;
}

host::Io RequestTable::Active::io(const Shared& shared) {
  const bool isBound = shared.pool == PoolBinding::Present;
  const bool isCached = shared.cache == CacheBinding::Present;
  host::CredentialStore& store = isCached ? locationCache : allLocations(shared);
  return {fetcher, countedKv, crypto, waiter, store, holdings, isBound ? &board : nullptr, &held};
}

void RequestTable::start(std::uint32_t req, gateway::ClientRequest request) {
  auto active = std::make_unique<Active>(shared_, req, std::move(request));
  Task<void>& task = active->task;
  active_.insert_or_assign(req, std::move(active));
  task.start();
  reap(req);
}

void RequestTable::reap(std::uint32_t req) {
  const auto found = active_.find(req);
  if (found == active_.end() || !found->second->task.done()) return;
  active_.erase(found);
  host_done(req);
}

void RequestTable::cancel(std::uint32_t req) {
  // Taken out first: what the frames do when they are destroyed must not find a dying request.
  const auto dying = active_.extract(req);
}

}  // namespace rondo::wasm
