#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/time.h"
#include "credentials/credential.h"
#include "google/error.h"
#include "google/features.h"
#include "http/headers.h"
#include "http/message.h"

namespace rondo::gateway {

// The body of a call, and what is to be known of it when it is refused.
struct MadeBody {
  std::string bytes;  // None of one that is held.
  google::Uses uses;
  std::vector<std::string> adjusted;  // Words for `x-rondo-adjusted`.
  http::Request::BodySource source = http::Request::BodySource::Own;
};

// One call to a back-end: all that it is made of. Each attempt is a value of its own; what one
// leaves to the next is handed over in the open.
struct Attempt {
  const credentials::Credential* credential = nullptr;
  // Renewed: minted since this request found the last one refused.
  enum class Token { AsKept, Renewed } token = Token::AsKept;
  google::ModelLimits limits;  // What its body is made under.
  google::FeatureSet mended;   // Those of them that this request found out itself.

  // Known once it is under way.
  Instant began{};
  http::Headers authorization;
  google::Uses uses;
  std::vector<std::string> adjusted;
};

// An attempt that came to nothing.
struct Loss {
  Attempt attempt;
  google::Refusal refusal;
  // What the client is told should this be the end, where the refusal doesn't tell.
  std::optional<Error> error;
};

}  // namespace rondo::gateway
