#pragma once

#include <string>
#include <string_view>

#include "credentials/credential.h"
#include "gateway/services.h"
#include "google/error.h"
#include "http/headers.h"

namespace rondo::gateway {

// What to do after a refusal.
enum class Verdict {
  TryNext,          // With the next credential.
  PreferElsewhere,  // With the next one, of another place if there is any.
  TryElsewhere,     // With one of another place, or not at all.
  Repeat,           // With the same credential, whose token is dropped.
  Stop,             // Not at all: it would be refused whoever asks.
  PassOn,           // Not at all: the client's request is at fault.
};

// One attempt that was refused, and what the request has seen before.
struct RefusedAttempt {
  const credentials::Credential& credential;
  const std::string& model;
  const http::Headers& authorization;
  bool isTokenFresh = false;  // It was minted since this request found the last one refused.
  int busyBefore = 0;         // How often Google's shared pool was busy for this request.
};

// THE POOL'S JUDGEMENT: tells the pool what a refusal means for the credential, the model or both,
// one log line for each change of state, and says how to go on. The rules are in docs/pool.md.
Verdict judge(Exchange& exchange, const RefusedAttempt& attempt, const google::Refusal& refusal);

// The reason of a model's rest after failures at Google's side.
inline constexpr std::string_view kUpstreamFailing = "upstream_failing";

// All attempts of a request failed at Google's side: the model rests for a moment. Gives how long.
Millis restAfterFailures(Exchange& exchange, const std::string& model);

}  // namespace rondo::gateway
