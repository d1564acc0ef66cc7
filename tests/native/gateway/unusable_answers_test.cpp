#include <gtest/gtest.h>

#include "support/pool_under_test.h"

namespace rondo::gateway {
namespace {

using Names = std::vector<std::string>;

const std::string kEmpty = R"({"candidates":[{"content":{},"finishReason":"STOP"}]})";
const std::string kMalformed =
    R"({"candidates":[{"content":{},"finishReason":"MALFORMED_FUNCTION_CALL"}]})";

// This many answers are these bytes, the rest are good.
void spoil(PoolUnderTest& pool, int answers, const std::string& body) {
  pool.callees.clear();
  pool.answers = [left = std::make_shared<int>(answers), body](const std::string&,
                                                               const http::Request&) {
    return fake::answer(200, (*left)-- > 0 ? body : greeting("Hi"));
  };
}

TEST(UnusableAnswers, AreAskedForOnceMoreThroughAnotherCredential) {
  for (const auto& body : {kEmpty, kMalformed, std::string("nonsense")}) {
    PoolUnderTest pool(3);
    spoil(pool, 1, body);
    EXPECT_EQ(pool.chat().head->status, 200) << body;
    EXPECT_EQ(pool.callees, (Names{"u1", "u2"})) << body;
  }
}

TEST(UnusableAnswers, AreAskedForOnceMoreThroughTheSameCredentialWhenThereIsNoOther) {
  PoolUnderTest pool(1);
  spoil(pool, 1, kEmpty);
  EXPECT_EQ(pool.chat().head->status, 200);
  EXPECT_EQ(pool.callees, (Names{"u1", "u1"}));
}

TEST(UnusableAnswers, ThatComeTwiceAreTheClientsAndRestNothing) {
  PoolUnderTest pool(4);
  spoil(pool, 2, kEmpty);
  const auto reply = pool.chat();
  EXPECT_EQ(reply.head->status, 502);
  EXPECT_EQ(errorCode(reply), "empty_answer");
  EXPECT_EQ(pool.callees.size(), 2U);
  const Instant before = pool.host.clock.now();
  EXPECT_EQ(pool.chat().head->status, 200);
  EXPECT_EQ(pool.host.clock.now(), before);
  EXPECT_FALSE(pool.host.logger.contains("model_resting"));
}

TEST(UnusableAnswers, ThatComeTwiceLeaveTheFallbackATry) {
  PoolUnderTest pool(1, {{"MODEL_FALLBACKS", R"({"gemini-3.8-flash":"gemini-3.7-flash"})"}});
  spoil(pool, 2, kEmpty);
  EXPECT_EQ(header(pool.chat(), "x-rondo-model"), "gemini-3.7-flash");
}

TEST(UnusableAnswers, AreNotThoseThatBreakOffWhichAreTriedElsewhereAsLongAsThereAreTries) {
  PoolUnderTest pool(3);
  pool.answers = [](const std::string& user, const http::Request&) {
    auto answer = fake::answer(200, greeting("Hi"));
    if (user != "u3") answer.breaksAfter = 0;
    return answer;
  };
  EXPECT_EQ(header(pool.chat(), "x-rondo-credential"), "u3");
}

TEST(UnusableAnswers, ThatAreTooLongEndAtOnce) {
  PoolUnderTest pool(3);
  spoil(pool, 3, greeting(std::string(17 * 1024 * 1024, 'x')));
  const auto reply = pool.chat();
  EXPECT_EQ(reply.head->status, 502);
  EXPECT_EQ(errorCode(reply), "upstream_answer_too_large");
  EXPECT_EQ(pool.callees.size(), 1U);
}

TEST(UnusableAnswers, WithMoreInThemThanCanBeReadEndAtOnceWholeAndStreamed) {
  const std::string arguments = R"({"d":)" + std::string(200, '[') + std::string(200, ']') + "}";
  const std::string body =
      R"({"candidates":[{"content":{"parts":[{"functionCall":{"name":"f","args":)" + arguments +
      "}}]}}]}";
  const std::string whole(kHello);
  const std::string streamed = R"({"stream":true,)" + whole.substr(1);
  for (const auto& [request, answer] :
       {std::pair(whole, body), std::pair(streamed, "data: " + body + "\n\n")}) {
    PoolUnderTest pool(3);
    spoil(pool, 3, answer);
    const auto reply = pool.chat(request);
    EXPECT_EQ(reply.head->status, 502) << request;
    EXPECT_EQ(errorCode(reply), "upstream_answer_too_large") << request;
    EXPECT_EQ(pool.callees.size(), 1U) << request;
  }
}

}  // namespace
}  // namespace rondo::gateway
