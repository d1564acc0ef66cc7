#include "translation/setting_names.h"

#include <gtest/gtest.h>

namespace rondo::translation {
namespace {

TEST(SettingName, IsTheClientsForEachOfGoogles) {
  const openai::ChatRequest request;
  const std::pair<const char*, const char*> kNames[] = {
      {"generation_config.temperature", "temperature"},
      {"generationConfig.topP", "top_p"},
      {"generation_config.presence_penalty", "presence_penalty"},
      {"generation_config.frequency_penalty", "frequency_penalty"},
      {"generation_config.candidate_count", "n"},
      {"generation_config.seed", "seed"},
      {"generation_config.stop_sequences[4]", "stop"},
      {"generation_config.response_logprobs", "logprobs"},
      {"generation_config.logprobs", "top_logprobs"},
      {"generation_config.response_json_schema.properties", "response_format"},
      {"generation_config.response_mime_type", "response_format"},
      {"generation_config.thinking_config.thinking_level", "reasoning_effort"},
      {"generation_config.thinking_config", "reasoning_effort"},
      {"contents[3].parts[0].inline_data.mime_type", "messages"},
      {"system_instruction", "messages"},
      {"tools[0].function_declarations[0].name", "tools"},
      {"tool_config.function_calling_config", "tool_choice"},
      {"safety_settings[0]", "safety_settings"},
      {"cached_content", "cached_content"},
      {"service_tier", "service_tier"},
  };
  for (const auto& [google, openai] : kNames) EXPECT_EQ(settingName(request, google), openai);
}

TEST(SettingName, OfOutputTokensIsTheFieldThatWasSent) {
  openai::ChatRequest request;
  EXPECT_EQ(settingName(request, "generation_config.max_output_tokens"), "max_tokens");
  request.maxTokensField = "max_completion_tokens";
  EXPECT_EQ(settingName(request, "generationConfig.maxOutputTokens"), "max_completion_tokens");
}

TEST(SettingName, OfABudgetIsTheFieldThatWasSent) {
  openai::ChatRequest request;
  constexpr auto kBudget = "generation_config.thinking_config.thinking_budget";
  EXPECT_EQ(settingName(request, kBudget), "reasoning_effort");
  request.google.thinkingBudget = 5;
  EXPECT_EQ(settingName(request, kBudget), "thinking_budget");
}

TEST(SettingName, ThatIsNoneStaysAsGoogleSpellsIt) {
  EXPECT_EQ(settingName({}, "frobnication[2].level"), "frobnication[2].level");
  EXPECT_EQ(settingName({}, ""), "");
}

}  // namespace
}  // namespace rondo::translation
