#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/task.h"
#include "base/time.h"

namespace rondo::host {

// One thing that isolates tell each other about the pool: a cool-down, a quarantine, its end. Of
// two with the same key the one of the higher rank holds; of the same rank, the one that was there.
// Neither rank nor expiry lies over forty days ahead: a store may forget what expires later, and
// let any other take the place of what ranks higher.
struct Fact {
  std::string key;        // "cool|<credential>|<model>"
  std::int64_t rank = 0;  // A time, in milliseconds since 1970.
  Instant expires;        // Forgotten from then on.
  std::string value;      // Whatever the one who tells it and the one who hears it agree on.

  bool operator==(const Fact&) const = default;
};

// What the isolates of one deployment share: facts about the pool, and the tokens, sealed, by key.
// Belongs to a request, as its I/O does. Three implementations: over KV (credentials/), which any
// deployment has; over a Durable Object (wasm/), where there is one; and a location's cache in
// front of either (credentials/), where the operator wants it.
class CredentialStore {
 public:
  virtual ~CredentialStore() = default;

  enum class Sharing {
    // KV: seen elsewhere after up to a minute, few writes a day, and a claim keeps nobody out.
    Scarce,
    // A location's cache over KV: seen at once there, elsewhere as KV shows it. A claim keeps
    // nobody
    // out.
    Nearby,
    // An object: seen everywhere at once, and only one holds a claim.
    Prompt,
  };
  virtual Sharing sharing() const = 0;

  // All that is known and hasn't expired. Transient when the store failed.
  virtual Task<Result<std::vector<Fact>>> facts() = 0;

  // Makes `facts`, which are all that the caller knows, known to the others.
  virtual Task<Result<void>> share(std::vector<Fact> facts) = 0;

  // The value under `key`, if it outlasts `beyond`. Nothing: the caller is to make one and to
  // `settle` or `release`; with prompt sharing others then wait for it, each up to ten seconds.
  virtual Task<Result<std::optional<std::string>>> claim(std::string key, Instant beyond) = 0;

  // These happen behind the answer and never hold a request up.
  virtual void settleLater(std::string key, std::string value, Instant expires) = 0;
  virtual void releaseLater(std::string key) = 0;
  virtual void eraseLater(std::string key) = 0;
};

}  // namespace rondo::host
