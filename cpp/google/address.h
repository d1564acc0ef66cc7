#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "google/backend.h"

// Where things are. Sources: ai.google.dev/api, cloud.google.com/vertex-ai/docs/reference/rest and
// the locations page there.

namespace rondo::google {

// What stands in front of the path instead of Google's own host: scheme, host and perhaps a path
// ("http://localhost:9000/vertex"). Empty is Google's own. A slash at the end is ignored.
struct BaseUrls {
  std::string vertex;
  std::string gemini;
};

// Where a credential calls. Project and location are Vertex AI's; a Vertex place without a project
// is its express mode, which knows the project by the key.
struct Place {
  Backend backend = Backend::Vertex;
  std::string project;
  std::string location = "global";
};

enum class Method {
  GenerateContent,
  StreamGenerateContent,  // As server-sent events.
  CountTokens,
  EmbedContent,
  BatchEmbedContents,
  Predict,
};

// A model's name as it stands in a path: without "models/", "google/" or
// "publishers/google/models/" in front. An empty one is BadRequest; one with characters that no
// model of Google's has ("/", "..",
// "%") is NotFound, since it would change the path. Both have `param` "model".
Result<std::string> modelInPath(std::string_view model);

// The errors are those of `modelInPath`.
Result<std::string> methodUrl(const BaseUrls& bases, const Place& place, std::string_view model,
                              Method method);

// A call as a client of Google's own dialect makes it.
struct NativeMethod {
  std::string version;  // "v1beta"
  std::string verb;     // "generateContent"
  std::string query;    // Without the question mark. May be empty.
};

// Whether the back-end has the verb, as far as it is one of a model's.
bool hasVerb(Backend backend, std::string_view verb);

// Whether the back-end's version next to the one that is asked for has all models: the Gemini API's
// v1 hasn't.
bool hasAllModels(Backend backend, std::string_view version);

// The same call for a model at a place: the version is the place's next to the one that is asked
// for, since Vertex AI has no v1beta and the Gemini API no v1beta1. The errors are those of
// `modelInPath`.
Result<std::string> nativeMethodUrl(const BaseUrls& bases, const Place& place,
                                    std::string_view model, const NativeMethod& method);

// What belongs to a credential and not to a model, below the version and, of Vertex AI, the
// location: "files/a", "cachedContents". `path` and `query` are spelled as in an address.
struct NativeResource {
  std::string version;
  std::string path;
  std::string query;
  enum class Way { Plain, Upload } way = Way::Plain;
};

// Where it is.
std::string nativeResourceUrl(const BaseUrls& bases, const Place& place,
                              const NativeResource& resource);

// Google's endpoint for OpenAI's clients, of chat completions:
// ai.google.dev/gemini-api/docs/openai, cloud.google.com/vertex-ai/generative-ai/docs/start/openai.
// A place on Vertex AI has a project.
std::string openaiChatUrl(const BaseUrls& bases, const Place& place);

// The model as a body for that endpoint names it. The errors are those of `modelInPath`.
Result<std::string> modelForOpenai(const Place& place, std::string_view model);

// One page of the list of models; `pageToken` is empty for the first.
std::string modelListUrl(const BaseUrls& bases, const Place& place, std::string_view pageToken);

}  // namespace rondo::google
