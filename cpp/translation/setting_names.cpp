#include "translation/setting_names.h"

#include <algorithm>
#include <array>

#include "base/ascii.h"

namespace rondo::translation {
namespace {

struct Name {
  std::string_view google;  // The first member's name that decides, lower case, no underscores.
  std::string_view openai;
};

// Below `generation_config` and at the top of a request.
constexpr std::array<Name, 25> kNames = {{
    {"temperature", "temperature"},
    {"topp", "top_p"},
    {"topk", "top_k"},
    {"presencepenalty", "presence_penalty"},
    {"frequencypenalty", "frequency_penalty"},
    {"candidatecount", "n"},
    {"seed", "seed"},
    {"stopsequences", "stop"},
    {"responselogprobs", "logprobs"},
    {"logprobs", "top_logprobs"},
    {"responsemimetype", "response_format"},
    {"responseschema", "response_format"},
    {"responsejsonschema", "response_format"},
    {"responsemodalities", "modalities"},
    {"thinkinglevel", "reasoning_effort"},
    {"mediaresolution", "messages"},
    {"contents", "messages"},
    {"systeminstruction", "messages"},
    {"thoughtsignature", "messages"},
    {"tools", "tools"},
    {"toolconfig", "tool_choice"},
    {"safetysettings", "safety_settings"},
    {"cachedcontent", "cached_content"},
    {"servicetier", "service_tier"},
    {"labels", "metadata"},
}};

// "generation_config.thinking_config.thinking_budget" → "thinkingbudget", "contents[0].parts" →
// "contents": the first member below the configuration, and the innermost one of thinking.
std::string decisiveMember(std::string_view field) {
  std::string path;
  for (const char c : toLower(field)) {
    if (c != '_') path += c;
  }
  for (const std::string_view prefix : {"generationconfig.", "thinkingconfig."}) {
    if (path.starts_with(prefix)) path.erase(0, prefix.size());
  }
  return path.substr(0, path.find_first_of(".["));
}

}  // namespace

std::string settingName(const openai::ChatRequest& request, std::string_view googleField) {
  const auto member = decisiveMember(googleField);
  if (member == "maxoutputtokens") return request.maxTokensField;
  const bool isBudget = member == "thinkingbudget" || member == "thinkingconfig";
  if (isBudget) return request.google.thinkingBudget ? "thinking_budget" : "reasoning_effort";
  const auto known = std::ranges::find(kNames, member, &Name::google);
  return std::string(known == kNames.end() ? googleField : known->openai);
}

}  // namespace rondo::translation
