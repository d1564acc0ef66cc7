#include "google/text_event.h"

#include <gtest/gtest.h>

#include <string>

namespace rondo::google {
namespace {

const std::string kUsage =
    R"({"promptTokenCount": 16,"promptTokensDetails": [{"modality":"TEXT"}]})";

std::string eventOf(const std::string& candidate, const std::string& rest = "") {
  return R"(data: {"candidates": [{"content": )" + candidate + "}]" + rest + "}\r\n\r\n";
}

TEST(TextEventTest, TheTextAndTheCountsAreRead) {
  const std::string bytes =
      eventOf(R"({"parts": [{"text": "a\n\u00e9"}],"role": "model"})",
              R"(,"usageMetadata": )" + kUsage + R"(,"modelVersion": "m","responseId": "r")");
  const std::string more = bytes + "data: more";
  const auto event = readTextEvent(more);
  ASSERT_TRUE(event);
  EXPECT_EQ(event->text.spelling(), R"(a\n\u00e9)");
  EXPECT_FALSE(event->isThought);
  EXPECT_EQ(event->usage, kUsage);
  EXPECT_EQ(event->size, bytes.size());
}

class TakenTest : public testing::TestWithParam<std::string> {};

TEST_P(TakenTest, IsReadInOneGo) {
  const auto event = readTextEvent(GetParam());
  ASSERT_TRUE(event) << GetParam();
  EXPECT_EQ(event->text, "x");
  EXPECT_EQ(event->size, GetParam().size());
}

INSTANTIATE_TEST_SUITE_P(
    Events, TakenTest,
    testing::Values(eventOf(R"({"parts":[{"text":"x"}],"role":"model"})"),
                    eventOf(R"({"role":"model","parts":[{"text":"x"}]})"),
                    eventOf(R"({"parts":[{"text":"x"}]})"),
                    eventOf(R"({"parts":[{"text":"x"}]},"index":0)"),
                    eventOf(R"({"parts":[{"text":"x","thought":true}]})"),
                    eventOf(R"({"parts":[{"thought":true,"text":"x"}]})"),
                    R"(data:{"candidates":[{"content":{"parts":[{"text":"x"}]}}]})"
                    "\n\n"));

class LeftTest : public testing::TestWithParam<std::string> {};

TEST_P(LeftTest, IsLeftToTheLongWay) { EXPECT_FALSE(readTextEvent(GetParam())) << GetParam(); }

INSTANTIATE_TEST_SUITE_P(
    Events, LeftTest,
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
    EXPECT_FALSE(readTextEvent(bytes.substr(0, size))) << size;
  }
}

}  // namespace
}  // namespace rondo::google
