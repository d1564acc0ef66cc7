#include "google/model_list.h"

#include <algorithm>
#include <array>

#include "json/value.h"

namespace rondo::google {
namespace {

// "models/gemini-3.8-flash", "publishers/google/models/gemini-3.8-flash".
std::string_view bareName(std::string_view name) {
  const auto slash = name.rfind('/');
  return slash == std::string_view::npos ? name : name.substr(slash + 1);
}

bool isUsable(const json::Value& model) {
  const json::Value* methods = json::findArray(model, "supportedGenerationMethods");
  if (!methods) return true;
  return std::ranges::any_of(*methods, [](const json::Value& method) {
    const auto name = json::asString(method);
    return name == "generateContent" || name == "embedContent" || name == "batchEmbedContents";
  });
}

// What is in the names of models for something else, as ai.google.dev/gemini-api/docs/models and
// Vertex AI's guides list them.
constexpr std::array<std::string_view, 16> kOtherUses = {
    "embedding", "gecko", "image",        "banana",       "omni",     "veo",
    "lyria",     "tts",   "audio",        "live",         "realtime", "transcri",
    "translat",  "aqa",   "computer-use", "deep-research"};

}  // namespace

Result<ModelPage> parseModelPage(std::string_view text) {
  const auto document = json::parse(text);
  if (!document || !document->is_object()) {
    return fail(makeError(ErrorKind::Broken, "Google's list of models is not a JSON object.",
                          "upstream_malformed"));
  }
  ModelPage page;
  page.nextPageToken = json::findString(*document, "nextPageToken").value_or("");
  for (const std::string_view key : {"models", "publisherModels"}) {
    const json::Value* models = json::findArray(*document, key);
    if (!models) continue;
    for (const json::Value& model : *models) {
      const auto name = json::findString(model, "name");
      if (!name || bareName(*name).empty() || !isUsable(model)) continue;
      page.ids.emplace_back(bareName(*name));
      page.entries.push_back(key == "models" ? json::dump(model) : std::string());
    }
  }
  return page;
}

bool answersInWords(std::string_view model) {
  return std::ranges::none_of(kOtherUses,
                              [model](std::string_view use) { return model.contains(use); });
}

}  // namespace rondo::google
