#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host/clock.h"
#include "host/credential_store.h"
#include "host/kv_store.h"
#include "host/logger.h"

namespace rondo::credentials {

// What this isolate knows of what its location knows. One an isolate; it outlives every request.
// Where the cache holds nothing, as on a deployment whose host has none, this alone keeps the store
// behind from being asked for each request.
struct LocationFacts {
  std::vector<host::Fact> facts;
  Instant due{};       // From when on the store behind is to be asked again.
  Instant writable{};  // From when on it is to be told again, where that is scarce.
  // Whether it lacks any of what it is to be told.
  enum class Behind { Told, Lacks } behind = Behind::Told;
};

// As it lies in the cache, and what can be read of that; nothing for what is no such text.
std::string encodeLocationFacts(const LocationFacts& known);
std::optional<LocationFacts> decodeLocationFacts(std::string_view text);

// The cache of one location (Cloudflare's Cache API) in front of a store that all locations share.
// What others of the location asked that store for a moment ago is not asked again, and what KV
// can't tell in time, a spent minute above all, they are told at once.
//
// Two that put at once may undo each other's news in the cache. Each keeps what it knows, and puts
// again what is missing when it next looks.
class LocationCache : public host::CredentialStore {
 public:
  // `cache` never fails: what can't be had of it is not there. All outlive the store.
  LocationCache(host::KvStore& cache, LocationFacts& known, host::CredentialStore& behind,
                host::Clock& clock, host::Logger& logger)
      : cache_(cache), known_(known), behind_(behind), clock_(clock), logger_(logger) {}

  // As the store behind, or between the two.
  Sharing sharing() const override;
  // What is known when the store behind failed, which is then left alone for half a minute.
  Task<Result<std::vector<host::Fact>>> facts() override;
  // Transient when a store behind that is told at once failed.
  Task<Result<void>> share(std::vector<host::Fact> facts) override;
  // What the store behind gave within the last minute may end up to a minute before `beyond`.
  Task<Result<std::optional<std::string>>> claim(std::string key, Instant beyond) override;
  void settleLater(std::string key, std::string value, Instant expires) override;
  void releaseLater(std::string key) override;
  void eraseLater(std::string key) override;

 private:
  bool isBehindScarce() const { return behind_.sharing() == Sharing::Scarce; }
  Task<void> look();
  Task<void> askBehind();
  Task<void> tellBehind();
  void put();

  host::KvStore& cache_;
  LocationFacts& known_;
  host::CredentialStore& behind_;
  host::Clock& clock_;
  host::Logger& logger_;
};

}  // namespace rondo::credentials
