#include "streaming/answer_stream.h"

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

AnswerStream makeStream() { return streamWith({}); }

TEST(AnswerStreamTest, NothingIsHandedOutBeforeThereIsSomethingToShow) {
  auto stream = makeStream();
  EXPECT_EQ(stream.feed(": ping\n\n").value_or("fault"), "");
  EXPECT_EQ(stream.feed("data: {\"usageMetadata\":{\"promptTokenCount\":3}}\n\n").value_or("fault"),
            "");
  EXPECT_EQ(stream.feed(textEvent("")).value_or("fault"), "");
  EXPECT_NE(stream.feed(textEvent("a")).value_or(""), "");
}

TEST(AnswerStreamTest, TheRoleComesOnceAndFirst) {
  const std::string out = runStream(textEvent("a") + textEvent("b", kStop));
  EXPECT_TRUE(contains(out.substr(0, out.find("\n\n")), R"("role":"assistant","content":"")"));
  EXPECT_EQ(out.find(R"("role")"), out.rfind(R"("role")"));
}

TEST(AnswerStreamTest, EveryChunkHasTheSameHead) {
  const std::string out = runStream(textEvent("a") + textEvent("b", kStop));
  std::size_t events = 0;
  for (std::size_t at = 0; (at = out.find("data: {", at)) != std::string::npos; ++at) {
    EXPECT_TRUE(out.substr(at).starts_with(
        R"(data: {"id":"chatcmpl-fixture","object":"chat.completion.chunk","created":1764000000,"model":"gemini-3.8-flash",)"));
    ++events;
  }
  EXPECT_EQ(events, 5u);
}

TEST(AnswerStreamTest, WithoutIncludeUsageThereIsNoneAnywhere) {
  auto stream = makeStream();
  std::string out(stream.feed(textEvent("a", kStop)).value_or("fault"));
  out += stream.finish().value_or("fault");
  EXPECT_FALSE(contains(out, "usage"));
  EXPECT_TRUE(out.ends_with("data: [DONE]\n\n"));
}

TEST(AnswerStreamTest, TextAfterTheFinishReasonStillComesBeforeTheFinish) {
  const std::string out = runStream(textEvent("a", kStop) + textEvent("b"));
  EXPECT_LT(out.find(R"("content":"b")"), out.find(R"("finish_reason":"stop")"));
}

TEST(AnswerStreamTest, AFaultHandsOverWhatCameBeforeIt) {
  auto stream = makeStream();
  const auto output = stream.feed(textEvent("a") + "data: {\"error\":{\"code\":503}}\n\n");
  ASSERT_FALSE(output);
  EXPECT_TRUE(contains(output.error().output, R"("content":"a")"));
  EXPECT_EQ(output.error().googleError, R"({"error":{"code":503}})");
}

TEST(AnswerStreamTest, AnErrorAtOnceHandsOverNothing) {
  auto stream = makeStream();
  const auto output = stream.feed("data: {\"error\":{\"code\":429}}\n\n");
  ASSERT_FALSE(output);
  EXPECT_EQ(output.error().output, "");
}

TEST(AnswerStreamTest, AnErrorInAListOrADocumentIsGooglesErrorToo) {
  for (const auto* body : {R"([{"error":{"code":400}}])", R"({"error":{"code":400}})"}) {
    auto stream = makeStream();
    EXPECT_TRUE(stream.feed(body));
    const auto end = stream.finish();
    ASSERT_FALSE(end);
    EXPECT_EQ(end.error().googleError, R"({"error":{"code":400}})");
  }
}

// As Vertex tells that a stream was cancelled: over several lines, and no event.
const std::string kBareError =
    "{\r\n  \"error\": {\r\n    \"code\": 499,\r\n    \"status\": \"CANCELLED\",\r\n"
    "    \"message\": \"data: {}\\n\\n\"\r\n  }\r\n}\r\n";
const std::string kBareErrorRead =
    R"({"error":{"code":499,"status":"CANCELLED","message":"data: {}\n\n"}})";

StreamFault faultOf(const std::string& body, std::size_t cut) {
  auto stream = makeStream();
  std::string output;
  for (const std::string& piece : {body.substr(0, cut), body.substr(cut)}) {
    auto fed = stream.feed(piece);
    if (!fed) return fed.error();
  }
  auto end = stream.finish();
  if (!end) return end.error();
  ADD_FAILURE() << "no fault, cut at " << cut;
  return {};
}

TEST(AnswerStreamTest, ABareErrorBehindEventsIsGooglesErrorWhereverItIsCut) {
  const std::string before = textEvent("a") + textEvent("b", kStop);
  for (const std::string& error : {kBareError, "[" + kBareError + "]\n", "  " + kBareError}) {
    for (const std::string& events : {before, before.substr(0, before.size() - 1)}) {
      const std::string body = events + error;
      for (std::size_t cut = 1; cut < body.size(); ++cut) {
        ASSERT_EQ(faultOf(body, cut).googleError, kBareErrorRead) << "cut at " << cut;
      }
    }
  }
}

