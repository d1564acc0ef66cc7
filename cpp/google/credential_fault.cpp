#include "google/credential_fault.h"

#include <algorithm>
#include <array>

#include "base/ascii.h"

namespace rondo::google {
namespace {

constexpr std::array<std::string_view, 28> kReasons = {
    "API_KEY_INVALID",
    "API_KEY_EXPIRED",
    "API_KEY_SERVICE_BLOCKED",
    "API_KEY_HTTP_REFERRER_BLOCKED",
    "API_KEY_IP_ADDRESS_BLOCKED",
    "API_KEY_ANDROID_APP_BLOCKED",
    "API_KEY_IOS_APP_BLOCKED",
    "SERVICE_DISABLED",
    "SERVICE_NOT_VISIBLE",
    "BILLING_DISABLED",
    "CONSUMER_SUSPENDED",
    "CONSUMER_INVALID",
    "USER_PROJECT_DENIED",
    "RESOURCE_PROJECT_INVALID",
    "GCP_SUSPENDED",
    "ACCOUNT_STATE_INVALID",
    "USER_BLOCKED_BY_ADMIN",
    "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
    "IAM_PERMISSION_DENIED",
    "ORG_RESTRICTION_VIOLATION",
    "SECURITY_POLICY_VIOLATED",
    "TOS_VIOLATION",
    "VALIDATION_REQUIRED",
    "UNSUPPORTED_CLIENT",
    "INSUFFICIENT_G1_CREDITS_BALANCE",
    // The older form's.
    "accessNotConfigured",
    "keyInvalid",
    "keyExpired",
};

// How a message begins, and what else it says. Google repeats what a client sent, not always in
// quotation marks, but never in front of its own words.
struct Sentence {
  std::string_view beginning;  // lower case
  std::string_view words;
  std::string_view reason;
};

constexpr std::array<Sentence, 14> kSentences = {{
    {"api key not valid", "", "api_key_invalid"},
    {"api key not found", "", "api_key_invalid"},
    {"api key expired", "", "api_key_expired"},
    {"your api key was reported as leaked", "", "api_key_leaked"},
    {"api keys are not supported", "", "api_key_unsupported"},
    {"permission denied: consumer '", "' has been suspended", "consumer_suspended"},
    {"consumer '", "' has been suspended", "consumer_suspended"},
    {"your project has been denied access", "", "project_denied"},
    {"your ", "credits are depleted", "credits_depleted"},
    {"this api method requires billing to be enabled", "", "billing_disabled"},
    {"request had insufficient authentication scopes", "", "access_token_scope_insufficient"},
    {"caller does not have required permission to use project", "", "user_project_denied"},
    {"permission '' denied on resource", "", "iam_permission_denied"},
    {"permission '' denied for resource", "", "iam_permission_denied"},
}};

// Which serve models, and whom they ask who may: "generativelanguage.googleapis.com",
// "us-central1-aiplatform.googleapis.com". By name: part of a host, and of a title.
struct OwnService {
  std::string_view host;
  std::string_view title;
};

constexpr std::array<OwnService, 9> kOwnServices = {{
    {"generativelanguage.", "generative language"},
    {"aiplatform.", "vertex ai"},
    {"aiplatform.", "agent platform"},
    {"cloudaicompanion.", "gemini"},
    {"serviceusage.", "service usage"},
    {"cloudresourcemanager.", "resource manager"},
    {"cloudbilling.", "billing"},
    {"iam.", "identity and access"},
    {"iamcredentials.", "service account credentials"},
}};

bool isOtherHost(std::string_view service) {
  return service.ends_with(".googleapis.com") &&
         std::ranges::none_of(kOwnServices, [service](const OwnService& own) {
           const auto at = service.find(own.host);
           return at == 0 || (at != service.npos && service[at - 1] == '-');
         });
}

// "Generative Language API has not been used in project 12 before …": an API's title comes first.
std::string_view unusedApi(std::string_view words) {
  const auto title = words.substr(0, words.find(" has not been used in project"));
  const auto isOfTitle = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == ' ';
  };
  const bool isTitle = title.size() < words.size() && title.ends_with(" api") &&
                       std::ranges::all_of(title, isOfTitle);
  return isTitle ? title : std::string_view();
}

bool isOtherTitle(std::string_view title) {
  return !title.empty() && std::ranges::none_of(kOwnServices, [title](const OwnService& own) {
    return title.contains(own.title);
  });
}

constexpr std::array<std::string_view, 8> kLocationPhrases = {
    "location is not supported",     "not available in your country",
    "not available in your region",  "not servable in region",
    "not supported in region",       "not available in region",
    "not supported in the location", "not available in location"};

constexpr std::array<std::string_view, 2> kLocationReasons = {"LOCATION_POLICY_VIOLATED",
                                                              "LOCATION_TAX_POLICY_VIOLATED"};

// Permissions on the credential's own project. All others are on what a request names.
constexpr std::array<std::string_view, 4> kProjectPermissions = {
    "aiplatform.endpoints.predict", "serviceusage.", "resourcemanager.", "billing."};

// What Google says of content when it names no permission.
constexpr std::array<std::string_view, 10> kContentPhrases = {
    "access the file", "cachedcontent", "cached content",    "files/",          "storage object",
    "tuned model",     "tunedmodels/",  "access the corpus", "filesearchstore", "ragcorpora/"};

bool isWebAddress(std::string_view url) { return url.starts_with("https://"); }

}  // namespace

