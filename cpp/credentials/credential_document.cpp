#include "credentials/credential_document.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/ascii.h"
#include "credentials/grants.h"
#include "credentials/variable_text.h"

namespace rondo::credentials {
namespace {

constexpr std::array<std::string_view, 4> kNotImplemented = {
    "external_account", "external_account_authorized_user", "impersonated_service_account",
    "gdch_service_account"};

Checked<CredentialKind> kindOfType(std::string_view type) {
  for (const auto kind :
       {CredentialKind::ServiceAccount, CredentialKind::AuthorizedUser, CredentialKind::ApiKey}) {
    if (type == kindName(kind)) return kind;
  }
  if (std::ranges::find(kNotImplemented, type) != kNotImplemented.end()) {
    return fault(std::string(type) +
                 " credentials are not supported; use a service account's key, an authorized "
                 "user's file, OAuth tokens or an API key");
  }
  return fault("type is not one of service_account, authorized_user and api_key");
}

Checked<CredentialKind> kindOf(const json::Value& document) {
  const auto type = optionalText(document, "type");
  if (!type) return fault(type.error());
  if (!type->empty()) return kindOfType(*type);
  if (json::find(document, "private_key")) return CredentialKind::ServiceAccount;
  if (json::find(document, "api_key")) return CredentialKind::ApiKey;
  if (json::find(document, "refresh_token")) return CredentialKind::OAuthTokens;
  if (json::find(document, "installed") || json::find(document, "web")) {
    return fault(
        "holds an OAuth client, not a credential: put its pair in OAUTH_CLIENT_ID and "
        "OAUTH_CLIENT_SECRET, and here the tokens that it was given");
  }
  if (json::find(document, "access_token")) {
    return fault("refresh_token is missing: an access token alone is dead within the hour");
  }
  return fault("is no credential: it has no type, private_key, refresh_token or api_key");
}

Checked<Identified> grantOf(CredentialKind kind, const json::Value& document,
                            const Defaults& defaults) {
  switch (kind) {
    case CredentialKind::ServiceAccount: return readServiceAccount(document, defaults);
    case CredentialKind::AuthorizedUser:
    case CredentialKind::OAuthTokens: return readRefreshGrant(kind, document, defaults);
    case CredentialKind::ApiKey: break;
  }
  return readApiKey(document);
}

Checked<Backend> backendOf(CredentialKind kind, const json::Value& document) {
  const auto name = optionalText(document, "backend");
  if (!name) return fault(name.error());
  if (*name == backendName(Backend::Vertex)) return Backend::Vertex;
  if (*name == backendName(Backend::Gemini)) return Backend::Gemini;
  if (!name->empty()) return fault("backend is neither vertex nor gemini");
  return kind == CredentialKind::ApiKey ? Backend::Gemini : Backend::Vertex;
}

// The name that people see goes into a header field as it is.
Checked<std::string> aliasOf(const json::Value& document, const std::string& id) {
  constexpr std::size_t kLongest = 64;
  auto alias = optionalText(document, "alias");
  if (!alias) return alias;
  if (alias->empty()) return id;
  const bool printable = std::ranges::all_of(*alias, [](char c) { return c >= ' ' && c < '\x7f'; });
  if (!printable || alias->size() > kLongest) {
    return fault("alias may hold at most 64 characters of plain ASCII");
  }
  return alias;
}

// The projects and the location. A user's call is billed to the quota project, and the Gemini API
// takes a user's token only with one. A key of Vertex AI, of its express mode, calls paths without
// either (https://cloud.google.com/vertex-ai/generative-ai/docs/start/express-mode/overview).
Checked<void> readPlace(Credential& credential, const json::Value& document,
                        const Defaults& defaults) {
  const auto project = optionalProject(document, "project_id");
  if (!project) return fault(project.error());
  const auto quotaProject = optionalProject(document, "quota_project_id");
  if (!quotaProject) return fault(quotaProject.error());
  const auto location = optionalLocation(document, "location");
  if (!location) return fault(location.error());

  if (credential.kind == CredentialKind::ApiKey && credential.backend == Backend::Vertex) {
    credential.location = "global";
    return {};
  }
  const bool isUser = std::holds_alternative<RefreshGrant>(credential.grant);
  credential.location = location->empty() ? defaults.location : *location;
  if (credential.kind != CredentialKind::ApiKey) credential.quotaProjectId = *quotaProject;
  for (const auto* each : {&*project, &*quotaProject, &defaults.projectId}) {
    if (credential.projectId.empty()) credential.projectId = *each;
  }
  if (credential.backend == Backend::Vertex && credential.projectId.empty()) {
    return fault("project_id is missing, which Vertex needs: add it, or set GOOGLE_CLOUD_PROJECT");
  }
  if (isUser && credential.backend == Backend::Gemini && credential.quotaProjectId.empty()) {
    credential.quotaProjectId = credential.projectId;
  }
  return {};
}

}  // namespace

Checked<Credential> readDocument(const json::Value& document, const Defaults& defaults) {
  if (!document.is_object()) return fault("must be a JSON object or an API key");
  const auto kind = kindOf(document);
  if (!kind) return fault(kind.error());
  auto grant = grantOf(*kind, document, defaults);
  if (!grant) return fault(std::move(grant.error()));
  const auto backend = backendOf(*kind, document);
  if (!backend) return fault(backend.error());
  auto alias = aliasOf(document, grant->id);
  if (!alias) return fault(std::move(alias.error()));
  auto models = optionalPatterns(document, "models");
  if (!models) return fault(std::move(models.error()));
  const auto weight = optionalWeight(document, "weight");
  if (!weight) return fault(weight.error());

  Credential credential;
  credential.id = std::move(grant->id);
  credential.alias = std::move(*alias);
  credential.kind = *kind;
  credential.backend = *backend;
  credential.models = std::move(*models);
  credential.weight = *weight;
  credential.grant = std::move(grant->grant);
  if (auto placed = readPlace(credential, document, defaults); !placed) {
    return fault(std::move(placed.error()));
  }
  return credential;
}

Checked<Credential> readText(std::string_view text, const Defaults& defaults) {
  auto value = readVariable(text);
  if (!value) return fault(std::move(value.error()));
  if (value->is_array()) return fault("holds a JSON array; GCP_SERVICE_ACCOUNTS is for that");
  if (!value->is_string()) return readDocument(*value, defaults);
  json::Value document = json::Value::object();
  document["api_key"] = std::move(*value);
  return readDocument(document, defaults);
}

}  // namespace rondo::credentials
