#include "google/error.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/ascii.h"
#include "base/redact.h"
#include "google/credential_fault.h"
#include "google/error_body.h"
#include "google/quota_refusal.h"
#include "google/request_fault.h"
#include "google/retry_hint.h"

namespace rondo::google {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr std::size_t kLongestMessage = 500;
constexpr Millis kForbiddenWait = minutes(30);
constexpr Millis kUnknownModelWait = hours(12);

struct StatusWord {
  std::string_view word;
  int status;
};

// google/rpc/code.proto, for error objects that leave the number out.
constexpr std::array<StatusWord, 13> kStatusWords = {{
    {"INVALID_ARGUMENT", 400},
    {"FAILED_PRECONDITION", 400},
    {"OUT_OF_RANGE", 400},
    {"UNAUTHENTICATED", 401},
    {"PERMISSION_DENIED", 403},
    {"NOT_FOUND", 404},
    {"ABORTED", 409},
    {"RESOURCE_EXHAUSTED", 429},
    {"CANCELLED", 499},
    {"INTERNAL", 500},
    {"UNKNOWN", 500},
    {"UNAVAILABLE", 503},
    {"DEADLINE_EXCEEDED", 504},
}};

// The codes and types of OpenAI's errors (platform.openai.com/docs/guides/error-codes), for those
// that came in a stream.
constexpr std::array<StatusWord, 10> kOpenaiWords = {{
    {"invalid_request_error", 400},
    {"context_length_exceeded", 400},
    {"invalid_api_key", 401},
    {"authentication_error", 401},
    {"permission_error", 403},
    {"model_not_found", 404},
    {"rate_limit_exceeded", 429},
    {"insufficient_quota", 429},
    {"requests", 429},
    {"tokens", 429},
}};

// The answer's own status counts, unless the error came inside another or in a stream.
int effectiveStatus(int status, const ErrorBody& body) {
  const bool isFailure = status >= 400 && status <= 599;
  if (isFailure && body.source != ErrorBody::Source::Wrapped) return status;
  if (body.code >= 400 && body.code <= 599) return body.code;
  const auto known = std::ranges::find(kStatusWords, body.status, &StatusWord::word);
  if (known != kStatusWords.end()) return known->status;
  const auto word = std::ranges::find(kOpenaiWords, body.word, &StatusWord::word);
  if (word != kOpenaiWords.end()) return word->status;
  return isFailure ? status : 500;
}

Refusal of(RefusalClass refusal, std::string reason) {
  Refusal made;
  made.refusal = refusal;
  made.reason = std::move(reason);
  return made;
}

std::string reasonOr(const ErrorBody& body, std::string_view otherwise) {
  return toLower(body.reason.empty() ? otherwise : std::string_view(body.reason));
}

Refusal deadCredential(const ErrorBody& body, std::string reason) {
  auto refusal = of(RefusalClass::DeadCredential, std::move(reason));
  refusal.link = mendingLink(body);
  refusal.permission = missingPermission(body);
  refusal.resource = concernedResource(body);
  return refusal;
}

Refusal requestFault(const ErrorBody& body) {
  auto fault = readRequestFault(body);
  auto refusal = of(fault.feature ? RefusalClass::MendRequest : RefusalClass::RequestFault,
                    std::move(fault.reason));
  refusal.field = std::move(fault.field);
  refusal.feature = std::move(fault.feature);
  return refusal;
}

// "models/x is not found …", "Publisher Model `…` was not found …", "This model models/x is no
// longer available …"
bool isAboutModel(const ErrorBody& body) {
  constexpr std::array<std::string_view, 5> kBeginnings = {"models/", "model ", "publisher model",
                                                           "the model ", "this model "};
  return std::ranges::any_of(kBeginnings, [&body](std::string_view beginning) {
    return body.words.starts_with(beginning);
  });
}

Refusal noAccess(const ErrorBody& body, std::string_view reason) {
  auto refusal = of(RefusalClass::NoAccess, reasonOr(body, reason));
  refusal.namesModel = isAboutModel(body);
  return refusal;
}

Refusal forbidden(const ErrorBody& body, Instant now) {
  auto refusal = noAccess(body, "permission_denied");
  refusal.resetAt = now + kForbiddenWait;
  return refusal;
}

Refusal notFound(const ErrorBody& body, Instant now) {
  // Google's front end, not the API, doesn't know the address.
  if (body.source == ErrorBody::Source::None) {
    return of(RefusalClass::RequestFault, "address_not_found");
  }
  auto refusal = noAccess(body, "model_not_found");
  refusal.resetAt = now + kUnknownModelWait;
  return refusal;
}

// "The model is overloaded. Please try again later.", and its newer wording.
bool isOverload(const ErrorBody& body) {
  return body.words.contains("model is overloaded") ||
         body.words.contains("experiencing high demand");
}

Refusal transient(const ErrorBody& body, const http::Headers& headers, Instant now) {
  const std::string_view otherwise = body.status;
  auto refusal = of(RefusalClass::Transient,
                    reasonOr(body, otherwise.empty() ? "upstream_failed" : otherwise));
  if (isOverload(body)) refusal.reason = kModelOverloaded;
  if (const auto hint = findRetryHint(body, headers, now)) refusal.resetAt = hint->at;
  return refusal;
}

Refusal classifyBody(int status, const http::Headers& headers, const ErrorBody& body, Instant now) {
  const bool isOurs = status >= 400 && status < 500;
  if (isOurs && isLocationFault(body)) return of(RefusalClass::Location, "location_unsupported");
  if ((status == 403 || status == 404) && isAboutNamedContent(body)) {
    return of(RefusalClass::NamedContent,
              status == 404 ? "content_not_found" : "content_not_accessible");
  }
  if (isOurs) {
    if (auto fault = readCredentialFault(body)) return deadCredential(body, std::move(*fault));
  }
  if (isQuotaRefusal(status, body)) return readQuotaRefusal(body, headers, now);
  if (status == 401) return of(RefusalClass::FixToken, reasonOr(body, "unauthenticated"));
  if (status == 403) return forbidden(body, now);
  if (status == 404) return notFound(body, now);
  if (status == 413) return of(RefusalClass::RequestFault, "payload_too_large");
  if (!isOurs || status == 408 || status == 409 || status == 425 || status == 499) {
    return transient(body, headers, now);
  }
  return requestFault(body);
}

}  // namespace

