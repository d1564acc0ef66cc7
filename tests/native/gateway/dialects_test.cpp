#include <gtest/gtest.h>

#include "native/gateway/plain_dialect.h"
#include "support/pool_under_test.h"

// A dialect is all that a new way to speak to Rondo takes: nothing below the gateway knows which
// there are.

namespace rondo::gateway {
namespace {

constexpr std::string_view kTalkative =
    R"({"candidates":[{"content":{"parts":[{"text":"Hm.","thought":true},{"text":"Yes"},)"
    R"({"functionCall":{"name":"f","args":{"a":1}}},{"text":"!"}]},"finishReason":"STOP"}]})";

const Dialects& plainAlone() {
  static const plain::Plain dialect;
  static const Dialects dialects{{"plain", &dialect}};
  return dialects;
}

fake::FakeReply say(PoolUnderTest& pool, const std::string& text) {
  return pool.serve("plain", text, "gemini-3.8-flash");
}

void answerWith(PoolUnderTest& pool, std::string body) {
  pool.answers = [body](const std::string&, const http::Request&) {
    return fake::answer(200, body);
  };
}

TEST(ADialect, IsAnsweredWholeInTheOrderInWhichGoogleSpoke) {
  PoolUnderTest pool(1, {}, plainAlone());
  answerWith(pool, std::string(kTalkative));
  const auto reply = say(pool, "Well?");
  EXPECT_EQ(reply.head->status, 200);
  EXPECT_EQ(reply.body, R"((Hm.)Yesf{"a":1}!)");
  EXPECT_NE(pool.host.fetcher.calls.back().body.find(R"({"text":"Well?"})"), std::string::npos);
}

TEST(ADialect, IsAnsweredAsAStream) {
  PoolUnderTest pool(1, {}, plainAlone());
  answerWith(pool, R"(data: {"candidates":[{"content":{"parts":[{"text":"One."}]}}]})"
                   "\n\ndata: " +
                       std::string(kTalkative) + "\n\n");
  EXPECT_EQ(say(pool, "... Well?").body, "One.(Hm.)Yesf{\"a\":1}!\n");
}

TEST(ADialect, TellsItsOwnErrors) {
  PoolUnderTest pool(1, {}, plainAlone());
  const auto reply = say(pool, "");
  EXPECT_EQ(reply.head->status, 418);
  EXPECT_EQ(reply.body, "Say something.");
}

TEST(ADialect, TellsPoolsErrorsInItsOwnWay) {
  PoolUnderTest pool(0, {}, plainAlone());
  EXPECT_EQ(say(pool, "Well?").head->status, 418);
}

TEST(ADialect, TellsAFaultInTheMiddleOfAStream) {
  PoolUnderTest pool(1, {}, plainAlone());
  answerWith(pool, R"(data: {"candidates":[{"content":{"parts":[{"text":"One."}]}}]})"
                   "\n\n");
  EXPECT_EQ(say(pool, "... Well?").body, "One.! upstream_incomplete\n");
}

TEST(ADialect, TellsInItsStreamThatNothingWasAnsweredOnceTheStreamHasBegun) {
  PoolUnderTest pool(1, {{"KEEPALIVE_MS", "1000"}, {"FIRST_BYTE_TIMEOUT_MS", "2500"}},
                     plainAlone());
  say(pool, "To begin with.");
  pool.host.fetcher.holding = true;
  EXPECT_EQ(say(pool, "... Well?").body, "  ! upstream_timeout\n");
}

fake::FakeReply count(PoolUnderTest& pool, const std::string& text) {
  return say(pool, "? " + text);
}

TEST(ADialect, MayHaveTheTokensOfARequestCounted) {
  PoolUnderTest pool(1, {}, plainAlone());
  answerWith(pool, R"({"totalTokens":7,"promptTokensDetails":[]})");
  EXPECT_EQ(count(pool, "Well?").body, "7 tokens");
  const auto& call = pool.host.fetcher.calls.back();
  EXPECT_NE(call.url.find(":countTokens"), std::string::npos) << call.url;
}

TEST(ADialect, HasTokensCountedForNothing) {
  PoolUnderTest pool(1, {}, plainAlone());
  answerWith(pool, R"({"totalTokens":7})");
  EXPECT_EQ(count(pool, "Well?").cost, std::nullopt);
  EXPECT_EQ(count(pool, "... Well?").cost, std::nullopt);
}

TEST(ADialect, MayStreamACount) {
  PoolUnderTest pool(1, {}, plainAlone());
  answerWith(pool, R"({"totalTokens":7})");
  EXPECT_EQ(count(pool, "... Well?").body, "7\n");
}

TEST(ADialect, IsToldThatNothingWasCounted) {
  for (const auto* answer : {"{}", "no", R"({"totalTokens":-1})", R"({"totalTokens":"7"})"}) {
    PoolUnderTest pool(1, {}, plainAlone());
    answerWith(pool, answer);
    EXPECT_EQ(count(pool, "Well?").head->status, 418) << answer;
  }
}

TEST(ADialect, NamesTheFieldThatGoogleRefuses) {
  PoolUnderTest pool(1, {}, plainAlone());
  pool.answers = [](const std::string&, const http::Request&) {
    return fake::answer(400, R"({"error":{"code":400,"status":"INVALID_ARGUMENT","message":)"
                             R"("Invalid value at 'contents[0].parts[0].text'"}})");
  };
  EXPECT_EQ(say(pool, "Well?").head->status, 418);
}

TEST(ADialect, IsNoneOfThoseThatAreNotListed) {
  PoolUnderTest pool(1, {}, plainAlone());
  EXPECT_EQ(errorCode(pool.chat()), "unknown_operation");
}

}  // namespace
}  // namespace rondo::gateway
