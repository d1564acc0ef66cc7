#include "anthropic/messages_request.h"

#include <gtest/gtest.h>

#include "native/anthropic/read_messages.h"

namespace rondo::anthropic {
namespace {

using conversation::Effort;
using conversation::Purpose;
using conversation::ResponseKind;
using conversation::Role;
using conversation::Streaming;

TEST(MessagesRequestTest, ReadsWhatEveryRequestHas) {
  const auto request = readRequest(
      R"({"model":"gemini-3.8-flash","max_tokens":100,"messages":[{"role":"user","content":"hi"}]})");
  EXPECT_EQ(request.model, "gemini-3.8-flash");
  EXPECT_EQ(request.maxTokens, 100);
  EXPECT_EQ(request.purpose, Purpose::Answer);
  EXPECT_EQ(request.stream, Streaming::Off);
  EXPECT_EQ(request.hostedStyle, conversation::HostedStyle::Apart);
  ASSERT_EQ(request.turns.size(), 1U);
  EXPECT_EQ(textAt(request.turns[0].parts, 0), "hi");
}

TEST(MessagesRequestTest, ReadsTheSettingsOfSampling) {
  const auto request = readFields(
      R"("temperature":0.5,"top_p":0.9,"top_k":5,"stop_sequences":["x","","y"],"stream":true,
         "metadata":{"user_id":"u"})");
  EXPECT_EQ(request.temperature, 0.5);
  EXPECT_EQ(request.topP, 0.9);
  EXPECT_EQ(request.topK, 5);
  EXPECT_EQ(request.stop, (std::vector<std::string>{"x", "y"}));
  EXPECT_EQ(request.stream, Streaming::On);
  EXPECT_EQ(request.user, "u");
}

TEST(MessagesRequestTest, BoundsAreThemselvesAllowed) {
  const auto request =
      readFields(R"("temperature":2,"top_p":1,"thinking":{"type":"enabled","budget_tokens":0})");
  EXPECT_EQ(request.temperature, 2);
  EXPECT_EQ(request.topP, 1);
  EXPECT_EQ(request.thinking.budget, 0);
}

TEST(MessagesRequestTest, ATopKOfNoneLimitsNothing) {
  EXPECT_FALSE(readFields(R"("top_k":0)").topK);
}

TEST(MessagesRequestTest, IgnoresWhatOnlyAnthropicKnows) {
  readFields(
      R"("cache_control":{"type":"ephemeral"},"container":{"id":"c"},"inference_geo":"us",
         "context_management":{"edits":[{"type":"clear_tool_uses_20250919"}]},"speed":"fast",
         "service_tier":"auto","mcp_servers":[],"diagnostics":{},"whatever":7)");
}

TEST(MessagesRequestTest, NeedsALimitOfTokensForAnAnswerAlone) {
  const std::string bare = R"({"model":"m","messages":[{"role":"user","content":"a"}]})";
  EXPECT_EQ(refusal(bare).param, "max_tokens");
  EXPECT_EQ(readRequest(bare, Purpose::Count).purpose, Purpose::Count);
}

TEST(MessagesRequestTest, AnAnswerOfNoTokensIsACount) {
  const auto request =
      readRequest(R"({"model":"m","max_tokens":0,"messages":[{"role":"user","content":"a"}]})");
  EXPECT_EQ(request.purpose, Purpose::Count);
  EXPECT_FALSE(request.maxTokens);
}

TEST(MessagesRequestTest, ACountIsNoStream) {
  EXPECT_EQ(readRequest(withFields(R"("stream":true)"), Purpose::Count).stream, Streaming::Off);
}

TEST(MessagesRequestTest, ThreadsAreRefusedBeforeAllElse) {
  const Error error = refusal(R"({"model":7,"thread":{"type":"create"}})");
  EXPECT_EQ(error.code, "thread_unsupported_request");
  EXPECT_EQ(error.param, "thread");
  readFields(R"("thread":null)");
}

TEST(MessagesRequestTest, ThinkingWithABudgetShowsThoughts) {
  const auto thinking =
      readFields(R"("thinking":{"type":"enabled","budget_tokens":2048})").thinking;
  EXPECT_EQ(thinking.budget, 2048);
  EXPECT_EQ(thinking.includeThoughts, true);
}

TEST(MessagesRequestTest, AdaptiveThinkingLeavesTheBudgetToTheModel) {
  for (const std::string type : {"adaptive", "between_tools"}) {
    const auto thinking = readFields(R"("thinking":{"type":")" + type + R"("})").thinking;
    EXPECT_FALSE(thinking.budget);
    EXPECT_FALSE(thinking.effort);
    EXPECT_EQ(thinking.includeThoughts, true);
  }
}

TEST(MessagesRequestTest, OmittedThoughtsAreNotAskedFor) {
  const auto thinking =
      readFields(R"("thinking":{"type":"adaptive","display":"omitted"})").thinking;
  EXPECT_EQ(thinking.includeThoughts, false);
}

TEST(MessagesRequestTest, DisabledThinkingIsStrongerThanEffort) {
  const auto thinking =
      readFields(R"("thinking":{"type":"disabled"},"output_config":{"effort":"high"})").thinking;
  EXPECT_EQ(thinking.effort, Effort::None);
}

TEST(MessagesRequestTest, EffortAloneAsksForNoThoughts) {
  const auto thinking = readFields(R"("output_config":{"effort":"max"})").thinking;
  EXPECT_EQ(thinking.effort, Effort::XHigh);
  EXPECT_EQ(thinking.includeThoughts, false);
}

TEST(MessagesRequestTest, NoWordOfThinkingLeavesAllToTheModel) {
  const auto thinking = readFields(R"("top_k":0)").thinking;
  EXPECT_FALSE(thinking.effort || thinking.budget || thinking.includeThoughts);
}

TEST(MessagesRequestTest, ASchemaOfTheOutputIsReadFromEitherPlace) {
  const std::string format = R"({"type":"json_schema","schema":{"type":"object"}})";
  for (const std::string& fields :
       {R"("output_config":{"format":)" + format + "}", R"("output_format":)" + format}) {
    const auto response = readFields(fields).responseFormat;
    EXPECT_EQ(response.kind, ResponseKind::JsonSchema);
    EXPECT_EQ(json::dump(*response.schema), R"({"type":"object"})");
  }
}

TEST(MessagesRequestTest, SystemIsTextOrBlocksOrAMessage) {
  const auto request = readRequest(
      R"({"model":"m","max_tokens":9,"system":[{"type":"text","text":"one"},
          {"type":"text","text":"two","cache_control":{"type":"ephemeral"}}],
          "messages":[{"role":"user","content":"a"},{"role":"system","content":"three"}]})");
  ASSERT_EQ(request.turns.size(), 3U);
  EXPECT_EQ(request.turns[0].role, Role::System);
  EXPECT_EQ(textAt(request.turns[0].parts, 1), "two");
  EXPECT_EQ(request.turns[2].role, Role::System);
  EXPECT_EQ(textAt(request.turns[2].parts, 0), "three");
  EXPECT_EQ(textAt(readFields(R"("system":"four")").turns[0].parts, 0), "four");
}

