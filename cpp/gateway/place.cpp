#include "gateway/place.h"

namespace rondo::gateway {

google::Place placeOf(const credentials::Credential& credential) {
  const auto backend = credential.backend == credentials::Backend::Vertex ? google::Backend::Vertex
                                                                          : google::Backend::Gemini;
  return {backend, credential.projectId, credential.location};
}

google::BaseUrls baseUrls(const Settings& settings) {
  return {settings.vertexBaseUrl, settings.geminiBaseUrl};
}

}  // namespace rondo::gateway
