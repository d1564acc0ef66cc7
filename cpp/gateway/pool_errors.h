#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/error.h"
#include "gateway/services.h"
#include "google/error.h"

namespace rondo::gateway {

// Google's refusal of one attempt, as the client is told about it.
Error errorOf(const google::Refusal& refusal);

// The same of one from which nothing follows for others (the rule `narrow`): in Google's words,
// with the time that Google names.
Error narrowError(const google::Refusal& refusal, Instant now);

// The same of one that came when part of the answer was told already: nobody else is asked.
Error brokenOff(const google::Refusal& refusal, Instant now);

// Something that a request names can't be had: 404 `content_not_found`, or 403
// `content_not_accessible`.
Error contentError(const google::Refusal& refusal);

// A back-end that said nothing for so long.
Error upstreamTimeout(Millis silence);

// A connection to a back-end that broke in the middle of its answer.
Error endedEarly(const Error& error);

// There is no room for what a request would hold beside all others.
Error overloaded();

// So many attempts were refused that no more are allowed, though other credentials are free. Tells
// the last refusal.
Error attemptsExhausted(std::size_t attempts, const google::Refusal& last);

// OpenAI's words for a model that is not there for the caller.
Error modelNotFound(std::string_view model);

// Whether all credentials that serve the model have spent their day, but for those that are out.
bool isPoolSpent(const Services& services, std::string_view model);

// Why the one credential that a request is to go through can't be tried for `model`.
Error pinnedError(const Services& services, const credentials::Credential& credential,
                  std::string_view model);

// Why no credential could be tried for `model`, with a line for each credential in `details`:
//   no_credentials           503  there is none
//   model_not_found          404  none serves it, or none has access
//   credentials_unavailable  503  all are out of order; what to mend is for the operator
//   model_overloaded         503  Google has no room for the model
//   insufficient_quota       429  the day is spent for all
//   rate_limit_exceeded      429  all cool
// Those whose ids are in `without` couldn't be asked anyway, and don't count.
Error poolError(const Services& services, std::string_view model,
                std::span<const std::string> without = {});

}  // namespace rondo::gateway
