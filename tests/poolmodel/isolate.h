#pragma once

#include <functional>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "credentials/kv_credential_store.h"
#include "credentials/location_cache.h"
#include "gateway/gateway.h"
#include "poolmodel/google.h"
#include "poolmodel/stores.h"

namespace rondo::poolmodel {

// What isolates have in common.
struct World {
  EventQueue& queue;
  Google& google;
  Kv& kv;
  Object* object;  // null: KV alone
  Caches* caches;  // null: none
  std::mt19937& random;
};

// One isolate: Rondo's own gateway on a host of the simulation.
class Isolate {
 public:
  Isolate(const World& world, int location, const credentials::Environment& environment);
  ~Isolate();

  // Serves one chat. `done` gets the status once the answer is there.
  void chat(std::function<void(int)> done);

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace rondo::poolmodel
