#include "google/request_fault.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "base/ascii.h"

namespace rondo::google {
namespace {

using Remedy = RequestFault::Remedy;

struct Phrase {
  std::string_view words;  // lower case
  std::string_view field;
};

// Messages that speak of an option without giving its path.
constexpr std::array<Phrase, 19> kOptions = {{
    {"thinking budget", "generation_config.thinking_config.thinking_budget"},
    {"thinking_budget", "generation_config.thinking_config.thinking_budget"},
    {"thinking level", "generation_config.thinking_config.thinking_level"},
    {"thinking_level", "generation_config.thinking_config.thinking_level"},
    {"only works in thinking mode", "generation_config.thinking_config.thinking_budget"},
    {"thinking is not supported", "generation_config.thinking_config"},
    {"frequency penalty", "generation_config.frequency_penalty"},
    {"presence penalty", "generation_config.presence_penalty"},
    {"penalty is not", "generation_config.frequency_penalty"},
    {"penalties are not", "generation_config.frequency_penalty"},
    {"multiple candidates", "generation_config.candidate_count"},
    {"only one candidate", "generation_config.candidate_count"},
    {"candidate count", "generation_config.candidate_count"},
    {"candidatecount", "generation_config.candidate_count"},
    {"logprobs", "generation_config.response_logprobs"},
    {"max_output_tokens", "generation_config.max_output_tokens"},
    {"json mode is not enabled", "generation_config.response_mime_type"},
    {"developer instruction is not enabled", "system_instruction"},
    {"system instruction is not", "system_instruction"},
}};

// Parts of a request that it can do without, or with something else in their place.
constexpr std::array<std::string_view, 7> kOptionalParts = {
    "generation_config", "generationConfig", "safety_settings", "safetySettings",
    "tool_config",       "toolConfig",       "labels"};

bool isPathCharacter(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '.' || c == '[' || c == ']';
}

std::string withoutMessageName(std::string_view field) {
  constexpr std::string_view kName = "GenerateContentRequest.";
  if (field.starts_with(kName)) field.remove_prefix(kName.size());
  return std::string(field);
}

// What stands between `opening` and the next `closing`.
std::string_view quoted(std::string_view text, std::string_view opening, char closing) {
  const auto at = text.find(opening);
  if (at == std::string_view::npos) return {};
  const auto rest = text.substr(at + opening.size());
  const auto end = rest.find(closing);
  return end == std::string_view::npos ? std::string_view() : rest.substr(0, end);
}

// The path behind "GenerateContentRequest.".
std::string pathInMessage(std::string_view message) {
  constexpr std::string_view kName = "GenerateContentRequest.";
  const auto at = message.find(kName);
  if (at == std::string_view::npos) return {};
  const auto rest = message.substr(at + kName.size());
  const auto end = std::ranges::find_if_not(rest, isPathCharacter);
  return std::string(rest.begin(), end);
}

// "Unknown name \"foo\" at 'generation_config'" and, for the top level, without the place.
std::string unknownField(std::string_view message) {
  const auto name = quoted(message, "Unknown name \"", '"');
  if (name.empty()) return {};
  const auto place = quoted(message, "\" at '", '\'');
  return place.empty() ? std::string(name) : std::string(place).append(".").append(name);
}

std::string fieldOf(const ErrorBody& body) {
  for (const auto& violation : body.fields) {
    if (!violation.field.empty()) return withoutMessageName(violation.field);
  }
  if (const auto place = quoted(body.message, "Invalid value at '", '\''); !place.empty()) {
    return withoutMessageName(place);
  }
  return pathInMessage(body.message);
}

bool isOptional(std::string_view field) {
  const auto head = field.substr(0, field.find_first_of(".["));
  if (head == "tools") return field.find('.') != std::string_view::npos;
  return std::ranges::find(kOptionalParts, head) != kOptionalParts.end();
}

bool contains(std::string_view text, std::string_view words) {
  return text.find(words) != std::string_view::npos;
}

// Fault or not, a request that is too long names no field that could be mended.
bool isTooLong(std::string_view lower) {
  return contains(lower, "exceeds the maximum number of tokens") ||
         contains(lower, "input token count") || contains(lower, "input is too long");
}

bool isSignatureFault(std::string_view lower) {
  return contains(lower, "thought signature") || contains(lower, "thought_signature") ||
         contains(lower, "thoughtsignature");
}

std::string ownReason(const ErrorBody& body) {
  if (!body.reason.empty()) return toLower(body.reason);
  return body.status.empty() ? "invalid_argument" : toLower(body.status);
}

}  // namespace

RequestFault readRequestFault(const ErrorBody& body) {
  std::string lower = toLower(body.message);
  for (const auto& violation : body.fields) lower += " " + toLower(violation.description);
  auto field = fieldOf(body);
  if (isSignatureFault(lower) || isSignatureFault(toLower(field))) {
    return {"thought_signature", "thought_signature", Remedy::Mend};
  }
  if (isTooLong(lower)) return {"context_length_exceeded", "contents", Remedy::None};

  if (auto unknown = unknownField(body.message); !unknown.empty()) {
    return {"unknown_field", std::move(unknown), Remedy::Mend};
  }
  if (isOptional(field)) return {"field_refused", std::move(field), Remedy::Mend};
  if (field.empty()) {
    for (const auto& option : kOptions) {
      if (contains(lower, option.words)) {
        return {"field_refused", std::string(option.field), Remedy::Mend};
      }
    }
  }
  return {ownReason(body), std::move(field), Remedy::None};
}

}  // namespace rondo::google
