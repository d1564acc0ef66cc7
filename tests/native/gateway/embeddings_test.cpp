#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "support/pool_under_test.h"

namespace rondo::gateway {
namespace {

constexpr std::string_view kModel = "gemini-embedding-2";

// "t7", the text of a call that has one.
std::string textIn(const http::Request& request) {
  constexpr std::string_view kBefore = R"("text":")";
  const auto at = request.body.find(kBefore) + kBefore.size();
  return request.body.substr(at, request.body.find('"', at) - at);
}

// Text number 7 is at {1, 7}, brought to length 1.
fake::Answer vectorFor(const http::Request& request) {
  return fake::answer(200, R"({"embedding":{"values":[1,)" + textIn(request).substr(1) +
                               R"(]},"usageMetadata":{"promptTokenCount":2}})");
}

fake::Answer minute() {
  return fake::answer(
      429, R"({"error":{"code":429,"status":"RESOURCE_EXHAUSTED","message":"No.","details":[)"
           R"({"@type":"type.googleapis.com/google.rpc.QuotaFailure","violations":[{"quotaId":)"
           R"("GenerateRequestsPerMinutePerProjectPerModel"}]},)"
           R"({"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"40s"}]}})");
}

std::string textsOf(int count) {
  std::string texts;
  for (int i = 0; i < count; ++i) {
    texts.append(i == 0 ? "" : ",").append("\"t").append(std::to_string(i)).append("\"");
  }
  return R"({"model":")" + std::string(kModel) + R"(","input":[)" + texts + "]}";
}

fake::FakeReply embed(PoolUnderTest& pool, int count) {
  return pool.serve("embeddings", textsOf(count));
}

// Which text each vector of an answer stands for, in its order.
std::vector<int> placesIn(const fake::FakeReply& reply) {
  std::vector<int> places;
  const auto body = document(reply);
  for (const auto& each : *json::findArray(body, "data")) {
    const auto& vector = *json::findArray(each, "embedding");
    places.push_back(static_cast<int>(vector[1].get<double>() / vector[0].get<double>() + 0.5));
  }
  return places;
}

std::vector<int> upTo(int count) {
  std::vector<int> numbers;
  for (int i = 0; i < count; ++i) numbers.push_back(i);
  return numbers;
}

TEST(Embeddings, ComeInTheOrderOfTheTexts) {
  PoolUnderTest pool(2);
  pool.answers = [](const std::string&, const http::Request& request) {
    return vectorFor(request);
  };
  const auto reply = embed(pool, 9);
  EXPECT_EQ(reply.head->status, 200);
  EXPECT_EQ(placesIn(reply), upTo(9));
  EXPECT_EQ(header(reply, "x-rondo-attempts"), "9");
  EXPECT_EQ(header(reply, "x-rondo-model"), kModel);
  const auto body = document(reply);
  EXPECT_EQ(json::findInteger(*json::findObject(body, "usage"), "prompt_tokens"), 18);
}

TEST(Embeddings, StayWithTheCredentialThatServes) {
  PoolUnderTest pool(3);
  pool.answers = [](const std::string&, const http::Request& request) {
    return vectorFor(request);
  };
  embed(pool, 6);
  EXPECT_EQ(std::set(pool.callees.begin(), pool.callees.end()).size(), 1U);
  EXPECT_EQ(pool.mints, 1);
}

TEST(Embeddings, AskAnotherCredentialForTheRestAloneWhenOneReachesItsLimit) {
  PoolUnderTest pool(2);
  std::multiset<std::string> served;
  pool.answers = [&served](const std::string& user, const http::Request& request) {
    if (user == "u1" && served.size() >= 3) return minute();
    served.insert(textIn(request));
    return vectorFor(request);
  };
  const auto reply = embed(pool, 12);
  EXPECT_EQ(placesIn(reply), upTo(12));
  EXPECT_EQ(served.size(), 12U);
  EXPECT_EQ(pool.callees.back(), "u2");
}

TEST(Embeddings, FailAsOneWhenNobodyIsLeft) {
  PoolUnderTest pool(2);
  int calls = 0;
  pool.answers = [&calls](const std::string&, const http::Request& request) {
    return ++calls > 5 ? minute() : vectorFor(request);
  };
  const auto reply = embed(pool, 20);
  EXPECT_EQ(reply.head->status, 429);
  EXPECT_EQ(errorCode(reply), "rate_limit_exceeded");
  EXPECT_EQ(pool.host.loop.openOps(), 0U);
}

TEST(Embeddings, AskOnceWhereTheFirstCallShowsThatItIsInVain) {
  PoolUnderTest pool(1);
  pool.answers = [](const std::string&, const http::Request&) {
    return fake::answer(400, R"({"error":{"code":400,"status":"INVALID_ARGUMENT","message":"x"}})");
  };
  EXPECT_EQ(embed(pool, 20).head->status, 400);
  EXPECT_EQ(pool.callees.size(), 1U);
}

TEST(Embeddings, OfMoreTextsThanFitInTheCallsOfARequestAreRefusedWithTheNumber) {
  PoolUnderTest pool(1);
  const auto reply = embed(pool, 41);
  EXPECT_EQ(reply.head->status, 400);
  EXPECT_NE(reply.body.find("Send at most 40 at once"), std::string::npos);
  EXPECT_TRUE(pool.callees.empty());
}

TEST(Embeddings, ThatAreNotOneForEachTextAreAskedForOnceMore) {
  PoolUnderTest pool(1);
  int calls = 0;
  pool.answers = [&calls](const std::string&, const http::Request& request) {
    if (++calls > 1) return vectorFor(request);
    return fake::answer(200, R"({"embeddings":[{"values":[1,2]},{"values":[1,2]}]})");
  };
  EXPECT_EQ(placesIn(embed(pool, 1)), upTo(1));
  EXPECT_EQ(calls, 2);
}

TEST(Embeddings, AreMadeByNoModelThatMayStandIn) {
  PoolUnderTest pool(1, {{"MODEL_FALLBACKS", R"({"gemini-embedding-2":"gemini-embedding-001"})"}});
  pool.answers = [](const std::string&, const http::Request& request) {
    EXPECT_NE(request.url.find(kModel), std::string::npos);
    return minute();
  };
  EXPECT_EQ(embed(pool, 1).head->status, 429);
}

TEST(Embeddings, TakeTheTaskOfTheModelsSuffixUnlessTheRequestHasOne) {
  PoolUnderTest pool(1, {{"MODEL_ALIASES", R"x({"search":"gemini-embedding-2(CLUSTERING)"})x"}});
  std::string said;
  pool.answers = [&said](const std::string&, const http::Request& request) {
    said = textIn(request);
    return fake::answer(200, R"({"embedding":{"values":[1]}})");
  };
  const auto ask = [&](const std::string& fields) {
    pool.serve("embeddings", R"({"input":"t","model":)" + fields + "}");
    return said;
  };
  EXPECT_EQ(ask(R"x("gemini-embedding-2(classification)")x"), "task: classification | query: t");
  EXPECT_EQ(ask(R"("search")"), "task: clustering | query: t");
  EXPECT_EQ(ask(R"("search","task_type":"QUESTION_ANSWERING")"),
            "task: question answering | query: t");
}

}  // namespace
}  // namespace rondo::gateway
