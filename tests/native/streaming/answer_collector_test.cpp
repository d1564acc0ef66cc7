#include "streaming/answer_collector.h"

#include <gtest/gtest.h>

#include "native/streaming/run.h"

namespace rondo::streaming {
namespace {

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

std::string candidate(const std::string& parts, const std::string& more = "") {
  return R"({"content":{"parts":[)" + parts + "]}" + more + "}";
}

std::string answer(const std::string& candidates) {
  return R"({"candidates":[)" + candidates + R"(],"usageMetadata":{"totalTokenCount":7}})";
}

const std::string kText = R"({"text":"a"})";
const std::string kCall = R"({"functionCall":{"name":"f"}})";

TEST(AnswerCollectorTest, AWholeAnswerIsCompleteWithoutAReason) {
  const std::string text = runCollector(answer(candidate(kText)));
  EXPECT_TRUE(contains(text, R"("content":"a")")) << text;
  EXPECT_TRUE(contains(text, R"("finish_reason":"stop")")) << text;
  const std::string call = runCollector(" \n" + answer(candidate(kText + "," + kCall)), 1);
  EXPECT_TRUE(contains(call, R"("arguments":"{}")")) << call;
  EXPECT_TRUE(contains(call, R"("finish_reason":"tool_calls")")) << call;
}

TEST(AnswerCollectorTest, AWholeAnswerInPlaceOfAStreamIsCompleteToo) {
  const std::string out = runStream(answer(candidate(kText + "," + kCall)));
  EXPECT_TRUE(contains(out, R"("arguments":"{}")")) << out;
  EXPECT_TRUE(contains(out, R"("finish_reason":"tool_calls")")) << out;
}

TEST(AnswerCollectorTest, AStreamIsIncompleteWithoutAReasonInAnyForm) {
  const std::string one = answer(candidate(kText));
  for (const std::string& body :
       {"data: " + one, "data: " + one + "\n\n", "[" + one + "]", "data: {}\n\n" + one}) {
    EXPECT_TRUE(contains(runCollector(body), "upstream_incomplete")) << body;
  }
}

TEST(AnswerCollectorTest, AnAnswerWithMoreInItThanCanBeReadIsNoneThatBrokeOff) {
  std::string keys;
  for (int i = 0; i < 1001; ++i) keys += (i > 0 ? ",\"k" : "\"k") + std::to_string(i) + "\":1";
  const std::string deep = R"("d":)" + std::string(200, '[') + std::string(200, ']');
  for (const std::string& arguments : {keys, deep}) {
    const std::string body =
        answer(candidate(R"({"functionCall":{"name":"f","args":{)" + arguments + "}}}"));
    EXPECT_TRUE(contains(runCollector(body), "upstream_answer_too_large"));
    EXPECT_TRUE(contains(runCollector("data: " + body + "\n\n"), "upstream_answer_too_large"));
    EXPECT_TRUE(contains(runCollector("data: " + body), "upstream_answer_too_large"));
  }
}

TEST(AnswerCollectorTest, AWholeAnswerWithNothingInItIsEmpty) {
  EXPECT_TRUE(contains(runCollector(answer("{}")), "empty_answer"));
  EXPECT_TRUE(contains(runCollector(answer("")), "empty_answer"));
}

TEST(AnswerCollectorTest, AnEmptyChoiceHasAnEmptyMessageBesideAGoodOne) {
  const std::string body = runCollector(answer(candidate(kText, R"(,"finishReason":"STOP")") +
                                               R"(,{"index":1,"finishReason":"STOP"})"));
  EXPECT_TRUE(contains(
      body,
      R"({"index":1,"message":{"role":"assistant","content":"","refusal":null},"logprobs":null,"finish_reason":"stop"})"))
      << body;
}

TEST(AnswerCollectorTest, ArgumentsInAPartOfTheirOwnBelongToTheCallBefore) {
  const std::string more = R"({"functionCall":{"args":{"a":1}}})";
  const std::string body = runCollector(answer(candidate(kCall + "," + more)));
  EXPECT_TRUE(contains(body, R"("function":{"name":"f","arguments":"{\"a\":1}"})")) << body;
}

TEST(AnswerCollectorTest, TheCountsCanBeHadBeforeTheEnd) {
  AnswerCollector collector(fixtureContext(), nullptr);
  EXPECT_FALSE(collector.usage());
  EXPECT_TRUE(collector.feed("data: " + answer(candidate(kText)) + "\n\n"));
  EXPECT_EQ(collector.usage()->total, 7);
}

TEST(AnswerCollectorTest, TextThatGoesOnIsOneEvent) {
  AnswerCollector collector(fixtureContext(), nullptr);
  const auto event = [](const std::string& part) {
    return "data: " + answer(candidate(part, R"(,"finishReason":"STOP")")) + "\n\n";
  };
  ASSERT_TRUE(collector.feed(event(kText) + event(kText)));
  ASSERT_TRUE(collector.feed(event(R"({"text":"h","thought":true})")));
  ASSERT_TRUE(collector.feed(event(R"({"text":"m","thought":true},{"text":"b"})")));
  const auto whole = collector.finish();
  ASSERT_TRUE(whole);
  ASSERT_EQ(whole->events.size(), 4u);
  EXPECT_EQ(std::get<conversation::TextPiece>(whole->events[0].what).text, "aa");
  EXPECT_EQ(std::get<conversation::ThoughtPiece>(whole->events[1].what).text, "hm");
  EXPECT_EQ(std::get<conversation::TextPiece>(whole->events[2].what).text, "b");
  EXPECT_TRUE(std::holds_alternative<conversation::Finish>(whole->events[3].what));
}

}  // namespace
}  // namespace rondo::streaming
