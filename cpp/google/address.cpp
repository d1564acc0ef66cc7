#include "google/address.h"

#include <algorithm>

#include "google/model_name.h"
#include "http/url.h"

namespace rondo::google {
namespace {

bool isModelCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_' || c == '@';
}

std::string_view methodName(Method method) {
  switch (method) {
    case Method::GenerateContent: break;
    case Method::StreamGenerateContent: return "streamGenerateContent?alt=sse";
    case Method::CountTokens: return "countTokens";
    case Method::EmbedContent: return "embedContent";
    case Method::BatchEmbedContents: return "batchEmbedContents";
    case Method::Predict: return "predict";
  }
  return "generateContent";
}

std::string_view withoutSlash(std::string_view base) {
  while (base.ends_with('/')) base.remove_suffix(1);
  return base;
}

// `global` is the host without a region; the multi-regions have hosts of their own.
std::string vertexHost(std::string_view location) {
  if (location == "global") return "https://aiplatform.googleapis.com";
  if (location == "us" || location == "eu") {
    return "https://aiplatform." + std::string(location) + ".rep.googleapis.com";
  }
  return "https://" + http::percentEncode(location) + "-aiplatform.googleapis.com";
}

std::string_view locationOf(const Place& place) {
  return place.location.empty() ? "global" : std::string_view(place.location);
}

std::string origin(const BaseUrls& bases, const Place& place) {
  const std::string& base = place.backend == Backend::Vertex ? bases.vertex : bases.gemini;
  if (!base.empty()) return std::string(withoutSlash(base));
  if (place.backend == Backend::Gemini) return "https://generativelanguage.googleapis.com";
  return place.project.empty() ? vertexHost("global") : vertexHost(locationOf(place));
}

// The path of what belongs to a project of Vertex AI.
std::string projectPath(const Place& place, std::string_view version) {
  return "/" + std::string(version) + "/projects/" + http::percentEncode(place.project) +
         "/locations/" + http::percentEncode(locationOf(place));
}

// The path in front of a model's name.
std::string modelsPath(const Place& place, std::string_view version) {
  const std::string beginning = "/" + std::string(version);
  if (place.backend == Backend::Gemini) return beginning + "/models/";
  if (place.project.empty()) return beginning + "/publishers/google/models/";
  return projectPath(place, version) + "/publishers/google/models/";
}

std::string_view usualVersion(Backend backend) {
  return backend == Backend::Gemini ? "v1beta" : "v1";
}

std::string_view versionAt(Backend backend, std::string_view asked) {
  if (asked == "v1") return "v1";
  if (backend == Backend::Vertex) return "v1beta1";
  return asked == "v1alpha" ? "v1alpha" : "v1beta";
}

constexpr std::string_view kVertexLacks[] = {"batchEmbedContents"};
constexpr std::string_view kGeminiLacks[] = {"computeTokens"};

}  // namespace

Result<std::string> modelInPath(std::string_view model) {
  const std::string name = plainModelName(model);
  if (name.empty()) {
    return fail(
        badRequest("Missing required parameter: 'model'.", "model", "missing_required_parameter"));
  }
  if (!std::ranges::all_of(name, isModelCharacter) || name.find("..") != std::string_view::npos) {
    Error error = makeError(
        ErrorKind::NotFound,
        "The model `" + name.substr(0, 100) + "` does not exist or you do not have access to it.",
        "model_not_found");
    error.param = "model";
    return fail(std::move(error));
  }
  return name;
}

Result<std::string> methodUrl(const BaseUrls& bases, const Place& place, std::string_view model,
                              Method method) {
  auto name = modelInPath(model);
  if (!name) return name;
  std::string url = origin(bases, place);
  url += modelsPath(place, usualVersion(place.backend));
  url += http::percentEncode(*name);
  url += ':';
  url += methodName(method);
  return url;
}

bool hasVerb(Backend backend, std::string_view verb) {
  return backend == Backend::Vertex
             ? std::ranges::find(kVertexLacks, verb) == std::end(kVertexLacks)
             : std::ranges::find(kGeminiLacks, verb) == std::end(kGeminiLacks);
}

bool hasAllModels(Backend backend, std::string_view version) {
  return backend == Backend::Vertex || versionAt(backend, version) == usualVersion(backend);
}

Result<std::string> nativeMethodUrl(const BaseUrls& bases, const Place& place,
                                    std::string_view model, const NativeMethod& method) {
  auto name = modelInPath(model);
  if (!name) return name;
  std::string url = origin(bases, place);
  url += modelsPath(place, versionAt(place.backend, method.version));
  url += http::percentEncode(*name);
  url += ':';
  url += http::percentEncode(method.verb);
  if (!method.query.empty()) url.append("?").append(method.query);
  return url;
}

std::string nativeResourceUrl(const BaseUrls& bases, const Place& place,
                              const NativeResource& resource) {
  std::string url = origin(bases, place);
  if (resource.way == NativeResource::Way::Upload) url += "/upload";
  const auto version = versionAt(place.backend, resource.version);
  const bool isVertex = place.backend == Backend::Vertex;
  url += isVertex ? projectPath(place, version) : "/" + std::string(version);
  url.append("/").append(resource.path);
  if (!resource.query.empty()) url.append("?").append(resource.query);
  return url;
}

std::string openaiChatUrl(const BaseUrls& bases, const Place& place) {
  const bool isVertex = place.backend == Backend::Vertex;
  const auto version = usualVersion(place.backend);
  const std::string parent = isVertex ? projectPath(place, version) + "/endpoints/openapi"
                                      : "/" + std::string(version) + "/openai";
  return origin(bases, place) + parent + "/chat/completions";
}

Result<std::string> modelForOpenai(const Place& place, std::string_view model) {
  auto name = modelInPath(model);
  if (name && place.backend == Backend::Vertex) name->insert(0, "google/");
  return name;
}

std::string modelListUrl(const BaseUrls& bases, const Place& place, std::string_view pageToken) {
  const bool isVertex = place.backend == Backend::Vertex;
  std::string url = origin(bases, place);
  url += isVertex ? "/v1beta1/publishers/google/models?pageSize=" : "/v1beta/models?pageSize=";
  url += isVertex ? "300" : "1000";
  if (!pageToken.empty()) url += "&pageToken=" + http::percentEncode(pageToken);
  return url;
}

}  // namespace rondo::google