TEST(MessagesRequestTest, WhatIsMeantForAnthropicsAccountsIsNoneOfTheSystemsWords) {
  const std::string header = "x-anthropic-billing-header: cc_version=2.1; cch=5e1f0;";
  const auto blocks = readFields(R"("system":[{"type":"text","text":")" + header +
                                 R"("},{"type":"text","text":"one"}])");
  EXPECT_EQ(textAt(blocks.turns[0].parts, 0), "");
  EXPECT_EQ(textAt(blocks.turns[0].parts, 1), "one");
  const auto lines = readFields(R"("system":")" + header + R"(\ntwo\nthree")");
  EXPECT_EQ(textAt(lines.turns[0].parts, 0), "two\nthree");
}

TEST(MessagesRequestTest, WhatOthersSayOfAnthropicsAccountsStays) {
  const std::string words = "x-anthropic-billing-header: what is this?";
  const auto request = readRequest(R"({"model":"m","max_tokens":9,"messages":[{"role":"user",)"
                                   R"("content":")" +
                                   words + R"("}]})");
  EXPECT_EQ(textAt(request.turns[0].parts, 0), words);
}

TEST(MessagesRequestTest, EachWrongValueIsNamedByItsPath) {
  const std::pair<const char*, const char*> kWrong[] = {
      {R"("temperature":"x")", "temperature"},
      {R"("temperature":2.5)", "temperature"},
      {R"("top_k":-1)", "top_k"},
      {R"("stop_sequences":[1])", "stop_sequences[0]"},
      {R"("stream":"yes")", "stream"},
      {R"("metadata":"u")", "metadata"},
      {R"("metadata":{"user_id":1})", "metadata.user_id"},
      {R"("system":7)", "system"},
      {R"("system":[{"type":"image"}])", "system[0].type"},
      {R"("thinking":{})", "thinking.type"},
      {R"("thinking":{"type":"much"})", "thinking.type"},
      {R"("thinking":{"type":"enabled"})", "thinking.budget_tokens"},
      {R"("thinking":{"type":"adaptive","display":"loud"})", "thinking.display"},
      {R"("output_config":{"effort":"extreme"})", "output_config.effort"},
      {R"("output_config":{"format":{"type":"xml"}})", "output_config.format.type"},
      {R"("output_config":{"format":{"type":"json_schema"}})", "output_config.format.schema"},
      {R"("output_format":[])", "output_format"},
  };
  for (const auto& [fields, path] : kWrong) {
    const Error error = refusal(withFields(fields));
    EXPECT_EQ(error.kind, ErrorKind::BadRequest);
    EXPECT_EQ(error.param, path) << fields;
  }
}

TEST(MessagesRequestTest, NeedsAModelAndMessages) {
  EXPECT_EQ(refusal("[]").kind, ErrorKind::BadRequest);
  EXPECT_EQ(refusal("{").kind, ErrorKind::BadRequest);
  EXPECT_EQ(refusal(R"({"max_tokens":1})").param, "model");
  EXPECT_EQ(refusal(R"({"model":"m","max_tokens":1})").param, "messages");
  EXPECT_EQ(refusal(R"({"model":"m","max_tokens":1,"messages":{}})").param, "messages");
  EXPECT_EQ(refusal(R"({"model":"m","max_tokens":1,"messages":[]})").param, "messages");
  EXPECT_EQ(
      refusal(R"({"model":"m","max_tokens":-1,"messages":[{"role":"user","content":""}]})").param,
      "max_tokens");
}

}  // namespace
}  // namespace rondo::anthropic
