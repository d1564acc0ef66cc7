#include "gateway/place.h"

#include <string>

namespace rondo::gateway {

google::Place placeOf(const credentials::Credential& credential) {
  const auto backend = credential.backend == credentials::Backend::Vertex ? google::Backend::Vertex
                                                                          : google::Backend::Gemini;
  return {backend, credential.projectId, credential.location};
}

bool reachesProject(const credentials::Credential& credential) {
  return credential.backend == credentials::Backend::Gemini ||
         credential.kind != credentials::CredentialKind::ApiKey;
}

http::Headers asBearer(const http::Headers& authorization) {
  const auto key = authorization.get("x-goog-api-key");
  if (!key) return authorization;
  return {{"authorization", "Bearer " + std::string(*key)}};
}

google::BaseUrls baseUrls(const Settings& settings) {
  return {settings.vertexBaseUrl, settings.geminiBaseUrl};
}

}  // namespace rondo::gateway
