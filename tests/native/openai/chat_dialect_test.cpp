#include "openai/chat_dialect.h"

#include <gtest/gtest.h>

#include "native/openai/read_request.h"

namespace rondo::openai {
namespace {

using conversation::Setting;

std::string fieldOf(const std::string& fields, Setting setting) {
  const auto sent = chatDialect().read(json::keptText(withFields(fields)), {});
  return sent ? std::string(sent->format->fieldOf(setting)) : sent.error().message;
}

TEST(ChatDialect, NamesEachSettingByItsField) {
  const std::pair<Setting, const char*> kFields[] = {
      {Setting::Temperature, "temperature"},
      {Setting::TopP, "top_p"},
      {Setting::TopK, "top_k"},
      {Setting::PresencePenalty, "presence_penalty"},
      {Setting::FrequencyPenalty, "frequency_penalty"},
      {Setting::Candidates, "n"},
      {Setting::Seed, "seed"},
      {Setting::Stop, "stop"},
      {Setting::Logprobs, "logprobs"},
      {Setting::TopLogprobs, "top_logprobs"},
      {Setting::ResponseFormat, "response_format"},
      {Setting::Modalities, "modalities"},
      {Setting::Effort, "reasoning_effort"},
      {Setting::Messages, "messages"},
      {Setting::Tools, "tools"},
      {Setting::ToolChoice, "tool_choice"},
      {Setting::SafetySettings, "safety_settings"},
      {Setting::CachedContent, "cached_content"},
      {Setting::ServiceTier, "service_tier"},
      {Setting::Metadata, "metadata"},
  };
  for (const auto& [setting, field] : kFields) EXPECT_EQ(fieldOf(R"("n":1)", setting), field);
}

TEST(ChatDialect, NamesTheLimitOfTokensAsItWasSent) {
  EXPECT_EQ(fieldOf(R"("max_tokens":5)", Setting::MaxTokens), "max_tokens");
  EXPECT_EQ(fieldOf(R"("max_completion_tokens":5)", Setting::MaxTokens), "max_completion_tokens");
}

TEST(ChatDialect, NamesThinkingAsItWasSent) {
  EXPECT_EQ(fieldOf(R"("reasoning_effort":"low")", Setting::ThinkingBudget), "reasoning_effort");
  EXPECT_EQ(fieldOf(R"("thinking_budget":5)", Setting::ThinkingBudget), "thinking_budget");
}

TEST(ChatDialect, RefusesWhatTheReaderRefuses) {
  const auto sent = chatDialect().read("{}", {});
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().param, "model");
}

}  // namespace
}  // namespace rondo::openai
