#include "gateway/pool_errors.h"

#include <algorithm>
#include <initializer_list>
#include <vector>

#include "credentials/model_use.h"
#include "gateway/judgement.h"

namespace rondo::gateway {
namespace {

using credentials::CredentialState;
using credentials::CredentialStatus;
using credentials::PoolState;
using google::Refusal;
using google::RefusalClass;

// OpenAI's word, and the classifier's, for a prompt that is longer than the model takes.
constexpr std::string_view kTooLong = "context_length_exceeded";

std::string quoted(std::string_view text) { return "`" + std::string(text) + "`"; }

Error requestError(const Refusal& refusal) {
  Error error = badRequest(refusal.message, refusal.field);
  if (refusal.status == 404) {
    error.kind = ErrorKind::NotFound;
    error.code = refusal.reason;
  } else if (refusal.reason == kTooLong) {
    error.code = kTooLong;
    error.param = "contents";
  }
  return error;
}

std::vector<ErrorDetail> detailsOf(const std::vector<CredentialStatus>& statuses) {
  std::vector<ErrorDetail> details;
  for (const auto& status : statuses) {
    details.push_back({status.credential->alias, std::string(credentials::stateName(status.state)),
                       status.reason, status.until});
  }
  return details;
}

// Whether all that aren't out cool for one of these reasons.
bool allCoolFor(const std::vector<CredentialStatus>& statuses,
                std::initializer_list<std::string_view> reasons) {
  return std::ranges::all_of(statuses, [&reasons](const CredentialStatus& status) {
    return status.state == CredentialState::Quarantined ||
           std::ranges::find(reasons, status.reason) != reasons.end();
  });
}

Error coolingError(const std::vector<CredentialStatus>& statuses, std::string_view model,
                   const std::string& until) {
  if (allCoolFor(statuses, {google::refusalName(RefusalClass::Capacity), kUpstreamFailing})) {
    return makeError(ErrorKind::Transient,
                     "Google has no capacity for " + credentials::toldAs(model) + " now. " + until,
                     "model_overloaded");
  }
  if (allCoolFor(statuses, {google::refusalName(RefusalClass::Day)})) {
    return makeError(ErrorKind::RateLimited,
                     "All credentials of the pool have spent their quota for " +
                         credentials::toldAs(model) + ". " + until,
                     "insufficient_quota");
  }
  return makeError(ErrorKind::RateLimited,
                   "All credentials of the pool are rate-limited for " +
                       credentials::toldAs(model) + ". " + until,
                   "rate_limit_exceeded");
}

// Those that could be asked: but for `without`.
std::vector<CredentialStatus> statusesOf(const Services& services, std::string_view model,
                                         Instant now, std::span<const std::string> without) {
  auto statuses = services.pool.statusFor(model, now);
  std::erase_if(statuses, [without](const CredentialStatus& status) {
    return std::ranges::find(without, status.credential->id) != without.end();
  });
  return statuses;
}

bool areAllOut(const std::vector<CredentialStatus>& statuses) {
  return !statuses.empty() && std::ranges::all_of(statuses, [](const CredentialStatus& status) {
    return status.state == CredentialState::Quarantined;
  });
}

Error allQuarantined(const std::vector<CredentialStatus>& statuses) {
  Error error = makeError(ErrorKind::Unavailable,
                          "No credential of the pool can be used until an operator acts.",
                          "credentials_unavailable");
  error.details = detailsOf(statuses);
  return error;
}

Error allCooling(const Services& services, std::string_view model, Instant now,
                 std::span<const std::string> without) {
  const auto statuses = statusesOf(services, model, now, without);
  if (areAllOut(statuses)) return allQuarantined(statuses);
  if (allCoolFor(statuses, {google::refusalName(RefusalClass::NoAccess)})) {
    return modelNotFound(credentials::modelOf(model));
  }
  const Millis wait = services.pool.earliestReset(model, now, without).value_or(now) - now;
  Error error =
      coolingError(statuses, model,
                   "It can be tried again in " + std::to_string(retryAfterSeconds(wait)) + " s.");
  error.retryAfter = wait;
  error.details = detailsOf(statuses);
  return error;
}

}  // namespace

bool isPoolSpent(const Services& services, std::string_view model) {
  const Instant now = services.host.clock.now();
  return services.pool.stateOf(model, now) == PoolState::Cooling &&
         allCoolFor(services.pool.statusFor(model, now), {google::refusalName(RefusalClass::Day)});
}

Error pinnedError(const Services& services, const credentials::Credential& credential,
                  std::string_view model) {
  const Instant now = services.host.clock.now();
  if (!credentials::serves(credential, model)) {
    return modelNotFound(credentials::modelOf(model));
  }
  auto statuses = services.pool.statusFor(model, now);
  std::erase_if(statuses, [&credential](const CredentialStatus& status) {
    return status.credential->id != credential.id;
  });
  const CredentialStatus& status = statuses.front();
  Error error = makeError(ErrorKind::RateLimited,
                          "The credential " + quoted(std::string_view(credential.alias)) +
                              " cools for " + credentials::toldAs(model) + ": " + status.reason +
                              ". No other one can serve what is asked of it, or lies with it.",
                          "rate_limit_exceeded");
  if (status.state == CredentialState::Quarantined) {
    error = makeError(ErrorKind::Unavailable,
                      "The credential " + quoted(std::string_view(credential.alias)) +
                          " can't be used until an operator acts. " + status.remedy,
                      "credentials_unavailable");
  } else if (status.until) {
    error.retryAfter = *status.until - now;
  }
  error.details = detailsOf(statuses);
  return error;
}

Error contentError(const Refusal& refusal) {
  const bool isMissing = refusal.status == 404;
  return makeError(isMissing ? ErrorKind::NotFound : ErrorKind::Forbidden, refusal.message,
                   isMissing ? "content_not_found" : "content_not_accessible");
}

Error upstreamTimeout(Millis silence) {
  return makeError(ErrorKind::TimedOut,
                   "Google has said nothing for " + std::to_string(silence.count()) + " ms.",
                   "upstream_timeout");
}

Error endedEarly(const Error& error) {
  return makeError(ErrorKind::Transient,
                   "A server error: the connection to Google broke: " + error.message,
                   "upstream_incomplete");
}

Error overloaded() {
  Error error = makeError(ErrorKind::Transient,
                          "The gateway holds too many large requests just now. Try again in a "
                          "moment.",
                          "overloaded");
  error.retryAfter = std::chrono::seconds(1);
  return error;
}

Error attemptsExhausted(std::size_t attempts, const Refusal& last) {
  Error error = makeError(
      ErrorKind::Transient,
      "Google refused " + std::to_string(attempts) + (attempts == 1 ? " attempt" : " attempts") +
          ", and no more are made for one request. The last refusal: " + last.message,
      "attempts_exhausted");
  error.retryAfter = std::chrono::seconds(1);
  return error;
}

Error modelNotFound(std::string_view model) {
  Error error =
      makeError(ErrorKind::NotFound,
                "The model " + quoted(model) + " does not exist or you do not have access to it.",
                "model_not_found");
  error.param = "model";
  return error;
}

Error errorOf(const Refusal& refusal) {
  switch (refusal.refusal) {
    case RefusalClass::OtherForm:
    case RefusalClass::RequestFault:
    case RefusalClass::MendRequest: return requestError(refusal);
    case RefusalClass::NamedContent: return contentError(refusal);
    case RefusalClass::Location:
      return makeError(ErrorKind::Forbidden, refusal.message,
                       "unsupported_country_region_territory");
    case RefusalClass::FixToken:
    case RefusalClass::DeadCredential:
      return makeError(ErrorKind::Unavailable, "Google refused the gateway's credential.",
                       "credentials_unavailable");
    case RefusalClass::Minute:
    case RefusalClass::Day:
    case RefusalClass::Capacity:
    case RefusalClass::NoAccess:
    case RefusalClass::Unusable:
    case RefusalClass::Transient: break;
  }
  if (refusal.status == 504) {
    return makeError(ErrorKind::TimedOut, "Google failed to answer: " + refusal.message,
                     "upstream_timeout");
  }
  const bool isOverload = refusal.reason == google::kModelOverloaded;
  return makeError(ErrorKind::Transient, "Google failed to answer: " + refusal.message,
                   isOverload ? "model_overloaded" : "upstream_error");
}

Error narrowError(const Refusal& refusal, Instant now) {
  const auto untilReset = [&refusal, now](ErrorKind kind, const char* code) {
    Error error = makeError(kind, "Google refused this request: " + refusal.message, code);
    error.retryAfter = std::max(refusal.resetAt.value_or(now) - now, Millis());
    return error;
  };
  switch (refusal.refusal) {
    case RefusalClass::Minute: return untilReset(ErrorKind::RateLimited, "rate_limit_exceeded");
    case RefusalClass::Day: return untilReset(ErrorKind::RateLimited, "insufficient_quota");
    case RefusalClass::Capacity: return untilReset(ErrorKind::RateLimited, "rate_limit_exceeded");
    case RefusalClass::NoAccess:
    case RefusalClass::DeadCredential: return contentError(refusal);
    default: return errorOf(refusal);
  }
}

Error brokenOff(const Refusal& refusal, Instant now) {
  const auto untilReset = [&refusal, now](ErrorKind kind, const char* code) {
    const Millis wait = refusal.resetAt.value_or(now) - now;
    Error error =
        makeError(kind,
                  "Google broke the answer off: " + refusal.message + " It can be tried again in " +
                      std::to_string(retryAfterSeconds(wait)) + " s.",
                  code);
    error.retryAfter = wait;
    return error;
  };
  switch (refusal.refusal) {
    case RefusalClass::Minute: return untilReset(ErrorKind::RateLimited, "rate_limit_exceeded");
    case RefusalClass::Day: return untilReset(ErrorKind::RateLimited, "insufficient_quota");
    case RefusalClass::Capacity: return untilReset(ErrorKind::Transient, "model_overloaded");
    default: return errorOf(refusal);
  }
}

Error poolError(const Services& services, std::string_view model,
                std::span<const std::string> without) {
  const Instant now = services.host.clock.now();
  if (services.pool.credentials().empty()) {
    return makeError(ErrorKind::Unavailable,
                     "The gateway has no credential. Set one with "
                     "`npx wrangler secret put GCP_SERVICE_ACCOUNT_1`.",
                     "no_credentials");
  }
  const bool isServed = services.pool.stateOf(model, now) != PoolState::Unserved;
  if (!isServed) return modelNotFound(credentials::modelOf(model));
  return allCooling(services, model, now, without);
}

}  // namespace rondo::gateway
