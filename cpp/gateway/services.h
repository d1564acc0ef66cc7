#pragma once

#include <set>
#include <string>
#include <vector>

#include "auth/auth_manager.h"
#include "credentials/credential_manager.h"
#include "credentials/pool_sync.h"
#include "gateway/alerts.h"
#include "gateway/client_request.h"
#include "gateway/context_caches.h"
#include "gateway/last_errors.h"
#include "gateway/learned_limits.h"
#include "gateway/model_catalog.h"
#include "gateway/native_makers.h"
#include "gateway/request_record.h"
#include "gateway/settings.h"
#include "gateway/watch.h"
#include "host/host.h"
#include "host/points.h"
#include "host/reply.h"
#include "telemetry/recorder.h"
#include "telemetry/request_list.h"
#include "translation/signature_store.h"

namespace rondo::gateway {

enum class KvBinding { Missing, Present };

// Whether clients may have something kept.
enum class StoreBinding { Missing, Present };

// What was found when the isolate began, for its operator.
struct Startup {
  std::vector<SettingLine> settings;
  std::vector<SettingsProblem> problems;
};

// What an isolate holds and every operation works with. All of it outlives every request.
struct Services {
  KvBinding kv;
  const Settings& settings;
  host::Host host;
  credentials::CredentialManager& pool;
  credentials::PoolSync& sync;
  auth::AuthManager& auth;
  ModelCatalog& catalog;
  translation::SignatureStore& signatures;
  NativeMakers& nativeMakers;
  LearnedLimits& limits;
  ContextCaches& contextCaches;
  telemetry::Recorder& recorder;
  telemetry::RequestList& requests;
  LastErrors& lastErrors;
  Alerts& alerts;
  // The targets of aliases and fallbacks, by Google's names.
  const std::set<std::string, std::less<>>& namedModels;
  const Startup& startup;
  host::Points* points = nullptr;
  StoreBinding store = StoreBinding::Missing;
};

// One client request with its I/O. Lives in the frame of `Gateway::serve`, above every operation.
struct Exchange {
  Services services;
  ClientRequest request;
  host::Io io;
  host::Reply& reply;
  Instant began;
  RequestRecord record = {};
  Watch watch{services.host.clock, io.waiter};
  CacheWork cache = {};
  translation::ClientSignatures signatures{services.signatures, request.client.name};
  // What was found out about the pool is shared behind the answer.
  enum class PoolUse { None, Used } pool = PoolUse::None;
};

}  // namespace rondo::gateway
