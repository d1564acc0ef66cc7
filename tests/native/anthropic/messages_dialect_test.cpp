#include "anthropic/messages_dialect.h"

#include <gtest/gtest.h>

#include "native/anthropic/read_messages.h"
#include "native/anthropic/told.h"

namespace rondo::anthropic {
namespace {

using conversation::Setting;

conversation::Sent sentTo(const conversation::Dialect& dialect) {
  auto sent = dialect.read(json::keptText(withFields(R"("stream":true)")), {});
  EXPECT_TRUE(sent);
  return sent ? std::move(*sent) : conversation::Sent();
}

TEST(MessagesDialectTest, NamesEachSettingByItsField) {
  const std::pair<Setting, const char*> kFields[] = {
      {Setting::MaxTokens, "max_tokens"},
      {Setting::Temperature, "temperature"},
      {Setting::TopP, "top_p"},
      {Setting::TopK, "top_k"},
      {Setting::Stop, "stop_sequences"},
      {Setting::ResponseFormat, "output_config.format"},
      {Setting::Effort, "output_config.effort"},
      {Setting::ThinkingBudget, "thinking.budget_tokens"},
      {Setting::Tools, "tools"},
      {Setting::ToolChoice, "tool_choice"},
      {Setting::ServiceTier, "service_tier"},
      {Setting::Metadata, "metadata"},
      {Setting::Messages, "messages"},
  };
  const auto sent = sentTo(messagesDialect());
  for (const auto& [setting, field] : kFields) EXPECT_EQ(sent.format->fieldOf(setting), field);
}

TEST(MessagesDialectTest, KeepsAStreamAliveByAPing) {
  EXPECT_EQ(messagesDialect().keepAlive(), "event: ping\ndata: {\"type\":\"ping\"}\n\n");
}

TEST(MessagesDialectTest, TellsTheRequestsIdInItsErrors) {
  const auto error = messagesDialect().error(badRequest("No.", "model"), {"req_1"});
  EXPECT_EQ(error.status, 400);
  EXPECT_TRUE(error.body.ends_with(R"("request_id":"req_1"})")) << error.body;
}

TEST(MessagesDialectTest, ACountIsAnsweredByItsTokensAlone) {
  conversation::Usage usage;
  usage.prompt = 7;
  const auto sent = sentTo(tokenCountDialect());
  EXPECT_EQ(sent.format->whole(kHead, {{finished()}, usage}).value_or(""), R"({"input_tokens":7})");
}

}  // namespace
}  // namespace rondo::anthropic
