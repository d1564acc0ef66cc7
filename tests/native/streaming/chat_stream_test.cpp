#include "streaming/chat_stream.h"

#include <gtest/gtest.h>

#include <random>

#include "native/streaming/run.h"

namespace rondo::streaming {
namespace {

std::string textEvent(const std::string& text, const std::string& more = "") {
  return R"(data: {"candidates":[{"content":{"parts":[{"text":")" + text + R"("}]})" + more +
         "}]}\n\n";
}

const std::string kStop = R"(,"finishReason":"STOP")";

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

ChatStream makeStream(openai::ChunkWriter::Usage usage = openai::ChunkWriter::Usage::Omitted) {
  return {kHead, usage, fixtureContext(), nullptr};
}

TEST(ChatStreamTest, NothingIsHandedOutBeforeThereIsSomethingToShow) {
  auto stream = makeStream();
  EXPECT_EQ(stream.feed(": ping\n\n").value_or("fault"), "");
  EXPECT_EQ(stream.feed("data: {\"usageMetadata\":{\"promptTokenCount\":3}}\n\n").value_or("fault"),
            "");
  EXPECT_EQ(stream.feed(textEvent("")).value_or("fault"), "");
  EXPECT_FALSE(stream.hasOutput());
  EXPECT_NE(stream.feed(textEvent("a")).value_or(""), "");
  EXPECT_TRUE(stream.hasOutput());
}

TEST(ChatStreamTest, TheRoleComesOnceAndFirst) {
  const std::string out = runStream(textEvent("a") + textEvent("b", kStop));
  EXPECT_TRUE(contains(out.substr(0, out.find("\n\n")), R"("role":"assistant","content":"")"));
  EXPECT_EQ(out.find(R"("role")"), out.rfind(R"("role")"));
}

TEST(ChatStreamTest, EveryChunkHasTheSameHead) {
  const std::string out = runStream(textEvent("a") + textEvent("b", kStop));
  std::size_t events = 0;
  for (std::size_t at = 0; (at = out.find("data: {", at)) != std::string::npos; ++at) {
    EXPECT_TRUE(out.substr(at).starts_with(
        R"(data: {"id":"chatcmpl-fixture","object":"chat.completion.chunk","created":1764000000,"model":"gemini-3.8-flash",)"));
    ++events;
  }
  EXPECT_EQ(events, 5u);
}

TEST(ChatStreamTest, WithoutIncludeUsageThereIsNoneAnywhere) {
  auto stream = makeStream();
  std::string out = stream.feed(textEvent("a", kStop)).value_or("fault");
  out += stream.finish().value_or("fault");
  EXPECT_FALSE(contains(out, "usage"));
  EXPECT_TRUE(out.ends_with("data: [DONE]\n\n"));
}

TEST(ChatStreamTest, TextAfterTheFinishReasonStillComesBeforeTheFinish) {
  const std::string out = runStream(textEvent("a", kStop) + textEvent("b"));
  EXPECT_LT(out.find(R"("content":"b")"), out.find(R"("finish_reason":"stop")"));
}

TEST(ChatStreamTest, AFaultHandsOverWhatCameBeforeIt) {
  auto stream = makeStream();
  const auto output = stream.feed(textEvent("a") + "data: {\"error\":{\"code\":503}}\n\n");
  ASSERT_FALSE(output);
  EXPECT_TRUE(contains(output.error().output, R"("content":"a")"));
  EXPECT_EQ(output.error().googleError, R"({"error":{"code":503}})");
}

TEST(ChatStreamTest, AnErrorAtOnceHandsOverNothing) {
  auto stream = makeStream();
  const auto output = stream.feed("data: {\"error\":{\"code\":429}}\n\n");
  ASSERT_FALSE(output);
  EXPECT_EQ(output.error().output, "");
  EXPECT_FALSE(stream.hasOutput());
}

TEST(ChatStreamTest, AnErrorInAListOrADocumentIsGooglesErrorToo) {
  for (const auto* body : {R"([{"error":{"code":400}}])", R"({"error":{"code":400}})"}) {
    auto stream = makeStream();
    EXPECT_TRUE(stream.feed(body));
    const auto end = stream.finish();
    ASSERT_FALSE(end);
    EXPECT_EQ(end.error().googleError, R"({"error":{"code":400}})");
  }
}

TEST(ChatStreamTest, AnEventThatIsNoJsonIsBroken) {
  auto stream = makeStream();
  const auto output = stream.feed("data: <html>\n\n");
  ASSERT_FALSE(output);
  EXPECT_EQ(output.error().error.code, "upstream_malformed");
}

TEST(ChatStreamTest, AStreamThatEndsWithoutAReasonIsIncomplete) {
  auto stream = makeStream();
  EXPECT_TRUE(stream.feed(textEvent("a")));
  const auto end = stream.finish();
  ASSERT_FALSE(end);
  EXPECT_EQ(end.error().error.code, "upstream_incomplete");
}

TEST(ChatStreamTest, AnEmptyBodyIsAnEmptyAnswer) {
  auto stream = makeStream();
  const auto end = stream.finish();
  ASSERT_FALSE(end);
  EXPECT_EQ(end.error().error.code, "empty_answer");
  EXPECT_FALSE(stream.hasOutput());
}

TEST(ChatStreamTest, ADocumentBeyondTheLimitIsBroken) {
  auto stream = makeStream();
  const std::string piece(1 << 20, ' ');
  EXPECT_TRUE(stream.feed("["));
  for (std::size_t i = 1; i < SseDecoder::kMaxEventBytes / piece.size(); ++i) {
    ASSERT_TRUE(stream.feed(piece));
  }
  EXPECT_FALSE(stream.feed(piece));
}

TEST(ChatStreamTest, SomeoneElsesDoneIsIgnored) {
  const std::string out = runStream(textEvent("a", kStop) + "data: [DONE]\n\n");
  EXPECT_EQ(out.find("[DONE]"), out.rfind("[DONE]"));
  EXPECT_TRUE(contains(out, R"("finish_reason":"stop")"));
}

// Random bytes and random damage to a sound stream: an answer or a fault, at every cut the same.
TEST(ChatStreamTest, DamagedStreamsNeverFault) {
  const std::string sound =
      textEvent("a\\u00e9") +
      R"(data: {"candidates":[{"content":{"parts":[{"functionCall":{"name":"f","args":{"x":[1,2]}}}]},"finishReason":"STOP","groundingMetadata":{"groundingChunks":[{"web":{"uri":"u"}}],"groundingSupports":[{"segment":{"startIndex":1,"endIndex":9},"groundingChunkIndices":[0]}]}}]})"
      "\n\n";
  std::mt19937 random(11);
  for (int i = 0; i < 2000; ++i) {
    std::string body = sound;
    for (int hits = 1 + static_cast<int>(random() % 4); hits > 0; --hits) {
      const std::size_t at = random() % body.size();
      switch (random() % 3) {
        case 0: body[at] = static_cast<char>(random()); break;
        case 1: body.erase(at, random() % 9); break;
        default: body.insert(at, 1, "{}[]\",:\n\r0"[random() % 10]); break;
      }
      if (body.empty()) body = "x";
    }
    const std::size_t cut = random() % body.size();
    EXPECT_EQ(runStream(body, {cut}), runStream(body)) << body;
  }
}

}  // namespace
}  // namespace rondo::streaming
