#pragma once

#include <span>
#include <string>
#include <string_view>

#include "credentials/cool_downs.h"
#include "gateway/attempt.h"
#include "gateway/services.h"

namespace rondo::gateway {

// Who is to blame for an attempt that came to nothing.
enum class Fault {
  Request,       // what the client asks, or how
  NamedContent,  // what lies at Google's and the request names
  Model,         // for this credential, or for everybody
  Credential,
  Place,   // where the call came from or went to
  Pool,    // Google's, which many projects share
  Google,  // its servers
};

// How far the consequence reaches. Everything else is left alone.
enum class Reach { ThisRequest, ThisCredentialAndModel, ThisCredential, ThisModel };

// How the request goes on.
enum class Verdict {
  TryNext,          // With the next credential.
  PreferElsewhere,  // With the next one, of another place if there is any.
  TryElsewhere,     // With one of another place, or not at all.
  RenewToken,       // With the same credential and another token.
  OnceMore,         // Once, with another credential, or with the same when there is none.
  Mend,             // With the same credential, without what was refused.
  Stop,             // Not at all: it would be refused whoever asks.
  PassOn,           // Not at all: the client is told what Google said.
};

// A rule: what an attempt came to, and what follows.
struct Rule {
  std::string_view what;
  Fault fault;
  Reach reach;
  // How long the consequence lasts. `least` alone: as long as Google says, else so long. `most`
  // zero: for good, until an operator acts or a probe succeeds.
  Millis least;
  Millis most;
  Verdict verdict;
};

// THE TABLE, as docs/pool.md shows it.
std::span<const Rule> rules();

// Whether nothing follows of a refusal, since it may be meant for what this request alone brings
// along, or for the form that it is written in.
bool isNarrow(const Rule& rule);

// Whether a refusal of a request with tools that Google runs may be meant for these: their quotas
// are told as those of models, without a name.
bool mayBeOfTools(const google::Refusal& refusal, const credentials::Credential& credential);

std::string_view faultName(Fault fault);
std::string_view reachName(Reach reach);
std::string_view verdictName(Verdict verdict);

// What was lost before, and what was made of it.
struct Lost {
  Loss loss;
  const Rule* rule;
};

// Judges a loss by the table, tells the pool what follows, one log line for each change of state,
// and gives the rule, which lives as long as the program. `before` are the losses of the same
// request and model.
//
// One request takes out one credential at most. What may be meant for the request itself takes none
// out: when a second credential says the same, the request is to blame.
const Rule& judge(Exchange& exchange, const std::string& model, const Loss& loss,
                  std::span<const Lost> before);

// The attempt's answer has begun well. What was lost before it was no fault of the request's.
void judgeSuccess(Exchange& exchange, const std::string& model, const Attempt& attempt,
                  std::span<const Lost> before);

// The reason of a model's rest after failures at Google's side.
inline constexpr std::string_view kUpstreamFailing = "upstream_failing";

// All attempts of a request failed at Google's side: the model rests for a moment. Gives how long.
Millis restAfterFailures(Exchange& exchange, const std::string& model);

}  // namespace rondo::gateway
