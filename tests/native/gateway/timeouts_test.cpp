#include <gtest/gtest.h>

#include "support/pool_under_test.h"

namespace rondo::gateway {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::string_view kStreamed =
    R"({"model":"gemini-3.8-flash","stream":true,"messages":[{"role":"user","content":"Hello"}]})";
constexpr std::string_view kComment = ": keep-alive\n\n";

fake::Answer event(const std::string& data) { return fake::answer(200, "data: " + data + "\n\n"); }

const std::string kPart =
    R"({"candidates":[{"content":{"role":"model","parts":[{"text":"Hel"}]}}]})";

// One request that goes on while the test moves the clock.
class Waiting {
 public:
  explicit Waiting(PoolUnderTest& pool, std::string_view body)
      : reply(pool.host.loop), pool_(pool) {
    ClientRequest request;
    request.operation = "chat_completions";
    request.body = OwnedBytes::copyOf(body);
    task_.emplace(pool.gateway->serve(std::move(request), pool.host.io, reply));
    task_->start();
    pool.host.loop.run();
  }

  fake::FakeReply reply;

  void leave() { task_.reset(); }

  // In steps, as timers fire one after the other.
  void pass(Millis time) {
    for (; time > Millis{}; time -= seconds(1))
      pool_.host.advance(std::min<Millis>(time, seconds(1)));
  }

 private:
  PoolUnderTest& pool_;
  std::optional<Task<void>> task_;
};

TEST(Timeouts, ABackEndThatNeverAnswersIsGivenUpAndTheNextIsTried) {
  PoolUnderTest pool(2, {{"FIRST_BYTE_TIMEOUT_MS", "20000"}});
  pool.chat();
  pool.chat();
  pool.host.fetcher.holding = true;
  Waiting waiting(pool, kHello);
  waiting.pass(seconds(19));
  EXPECT_EQ(pool.host.fetcher.calls.size(), 5U);
  waiting.pass(seconds(1));
  EXPECT_EQ(pool.host.fetcher.calls.size(), 6U);
  // The one that was given up is gone; the other answers.
  pool.host.fetcher.release();
  pool.host.fetcher.release();
  pool.host.loop.run();
  EXPECT_EQ(waiting.reply.head->status, 200);
}

TEST(Timeouts, WithoutATryLeftABackEndThatNeverAnswersIsA504) {
  PoolUnderTest pool(2);
  pool.chat();
  pool.chat();
  pool.host.fetcher.holding = true;
  Waiting waiting(pool, kHello);
  waiting.pass(minutes(5));
  ASSERT_TRUE(waiting.reply.ended);
  EXPECT_EQ(waiting.reply.head->status, 504);
  EXPECT_EQ(errorCode(waiting.reply), "upstream_timeout");
}

TEST(Timeouts, AnAnswerThatStopsInTheMiddleIsA504OrAnErrorEvent) {
  for (const auto body : {kHello, kStreamed}) {
    PoolUnderTest pool(1);
    pool.answers = [](const std::string&, const http::Request&) {
      auto answer = event(kPart);
      answer.silentAfter = 1;
      return answer;
    };
    Waiting waiting(pool, body);
    waiting.pass(seconds(119));
    EXPECT_FALSE(waiting.reply.ended) << body;
    waiting.pass(seconds(1));
    ASSERT_TRUE(waiting.reply.ended) << body;
    EXPECT_NE(waiting.reply.body.find("upstream_timeout"), std::string::npos) << body;
    EXPECT_EQ(waiting.reply.head->status, body == kHello ? 504 : 200);
    EXPECT_EQ(waiting.reply.body.find("[DONE]"), std::string::npos) << body;
  }
}

// A stream of which the test lets each piece come.
class HeldStream {
 public:
  HeldStream() : pool(1) {
    pool.chat();
    pool.answers = [](const std::string&, const http::Request&) {
      auto answer = event(kPart);
      for (int i = 0; i < 9; ++i) answer.chunks.push_back(answer.chunks.front());
      return answer;
    };
    pool.host.fetcher.holdingReads = true;
    waiting.emplace(pool, kStreamed);
    come();
  }

