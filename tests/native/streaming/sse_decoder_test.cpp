#include "streaming/sse_decoder.h"

#include <gtest/gtest.h>

namespace rondo::streaming {
namespace {

using Events = std::vector<std::string>;

struct Collected : SseDecoder::Sink {
  Events events;

  void takeEvent(std::string_view data) override { events.emplace_back(data); }
};

Result<void> feed(SseDecoder& decoder, std::string_view bytes, SseDecoder::Sink& sink) {
  while (!bytes.empty()) {
    const auto taken = decoder.feedEvent(bytes, sink);
    if (!taken) return fail(taken.error());
    bytes.remove_prefix(*taken);
  }
  return {};
}

Events decode(std::string_view bytes, std::size_t step = 0) {
  SseDecoder decoder;
  Collected all;
  if (step == 0) step = bytes.size();
  for (std::size_t at = 0; at < bytes.size(); at += step) {
    // A copy that is gone before the next: nothing may be borrowed from it.
    const std::string piece(bytes.substr(at, step));
    EXPECT_TRUE(feed(decoder, piece, all));
  }
  decoder.finish(all);
  return all.events;
}

TEST(SseDecoderTest, ABlankLineEndsAnEvent) {
  EXPECT_EQ(decode("data: a\n\ndata: b\n\n"), (Events{"a", "b"}));
}

TEST(SseDecoderTest, LinesEndInAnyOfTheThreeWays) {
  EXPECT_EQ(decode("data: a\r\n\r\ndata: b\r\rdata: c\n\n"), (Events{"a", "b", "c"}));
}

TEST(SseDecoderTest, DataLinesOfOneEventAreJoinedByLineFeeds) {
  EXPECT_EQ(decode("data: a\r\ndata: b\r\n\r\n"), Events{"a\nb"});
}

TEST(SseDecoderTest, OneBlankAfterTheColonIsSkipped) {
  EXPECT_EQ(decode("data:a\n\ndata:  b\n\n"), (Events{"a", " b"}));
}

TEST(SseDecoderTest, CommentsAndOtherFieldsAreSkipped) {
  EXPECT_EQ(decode(": ping\n\nevent: x\nid: 1\nretry: 5\ndata: a\ndatabase: b\n\n"), Events{"a"});
}

TEST(SseDecoderTest, DataWithoutAColonIsEmptyData) { EXPECT_EQ(decode("data\n\n"), Events{""}); }

TEST(SseDecoderTest, AByteOrderMarkAtTheStartIsSkipped) {
  EXPECT_EQ(decode("\xEF\xBB\xBF"
                   "data: a\n\n"),
            Events{"a"});
}

TEST(SseDecoderTest, BlankLinesAloneAreNoEvents) { EXPECT_EQ(decode("\n\r\n\n"), Events{}); }

TEST(SseDecoderTest, WhatIsLeftAtTheEndIsHandedOut) {
  EXPECT_EQ(decode("data: a\n\ndata: b\n"), (Events{"a", "b"}));
  EXPECT_EQ(decode("data: a\n\ndata: b"), (Events{"a", "b"}));
}

TEST(SseDecoderTest, EveryCutGivesTheSameEvents) {
  const std::string bytes =
      "\xEF\xBB\xBF: hi\r\n\r\ndata: {\"a\":\r\ndata: 1}\r\n\r\nevent: e\rdata: \xC3\xA9\r\rdata: "
      "z\n\n";
  const Events whole = decode(bytes);
  ASSERT_EQ(whole, (Events{"{\"a\":\n1}", "\xC3\xA9", "z"}));
  for (std::size_t step = 1; step < bytes.size(); ++step)
    EXPECT_EQ(decode(bytes, step), whole) << step;
}

TEST(SseDecoderTest, AnEventBeyondTheLimitIsBroken) {
  SseDecoder decoder(10);
  Collected all;
  EXPECT_TRUE(feed(decoder, "data: 1\n\n", all));
  const auto events = feed(decoder, "data: 12345678901", all);
  ASSERT_FALSE(events);
  EXPECT_EQ(events.error().kind, ErrorKind::Broken);
}

TEST(SseDecoderTest, TheLimitCountsAllLinesOfAnEvent) {
  SseDecoder decoder(20);
  Collected all;
  EXPECT_TRUE(feed(decoder, "data: 12345678\n", all));
  EXPECT_FALSE(feed(decoder, "data: 12345678\n", all));
}

std::string restOf(std::string_view bytes, std::size_t step, Events& events) {
  SseDecoder decoder;
  Collected all;
  for (std::size_t at = 0; at < bytes.size(); at += step) {
    EXPECT_TRUE(feed(decoder, std::string(bytes.substr(at, step)), all));
  }
  decoder.finish(all);
  events = all.events;
  return std::string(decoder.rest());
}

TEST(SseDecoderTest, FromALineOnThatIsNoFieldAllIsTheRestWhereverItIsCut) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"{\n \"a\": 1\n}\n", "{\n \"a\": 1\n}\n"},
      {"[{}\r\n]", "[{}\r\n]"},
      {" \t {\n}", "{\n}"},
      {"<html>\r\ndata: b\n\n", "<html>\n\ndata: b\n\n"},
      {"no field: b\nx", "no field: b\nx"},
      {" data: b\n", "data: b\n"},
      {"data{: b\n", "data{: b\n"},
      {"word", "word\n"}};
  for (const auto& [bytes, rest] : cases) {
    for (const std::string before : {"data: a\n\n", "data: a\n",
                                     "\xEF\xBB\xBF"
                                     "data: a\r\n\r\n"}) {
      for (const std::size_t step : {std::size_t{1}, std::size_t{3}, std::size_t{100}}) {
        Events events;
        EXPECT_EQ(restOf(before + bytes, step, events), rest) << before << bytes << step;
        EXPECT_EQ(events, Events{"a"}) << before << bytes << step;
      }
    }
  }
}