TEST(AnswerStreamTest, ABareErrorThatIsCutShortIsNoCleanEnd) {
  const std::string before = textEvent("a", kStop);
  const std::size_t size = kBareError.find_last_of('}');
  for (std::size_t length = 1; length <= size; ++length) {
    EXPECT_EQ(faultOf(before + kBareError.substr(0, length), 1).error.code, "upstream_incomplete");
  }
}

TEST(AnswerStreamTest, ALineThatIsNoEventIsNoCleanEnd) {
  for (const char* line : {"<html>502</html>", "upstream connect error: reset", "{oops", "oops"}) {
    const StreamFault fault = faultOf(textEvent("a", kStop) + line, 1);
    EXPECT_EQ(fault.error.code, "upstream_incomplete") << line;
  }
  for (const char* line : {"<html>502</html>", "upstream connect error: reset", "oops"}) {
    EXPECT_EQ(faultOf(textEvent("a", kStop) + line + "\n", 1).error.code, "upstream_malformed");
    EXPECT_EQ(faultOf(line + std::string("\n"), 1).error.code, "upstream_malformed");
  }
}

TEST(AnswerStreamTest, OtherFieldsAndBlankLinesLeaveTheEndClean) {
  const std::string whole = runStream(textEvent("a", kStop));
  for (const char* more :
       {"\n\r\n", ": {\n", "event: end\n\n", "id: [\r\n", "retry: 1", " \n", "x:\n"}) {
    EXPECT_EQ(runStream(textEvent("a", kStop) + more), whole) << more;
    EXPECT_EQ(runStream(more + ("\n" + textEvent("a", kStop))), whole) << more;
  }
}

// One by one: what looks at the same bytes again and again would not come to an end.
TEST(AnswerStreamTest, BlanksBeforeTheFirstEventAreReadOnceAndHaveALimit) {
  for (const char* blank : {" ", "\n"}) {
    auto stream = makeStream();
    for (std::size_t i = 0; i < SseDecoder::kMaxIdleBytes; ++i) ASSERT_TRUE(stream.feed(blank));
    const auto fed = stream.feed(blank);
    ASSERT_FALSE(fed);
    EXPECT_EQ(fed.error().error.code, "upstream_malformed");
  }
}

TEST(AnswerStreamTest, PingsNeverEndALongStream) {
  auto stream = makeStream();
  std::string pings;
  while (pings.size() < SseDecoder::kMaxIdleBytes / 2) pings += ": ping\n\n";
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(stream.feed(pings + textEvent("a")));
  EXPECT_TRUE(stream.feed(textEvent("a", kStop)));
  EXPECT_TRUE(stream.finish());
}

std::string call(const std::string& inner, const std::string& more = "") {
  return R"(data: {"candidates":[{"content":{"parts":[{"functionCall":{)" + inner + R"(}}]})" +
         more + "}]}\n\n";
}

TEST(AnswerStreamTest, ACallWithoutArgumentsIsHeldUntilItsArgumentsMayNotComeAnyMore) {
  auto stream = makeStream();
  EXPECT_EQ(stream.feed(call(R"("name":"f","args":{})")).value_or("fault"), "");
  EXPECT_EQ(stream.feed(": ping\n\ndata: {\"usageMetadata\":{}}\n\n").value_or("fault"), "");
  const std::string out(stream.feed(call(R"("args":{"a":1})")).value_or("fault"));
  EXPECT_TRUE(contains(out, R"("function":{"name":"f","arguments":"{\"a\":1}"})")) << out;
}

TEST(AnswerStreamTest, AHeldCallComesBeforeTheTextBehindIt) {
  const std::string out =
      runStream(textEvent("a") + call(R"("name":"f")") + textEvent("b") + textEvent("c", kStop));
  EXPECT_LT(out.find(R"("content":"a")"), out.find(R"("name":"f")"));
  EXPECT_LT(out.find(R"("name":"f")"), out.find(R"("content":"b")"));
  EXPECT_TRUE(contains(out, R"("finish_reason":"tool_calls")"));
}

TEST(AnswerStreamTest, AHeldCallIsShownWithTheReasonToFinish) {
  auto stream = makeStream();
  const std::string out(stream.feed(call(R"("name":"f")", kStop)).value_or("fault"));
  EXPECT_TRUE(contains(out, R"("arguments":"{}")")) << out;
}

TEST(AnswerStreamTest, AHeldCallOfAStreamThatBreaksOffIsNotShown) {
  EXPECT_FALSE(contains(runStream(call(R"("name":"f")")), "tool_calls"));
}

TEST(AnswerStreamTest, TheCountsSoFarCanBeHadAtAnyTime) {
  auto stream = makeStream();
  const auto feed = [&](const std::string& text, const std::string& total) {
    return stream.feed(R"(data: {"candidates":[{"content":{"parts":[{"text":")" + text +
                       R"("}]}}],"usageMetadata":{"totalTokenCount":)" + total + "}}\n\n");
  };
  EXPECT_FALSE(stream.usage());
  EXPECT_TRUE(feed("a", "5"));
  EXPECT_EQ(stream.usage()->total, 5);
  EXPECT_TRUE(feed("b", "6"));
  EXPECT_EQ(stream.usage()->total, 6);
  EXPECT_TRUE(stream.feed(call(R"("name":"f")")));
  EXPECT_TRUE(feed("c", "7"));
  EXPECT_EQ(stream.usage()->total, 7);
  EXPECT_TRUE(stream.feed("data: {\"usageMetadata\":{\"totalTokenCount\":8}}\n\n"));
  EXPECT_TRUE(stream.feed(textEvent("d")));
  EXPECT_EQ(stream.usage()->total, 8);
  EXPECT_FALSE(stream.feed("data: {\"error\":{}}\n\n"));
  EXPECT_EQ(stream.usage()->total, 8);
}

