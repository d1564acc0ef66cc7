#include "translation/setting_names.h"

#include <algorithm>
#include <array>

#include "base/ascii.h"

namespace rondo::translation {
namespace {

using conversation::Setting;

struct Name {
  std::string_view google;  // The first member's name that decides, lower case, no underscores.
  Setting setting;
};

// Below `generation_config` and at the top of a request.
constexpr std::array<Name, 31> kNames = {{
    {"maxoutputtokens", Setting::MaxTokens},
    {"thinkingbudget", Setting::ThinkingBudget},
    {"thinkingconfig", Setting::ThinkingBudget},
    {"temperature", Setting::Temperature},
    {"topp", Setting::TopP},
    {"topk", Setting::TopK},
    {"presencepenalty", Setting::PresencePenalty},
    {"frequencypenalty", Setting::FrequencyPenalty},
    {"candidatecount", Setting::Candidates},
    {"seed", Setting::Seed},
    {"stopsequences", Setting::Stop},
    {"responselogprobs", Setting::Logprobs},
    {"logprobs", Setting::TopLogprobs},
    {"responsemimetype", Setting::ResponseFormat},
    {"responseschema", Setting::ResponseFormat},
    {"responsejsonschema", Setting::ResponseFormat},
    {"responsemodalities", Setting::Modalities},
    {"thinkinglevel", Setting::Effort},
    {"mediaresolution", Setting::Messages},
    {"contents", Setting::Messages},
    {"systeminstruction", Setting::Messages},
    {"thoughtsignature", Setting::Messages},
    {"tools", Setting::Tools},
    {"toolconfig", Setting::ToolChoice},
    {"safetysettings", Setting::SafetySettings},
    {"cachedcontent", Setting::CachedContent},
    {"servicetier", Setting::ServiceTier},
    {"labels", Setting::Metadata},
    {"imageconfig", Setting::ImageSize},
    {"speechconfig", Setting::Voice},
    {"audiotranscriptionconfig", Setting::Transcript},
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

std::optional<Setting> settingOf(std::string_view googleField) {
  const auto known = std::ranges::find(kNames, decisiveMember(googleField), &Name::google);
  return known == kNames.end() ? std::nullopt : std::optional(known->setting);
}

}  // namespace rondo::translation
