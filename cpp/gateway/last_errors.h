#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/time.h"
#include "credentials/credential.h"
#include "google/error.h"

namespace rondo::gateway {

// The last refusal that a credential met in this isolate, for its operator.
struct LastError {
  Instant at;
  std::string model;
  int status = 0;       // Google's; 0 when no answer came.
  std::string refusal;  // Its class.
  std::string message;
  std::string remedy;  // May be empty, as may the link.
  std::string link;
};

// One for each credential of the pool. What a request is to blame for is none.
class LastErrors {
 public:
  void note(const credentials::Credential& credential, std::string_view model,
            const google::Refusal& refusal, Instant now);

  // Null when it met none.
  const LastError* of(const credentials::Credential& credential) const;

 private:
  std::map<std::string, LastError, std::less<>> errors_;  // by the credential's id
};

}  // namespace rondo::gateway
