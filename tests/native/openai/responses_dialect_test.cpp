#include "openai/responses_dialect.h"

#include <gtest/gtest.h>

#include "native/openai/read_responses.h"

namespace rondo::openai {
namespace {

using conversation::Setting;

std::string fieldOf(Setting setting, const std::string& members = R"("store":false)") {
  const auto sent = responsesDialect().read(json::keptText(withMembers(members)), {});
  return sent ? std::string(sent->format->fieldOf(setting)) : sent.error().message;
}

TEST(ResponsesDialectTest, NamesEachSettingByItsField) {
  const std::pair<Setting, const char*> kFields[] = {
      {Setting::MaxTokens, "max_output_tokens"},
      {Setting::Temperature, "temperature"},
      {Setting::TopP, "top_p"},
      {Setting::Logprobs, "include"},
      {Setting::TopLogprobs, "top_logprobs"},
      {Setting::ResponseFormat, "text.format"},
      {Setting::Effort, "reasoning.effort"},
      {Setting::Messages, "input"},
      {Setting::Tools, "tools"},
      {Setting::Modalities, "tools"},
      {Setting::ToolChoice, "tool_choice"},
      {Setting::ServiceTier, "service_tier"},
      {Setting::Metadata, "metadata"},
  };
  for (const auto& [setting, field] : kFields) EXPECT_EQ(fieldOf(setting), field);
  EXPECT_EQ(fieldOf(Setting::ThinkingBudget), "reasoning");
  EXPECT_EQ(fieldOf(Setting::ThinkingBudget, R"("thinking_budget":5)"), "thinking_budget");
}

TEST(ResponsesDialectTest, KeepsAStreamAliveByAComment) {
  EXPECT_EQ(responsesDialect().keepAlive(), ": keep-alive\n\n");
}

TEST(ResponsesDialectTest, CountsWithoutAStream) {
  const auto sent =
      responsesCountDialect().read(json::keptText(withMembers(R"("stream":true)")), {});
  ASSERT_TRUE(sent);
  EXPECT_EQ(sent->request.purpose, conversation::Purpose::Count);
  EXPECT_EQ(sent->request.stream, conversation::Streaming::Off);
}

}  // namespace
}  // namespace rondo::openai
