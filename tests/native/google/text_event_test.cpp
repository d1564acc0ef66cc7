#include "google/text_event.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>

namespace rondo::google {
namespace {

const std::string kUsage =
    R"({"promptTokenCount": 16,"promptTokensDetails": [{"modality":"TEXT"}]})";

std::optional<TextEvent> readFirst(std::string_view bytes) { return TextEventReader().read(bytes); }

std::string eventOf(const std::string& candidate, const std::string& rest = "") {
  return R"(data: {"candidates": [{"content": )" + candidate + "}]" + rest + "}\r\n\r\n";
}

TEST(TextEventTest, TheTextAndTheCountsAreRead) {
  const std::string bytes =
      eventOf(R"({"parts": [{"text": "a\n\u00e9"}],"role": "model"})",
              R"(,"usageMetadata": )" + kUsage + R"(,"modelVersion": "m","responseId": "r")");
  const std::string more = bytes + "data: more";
  const auto event = readFirst(more);
  ASSERT_TRUE(event);
  EXPECT_EQ(event->text.spelling(), R"(a\n\u00e9)");
  EXPECT_FALSE(event->isThought);
  EXPECT_EQ(event->usage, kUsage);
  EXPECT_EQ(event->size, bytes.size());
}

class EventOfATextAloneTest : public testing::TestWithParam<std::string> {};

TEST_P(EventOfATextAloneTest, IsReadInOneGo) {
  const auto event = readFirst(GetParam());
  ASSERT_TRUE(event) << GetParam();
  EXPECT_EQ(event->text, "x");
  EXPECT_EQ(event->size, GetParam().size());
}

INSTANTIATE_TEST_SUITE_P(
    Events, EventOfATextAloneTest,
    testing::Values(eventOf(R"({"parts":[{"text":"x"}],"role":"model"})"),
                    eventOf(R"({"role":"model","parts":[{"text":"x"}]})"),
                    eventOf(R"({"parts":[{"text":"x"}]})"),
                    eventOf(R"({"parts":[{"text":"x"}]},"index":0)"),
                    eventOf(R"({"parts":[{"text":"x","thought":true}]})"),
                    eventOf(R"({"parts":[{"thought":true,"text":"x"}]})"),
                    R"(data:{"candidates":[{"content":{"parts":[{"text":"x"}]}}]})"
                    "\n\n"));

class AnyOtherEventTest : public testing::TestWithParam<std::string> {};

TEST_P(AnyOtherEventTest, IsLeftToTheLongWay) { EXPECT_FALSE(readFirst(GetParam())) << GetParam(); }

INSTANTIATE_TEST_SUITE_P(
    Events, AnyOtherEventTest,
    testing::Values("", ": ping\n\n", "data: [DONE]\n\n", eventOf(R"({"parts":[]})"),
                    eventOf(R"({"parts":[{"text":"x"},{"text":"y"}]})"),
                    eventOf(R"({"parts":[{"text":"x","thoughtSignature":"s"}]})"),
                    eventOf(R"({"parts":[{"text":"x","thought":false}]})"),
                    eventOf(R"({"parts":[{"text":1}]})"),
                    eventOf(R"({"parts":[{"functionCall":{}}]})"),
                    eventOf(R"({"parts":[{"text":"x"}]},"finishReason":"STOP")"),
                    eventOf(R"({"parts":[{"text":"x"}]},"index":1)"),
                    eventOf(R"({"parts":[{"text":"x"}]},"index":01)"),
                    eventOf(R"({"parts":[{"text":"x"}]}},{"content":{"parts":[{"text":"y"}]})"),
                    eventOf(R"({"parts":[{"text":"x"}]})",
                            R"(,"promptFeedback":{"blockReason":"SAFETY"})"),
                    eventOf(R"({"parts":[{"text":"x"}]})", R"(,"error":{})"),
                    eventOf(R"({"parts":[{"text":"x"}]})", R"(,"usageMetadata":{"a":})"),
                    eventOf(R"({"parts":[{"text":"x"}]})", R"(,"usageMetadata":null)"),
                    eventOf("{\"parts\":\n[{\"text\":\"x\"}]}"),
                    R"(data: {"candidates":[{"content":{"parts":[{"text":"x"}]}}]})"
                    "\ndata: \n\n"));

TEST(TextEventTest, ACutEventIsLeftWhereverItIsCut) {
  const std::string bytes = eventOf(R"({"parts":[{"text":"x"}]})", R"(,"usageMetadata":)" + kUsage);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(readFirst(bytes.substr(0, size))) << size;
  }
}

std::string commonEvent(const std::string& text, const std::string& tail) {
  return R"(data: {"candidates": [{"content": {"parts": [{"text": ")" + text + tail;
}