std::string_view refusalName(RefusalClass refusal) {
  switch (refusal) {
    case RefusalClass::FixToken: return "fix_token";
    case RefusalClass::Minute: return "minute";
    case RefusalClass::Day: return "day";
    case RefusalClass::Capacity: return "capacity";
    case RefusalClass::NoAccess: return "no_access";
    case RefusalClass::Location: return "location";
    case RefusalClass::DeadCredential: return "dead_credential";
    case RefusalClass::Transient: return "transient";
    case RefusalClass::Unusable: return "unusable";
    case RefusalClass::NamedContent: return "named_content";
    case RefusalClass::OtherForm: return "other_form";
    case RefusalClass::RequestFault: return "request_fault";
    case RefusalClass::MendRequest: return "mend_request";
  }
  return "";
}

bool isSurelyOfCredential(const Refusal& refusal) {
  if (refusal.refusal == RefusalClass::NoAccess) return refusal.namesModel;
  if (refusal.refusal != RefusalClass::DeadCredential) return false;
  return refusal.reason != "iam_permission_denied" || isToPredict(refusal.permission);
}

bool isSpentByText(const Refusal& refusal, std::size_t bytes) {
  constexpr std::size_t kBytesOfToken = 4;
  const auto tokens = refusal.quota.inputTokens;
  return refusal.refusal == RefusalClass::Minute && tokens > 0 &&
         std::cmp_greater_equal(bytes / kBytesOfToken, tokens);
}

bool saysNoQuota(const Refusal& refusal) {
  using enum RefusalClass;
  if (refusal.refusal == Capacity) return refusal.reason == kSharedPoolBusy;
  const bool isQuota = refusal.refusal == Minute || refusal.refusal == Day;
  return isQuota && refusal.quota.id.empty() && refusal.quota.metric.empty();
}

bool isVague(const Refusal& refusal) {
  const bool isDenial =
      refusal.refusal == RefusalClass::NoAccess || refusal.refusal == RefusalClass::DeadCredential;
  return saysNoQuota(refusal) || (isDenial && !isSurelyOfCredential(refusal));
}

bool mayBeOfMethod(const Refusal& refusal) {
  constexpr std::array<std::string_view, 3> kReasons = {
      "api_key_unsupported", "api_key_service_blocked", "access_token_scope_insufficient"};
  if (refusal.refusal == RefusalClass::FixToken) return true;
  return refusal.refusal == RefusalClass::DeadCredential &&
         std::ranges::find(kReasons, refusal.reason) != kReasons.end();
}

bool isOfTools(const Quota& quota) {
  constexpr std::array<std::string_view, 3> kTools = {"search", "ground", "googlemaps"};
  const auto names = toLower(quota.id + " " + quota.metric);
  return std::ranges::any_of(kTools, [&names](auto words) { return names.contains(words); });
}

bool isShared(const Quota& quota) {
  if (quota.id.empty() || !quota.model.empty()) return false;
  const auto id = toLower(quota.id);
  // What isn't generating has quotas that generating doesn't draw on.
  constexpr std::array<std::string_view, 10> kOfOthers = {
      "file",         "cache",       "embed",  "batch",  "counttokens",
      "count_tokens", "interaction", "upload", "search", "ground"};
  const auto names = id + " " + toLower(quota.metric);
  const auto isNamed = [&names](std::string_view words) { return names.contains(words); };
  if (std::ranges::any_of(kOfOthers, isNamed)) return false;
  constexpr std::array<std::string_view, 4> kOfModel = {"permodel", "per_model", "basemodel",
                                                        "base_model"};
  return std::ranges::none_of(
      kOfModel, [&id](std::string_view words) { return id.find(words) != std::string::npos; });
}

Refusal classify(int status, const http::Headers& headers, std::string_view body, Instant now) {
  const auto error = readErrorBody(body);
  const int effective = effectiveStatus(status, error);
  auto refusal = classifyBody(effective, headers, error, now);
  refusal.isNarrow = refusal.refusal != RefusalClass::FixToken &&
                     (isOfOtherService(error) || isOfTools(refusal.quota));
  refusal.status = effective;
  refusal.message = redact(error.message, kLongestMessage);
  if (refusal.message.empty()) {
    refusal.message = "Google answered " + std::to_string(effective) + " without a message.";
  }
  return refusal;
}

}  // namespace rondo::google
