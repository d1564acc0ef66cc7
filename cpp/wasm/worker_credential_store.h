#pragma once

#include "host/credential_store.h"
#include "host/logger.h"
#include "wasm/pool_object.h"

namespace rondo::wasm {

// The store over the Durable Object POOL. `behind` keeps the tokens too, and is asked for one when
// the object fails: losing the object loses no token.
class WorkerCredentialStore : public host::CredentialStore {
 public:
  WorkerCredentialStore(PoolObject& object, host::CredentialStore& behind, host::Logger& logger)
      : object_(object), behind_(behind), logger_(logger) {}

  Sharing sharing() const override { return Sharing::Prompt; }
  Task<Result<std::vector<host::Fact>>> facts() override;
  // Transient when the object failed.
  Task<Result<void>> share(std::vector<host::Fact> facts) override;
  Task<Result<std::optional<std::string>>> claim(std::string key, Instant beyond) override;
  void settleLater(std::string key, std::string value, Instant expires) override;
  void releaseLater(std::string key) override;
  void eraseLater(std::string key) override;

 private:
  PoolObject& object_;
  host::CredentialStore& behind_;
  host::Logger& logger_;
};

}  // namespace rondo::wasm
