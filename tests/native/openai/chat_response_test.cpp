#include "openai/chat_response.h"

#include <gtest/gtest.h>

#include "json/value.h"
#include "openai/models.h"

namespace rondo::openai {
namespace {

using conversation::Answer;
using conversation::Call;
using conversation::Citation;
using conversation::Event;
using conversation::Finish;
using conversation::FinishReason;
using conversation::Image;
using conversation::Signature;
using conversation::TextKind;
using conversation::TextPiece;
using conversation::ThoughtPiece;
using conversation::TokenScore;
using conversation::ToolKind;
using Events = std::vector<Event>;

const conversation::AnswerHead kHead{"1", 1764000000, "gemini-3.8-flash"};

std::string completion(Events events, CallStyle style = CallStyle::Tools) {
  return completionBody(kHead, {std::move(events), std::nullopt}, style);
}

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

// Chunks of a stream, each without what all have around a choice.
std::string chunks(std::vector<Events> feeds, ChatStyle style = {}) {
  ChunkWriter writer(kHead, style);
  std::string out;
  for (Events& events : feeds) writer.append(out, std::move(events));
  return out;
}

std::size_t countOf(const std::string& text, std::string_view part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
    ++count;
  }
  return count;
}

Event call(std::string id, std::string name, std::string arguments,
           ToolKind kind = ToolKind::Function, std::string signature = "") {
  return {0,
          Call{std::move(id), std::move(name), std::move(arguments), kind, std::move(signature)}};
}

Event finish(FinishReason reason = FinishReason::Stop) { return {0, Finish{reason}}; }

TEST(ChatResponseTest, ACompletionHasEveryRequiredKey) {
  EXPECT_EQ(completion({{0, TextPiece{"Hi"}}, finish()}),
            R"({"id":"chatcmpl-1","object":"chat.completion","created":1764000000,)"
            R"("model":"gemini-3.8-flash","choices":[{"index":0,"message":{"role":"assistant",)"
            R"("content":"Hi","refusal":null},"logprobs":null,"finish_reason":"stop"}]})");
}

TEST(ChatResponseTest, ContentIsNullBesideCallsAlone) {
  const std::string body = completion({call("call_1", "f", "{}"), finish(FinishReason::Calls)});
  EXPECT_TRUE(contains(body, R"("content":null)"));
  EXPECT_TRUE(contains(body, R"("tool_calls":[{"id":"call_1","type":"function",)"
                             R"("function":{"name":"f","arguments":"{}"}}])"));
  EXPECT_TRUE(contains(body, R"("finish_reason":"tool_calls")"));
}

TEST(ChatResponseTest, ContentIsNullBesideImagesAlone) {
  EXPECT_TRUE(contains(completion({{0, Image{"data:image/png;base64,AAAA", ""}}, finish()}),
                       R"("content":null)"));
}

TEST(ChatResponseTest, AnEmptyAnswerHasEmptyContent) {
  const std::string body = completion({finish(FinishReason::Filtered)});
  EXPECT_TRUE(contains(body, R"("content":"")"));
  EXPECT_TRUE(contains(body, R"("finish_reason":"content_filter")"));
}

TEST(ChatResponseTest, TheOlderStyleHasOneFunctionCall) {
  const std::string body =
      completion({call("call_1", "f", "{}"), finish(FinishReason::Calls)}, CallStyle::Functions);
  EXPECT_TRUE(contains(body, R"("function_call":{"name":"f","arguments":"{}"})"));
  EXPECT_TRUE(contains(body, R"("finish_reason":"function_call")"));
  EXPECT_FALSE(contains(body, "tool_calls"));
}

TEST(ChatResponseTest, ACustomCallHasAnInput) {
  EXPECT_TRUE(contains(completion({call("call_1", "g", "free", ToolKind::Custom), finish()}),
                       R"({"id":"call_1","type":"custom","custom":{"name":"g","input":"free"}})"));
}

TEST(ChatResponseTest, UsageTellsItsDetails) {
  conversation::Usage usage;
  usage.prompt = 30;
  usage.completion = 52;
  usage.total = 82;
  usage.cached = 8;
  usage.reasoning = 40;
  const std::string body = completionBody(kHead, {{finish()}, usage}, CallStyle::Tools);
  EXPECT_TRUE(contains(body, R"("usage":{"prompt_tokens":30,"completion_tokens":52,)"
                             R"("total_tokens":82,"prompt_tokens_details":{"cached_tokens":8,)"
                             R"("audio_tokens":0},"completion_tokens_details":)"
                             R"({"reasoning_tokens":40,"audio_tokens":0,)"
                             R"("accepted_prediction_tokens":0,"rejected_prediction_tokens":0}})"));
}

TEST(ChatResponseTest, ThoughtsImagesAnnotationsAndSignaturesHaveTheirKeys) {
  const std::string body = completion({{0, ThoughtPiece{"hm"}},
                                       {0, Image{"data:image/png;base64,AAAA", "c2ln"}},
                                       {0, Signature{"dGV4dA=="}},
                                       {0, Citation{1, 4, "https://a", "A"}},
                                       finish()});
  EXPECT_TRUE(contains(body, R"("reasoning_content":"hm")"));
  EXPECT_TRUE(contains(body, R"("images":[{"type":"image_url","index":0,)"
                             R"("image_url":{"url":"data:image/png;base64,AAAA"},)"
                             R"("extra_content":{"google":{"thought_signature":"c2ln"}}}])"));
  EXPECT_TRUE(contains(body, R"("annotations":[{"type":"url_citation","url_citation":)"
                             R"({"start_index":1,"end_index":4,"url":"https://a","title":"A"}}])"));
  EXPECT_TRUE(contains(body, R"("extra_content":{"google":{"thought_signature":"dGV4dA=="}})"));
}

TEST(ChatResponseTest, NothingIsLostOfThoughtsBetweenTexts) {
  const std::string body = completion({{0, TextPiece{"a"}},
                                       {0, ThoughtPiece{"x"}},
                                       {0, TextPiece{"b"}},
                                       {0, ThoughtPiece{"y"}},
                                       finish()});
  EXPECT_TRUE(contains(body, R"("content":"ab")"));
  EXPECT_TRUE(contains(body, R"("reasoning_content":"xy")"));
}

TEST(ChatResponseTest, ChoicesComeByTheirIndex) {
  const std::string body = completion({{1, TextPiece{"b"}},
                                       {0, TextPiece{"a"}},
                                       {1, Finish{FinishReason::Length}},
                                       {0, Finish{FinishReason::Stop}}});
  EXPECT_LT(body.find(R"("content":"a")"), body.find(R"("content":"b")"));
  EXPECT_LT(body.find(R"("finish_reason":"stop")"), body.find(R"("finish_reason":"length")"));
}

TEST(ChatResponseTest, LogprobsTellBytesAndAlternatives) {
  EXPECT_TRUE(contains(
      completion({{0, TextPiece{"é"}}, {0, TokenScore{"é", -0.5, {{"e", -1.25, {}}}}}, finish()}),
      R"("logprobs":{"content":[{"token":"é","logprob":-0.5,"bytes":[195,169],"top_logprobs":)"
      R"([{"token":"e","logprob":-1.25,"bytes":[101]}]}],"refusal":null})"));
}

TEST(ChatChunkTest, AChoiceBeginsOnceWithItsRoleAndEmptyContent) {
  const std::string out = chunks({{{0, TextPiece{"a"}}}, {{0, TextPiece{"b"}}}});
  EXPECT_TRUE(out.starts_with(R"(data: {"id":"chatcmpl-1","object":"chat.completion.chunk",)"
                              R"("created":1764000000,"model":"gemini-3.8-flash","choices":[)"
                              R"({"index":0,"delta":{"role":"assistant","content":""},)"
                              R"("logprobs":null,"finish_reason":null}]})"
                              "\n\n"));
  EXPECT_EQ(countOf(out, R"("role")"), 1U);
}

TEST(ChatChunkTest, EachChoiceHasARoleOfItsOwn) {
  const std::string out = chunks({{{0, TextPiece{"a"}}, {1, TextPiece{"b"}}}});
  EXPECT_EQ(countOf(out, R"("role")"), 2U);
}

TEST(ChatChunkTest, UsageIsNullInEveryChunkOnlyWhenItIsIncluded) {
  const Events events{{0, TextPiece{"a"}}};
  EXPECT_EQ(countOf(chunks({events}, {.usage = StreamUsage::Included}), R"("usage":null)"), 2U);
  EXPECT_FALSE(contains(chunks({events}), "usage"));
}

TEST(ChatChunkTest, TheUsageChunkHasNoChoices) {
  std::string out;
  ChunkWriter(kHead, {.usage = StreamUsage::Included}).appendEnd(out, std::nullopt);
  EXPECT_TRUE(contains(out, R"("choices":[],"usage":{"prompt_tokens":0)"));
  EXPECT_TRUE(out.ends_with("data: [DONE]\n\n"));
}

TEST(ChatChunkTest, NoUsageChunkIsWrittenWhenUsageIsOmitted) {
  std::string out;
  ChunkWriter(kHead, {}).appendEnd(out, conversation::Usage{});
  EXPECT_EQ(out, "data: [DONE]\n\n");
}

TEST(ChatChunkTest, ATextByItselfIsTheSameAsAnEventWithIt) {
  for (const TextKind kind : {TextKind::Said, TextKind::Thought}) {
    std::string out;
    const json::TextBuilder text("a\"b");
    ChunkWriter(kHead, {}).appendText(out, kind, text.view());
    const Event event =
        kind == TextKind::Said ? Event{0, TextPiece{text}} : Event{0, ThoughtPiece{text}};
    EXPECT_EQ(out, chunks({{event}}));
  }
}

TEST(ChatChunkTest, CallsAreNumberedOverTheWholeChoice) {
  const std::string out = chunks({{call("a", "f", "{}"), call("b", "f", "{}")},
                                  {call("c", "f", R"({"a":1})", ToolKind::Function, "c2ln")}});
  EXPECT_TRUE(contains(out, R"({"index":1,"id":"b")"));
  EXPECT_TRUE(contains(out, R"("tool_calls":[{"index":2,"id":"c","type":"function","function":)"
                            R"({"name":"f","arguments":"{\"a\":1}"},)"
                            R"("extra_content":{"google":{"thought_signature":"c2ln"}}}])"));
}

TEST(ChatChunkTest, ImagesAreNumberedOverTheWholeChoice) {
  const std::string out = chunks({{{0, Image{"data:a", ""}}}, {{0, Image{"data:b", ""}}}});
  EXPECT_TRUE(contains(out, R"("index":1,"image_url":{"url":"data:b"})"));
}

TEST(ChatChunkTest, WhatComesTogetherAndIsOfAKindIsOneChunk) {
  EXPECT_EQ(countOf(chunks({{{0, TextPiece{"a"}}, {0, TextPiece{"b"}}, {0, Signature{"c2ln"}}}}),
                    "data: "),
            2U);
  EXPECT_EQ(countOf(chunks({{{0, TextPiece{"a"}}, {0, ThoughtPiece{"b"}}, {0, TextPiece{"c"}}}}),
                    "data: "),
            4U);
}

TEST(ChatChunkTest, CitationsComeInTheLastChunkBeforeTheFinish) {
  const std::string out =
      chunks({{{0, TextPiece{"a"}}}, {{0, Citation{0, 1, "https://a", "A"}}, finish()}});
  EXPECT_LT(out.find(R"("annotations")"), out.find(R"("finish_reason":"stop")"));
  EXPECT_EQ(countOf(out, "data: "), 4U);
}

TEST(ChatChunkTest, AFinishHasAnEmptyDelta) {
  EXPECT_TRUE(contains(chunks({{{1, Finish{FinishReason::Length}}}}),
                       R"([{"index":1,"delta":{},"logprobs":null,"finish_reason":"length"}])"));
}

TEST(ChatChunkTest, EveryEventIsOneLineOfJson) {
  const std::string out = chunks({{{0, TextPiece{"a\n\nb\"\\\x01\xff"}}}});
  const std::string chunk = out.substr(out.find("\n\n") + 2);
  EXPECT_EQ(chunk.find('\n'), chunk.size() - 2);
  const auto document = json::parse(std::string_view(chunk).substr(6));
  ASSERT_TRUE(document);
  EXPECT_EQ((*document)["choices"][0]["delta"]["content"], "a\n\nb\"\\\x01\uFFFD");
}

TEST(ModelsTest, AListHasAnObjectForEachModel) {
  EXPECT_EQ(modelListBody({{"gemini-3.8-flash", 7, "google"}}),
            R"({"object":"list","data":[{"id":"gemini-3.8-flash","object":"model","created":7,)"
            R"("owned_by":"google"}]})");
  EXPECT_EQ(modelListBody({}), R"({"object":"list","data":[]})");
}

// What is kept of a stream of these events, and the stream itself.
std::pair<std::string, std::string> keptOf(std::vector<Events> feeds,
                                           const std::optional<conversation::Usage>& usage) {
  std::string kept;
  ChatStyle style;
  style.kept = &kept;
  KeptChunkWriter writer(kHead, style);
  std::string out;
  for (Events& events : feeds) writer.append(out, std::move(events));
  writer.appendText(out, TextKind::Thought, json::TextBuilder("so").view());
  writer.appendText(out, TextKind::Said, json::TextBuilder("\"b\"").view());
  writer.append(out, {finish(FinishReason::Calls)});
  writer.appendEnd(out, usage);
  return {kept, out};
}

std::vector<Events> manyFeeds() {
  std::vector<Events> feeds;
  feeds.push_back({{0, ThoughtPiece{json::TextBuilder("hm ")}}});
  feeds.push_back({{0, TextPiece{json::TextBuilder("a")}}, {0, Signature{"c2ln"}}});
  feeds.push_back({{1, TextPiece{json::TextBuilder("other")}}, {1, Finish{FinishReason::Length}}});
  feeds.push_back({call("call_1", "f", "{\"a\":1}", ToolKind::Function, "b3du"),
                   {0, Image{"data:image/png;base64,AA==", "aW1n"}},
                   {0, Citation{0, 1, "https://a.example", "A"}},
                   {0, TokenScore{"a", -0.5, {}}}});
  return feeds;
}

TEST(KeptChunkWriterTest, KeepsTheCompletionThatAWholeAnswerIs) {
  conversation::Usage usage;
  usage.total = usage.prompt = 7;
  const auto [kept, stream] = keptOf(manyFeeds(), usage);
  Answer answer{{}, usage};
  for (Events& events : manyFeeds()) {
    for (Event& event : events) answer.events.push_back(std::move(event));
  }
  answer.events.push_back({0, ThoughtPiece{json::TextBuilder("so")}});
  answer.events.push_back({0, TextPiece{json::TextBuilder("\"b\"")}});
  answer.events.push_back(finish(FinishReason::Calls));
  EXPECT_EQ(kept, completionBody(kHead, std::move(answer), CallStyle::Tools));
  EXPECT_TRUE(contains(kept, R"(hm so)")) << kept;
}

TEST(KeptChunkWriterTest, ChangesNothingInTheStream) {
  const auto [kept, stream] = keptOf(manyFeeds(), std::nullopt);
  ChunkWriter writer(kHead, {});
  std::string out;
  for (Events& events : manyFeeds()) writer.append(out, std::move(events));
  writer.appendText(out, TextKind::Thought, json::TextBuilder("so").view());
  writer.appendText(out, TextKind::Said, json::TextBuilder("\"b\"").view());
  writer.append(out, {finish(FinishReason::Calls)});
  writer.appendEnd(out, std::nullopt);
  EXPECT_EQ(stream, out);
}

TEST(KeptChunkWriterTest, KeepsNothingOfAStreamThatBreaksOff) {
  std::string kept;
  ChatStyle style;
  style.kept = &kept;
  KeptChunkWriter writer(kHead, style);
  std::string out;
  writer.appendText(out, TextKind::Said, json::TextBuilder("a").view());
  writer.appendError(out, makeError(ErrorKind::Broken, "It broke.", "upstream_incomplete"));
  EXPECT_EQ(kept, "");
  EXPECT_TRUE(contains(out, "upstream_incomplete"));
}

TEST(KeptChunkWriterTest, KeepsNothingThatIsTooLongAndGoesOn) {
  const std::string text(3 * 1024 * 1024, 'x');
  std::vector<Events> feeds;
  for (int i = 0; i < 3; ++i) feeds.push_back({{0, TextPiece{json::TextBuilder(text)}}});
  const auto [kept, stream] = keptOf(std::move(feeds), std::nullopt);
  EXPECT_EQ(kept, "");
  EXPECT_GT(stream.size(), 3 * text.size());
  EXPECT_TRUE(stream.ends_with("data: [DONE]\n\n"));
}

}  // namespace
}  // namespace rondo::openai
