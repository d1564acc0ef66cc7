#include "translation/setting_names.h"

#include <algorithm>
#include <array>

#include "base/ascii.h"

namespace rondo::translation {
namespace {

using conversation::Setting;

struct Name {
  // What the path begins with, by whole members: lower case, no underscores.
  std::string_view google;
  Setting setting;
};

// Below `generation_config` and at the top of a request; the first that fits.
constexpr std::array<Name, 32> kNames = {{
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
    {"audiotranscriptionconfig.languagecodes", Setting::Languages},
    {"audiotranscriptionconfig", Setting::Transcript},
}};

// "generation_config.thinking_config.thinking_budget" → "thinkingbudget", "contents[0].parts" as it
// is: what is below the configuration, or below that of thinking.
std::string decisivePath(std::string_view field) {
  std::string path;
  for (const char c : toLower(field)) {
    if (c != '_') path += c;
  }
  for (const std::string_view prefix : {"generationconfig.", "thinkingconfig."}) {
    if (path.starts_with(prefix)) path.erase(0, prefix.size());
  }
  return path;
}

bool isAt(std::string_view path, std::string_view name) {
  const auto rest = path.substr(std::min(path.size(), name.size()));
  return path.starts_with(name) && (rest.empty() || rest[0] == '.' || rest[0] == '[');
}

}  // namespace

std::optional<Setting> settingOf(std::string_view googleField) {
  const std::string path = decisivePath(googleField);
  const auto known =
      std::ranges::find_if(kNames, [&path](const Name& each) { return isAt(path, each.google); });
  return known == kNames.end() ? std::nullopt : std::optional(known->setting);
}

}  // namespace rondo::translation
