#include "translation/setting_names.h"

#include <gtest/gtest.h>

namespace rondo::translation {
namespace {

using conversation::Setting;

TEST(SettingOf, TellsWhatGoogleNames) {
  const std::pair<const char*, Setting> kNames[] = {
      {"generation_config.temperature", Setting::Temperature},
      {"generationConfig.topP", Setting::TopP},
      {"generation_config.presence_penalty", Setting::PresencePenalty},
      {"generation_config.frequency_penalty", Setting::FrequencyPenalty},
      {"generation_config.candidate_count", Setting::Candidates},
      {"generation_config.seed", Setting::Seed},
      {"generation_config.stop_sequences[4]", Setting::Stop},
      {"generation_config.response_logprobs", Setting::Logprobs},
      {"generation_config.logprobs", Setting::TopLogprobs},
      {"generation_config.response_json_schema.properties", Setting::ResponseFormat},
      {"generation_config.response_mime_type", Setting::ResponseFormat},
      {"generation_config.thinking_config.thinking_level", Setting::Effort},
      {"generation_config.thinking_config.thinking_budget", Setting::ThinkingBudget},
      {"generation_config.thinking_config", Setting::ThinkingBudget},
      {"generationConfig.maxOutputTokens", Setting::MaxTokens},
      {"contents[3].parts[0].inline_data.mime_type", Setting::Messages},
      {"system_instruction", Setting::Messages},
      {"tools[0].function_declarations[0].name", Setting::Tools},
      {"tool_config.function_calling_config", Setting::ToolChoice},
      {"safety_settings[0]", Setting::SafetySettings},
      {"cached_content", Setting::CachedContent},
      {"service_tier", Setting::ServiceTier},
      {"generation_config.audio_transcription_config.language_codes[1]", Setting::Languages},
      {"generation_config.audio_transcription_config.diarization", Setting::Transcript},
  };
  for (const auto& [google, setting] : kNames) EXPECT_EQ(settingOf(google), setting) << google;
}

TEST(SettingOf, IsNoneForAnythingElse) {
  EXPECT_FALSE(settingOf("frobnication[2].level"));
  EXPECT_FALSE(settingOf(""));
}

}  // namespace
}  // namespace rondo::translation
