#include <utility>

#include "anthropic/messages_request_parts.h"

namespace rondo::anthropic {
namespace {

using conversation::Effort;
using conversation::ResponseFormat;
using conversation::ResponseKind;
using conversation::Thinking;

constexpr std::int64_t kMostBudget = INT32_MAX;

void readFormat(FieldReader& holder, std::string_view key, ResponseFormat& result, Faults& faults) {
  const json::Node value = holder.any(key);
  const Path path = holder.at(key);
  if (!value) return;
  FieldReader format(value, path, faults);
  const std::string type = format.requiredString("type");
  if (type != "json_schema") {
    if (!type.empty()) faults.unknownValue(format.at("type"), type, {"json_schema"});
    return;
  }
  result.kind = ResponseKind::JsonSchema;
  result.schema = format.ownObject("schema");
  if (!format.any("schema")) faults.missing(format.at("schema"));
}

std::optional<Effort> readEffort(FieldReader& config, Faults& faults) {
  const std::string word = config.string("effort");
  if (word.empty()) return std::nullopt;
  const auto effort = conversation::parseEffort(word);
  if (!effort) {
    faults.unknownValue(config.at("effort"), word, {"low", "medium", "high", "xhigh", "max"});
  }
  return effort;
}

// How thoughts are shown, where there are any.
std::optional<bool> readDisplay(FieldReader& config, Faults& faults) {
  const std::string display = config.string("display");
  if (!display.empty() && display != "summarized" && display != "omitted") {
    faults.unknownValue(config.at("display"), display, {"summarized", "omitted"});
  }
  return display != "omitted";
}

void readThinking(FieldReader& body, Thinking& thinking, Faults& faults) {
  const json::Node holder = body.any("thinking");
  const Path path = body.at("thinking");
  if (!holder) {
    // Whoever asks for effort alone has asked for no thoughts.
    if (thinking.effort) thinking.includeThoughts = false;
    return;
  }
  FieldReader config(holder, path, faults);
  const std::string type = config.requiredString("type");
  if (type == "disabled") {
    thinking.effort = Effort::None;
  } else if (type == "enabled") {
    thinking.budget = config.integer("budget_tokens", 0, kMostBudget);
    if (!config.any("budget_tokens")) faults.missing(config.at("budget_tokens"));
    thinking.includeThoughts = readDisplay(config, faults);
  } else if (type == "adaptive" || type == "between_tools") {
    thinking.includeThoughts = readDisplay(config, faults);
  } else if (!type.empty()) {
    faults.unknownValue(config.at("type"), type,
                        {"enabled", "adaptive", "between_tools", "disabled"});
  }
}

}  // namespace

void readOutputSettings(FieldReader& body, Reading& reading) {
  conversation::Request& request = reading.request;
  readFormat(body, "output_format", request.responseFormat, reading.faults);
  const json::Node holder = body.any("output_config");
  const Path path = body.at("output_config");
  if (holder) {
    FieldReader config(holder, path, reading.faults);
    readFormat(config, "format", request.responseFormat, reading.faults);
    request.thinking.effort = readEffort(config, reading.faults);
  }
  readThinking(body, request.thinking, reading.faults);
}

}  // namespace rondo::anthropic
