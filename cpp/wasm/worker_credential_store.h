#pragma once

#include "host/credential_store.h"
#include "host/logger.h"
#include "json/value.h"
#include "wasm/ops.h"

namespace rondo::wasm {

// The store over the Durable Object POOL. `behind` keeps the tokens too, and is asked for one when
// the object fails: losing the object loses no token.
class WorkerCredentialStore : public host::CredentialStore {
 public:
  WorkerCredentialStore(OpTable& ops, std::uint32_t req, host::CredentialStore& behind,
                        host::Logger& logger)
      : ops_(ops), req_(req), behind_(behind), logger_(logger) {}

  Sharing sharing() const override { return Sharing::Prompt; }
  Task<Result<std::vector<host::Fact>>> facts() override;
  // Transient when the object failed.
  Task<Result<void>> share(std::vector<host::Fact> facts) override;
  Task<Result<std::optional<std::string>>> claim(std::string key, Instant beyond) override;
  void settleLater(std::string key, std::string value, Instant expires) override;
  void releaseLater(std::string key) override;
  void eraseLater(std::string key) override;

 private:
  // The object's answer; nothing for None.
  Task<Result<std::optional<std::string>>> ask(json::Value head, std::string body);
  void tell(const json::Value& head, std::string_view body = {});

  OpTable& ops_;
  std::uint32_t req_;
  host::CredentialStore& behind_;
  host::Logger& logger_;
};

}  // namespace rondo::wasm