// Counts what it is to tell, and is full at once.
class FullWriter : public conversation::StreamWriter {
 public:
  explicit FullWriter(int& told) : told_(told) {}

  void append(std::string&, std::vector<conversation::Event>) override { ++told_; }
  void appendText(std::string&, conversation::TextKind, const json::Text&) override { ++told_; }
  void appendEnd(std::string&, const std::optional<conversation::Usage>&) override {}
  void appendError(std::string&, const Error&) override {}
  bool isFull() const override { return told_ > 0; }

 private:
  int& told_;
};

TEST(AnswerStreamTest, AStreamIsCutWhenItsWriterIsFull) {
  int told = 0;
  AnswerStream stream(std::make_unique<FullWriter>(told), fixtureContext(), nullptr);
  const auto output = stream.feed(textEvent("a"));
  ASSERT_FALSE(output);
  EXPECT_EQ(output.error().error.code, "upstream_answer_too_large");
}

TEST(AnswerStreamTest, WhatHoldsNoEventIsNotTold) {
  int told = 0;
  AnswerStream stream(std::make_unique<FullWriter>(told), fixtureContext(), nullptr);
  EXPECT_TRUE(stream.feed("data: {\"usageMetadata\":{\"promptTokenCount\":3}}\n\n"));
  EXPECT_EQ(told, 0);
}

TEST(AnswerStreamTest, AChoiceBeyondWhatCanBeAskedForIsBroken) {
  for (const char* index : {"128", "-1", "1000000"}) {
    const std::string body = textEvent("a", R"(,"index":)" + std::string(index));
    EXPECT_EQ(faultOf(body, 1).error.code, "upstream_malformed") << index;
  }
}

TEST(AnswerStreamTest, AnEventThatIsNoJsonIsBroken) {
  auto stream = makeStream();
  const auto output = stream.feed("data: <html>\n\n");
  ASSERT_FALSE(output);
  EXPECT_EQ(output.error().error.code, "upstream_malformed");
}

TEST(AnswerStreamTest, AStreamThatEndsWithoutAReasonIsIncomplete) {
  auto stream = makeStream();
  EXPECT_TRUE(stream.feed(textEvent("a")));
  const auto end = stream.finish();
  ASSERT_FALSE(end);
  EXPECT_EQ(end.error().error.code, "upstream_incomplete");
}

TEST(AnswerStreamTest, AnEmptyBodyIsAnEmptyAnswer) {
  auto stream = makeStream();
  const auto end = stream.finish();
  ASSERT_FALSE(end);
  EXPECT_EQ(end.error().error.code, "empty_answer");
}

TEST(AnswerStreamTest, ADocumentBeyondTheLimitIsBroken) {
  auto stream = makeStream();
  const std::string piece(1 << 20, ' ');
  EXPECT_TRUE(stream.feed("["));
  for (std::size_t i = 1; i < SseDecoder::kMaxEventBytes / piece.size(); ++i) {
    ASSERT_TRUE(stream.feed(piece));
  }
  EXPECT_FALSE(stream.feed(piece));
}

TEST(AnswerStreamTest, SomeoneElsesDoneIsIgnored) {
  const std::string out = runStream(textEvent("a", kStop) + "data: [DONE]\n\n");
  EXPECT_EQ(out.find("[DONE]"), out.rfind("[DONE]"));
  EXPECT_TRUE(contains(out, R"("finish_reason":"stop")"));
}

// Random bytes and random damage to a sound stream: an answer or a fault, at every cut the same.
TEST(AnswerStreamTest, DamagedStreamsNeverFault) {
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
