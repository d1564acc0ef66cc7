#include "gateway/pool_errors.h"

#include <algorithm>
#include <initializer_list>
#include <vector>

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

std::string quoted(std::string_view model) { return "`" + std::string(model) + "`"; }

Error requestError(const Refusal& refusal) {
  Error error = badRequest(refusal.message, refusal.field);
  if (refusal.status == 404) {
    error.kind = ErrorKind::NotFound;
    error.code = "model_not_found";
  } else if (refusal.reason == kTooLong) {
    error.code = kTooLong;
    error.param = "messages";
  }
  return error;
}

std::string_view stateName(CredentialState state) {
  switch (state) {
    case CredentialState::Ready: return "ready";
    case CredentialState::Cooling: return "cooling";
    case CredentialState::Quarantined: return "quarantined";
  }
  return "";
}

std::vector<ErrorDetail> detailsOf(const std::vector<CredentialStatus>& statuses) {
  std::vector<ErrorDetail> details;
  for (const auto& status : statuses) {
    details.push_back({status.credential->alias, std::string(stateName(status.state)),
                       status.reason, status.remedy, status.until});
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
                     "Google has no capacity for the model " + quoted(model) + " now. " + until,
                     "model_overloaded");
  }
  if (allCoolFor(statuses, {google::refusalName(RefusalClass::Day)})) {
    return makeError(ErrorKind::RateLimited,
                     "All credentials of the pool have spent their quota for the model " +
                         quoted(model) + ". " + until,
                     "insufficient_quota");
  }
  return makeError(
      ErrorKind::RateLimited,
      "All credentials of the pool are rate-limited for the model " + quoted(model) + ". " + until,
      "rate_limit_exceeded");
}

Error allCooling(const Services& services, std::string_view model, Instant now) {
  const auto statuses = services.pool.statusFor(model, now);
  if (allCoolFor(statuses, {google::refusalName(RefusalClass::NoAccess)})) {
    return modelNotFound(model);
  }
  const Millis wait = services.pool.earliestReset(model, now).value_or(now) - now;
  Error error =
      coolingError(statuses, model,
                   "It can be tried again in " + std::to_string(retryAfterSeconds(wait)) + " s.");
  error.retryAfter = wait;
  error.details = detailsOf(statuses);
  return error;
}

Error allQuarantined(const Services& services, std::string_view model, Instant now) {
  const auto statuses = services.pool.statusFor(model, now);
  std::string message = "No credential of the pool can be used until an operator acts.";
  for (const auto& status : statuses) {
    message += " " + status.credential->alias + ": " + status.reason + ". " + status.remedy;
  }
  Error error = makeError(ErrorKind::Unavailable, std::move(message), "credentials_unavailable");
  error.details = detailsOf(statuses);
  return error;
}

}  // namespace

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
    case RefusalClass::RequestFault:
    case RefusalClass::MendRequest: return requestError(refusal);
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
    case RefusalClass::Transient: break;
  }
  return makeError(ErrorKind::Transient, "Google failed to answer: " + refusal.message,
                   refusal.status == 504 ? "upstream_timeout" : "upstream_error");
}

Error poolError(const Services& services, std::string_view model) {
  const Instant now = services.host.clock.now();
  if (services.pool.credentials().empty()) {
    return makeError(ErrorKind::Unavailable,
                     "The gateway has no credential. Set one with "
                     "`npx wrangler secret put GCP_SERVICE_ACCOUNT_1`.",
                     "no_credentials");
  }
  switch (services.pool.stateOf(model, now)) {
    case PoolState::Unserved: return modelNotFound(model);
    case PoolState::Quarantined: return allQuarantined(services, model, now);
    case PoolState::Cooling:
    case PoolState::Ready: break;
  }
  return allCooling(services, model, now);
}

}  // namespace rondo::gateway