TEST(SseDecoderTest, WhatIsAFieldIsNoRest) {
  for (const std::string line :
       {": {", ":", "event: [", "id", "retry: {", "a-B_9:{", "  ", "\t", "data"}) {
    Events events;
    EXPECT_EQ(restOf(line + "\n\ndata: a\n\n", 1, events), "") << line;
    EXPECT_EQ(events.back(), "a") << line;
  }
}

TEST(SseDecoderTest, TheRestHasTheLimitOfAnEvent) {
  SseDecoder decoder(10);
  Collected all;
  EXPECT_TRUE(feed(decoder, "{23456789", all));
  const auto fed = feed(decoder, "01", all);
  ASSERT_FALSE(fed);
  EXPECT_EQ(fed.error().code, "upstream_event_too_large");
}

class IdleTest : public testing::TestWithParam<std::string> {};

// One by one: what looks at the same bytes again and again would not come to an end.
TEST_P(IdleTest, WhatMakesNoEventHasALimit) {
  SseDecoder decoder;
  Collected all;
  std::size_t size = 0;
  for (bool isFed = true; isFed; ++size) {
    ASSERT_LT(size, 2 * SseDecoder::kMaxIdleBytes + 10);
    const char next = GetParam()[size % GetParam().size()];
    const auto fed = feed(decoder, std::string_view(&next, 1), all);
    isFed = fed.has_value();
    EXPECT_EQ(isFed ? "upstream_malformed" : fed.error().code, "upstream_malformed");
  }
  EXPECT_GT(size, SseDecoder::kMaxIdleBytes);
}

TEST_P(IdleTest, TheLimitIsForOneEventAlone) {
  SseDecoder decoder;
  Collected all;
  std::string idle;
  while (idle.size() < SseDecoder::kMaxIdleBytes / 2) idle += GetParam();
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(feed(decoder, idle + "\ndata: a\n\n", all));
    EXPECT_TRUE(feed(decoder, idle + "\n", all));
    decoder.skipEvent();
  }
  EXPECT_EQ(all.events.size(), 3u);
}

INSTANTIATE_TEST_SUITE_P(Idle, IdleTest,
                         testing::Values(" ", "\t", "\n", "\r\n", ": ping\n\n", "id: 1\r", "x:\n"));

TEST(SseDecoderTest, ManyEventsTogetherMayPassTheLimit) {
  SseDecoder decoder(20);
  Collected all;
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(feed(decoder, "data: 12345678\n\n", all));
}

}  // namespace
}  // namespace rondo::streaming