const std::string kTail =
    R"("}],"role": "model"}}],"usageMetadata": {"candidatesTokenCount": 15,"a": 0.5},)"
    R"("responseId": "x7y"})"
    "\r\n\r\n";

std::string with(std::string_view was, std::string_view is) {
  std::string tail = kTail;
  return tail.replace(tail.find(was), was.size(), is);
}

TEST(TextEventTest, AnEventThatIsLikeTheLastButForDigitsIsReadAlike) {
  TextEventReader reader;
  ASSERT_TRUE(reader.read(commonEvent("a", kTail)));
  const std::string next = commonEvent("b\\n", with(": 15", ": 27")) + "data: more";
  const auto event = reader.read(next);
  ASSERT_TRUE(event);
  EXPECT_EQ(event->text, "b\n");
  EXPECT_EQ(event->usage, R"({"candidatesTokenCount": 27,"a": 0.5})");
  EXPECT_EQ(event->size, next.size() - 10);
}

TEST(TextEventTest, WhatDiffersFromTheLastIsJudgedByItself) {
  TextEventReader reader;
  ASSERT_TRUE(reader.read(commonEvent("a", kTail)));
  EXPECT_FALSE(reader.read(commonEvent("b", with(": 15", ": 05"))));
  EXPECT_FALSE(reader.read(commonEvent("b", with(": 15", ": 1x"))));
  EXPECT_FALSE(reader.read(commonEvent("b", with("model", "mod\\x"))));
  EXPECT_FALSE(reader.read(commonEvent("b", kTail.substr(0, kTail.size() - 1))));
  EXPECT_FALSE(reader.read(commonEvent("\\x", kTail)));
  const std::string longer = commonEvent("b", with(": 15", ": 100"));
  const auto event = reader.read(longer);
  ASSERT_TRUE(event);
  EXPECT_EQ(event->usage, R"({"candidatesTokenCount": 100,"a": 0.5})");
}

TEST(TextEventTest, AnotherChoiceIsNotTakenForLikeTheLast) {
  TextEventReader reader;
  const std::string first = R"("}],"role": "model"},"index": 0}]})"
                            "\r\n\r\n";
  ASSERT_TRUE(reader.read(commonEvent("a", first)));
  EXPECT_TRUE(reader.read(commonEvent("b", first)));
  EXPECT_FALSE(reader.read(commonEvent("b", R"("}],"role": "model"},"index": 1}]})"
                                            "\r\n\r\n")));
}

TEST(TextEventTest, ANumberThatMayBecomeTooLargeIsNotTakenForLikeTheNext) {
  TextEventReader reader;
  ASSERT_TRUE(reader.read(commonEvent("a", with("0.5", "1e299"))));
  EXPECT_FALSE(reader.read(commonEvent("a", with("0.5", "1e999"))));
  const std::string digits(308, '1');
  ASSERT_TRUE(reader.read(commonEvent("a", with("0.5", "1" + digits))));
  EXPECT_FALSE(reader.read(commonEvent("a", with("0.5", "9" + digits))));
}

TEST(TextEventTest, ATailWithABrokenEscapeIsNotTakenForLikeTheNext) {
  TextEventReader reader;
  ASSERT_TRUE(reader.read(commonEvent("a", with("x7y", R"(\u0041)"))));
  EXPECT_FALSE(reader.read(commonEvent("a", with("x7y", R"(\u00g1)"))));
}

TEST(TextEventReaderTest, AThoughtThatIsReadLikeTheLastOneIsAThoughtToo) {
  TextEventReader reader;
  for (const std::string text : {"a", "b"}) {
    const std::string bytes = R"(data: {"candidates":[{"content":{"parts":[{"text":")" + text +
                              R"(","thought":true}],"role":"model"}}]})" + "\n\n";
    const auto event = reader.read(bytes);
    ASSERT_TRUE(event);
    EXPECT_TRUE(event->isThought);
  }
}

}  // namespace
}  // namespace rondo::google
