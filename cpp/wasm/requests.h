#pragma once

#include <cstdint>
#include <memory>
#include <unordered_map>

#include "gateway/gateway.h"
#include "wasm/host.h"

namespace rondo::wasm {

// The requests that are being served, by the worker's names for them.
class RequestTable {
 public:
  RequestTable(gateway::Gateway& gateway, OpTable& ops, const WorkerSignals& signals)
      : gateway_(gateway), ops_(ops), signals_(signals) {}

  // Serves until the request first waits, or is answered.
  void start(std::uint32_t req, gateway::Request request);

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
    WorkerReply reply;
    Task<void> task;

    Active(gateway::Gateway& gateway, OpTable& ops, const WorkerSignals& signals, std::uint32_t req,
           gateway::Request request)
        : fetcher(ops, req),
          kv(ops, req),
          crypto(ops, req),
          waiter(ops, signals, req),
          reply(ops, req),
          task(gateway.serve(std::move(request), {fetcher, kv, crypto, waiter}, reply)) {}
  };

  gateway::Gateway& gateway_;
  OpTable& ops_;
  const WorkerSignals& signals_;
  std::unordered_map<std::uint32_t, std::unique_ptr<Active>> active_;
};

}  // namespace rondo::wasm
