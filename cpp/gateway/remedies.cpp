#include "gateway/remedies.h"

#include <algorithm>
#include <array>
#include <string_view>

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

struct Advice {
  std::string_view prefix;  // of the reason
  std::string_view words;   // '@' stands for the project.
};

constexpr std::array<Advice, 12> kAdvice = {{
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
  const auto known = std::ranges::find_if(kAdvice, [&refusal](const Advice& advice) {
    return refusal.reason.starts_with(advice.prefix);
  });
  if (known == kAdvice.end()) return refusal.message;
  std::string words(known->words);
  const auto at = words.find('@');
  if (at != std::string::npos) words.replace(at, 1, "`" + projectOf(refusal, credential) + "`");
  if (!refusal.permission.empty()) words += " It lacks " + refusal.permission + ".";
  return words;
}

}  // namespace

Remedy remedyFor(const Refusal& refusal, const credentials::Credential& credential) {
  Remedy remedy{adviceFor(refusal, credential), Healing::ByProbe};
  if (!refusal.link.empty()) remedy.words += " " + refusal.link;
  if (std::ranges::find(kFinal, refusal.reason) != kFinal.end()) remedy.healing = Healing::Never;
  return remedy;
}

}  // namespace rondo::gateway
