#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "base/task.h"
#include "base/time.h"

namespace rondo::host {

// Workers KV. Eventually consistent: a value may be up to a minute old elsewhere, so it is a cache
// of what can be made again, never a lock.
class KvStore {
 public:
  virtual ~KvStore() = default;

  // Nothing when there is no such key. Transient when KV failed.
  virtual Task<Result<std::optional<std::string>>> get(std::string key) = 0;

  // Both happen behind the answer and never hold a request up. A failure is logged by the host and
  // otherwise without consequence. `ttl` is at least 60 s (KV refuses less).
  virtual void putLater(std::string key, std::string value, Millis ttl) = 0;
  virtual void eraseLater(std::string key) = 0;
};

}  // namespace rondo::host
