#include "gateway/pool_errors.h"

#include <algorithm>

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

bool hasNoAccess(const CredentialStatus& status) {
  return status.state == CredentialState::Cooling &&
         status.reason == google::refusalName(RefusalClass::NoAccess);
}

Error allCooling(const Services& services, std::string_view model, Instant now) {
  const auto statuses = services.pool.statusFor(model, now);
  const auto inUse = std::ranges::count_if(statuses, [](const CredentialStatus& status) {
    return status.state != CredentialState::Quarantined;
  });
  if (std::ranges::count_if(statuses, hasNoAccess) == inUse) return modelNotFound(model);
  const Millis wait = services.pool.earliestReset(model, now).value_or(now) - now;
  Error error = makeError(ErrorKind::RateLimited,
                          "All credentials of the pool are rate-limited for the model " +
                              quoted(model) + ". The first is free again in " +
                              std::to_string(retryAfterSeconds(wait)) + " s.",
                          "rate_limit_exceeded");
  error.retryAfter = wait;
  return error;
}

Error allQuarantined(const Services& services, std::string_view model, Instant now) {
  std::string message = "No credential of the pool can be used until an operator acts.";
  for (const auto& status : services.pool.statusFor(model, now)) {
    message += " " + status.credential->alias + ": " + status.reason + ".";
  }
  return makeError(ErrorKind::Unavailable, std::move(message), "credentials_unavailable");
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

std::string remedyOf(const Refusal& refusal) {
  return refusal.link.empty() ? refusal.message : refusal.message + " " + refusal.link;
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
