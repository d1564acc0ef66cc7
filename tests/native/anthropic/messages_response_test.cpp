#include "anthropic/messages_response.h"

#include <gtest/gtest.h>

#include "native/anthropic/told.h"

namespace rondo::anthropic {
namespace {

using conversation::FinishReason;

conversation::Usage someUsage() {
  conversation::Usage usage;
  usage.prompt = 30;
  usage.cached = 10;
  usage.completion = 52;
  usage.reasoning = 40;
  usage.total = 82;
  return usage;
}

TEST(MessagesResponseTest, AMessageHasEveryFieldOfTheSdksType) {
  EXPECT_EQ(messageBody(kHead, {{said("Hi"), finished()}, someUsage()}),
            R"({"id":"msg_1","type":"message","role":"assistant","model":"gemini-3.8-flash",)"
            R"("container":null,"diagnostics":null,)"
            R"("content":[{"type":"text","text":"Hi","citations":null}],)"
            R"("stop_reason":"end_turn","stop_sequence":null,"stop_details":null,)"
            R"("usage":{"input_tokens":20,"cache_creation_input_tokens":0,)"
            R"("cache_read_input_tokens":10,"output_tokens":52,)"
            R"("output_tokens_details":{"thinking_tokens":40},"server_tool_use":null,)"
            R"("cache_creation":{"ephemeral_1h_input_tokens":0,"ephemeral_5m_input_tokens":0},)"
            R"("inference_geo":null,"service_tier":null,"speed":null}})");
}

TEST(MessagesResponseTest, EachFinishHasItsReason) {
  const std::pair<FinishReason, const char*> kReasons[] = {
      {FinishReason::Stop, "end_turn"},
      {FinishReason::Length, "max_tokens"},
      {FinishReason::Calls, "tool_use"},
      {FinishReason::Filtered, "refusal"},
  };
  for (const auto& [reason, word] : kReasons) {
    EXPECT_EQ(wholeMessage({finished(reason)})["stop_reason"], word);
    EXPECT_EQ(streamedMessage({finished(reason)})["stop_reason"], word);
  }
}

TEST(MessagesResponseTest, ARefusalHasDetails) {
  const std::string details = R"({"type":"refusal","category":null,"explanation":null})";
  EXPECT_EQ(json::dump(wholeMessage({finished(FinishReason::Filtered)})["stop_details"]), details);
  EXPECT_EQ(json::dump(streamedMessage({finished(FinishReason::Filtered)})["stop_details"]),
            details);
}

TEST(MessagesResponseTest, SearchesAreCounted) {
  const Events events{event(conversation::WebSearch{{"a", "b"}, {}}), finished()};
  const std::string counted = R"({"web_fetch_requests":0,"web_search_requests":2})";
  EXPECT_EQ(json::dump(wholeMessage(events)["usage"]["server_tool_use"]), counted);
  EXPECT_EQ(json::dump(streamedMessage(events)["usage"]["server_tool_use"]), counted);
}

TEST(MessagesResponseTest, CachedTokensNeverMakeTheInputNegative) {
  auto usage = someUsage();
  usage.cached = 40;
  EXPECT_EQ(wholeMessage({finished()}, usage)["usage"]["input_tokens"], 0);
}

TEST(MessagesResponseTest, ACountIsItsTokensAlone) {
  EXPECT_EQ(tokenCountBody({{finished(FinishReason::Length)}, someUsage()}),
            R"({"input_tokens":30})");
}

}  // namespace
}  // namespace rondo::anthropic
