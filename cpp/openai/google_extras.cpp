#include <utility>

#include "openai/request_parts.h"

namespace rondo::openai {
namespace {

using conversation::Effort;
using conversation::Request;
using conversation::Thinking;

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

}  // namespace

std::optional<Effort> readEffort(FieldReader& holder, std::string_view key, Faults& faults) {
  const std::string word = holder.string(key);
  if (word.empty()) return std::nullopt;
  const auto effort = conversation::parseEffort(word);
  if (!effort) {
    faults.unknownValue(holder.at(key), word,
                        {"none", "minimal", "low", "medium", "high", "xhigh", "max"});
  }
  return effort;
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

}  // namespace rondo::openai
