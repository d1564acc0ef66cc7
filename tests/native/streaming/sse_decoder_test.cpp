#include "streaming/sse_decoder.h"

#include <gtest/gtest.h>

namespace rondo::streaming {
namespace {

using Events = std::vector<std::string>;

struct Collected : SseDecoder::Sink {
  Events events;

  void takeEvent(std::string_view data) override { events.emplace_back(data); }
};

Events decode(std::string_view bytes, std::size_t step = 0) {
  SseDecoder decoder;
  Collected all;
  if (step == 0) step = bytes.size();
  for (std::size_t at = 0; at < bytes.size(); at += step) {
    // A copy that is gone before the next: nothing may be borrowed from it.
    const std::string piece(bytes.substr(at, step));
    EXPECT_TRUE(decoder.feed(piece, all));
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
  EXPECT_TRUE(decoder.feed("data: 1\n\n", all));
  const auto events = decoder.feed("data: 12345678901", all);
  ASSERT_FALSE(events);
  EXPECT_EQ(events.error().kind, ErrorKind::Broken);
}

TEST(SseDecoderTest, TheLimitCountsAllLinesOfAnEvent) {
  SseDecoder decoder(20);
  Collected all;
  EXPECT_TRUE(decoder.feed("data: 12345678\n", all));
  EXPECT_FALSE(decoder.feed("data: 12345678\n", all));
}

TEST(SseDecoderTest, ManyEventsTogetherMayPassTheLimit) {
  SseDecoder decoder(20);
  Collected all;
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(decoder.feed("data: 12345678\n\n", all));
}

}  // namespace
}  // namespace rondo::streaming