  void come() {
    pool.host.fetcher.release();
    pool.host.loop.run();
  }

  PoolUnderTest pool;
  std::optional<Waiting> waiting;
};

TEST(Timeouts, CountFromTheLastBytesOfAStream) {
  HeldStream stream;
  for (int i = 0; i < 4; ++i) {
    stream.waiting->pass(seconds(119));
    stream.come();
  }
  EXPECT_EQ(stream.waiting->reply.body.find("upstream_timeout"), std::string::npos);
  stream.waiting->pass(seconds(119));
  EXPECT_FALSE(stream.waiting->reply.ended);
  stream.waiting->pass(seconds(1));
  EXPECT_TRUE(stream.waiting->reply.ended);
  EXPECT_NE(stream.waiting->reply.body.find("upstream_timeout"), std::string::npos);
}

TEST(KeepAlive, CountsFromTheLastBytesOfAStream) {
  HeldStream stream;
  for (int i = 0; i < 4; ++i) {
    stream.waiting->pass(seconds(14));
    stream.come();
  }
  EXPECT_EQ(stream.waiting->reply.body.find(kComment), std::string::npos);
  stream.waiting->pass(seconds(15));
  EXPECT_TRUE(stream.waiting->reply.body.ends_with(kComment));
}

TEST(KeepAlive, ASilentStreamGetsACommentEachQuarterOfAMinute) {
  PoolUnderTest pool(1);
  pool.chat();
  pool.host.fetcher.holding = true;
  Waiting waiting(pool, kStreamed);
  waiting.pass(seconds(14));
  EXPECT_FALSE(waiting.reply.head.has_value());
  waiting.pass(seconds(1));
  ASSERT_TRUE(waiting.reply.head.has_value());
  EXPECT_EQ(waiting.reply.head->status, 200);
  EXPECT_TRUE(header(waiting.reply, "content-type").starts_with("text/event-stream"));
  EXPECT_EQ(waiting.reply.body, kComment);
  waiting.pass(seconds(15));
  EXPECT_EQ(waiting.reply.body, std::string(kComment) + std::string(kComment));
}

TEST(KeepAlive, DoesNotKeepAnotherCredentialFromBeingTried) {
  PoolUnderTest pool(2, {{"FIRST_BYTE_TIMEOUT_MS", "20000"}});
  pool.chat();
  pool.chat();
  pool.answers = [](const std::string&, const http::Request&) { return event(greeting("Hi")); };
  pool.host.fetcher.holding = true;
  Waiting waiting(pool, kStreamed);
  waiting.pass(seconds(20));
  pool.host.fetcher.release();
  pool.host.fetcher.release();
  pool.host.loop.run();
  EXPECT_TRUE(waiting.reply.body.starts_with(kComment));
  EXPECT_TRUE(waiting.reply.body.ends_with("data: [DONE]\n\n"));
}

TEST(KeepAlive, MakesALaterErrorAnErrorEvent) {
  PoolUnderTest pool(1);
  pool.chat();
  pool.host.fetcher.holding = true;
  pool.answers = [](const std::string&, const http::Request&) { return fake::answer(503, ""); };
  Waiting waiting(pool, kStreamed);
  waiting.pass(seconds(15));
  pool.host.fetcher.release();
  pool.host.loop.run();
  ASSERT_TRUE(waiting.reply.ended);
  EXPECT_EQ(waiting.reply.head->status, 200);
  EXPECT_TRUE(waiting.reply.body.starts_with(std::string(kComment) + "data: {\"error\":"));
  EXPECT_EQ(waiting.reply.body.find("[DONE]"), std::string::npos);
}

TEST(KeepAlive, CountsFromTheLastBytes) {
  PoolUnderTest pool(1);
  pool.answers = [](const std::string&, const http::Request&) {
    auto answer = event(kPart);
    answer.silentAfter = 1;
    return answer;
  };
  Waiting waiting(pool, kStreamed);
  const auto begun = waiting.reply.body;
  EXPECT_NE(begun.find("Hel"), std::string::npos);
  waiting.pass(seconds(14));
  EXPECT_EQ(waiting.reply.body, begun);
  waiting.pass(seconds(1));
  EXPECT_EQ(waiting.reply.body, begun + std::string(kComment));
}

TEST(KeepAlive, CountsFromBytesThatComeLate) {
  PoolUnderTest pool(1);
  pool.chat();
  pool.host.fetcher.holding = true;
  pool.answers = [](const std::string&, const http::Request&) {
    auto answer = event(kPart);
    answer.silentAfter = 1;
    return answer;
  };
  Waiting waiting(pool, kStreamed);
  waiting.pass(seconds(10));
  pool.host.fetcher.release();
  pool.host.loop.run();
  const auto begun = waiting.reply.body;
  EXPECT_NE(begun.find("Hel"), std::string::npos);
  waiting.pass(seconds(14));
  EXPECT_EQ(waiting.reply.body, begun);
  waiting.pass(seconds(1));
  EXPECT_EQ(waiting.reply.body, begun + std::string(kComment));
}

TEST(KeepAlive, IsOffWhenTheSettingIsZero) {
  PoolUnderTest pool(1, {{"KEEPALIVE_MS", "0"}});
  pool.chat();
  pool.host.fetcher.holding = true;
  Waiting waiting(pool, kStreamed);
  waiting.pass(minutes(4));
  EXPECT_FALSE(waiting.reply.head.has_value());
}

TEST(KeepAlive, IsNotForWholeAnswers) {
  PoolUnderTest pool(1);
  pool.chat();
  pool.host.fetcher.holding = true;
  Waiting waiting(pool, kHello);
  waiting.pass(minutes(4));
  EXPECT_FALSE(waiting.reply.head.has_value());
}

TEST(ClientThatLeaves, IsInTheLogWithHowFarItsAnswerCame) {
  PoolUnderTest pool(1);
  pool.chat();
  pool.host.fetcher.holding = true;
  {
    Waiting waiting(pool, kHello);
    waiting.leave();
  }
  EXPECT_TRUE(
      pool.host.logger.contains("status=499 ms=0 client_left=before_answer sent_bytes=0 "
                                "attempts=[ credential=u1 model=gemini-3.8-flash "
                                "class=under_way"));
}

TEST(ClientThatLeaves, IsInTheLogWithItsTokensSoFar) {
  PoolUnderTest pool(1);
  pool.answers = [](const std::string&, const http::Request&) {
    auto answer = event(R"({"candidates":[{"content":{"role":"model","parts":[{"text":"Hel"}]}}],)"
                        R"("usageMetadata":{"promptTokenCount":7,"candidatesTokenCount":2}})");
    answer.silentAfter = 1;
    return answer;
  };
  {
    Waiting waiting(pool, kStreamed);
    waiting.leave();
  }
  EXPECT_TRUE(pool.host.logger.contains("client_left=during_answer"));
  EXPECT_FALSE(pool.host.logger.contains("sent_bytes=0"));
  EXPECT_TRUE(pool.host.logger.contains("prompt_tokens=7 completion_tokens=2"));
}

TEST(RequestsBody, IsGivenBackOnceTheAnswerHasBegun) {
  PoolUnderTest pool(1);
  pool.answers = [](const std::string&, const http::Request&) {
    auto answer = event(kPart);
    answer.silentAfter = 1;
    return answer;
  };
  pool.host.holdings.held = kStreamed.size();
  const Waiting waiting(pool, kStreamed);
  EXPECT_NE(waiting.reply.body.find("Hel"), std::string::npos);
  EXPECT_EQ(pool.host.holdings.held, 0U);
}

}  // namespace
}  // namespace rondo::gateway