// ErrorInfo's `service`, and in front of what a metric measures (google/api/error_reason.proto).
bool isOfOtherService(const ErrorBody& body) {
  const auto hostOf = [](std::string_view metric) { return metric.substr(0, metric.find('/')); };
  if (const auto service = body.meta("service"); !service.empty()) return isOtherHost(service);
  if (isOtherHost(hostOf(body.meta("quota_metric")))) return true;
  const auto isOther = [&](const auto& quota) { return isOtherHost(hostOf(quota.metric)); };
  if (!body.quotas.empty()) return std::ranges::all_of(body.quotas, isOther);
  return isOtherTitle(unusedApi(body.words));
}

bool isToPredict(std::string_view permission) {
  return permission == "aiplatform.endpoints.predict";
}

bool isAboutNamedContent(const ErrorBody& body) {
  const auto permission = missingPermission(body);
  if (!permission.empty()) {
    const auto resource = concernedResource(body);
    if (isToPredict(permission)) return resource.find("/endpoints/") != std::string::npos;
    return std::ranges::none_of(kProjectPermissions, [&permission](std::string_view each) {
      return permission.starts_with(each);
    });
  }
  return std::ranges::any_of(kContentPhrases, [&body](std::string_view words) {
    return body.words.find(words) != std::string::npos;
  });
}

std::optional<std::string> readCredentialFault(const ErrorBody& body) {
  if (std::ranges::find(kReasons, body.reason) != kReasons.end()) return toLower(body.reason);
  if (!body.fields.empty()) return std::nullopt;
  for (const auto& sentence : kSentences) {
    const bool isSaid = body.words.starts_with(sentence.beginning) &&
                        body.words.find(sentence.words) != std::string::npos;
    if (isSaid) return std::string(sentence.reason);
  }
  if (unusedApi(body.words).empty()) return std::nullopt;
  return "service_disabled";
}

bool isLocationFault(const ErrorBody& body) {
  if (std::ranges::find(kLocationReasons, body.reason) != kLocationReasons.end()) return true;
  return std::ranges::any_of(kLocationPhrases, [&body](std::string_view words) {
    return body.words.find(words) != std::string::npos;
  });
}

std::string mendingLink(const ErrorBody& body) {
  for (const auto* key : {"activationUrl", "validation_link", "appeal_url"}) {
    if (isWebAddress(body.meta(key))) return std::string(body.meta(key));
  }
  for (const auto& link : body.links) {
    if (isWebAddress(link.url) && !toLower(link.description).starts_with("learn more")) {
      return link.url;
    }
  }
  return {};
}

std::string missingPermission(const ErrorBody& body) {
  if (const auto named = body.meta("permission"); !named.empty()) return std::string(named);
  constexpr std::string_view kLeadIn = "Permission '";
  const auto at = body.message.find(kLeadIn);
  if (at == std::string::npos) return {};
  const auto rest = std::string_view(body.message).substr(at + kLeadIn.size());
  return std::string(rest.substr(0, rest.find('\'')));
}

std::string concernedResource(const ErrorBody& body) {
  for (const auto* key : {"resource", "consumer"}) {
    if (const auto named = body.meta(key); !named.empty()) return std::string(named);
  }
  constexpr std::string_view kLeadIn = "resource '";
  const auto at = body.message.find(kLeadIn);
  if (at == std::string::npos) return {};
  const auto rest = std::string_view(body.message).substr(at + kLeadIn.size());
  return std::string(rest.substr(0, rest.find('\'')));
}

}  // namespace rondo::google
