#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "auth/auth_manager.h"
#include "base/result.h"
#include "base/task.h"
#include "credentials/credential_manager.h"
#include "gateway/settings.h"
#include "google/address.h"
#include "host/host.h"

namespace rondo::gateway {

// The models that the back-ends of the pool offer, as they list them themselves. Kept for an hour;
// when a later look fails, what was seen last holds. One look asks at most three credentials of
// each back-end, and the next one begins behind those that failed. After a failure nobody looks
// again for a minute.
class ModelCatalog {
 public:
  ModelCatalog(const Settings& settings, const host::Host& host,
               credentials::CredentialManager& pool, auth::AuthManager& auth);

  // Google's names, sorted, each once. An error only when no back-end has ever answered; within a
  // minute it is the same one.
  Task<Result<std::vector<std::string>>> models(host::Io io);

  // What the Gemini API told of one of them, as JSON. Empty: nothing.
  std::string_view entryOf(std::string_view model) const;

 private:
  Task<Result<std::vector<std::string>>> look(host::Io io);
  Task<Result<std::vector<std::string>>> lookAt(host::Io io, credentials::Backend backend);
  Task<Result<std::vector<std::string>>> list(host::Io io,
                                              const credentials::Credential& credential);

  const Settings& settings_;
  const host::Host& host_;
  credentials::CredentialManager& pool_;
  auth::AuthManager& auth_;
  std::optional<Result<std::vector<std::string>>> seen_;  // What holds until then.
  Instant freshUntil_{};
  std::map<std::string, std::string, std::less<>> entries_;
  std::size_t first_ = 0;  // In the pool's order: whom to ask first.
};

}  // namespace rondo::gateway
