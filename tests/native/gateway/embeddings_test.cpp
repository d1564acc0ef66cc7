#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "native/gateway/operator_questions.h"
#include "support/pool_under_test.h"

namespace rondo::gateway {
namespace {

constexpr std::string_view kEmbedding = "gemini-embedding-2";

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
  return R"({"model":")" + std::string(kEmbedding) + R"(","input":[)" + texts + "]}";
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
  EXPECT_EQ(header(reply, "x-rondo-model"), kEmbedding);
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

TEST(Embeddings, OfNoDocumentAreAskedForOnceMore) {
  PoolUnderTest pool(1);
  int calls = 0;
  pool.answers = [&calls](const std::string&, const http::Request& request) {
    return ++calls > 1 ? vectorFor(request) : fake::answer(200, "<html>");
  };
  EXPECT_EQ(placesIn(embed(pool, 1)), upTo(1));
  EXPECT_EQ(calls, 2);
}

TEST(Embeddings, AreJudgedByTheErrorThatAnAnswerHolds) {
  PoolUnderTest pool(2);
  pool.answers = [](const std::string& user, const http::Request& request) {
    auto answer = minute();
    answer.status = 200;
    return user == "u1" ? answer : vectorFor(request);
  };
  EXPECT_EQ(placesIn(embed(pool, 1)), upTo(1));
  EXPECT_TRUE(pool.host.logger.contains("credential_cooling"));
}

TEST(Embeddings, OfAnAnswerThatIsTooLongAreNotAskedForAgain) {
  PoolUnderTest pool(1);
  pool.answers = [](const std::string&, const http::Request&) {
    return fake::answer(200, std::string(17 * 1024 * 1024, ' '));
  };
  EXPECT_EQ(errorCode(embed(pool, 1)), "upstream_answer_too_large");
  EXPECT_EQ(pool.callees.size(), 1U);
}

TEST(Embeddings, AreAskedForOneByOneUntilOneIsThereAndThenFourAtOnce) {
  PoolUnderTest pool(1);
  std::vector<std::size_t> begun;
  pool.answers = [&](const std::string&, const http::Request& request) {
    begun.push_back(pool.host.fetcher.calls.size() - 1);  // Without the call for the token.
    return vectorFor(request);
  };
  embed(pool, 9);
  ASSERT_EQ(begun.size(), 9U);
  EXPECT_EQ(begun[0], 1U);
  EXPECT_EQ(begun[1], 5U);
}

TEST(Embeddings, MakeNoMoreCallsThanARequestMay) {
  PoolUnderTest pool(2);
  std::set<std::string> asked;
  pool.answers = [&asked](const std::string&, const http::Request& request) {
    const bool isNew = asked.insert(textIn(request)).second;
    return isNew ? fake::answer(503, "{}") : vectorFor(request);
  };
  EXPECT_EQ(errorCode(embed(pool, 40)), "too_many_calls");
  EXPECT_LE(pool.host.fetcher.calls.size(), 45U);
}

TEST(Embeddings, GoThroughTheCredentialThatIsNamed) {
  PoolUnderTest pool(3);
  pool.answers = [](const std::string&, const http::Request& request) {
    return vectorFor(request);
  };
  ClientRequest request;
  request.operation = "embeddings";
  request.credential = "u2";
  request.body = OwnedBytes::copyOf(textsOf(3));
  pool.serve(std::move(request));
  EXPECT_EQ(pool.callees, (std::vector<std::string>{"u2", "u2", "u2"}));
}

TEST(Embeddings, CountOnNoCredentialThatDoesntServeTheModel) {
  PoolUnderTest pool(1, {{"GCP_SERVICE_ACCOUNT_9",
                          R"({"type":"api_key","api_key":"key-k1","models":["gemini-2*"]})"}});
  pool.answers = [](const std::string&, const http::Request& request) {
    return vectorFor(request);
  };
  const auto reply = embed(pool, 41);
  EXPECT_TRUE(reply.body.contains("Send at most 40 at once")) << reply.body;
}

TEST(Embeddings, OfWhichMoreFitOneBackEndGoToThat) {
  PoolUnderTest pool(1, {{"GCP_SERVICE_ACCOUNT_9", R"({"type":"api_key","api_key":"key-k1"})"}});
  pool.answers = [](const std::string& user, const http::Request& request) {
    if (user == "u1") return vectorFor(request);
    std::string vectors;
    for (std::size_t at = 0; (at = request.body.find(R"("text":)", at)) != std::string::npos;
         ++at) {
      vectors.append(vectors.empty() ? "" : ",").append(R"({"values":[1,2]})");
    }
    return fake::answer(200, R"({"embeddings":[)" + vectors + "]}");
  };
  const auto reply = embed(pool, 150);
  EXPECT_EQ(reply.head->status, 200) << reply.body;
  EXPECT_EQ(pool.callees, (std::vector<std::string>{"k1", "k1"}));
}

TEST(Embeddings, OfAnEmptyPoolAreToldThatThereIsNobody) {
  PoolUnderTest pool(0);
  EXPECT_EQ(errorCode(embed(pool, 1)), "no_credentials");
}

TEST(Embeddings, AreRefusedByTheBackEndThatTakesTheMost) {
  PoolUnderTest pool(0,
                     {{"GCP_SERVICE_ACCOUNT_1", R"({"type":"api_key","api_key":"key-k1"})"},
                      {"GCP_SERVICE_ACCOUNT_2",
                       R"({"type":"authorized_user","client_id":"client","client_secret":"hush",)"
                       R"("refresh_token":"refresh-u1","project_id":"p"})"}});
  pool.answers = [](const std::string&, const http::Request&) { return minute(); };
  EXPECT_FALSE(embed(pool, 150).body.contains("at once"));
}

TEST(Embeddings, ThatFailAreToldOfWithTheirRequestAndModel) {
  PoolUnderTest pool(0, {{"GCP_SERVICE_ACCOUNT_1", R"({"type":"api_key","api_key":"key-k1"})"},
                         {"MODEL_ALIASES", R"({"mine":"gemini-embedding-2"})"}});
  pool.answers = [](const std::string&, const http::Request&) { return dayIsSpent(); };
  ClientRequest request;
  request.operation = "embeddings";
  request.id = "r-1";
  request.body = OwnedBytes::copyOf(R"({"model":"mine","input":"a"})");
  pool.serve(std::move(request));
  EXPECT_TRUE(pool.host.logger.contains("credential_cooling request=r-1"));
  EXPECT_EQ(ask(pool, "recent_requests")["requests"][0]["model"], std::string(kEmbedding));
}

TEST(Embeddings, TakeRoomForTheBodyAndTheVectors) {
  const std::size_t vectors = 9 * 3072 * sizeof(float);
  const std::size_t body = textsOf(9).size();
  PoolUnderTest pool(1);
  pool.answers = [](const std::string&, const http::Request& request) {
    return vectorFor(request);
  };
  pool.host.holdings.room = body + vectors - 1;
  EXPECT_EQ(errorCode(embed(pool, 9)), "overloaded");
  EXPECT_TRUE(pool.callees.empty());
  pool.host.holdings.room = 2 * body + vectors;
  EXPECT_EQ(embed(pool, 9).head->status, 200);
}

TEST(Embeddings, AreToldOfAsOneRequestWithAllItsCalls) {
  PoolUnderTest pool(1);
  pool.answers = [&pool](const std::string&, const http::Request& request) {
    pool.host.clock.advance(Millis{40});
    return vectorFor(request);
  };
  const auto reply = embed(pool, 3);
  EXPECT_EQ(reply.cost, 6);
  const auto one = ask(pool, "recent_requests")["requests"][0];
  EXPECT_EQ(one["model"], std::string(kEmbedding));
  EXPECT_EQ(one["attempts"].size(), 3U);
  EXPECT_TRUE(one["first_byte_ms"].is_number());
}

TEST(Embeddings, ThatFailAreToldOfWithEveryCall) {
  PoolUnderTest pool(2);
  pool.answers = [](const std::string&, const http::Request&) { return minute(); };
  embed(pool, 1);
  EXPECT_EQ(ask(pool, "recent_requests")["requests"][0]["attempts"].size(), 2U);
}

TEST(Embeddings, NameTheFieldThatGoogleRefuses) {
  PoolUnderTest pool(1);
  pool.answers = [](const std::string&, const http::Request& request) {
    EXPECT_EQ(request.headers.get("content-type"), "application/json");
    return fake::answer(400, R"({"error":{"code":400,"status":"INVALID_ARGUMENT","message":)"
                             R"("Invalid value at 'output_dimensionality' (TYPE_INT32), 9"}})");
  };
  EXPECT_EQ(document(embed(pool, 1))["error"]["param"], "dimensions");
}

TEST(Embeddings, AreMadeByNoModelThatMayStandIn) {
  PoolUnderTest pool(1, {{"MODEL_FALLBACKS", R"({"gemini-embedding-2":"gemini-embedding-001"})"}});
  pool.answers = [](const std::string&, const http::Request& request) {
    EXPECT_NE(request.url.find(kEmbedding), std::string::npos);
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
