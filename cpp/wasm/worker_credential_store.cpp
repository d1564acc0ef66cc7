#include "wasm/worker_credential_store.h"

#include "credentials/kv_credential_store.h"

namespace rondo::wasm {

using host::Fact;

Task<Result<std::vector<Fact>>> WorkerCredentialStore::facts() {
  const auto known = co_await object_.ask({{"do", "facts"}}, {});
  if (!known) co_return fail(known.error());
  co_return credentials::decodeFacts(known->value_or("[]"));
}

Task<Result<void>> WorkerCredentialStore::share(std::vector<Fact> facts) {
  const auto shared = co_await object_.ask({{"do", "share"}}, credentials::encodeFacts(facts));
  if (!shared) co_return fail(shared.error());
  co_return Result<void>();
}

Task<Result<std::optional<std::string>>> WorkerCredentialStore::claim(std::string key,
                                                                      Instant beyond) {
  auto claimed =
      co_await object_.ask({{"do", "claim"}, {"key", key}, {"beyond", toUnixMillis(beyond)}}, {});
  if (claimed) co_return claimed;
  logger_.log(host::LogLevel::Warn, "claim_failed",
              {{"key", key}, {"message", claimed.error().message}});
  co_return co_await behind_.claim(std::move(key), beyond);
}

void WorkerCredentialStore::settleLater(std::string key, std::string value, Instant expires) {
  object_.tell({{"do", "settle"}, {"key", key}, {"expires", toUnixMillis(expires)}}, value);
  behind_.settleLater(std::move(key), std::move(value), expires);
}

void WorkerCredentialStore::releaseLater(std::string key) {
  object_.tell({{"do", "release"}, {"key", std::move(key)}});
}

void WorkerCredentialStore::eraseLater(std::string key) {
  object_.tell({{"do", "erase"}, {"key", key}});
  behind_.eraseLater(std::move(key));
}

}  // namespace rondo::wasm
