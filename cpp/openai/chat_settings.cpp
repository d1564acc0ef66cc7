#include <algorithm>
#include <utility>

#include "openai/chat_request_parts.h"

namespace rondo::openai {
namespace {

using conversation::Effort;
using conversation::Modality;
using conversation::Request;
using conversation::ResponseFormat;
using conversation::ResponseKind;
using conversation::Thinking;

void readJsonSchema(FieldReader& format, ResponseFormat& result, Faults& faults) {
  const json::Node holder = format.any("json_schema");
  const Path path = format.at("json_schema");
  if (!holder) {
    faults.missing(path);
    return;
  }
  FieldReader fields(holder, path, faults);
  result.schema = fields.ownObject("schema");
}

ResponseFormat readResponseFormat(FieldReader& body, Faults& faults) {
  ResponseFormat result;
  const json::Node holder = body.any("response_format");
  const Path path = body.at("response_format");
  if (!holder) return result;
  FieldReader format(holder, path, faults);
  const std::string type = format.requiredString("type");
  if (type == "json_object") {
    result.kind = ResponseKind::JsonObject;
    // instructor's JSON_SCHEMA mode puts one here.
    result.schema = format.ownObject("schema");
  } else if (type == "json_schema") {
    result.kind = ResponseKind::JsonSchema;
    readJsonSchema(format, result, faults);
  } else if (type != "text") {
    faults.unknownValue(format.at("type"), type, {"text", "json_object", "json_schema"});
  }
  return result;
}

std::optional<Effort> readEffort(FieldReader& body, Faults& faults) {
  const std::string word = body.string("reasoning_effort");
  if (word.empty()) return std::nullopt;
  const auto effort = conversation::parseEffort(word);
  if (!effort) {
    faults.unknownValue(body.at("reasoning_effort"), word,
                        {"none", "minimal", "low", "medium", "high", "xhigh", "max"});
  }
  return effort;
}

std::vector<Modality> readModalities(FieldReader& body, Faults& faults) {
  std::vector<Modality> result;
  const Path path = body.at("modalities");
  const json::Node words = body.array("modalities");
  for (std::size_t i = 0; const json::Node entry : words.elements()) {
    const Path place(path, i++);
    const std::string word = entry.string();
    if (!entry.isString()) {
      faults.wrongType(place, "a string", entry);
    } else if (word == "text") {
      result.push_back(Modality::Text);
    } else if (word == "image") {
      result.push_back(Modality::Image);
    } else if (word == "audio") {
      result.push_back(Modality::Audio);
    } else {
      faults.unknownValue(place, word, {"text", "image", "audio"});
    }
  }
  return result;
}

void readThinkingConfig(FieldReader& google, Thinking& thinking, Faults& faults) {
  const json::Node holder = google.any("thinking_config");
  const Path path = google.at("thinking_config");
  if (!holder) return;
  FieldReader config(holder, path, faults);
  if (std::string level = config.string("thinking_level"); !level.empty()) {
    thinking.level = std::move(level);
  }
  if (const auto budget = config.integer("thinking_budget", -1, INT32_MAX)) {
    thinking.budget = budget;
  }
  if (const auto include = config.boolean("include_thoughts")) thinking.includeThoughts = include;
}

void readGoogle(json::Node holder, const Path& path, Request& request, Faults& faults) {
  FieldReader google(holder, path, faults);
  readThinkingConfig(google, request.thinking, faults);
  if (std::string cached = google.string("cached_content"); !cached.empty()) {
    request.cachedContent = std::move(cached);
  }
  if (auto settings = google.ownArray("safety_settings")) {
    request.safetySettings = std::move(*settings);
  }
}

// What Google's own compatibility layer takes under `extra_body.google`, `google`, or `extra_body`
// merged into the top level: the Python SDK merges its `extra_body` argument there, so the
// documented {"extra_body":{"google":…}} arrives one level deeper or higher than its author thinks.
void readExtras(FieldReader& body, Request& request, Faults& faults) {
  const Path google = body.at("google");
  if (const json::Node holder = body.any("google")) readGoogle(holder, google, request, faults);

  const Path extra = body.at("extra_body");
  if (const json::Node holder = body.any("extra_body")) {
    FieldReader fields(holder, extra, faults);
    const Path inner = fields.at("google");
    if (const json::Node nested = fields.any("google")) readGoogle(nested, inner, request, faults);
  }
  readThinkingConfig(body, request.thinking, faults);
  if (const auto budget = body.integer("thinking_budget", -1, INT32_MAX)) {
    request.thinking.budget = budget;
  }
}

}  // namespace

void readOutputSettings(FieldReader& body, ChatRequest& chat, Faults& faults) {
  conversation::Request& request = chat.request;
  request.responseFormat = readResponseFormat(body, faults);
  request.thinking.effort = readEffort(body, faults);
  request.modalities = readModalities(body, faults);
  readExtras(body, request, faults);
  if (request.thinking.budget) chat.style.thinking = "thinking_budget";
}

}  // namespace rondo::openai
