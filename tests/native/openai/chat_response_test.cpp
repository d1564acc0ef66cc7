#include "openai/chat_response.h"

#include <gtest/gtest.h>

#include "json/value.h"
#include "openai/models.h"

namespace rondo::openai {
namespace {

const ResponseHead kHead{"chatcmpl-1", 1764000000, "gemini-3.8-flash"};

std::string completion(MessageDelta message, FinishReason finish = FinishReason::Stop,
                       CallStyle style = CallStyle::Tools) {
  return completionBody(kHead, {{0, std::move(message), finish}}, std::nullopt, style);
}

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

std::string withDelta(const MessageDelta& delta, CallStyle style = CallStyle::Tools) {
  std::string out;
  ChunkWriter(kHead, ChunkWriter::Usage::Omitted, style).appendDelta(out, 0, delta);
  return out;
}

TEST(ChatResponseTest, ACompletionHasEveryRequiredKey) {
  MessageDelta message;
  message.content = "Hi";
  EXPECT_EQ(completion(message),
            R"({"id":"chatcmpl-1","object":"chat.completion","created":1764000000,)"
            R"("model":"gemini-3.8-flash","choices":[{"index":0,"message":{"role":"assistant",)"
            R"("content":"Hi","refusal":null},"logprobs":null,"finish_reason":"stop"}]})");
}

TEST(ChatResponseTest, ContentIsNullBesideCallsAlone) {
  MessageDelta message;
  message.calls.push_back({0, "call_1", "f", "{}", ToolKind::Function, ""});
  const std::string body = completion(message, FinishReason::ToolCalls);
  EXPECT_TRUE(contains(body, R"("content":null)"));
  EXPECT_TRUE(contains(body, R"("tool_calls":[{"id":"call_1","type":"function",)"
                             R"("function":{"name":"f","arguments":"{}"}}])"));
  EXPECT_TRUE(contains(body, R"("finish_reason":"tool_calls")"));
}

TEST(ChatResponseTest, ContentIsNullBesideImagesAlone) {
  MessageDelta message;
  message.images.push_back({0, "data:image/png;base64,AAAA", ""});
  EXPECT_TRUE(contains(completion(message), R"("content":null)"));
}

TEST(ChatResponseTest, AnEmptyAnswerHasEmptyContent) {
  EXPECT_TRUE(contains(completion({}, FinishReason::ContentFilter), R"("content":"")"));
}

TEST(ChatResponseTest, TheOlderStyleHasOneFunctionCall) {
  MessageDelta message;
  message.calls.push_back({0, "call_1", "f", "{}", ToolKind::Function, ""});
  const std::string body = completion(message, FinishReason::FunctionCall, CallStyle::Functions);
  EXPECT_TRUE(contains(body, R"("function_call":{"name":"f","arguments":"{}"})"));
  EXPECT_FALSE(contains(body, "tool_calls"));
}

TEST(ChatResponseTest, ACustomCallHasAnInput) {
  MessageDelta message;
  message.calls.push_back({0, "call_1", "g", "free", ToolKind::Custom, ""});
  EXPECT_TRUE(contains(completion(message), R"({"id":"call_1","type":"custom",)"
                                            R"("custom":{"name":"g","input":"free"}})"));
}

TEST(ChatResponseTest, UsageTellsItsDetails) {
  TokenUsage usage;
  usage.prompt = 30;
  usage.completion = 52;
  usage.total = 82;
  usage.cached = 8;
  usage.reasoning = 40;
  const std::string body = completionBody(kHead, {{}}, usage, CallStyle::Tools);
  EXPECT_TRUE(contains(body, R"("usage":{"prompt_tokens":30,"completion_tokens":52,)"
                             R"("total_tokens":82,"prompt_tokens_details":{"cached_tokens":8,)"
                             R"("audio_tokens":0},"completion_tokens_details":)"
                             R"({"reasoning_tokens":40,"audio_tokens":0,)"
                             R"("accepted_prediction_tokens":0,"rejected_prediction_tokens":0}})"));
}

TEST(ChatResponseTest, ThoughtsImagesAnnotationsAndSignaturesHaveTheirKeys) {
  MessageDelta message;
  message.reasoning = "hm";
  message.images.push_back({0, "data:image/png;base64,AAAA", "c2ln"});
  message.annotations.push_back({1, 4, "https://a", "A"});
  message.signature = "dGV4dA==";
  const std::string body = completion(message);
  EXPECT_TRUE(contains(body, R"("reasoning_content":"hm")"));
  EXPECT_TRUE(contains(body, R"("images":[{"type":"image_url","index":0,)"
                             R"("image_url":{"url":"data:image/png;base64,AAAA"},)"
                             R"("extra_content":{"google":{"thought_signature":"c2ln"}}}])"));
  EXPECT_TRUE(contains(body, R"("annotations":[{"type":"url_citation","url_citation":)"
                             R"({"start_index":1,"end_index":4,"url":"https://a","title":"A"}}])"));
  EXPECT_TRUE(contains(body, R"("extra_content":{"google":{"thought_signature":"dGV4dA=="}})"));
}

TEST(ChatResponseTest, LogprobsTellBytesAndAlternatives) {
  MessageDelta message;
  message.content = "é";
  message.logprobs.push_back({"é", -0.5, {{"e", -1.25, {}}}});
  EXPECT_TRUE(contains(
      completion(message),
      R"("logprobs":{"content":[{"token":"é","logprob":-0.5,"bytes":[195,169],"top_logprobs":)"
      R"([{"token":"e","logprob":-1.25,"bytes":[101]}]}],"refusal":null})"));
}

TEST(ChatChunkTest, TheFirstChunkHasTheRoleAndEmptyContent) {
  std::string out;
  ChunkWriter(kHead, ChunkWriter::Usage::Omitted, CallStyle::Tools).appendRole(out, 0);
  EXPECT_EQ(out, R"(data: {"id":"chatcmpl-1","object":"chat.completion.chunk",)"
                 R"("created":1764000000,"model":"gemini-3.8-flash","choices":[{"index":0,)"
                 R"("delta":{"role":"assistant","content":""},"logprobs":null,)"
                 R"("finish_reason":null}]})"
                 "\n\n");
}

TEST(ChatChunkTest, UsageIsNullInEveryChunkOnlyWhenItIsIncluded) {
  std::string with;
  ChunkWriter(kHead, ChunkWriter::Usage::Included, CallStyle::Tools).appendRole(with, 0);
  EXPECT_TRUE(contains(with, R"("usage":null)"));
  EXPECT_FALSE(contains(withDelta({}), "usage"));
}

TEST(ChatChunkTest, TheUsageChunkHasNoChoices) {
  std::string out;
  ChunkWriter(kHead, ChunkWriter::Usage::Included, CallStyle::Tools).appendUsage(out, {});
  EXPECT_TRUE(contains(out, R"("choices":[],"usage":{"prompt_tokens":0)"));
}

TEST(ChatChunkTest, NoUsageChunkIsWrittenWhenUsageIsOmitted) {
  std::string out;
  ChunkWriter(kHead, ChunkWriter::Usage::Omitted, CallStyle::Tools).appendUsage(out, {});
  EXPECT_EQ(out, "");
}

TEST(ChatChunkTest, ACallsDeltaHasIndexIdTypeAndFunction) {
  MessageDelta delta;
  delta.calls.push_back({2, "call_3", "f", R"({"a":1})", ToolKind::Function, "c2ln"});
  EXPECT_TRUE(contains(withDelta(delta),
                       R"("tool_calls":[{"index":2,"id":"call_3","type":"function","function":)"
                       R"({"name":"f","arguments":"{\"a\":1}"},)"
                       R"("extra_content":{"google":{"thought_signature":"c2ln"}}}])"));
}

TEST(ChatChunkTest, AFinishHasAnEmptyDelta) {
  std::string out;
  ChunkWriter(kHead, ChunkWriter::Usage::Omitted, CallStyle::Tools)
      .appendFinish(out, 1, FinishReason::Length);
  EXPECT_TRUE(
      contains(out, R"([{"index":1,"delta":{},"logprobs":null,"finish_reason":"length"}])"));
}

TEST(ChatChunkTest, EveryEventIsOneLineOfJson) {
  MessageDelta delta;
  delta.content = "a\n\nb\"\\\x01\xff";
  const std::string out = withDelta(delta);
  EXPECT_EQ(out.find('\n'), out.size() - 2);
  const auto document = json::parse(std::string_view(out).substr(6));
  ASSERT_TRUE(document);
  EXPECT_EQ((*document)["choices"][0]["delta"]["content"], "a\n\nb\"\\\x01\uFFFD");
}

TEST(ModelsTest, AListHoldsModels) {
  EXPECT_EQ(modelListBody({{"gemini-3.8-flash", 7, "google"}}),
            R"({"object":"list","data":[{"id":"gemini-3.8-flash","object":"model","created":7,)"
            R"("owned_by":"google"}]})");
  EXPECT_EQ(modelListBody({}), R"({"object":"list","data":[]})");
}

}  // namespace
}  // namespace rondo::openai
