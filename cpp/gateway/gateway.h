#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "auth/auth_manager.h"
#include "conversation/dialect.h"
#include "credentials/credential_manager.h"
#include "credentials/loader.h"
#include "credentials/pool_sync.h"
#include "gateway/client_request.h"
#include "gateway/leveled_logger.h"
#include "gateway/model_catalog.h"
#include "gateway/services.h"
#include "host/host.h"
#include "host/reply.h"

namespace rondo::gateway {

// Which dialect each operation that is a conversation speaks. They outlive the gateway.
using Dialects = std::map<std::string, const conversation::Dialect*, std::less<>>;
Dialects allDialects();

// What the worker hands in when it makes the gateway.
struct Configuration {
  credentials::Environment environment;
  KvBinding kv = KvBinding::Missing;
  Dialects dialects = allDialects();
  host::Points* points = nullptr;  // Null: nobody wants any. Outlives the gateway.
  StoreBinding store = StoreBinding::Missing;
};

// Rondo, as one isolate holds it: the pool with its tokens and cool-downs, and the operations on
// it. Lives as long as the isolate and serves all its requests, which may interleave at every
// await. Built without I/O; what is wrong with the configuration is logged then, and answered
// later.
class Gateway {
 public:
  Gateway(Configuration configuration, host::Host host);
  Gateway(const Gateway&) = delete;
  Gateway& operator=(const Gateway&) = delete;

  // Answers one request through `reply`. `io` and `reply` are the request's own and outlive the
  // task; destroying the task drops the request.
  Task<void> serve(ClientRequest request, host::Io io, host::Reply& reply);

  // What is counted in this isolate.
  telemetry::Recorder& recorder() { return recorder_; }

 private:
  Gateway(const Configuration& configuration, credentials::LoadedCredentials loaded,
          ReadSettings read, host::Host host);

  void reportPool();
  Task<void> operate(Exchange& exchange);
  Task<void> tidyUp(host::Io io);
  void noteMints();
  void shareCounts(host::Io io);
  Services services();

  KvBinding kv_;
  Dialects dialects_;
  Settings settings_;
  LeveledLogger logger_;
  host::Host host_;
  credentials::CredentialManager pool_;
  credentials::PoolSync sync_;
  auth::AuthManager auth_;
  ModelCatalog catalog_;
  translation::SignatureStore signatures_;
  NativeMakers nativeMakers_;
  LearnedLimits limits_;
  ContextCaches contextCaches_;
  telemetry::Recorder recorder_;
  telemetry::RequestList requests_;
  LastErrors lastErrors_;
  Alerts alerts_;
  std::set<std::string, std::less<>> namedModels_;
  Startup startup_;
  auth::Mints counted_;
  std::optional<Instant> sharedAt_;
  host::Points* points_;
  StoreBinding store_;
};

}  // namespace rondo::gateway
