#include "gateway/remedies.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "http/url.h"

namespace rondo::gateway {
namespace {

using credentials::Healing;
using google::Refusal;

// Nothing that is done at Google's brings these back to life: the same secret will be refused
// again.
constexpr std::array<std::string_view, 9> kFinal = {
    "invalid_grant",   "deleted_client", "api_key_invalid",
    "api_key_expired", "api_key_leaked", "access_token_scope_insufficient",
    "tos_violation",   "keyinvalid",     "keyexpired"};

struct Known {
  std::string_view prefix;  // of the reason
  std::string_view words;   // '@' stands for the project.
};

constexpr std::array<Known, 12> kAdvice = {{
    {"api_key_invalid", "Make a new API key and replace the secret."},
    {"api_key_expired", "Make a new API key and replace the secret."},
    {"api_key_leaked", "Google blocked this API key. Make a new one and replace the secret."},
    {"api_key_service_blocked", "Allow the Generative Language API in the API key's restrictions."},
    {"api_key_", "Lift the API key's restriction on where it may be used."},
    {"service_disabled", "Enable the API in the project @."},
    {"accessnotconfigured", "Enable the API in the project @."},
    {"iam_permission_denied",
     "Grant the credential the role Vertex AI User (roles/aiplatform.user) on the project @."},
    {"access_token_scope_insufficient",
     "Its tokens lack the scope https://www.googleapis.com/auth/cloud-platform: log in again with "
     "it "
     "and replace the secret."},
    {"user_project_denied",
     "Grant the credential the role Service Usage Consumer "
     "(roles/serviceusage.serviceUsageConsumer) on the project @."},
    {"billing_disabled", "Enable billing for the project @."},
    {"consumer_suspended", "Google suspended the project @: see its console."},
}};

// "projects/p", "//…/projects/p/locations/…" or the credential's own.
std::string projectOf(const Refusal& refusal, const credentials::Credential& credential) {
  constexpr std::string_view kLeadIn = "projects/";
  const auto at = refusal.resource.find(kLeadIn);
  if (at == std::string::npos) return credential.projectId;
  const auto rest = std::string_view(refusal.resource).substr(at + kLeadIn.size());
  return std::string(rest.substr(0, rest.find('/')));
}

std::string adviceFor(const Refusal& refusal, const credentials::Credential& credential) {
  const auto known = std::ranges::find_if(kAdvice, [&refusal](const Known& advice) {
    return refusal.reason.starts_with(advice.prefix);
  });
  if (known == kAdvice.end()) return refusal.message;
  std::string words(known->words);
  const auto at = words.find('@');
  if (at != std::string::npos) words.replace(at, 1, "`" + projectOf(refusal, credential) + "`");
  if (!refusal.permission.empty()) words += " It lacks " + refusal.permission + ".";
  return words;
}

// Where that is done, of the beginnings of reasons for which Google itself often names no address.
constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kPlaces = {{
    {"api_key_invalid", "https://aistudio.google.com/apikey"},
    {"api_key_expired", "https://aistudio.google.com/apikey"},
    {"api_key_leaked", "https://aistudio.google.com/apikey"},
    {"service_disabled",
     "https://console.cloud.google.com/apis/library/aiplatform.googleapis.com?project=@"},
    {"iam_permission_denied", "https://console.cloud.google.com/iam-admin/iam?project=@"},
    {"billing_disabled", "https://console.cloud.google.com/billing/linkedaccount?project=@"},
}};

std::string linkFor(const Refusal& refusal, const credentials::Credential& credential) {
  if (!refusal.link.empty()) return refusal.link;
  const auto known = std::ranges::find_if(
      kPlaces, [&refusal](const auto& each) { return refusal.reason.starts_with(each.first); });
  if (known == kPlaces.end()) return {};
  std::string link(known->second);
  const auto at = link.find('@');
  if (at == std::string::npos) return link;
  const std::string project = projectOf(refusal, credential);
  if (project.empty()) return {};
  return link.replace(at, 1, http::percentEncode(project));
}

std::string wordsFor(const Refusal& refusal, const credentials::Credential& credential) {
  using enum google::RefusalClass;
  switch (refusal.refusal) {
    case DeadCredential: return adviceFor(refusal, credential);
    case FixToken:
      return credential.kind == credentials::CredentialKind::ApiKey
                 ? "Google doesn't accept this key. Replace it."
                 : "Google refuses the tokens of this credential: see whether its account or "
                   "project was disabled.";
    case Minute: return "Wait, or raise the quota in Google's console.";
    case Day: return "Wait until the quota is free again, raise it, or enable billing.";
    case NoAccess:
      return "The model isn't there for this credential: see its spelling, the credential's "
             "location, and name in its `models` what it may serve.";
    case Location:
      return "Google doesn't serve from where the Worker runs, or at the credential's location: "
             "set another `location`.";
    case Capacity:
    case Transient:
    case Unusable:
    case NamedContent:
    case OtherForm:
    case RequestFault:
    case MendRequest: break;
  }
  return {};
}

}  // namespace

Advice adviceOn(const Refusal& refusal, const credentials::Credential& credential) {
  return {wordsFor(refusal, credential), linkFor(refusal, credential)};
}

Advice splitRemedy(std::string_view remedy) {
  const auto at = remedy.rfind(' ');
  const auto last = at == std::string_view::npos ? remedy : remedy.substr(at + 1);
  if (!last.starts_with("https://")) return {std::string(remedy), {}};
  const auto words = at == std::string_view::npos ? std::string_view() : remedy.substr(0, at);
  return {std::string(words), std::string(last)};
}

Remedy remedyFor(const Refusal& refusal, const credentials::Credential& credential) {
  Remedy remedy{adviceFor(refusal, credential), Healing::ByProbe};
  if (!refusal.link.empty()) remedy.words += " " + refusal.link;
  if (std::ranges::find(kFinal, refusal.reason) != kFinal.end()) remedy.healing = Healing::Never;
  return remedy;
}

}  // namespace rondo::gateway
