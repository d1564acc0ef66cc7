#include "gateway/context_cache.h"

#include <gtest/gtest.h>

#include "native/gateway/native_pool.h"
#include "native/gateway/operator_questions.h"

namespace rondo::gateway {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

// A conversation of so many exchanges, and a question, under rules that are nearly all of it.
std::string talk(int exchanges, const std::string& model = kModel,
                 const std::string& question = "u") {
  std::string messages = R"({"role":"system","content":")" + std::string(40'000, 'r') + R"("},)";
  for (int i = 0; i < exchanges; ++i) {
    messages += R"({"role":"user","content":"u"},{"role":"assistant","content":"m"},)";
  }
  messages += R"({"role":"user","content":")" + question + R"("})";
  return R"({"model":")" + model + R"(","messages":[)" + messages + "]}";
}

fake::Answer saying(std::int64_t tokens) {
  return fake::answer(200, R"({"candidates":[{"content":{"role":"model","parts":[{"text":"Yes"}]},)"
                           R"("finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":)" +
                               std::to_string(tokens) + R"(,"totalTokenCount":)" +
                               std::to_string(tokens + 1) + "}}");
}

fake::Answer refusal(int status, const std::string& word, const std::string& message) {
  return fake::answer(status, R"({"error":{"code":)" + std::to_string(status) + R"(,"status":")" +
                                  word + R"(","message":")" + message + R"("}})");
}

bool makesCache(const http::Request& request) { return request.url.contains("/cachedContents"); }

class ContextCacheTest : public testing::Test {
 protected:
  // A pool whose Google makes caches c1, c2 …, and counts so many tokens of each prompt.
  NativePool& start(PoolSize size, credentials::Environment more = {}) {
    more.emplace_back("CONTEXT_CACHE", "auto");
    pool.emplace(size, std::move(more));
    pool->answers = [this](const std::string& user, const http::Request& request) {
      if (!makesCache(request)) return said(user, request);
      creations.push_back(request);
      return made(request);
    };
    return *pool;
  }

  std::string cache(const fake::FakeReply& reply) const { return header(reply, "x-rondo-cache"); }

  // What is told of the cache of each of these, one after the other.
  std::vector<std::string> talks(const std::vector<int>& exchanges) {
    std::vector<std::string> words;
    for (const int each : exchanges) words.push_back(cache(pool->chat(talk(each))));
    return words;
  }

  fake::FakeReply chatAs(const std::string& client, int exchanges,
                         const std::string& credential = {}) {
    ClientRequest request;
    request.operation = "chat_completions";
    request.client.name = client;
    request.credential = credential;
    request.body = OwnedBytes::copyOf(talk(exchanges));
    return pool->serve(std::move(request));
  }

  const http::Request& sent() const { return pool->sent(); }

  PoolUnderTest::Answers said = [this](const std::string&, const http::Request&) {
    return saying(tokens);
  };
  std::function<fake::Answer(const http::Request&)> made = [this](const http::Request&) {
    return fake::answer(
        200, R"({"name":"cachedContents/c)" + std::to_string(creations.size()) + R"("})");
  };
  std::int64_t tokens = 4000;
  std::vector<http::Request> creations;
  std::optional<NativePool> pool;
};

using Words = std::vector<std::string>;

// --- Making --------------------------------------------------------------------------------------

TEST_F(ContextCacheTest, IsMadeWhenABeginningComesAgainAndUsedFromThenOn) {
  start({.keys = 1});
  EXPECT_EQ(talks({0, 1, 2}), (Words{"", "making", "used"}));
  const auto body = json::parse(sent().body).value_or(json::Value());
  EXPECT_EQ(body["cachedContent"], "cachedContents/c1");
  EXPECT_FALSE(body.contains("systemInstruction"));
}

TEST_F(ContextCacheTest, IsMadeAtTheGeminiApiForFiveMinutes) {
  start({.keys = 1});
  talks({0, 1});
  ASSERT_EQ(creations.size(), 1U);
  EXPECT_EQ(creations[0].url, "https://generativelanguage.googleapis.com/v1beta/cachedContents");
  EXPECT_EQ(creations[0].headers.get("content-type"), "application/json");
  EXPECT_EQ(creations[0].headers.get("x-goog-api-key"), "key-k1");
  EXPECT_EQ(creations[0].timeout, Millis(seconds(60)));
  const auto body = json::parse(creations[0].body).value_or(json::Value());
  EXPECT_EQ(body["model"], "models/gemini-3.8-flash");
  EXPECT_EQ(body["ttl"], "300s");
}

TEST_F(ContextCacheTest, OfVertexNamesItsModelInFull) {
  start({.users = 1});
  talks({0, 1});
  ASSERT_EQ(creations.size(), 1U);
  EXPECT_EQ(creations[0].url,
            "https://aiplatform.googleapis.com/v1/projects/project-u1/locations/global/"
            "cachedContents");
  EXPECT_EQ(json::parse(creations[0].body).value_or(json::Value())["model"],
            "projects/project-u1/locations/global/publishers/google/models/gemini-3.8-flash");
}

TEST_F(ContextCacheTest, OfVertexLiesWhereTheCredentialIs) {
  start({}, {{"GCP_SERVICE_ACCOUNT_1",
              R"({"type":"authorized_user","client_id":"client","client_secret":"hush",)"
              R"("refresh_token":"refresh-u1","project_id":"p","location":"europe-west4"})"}});
  talks({0, 1});
  ASSERT_EQ(creations.size(), 1U);
  EXPECT_EQ(json::parse(creations[0].body).value_or(json::Value())["model"],
            "projects/p/locations/europe-west4/publishers/google/models/gemini-3.8-flash");
}

TEST_F(ContextCacheTest, IsNotMadeOfMoreThanFourMebibytes) {
  start({.keys = 1});
  const std::string more(4 * 1024 * 1024, 'w');
  const auto large = [&more](int exchanges) {
    auto body = talk(exchanges);
    return body.replace(body.find(R"("role":"system","content":")") + 27, 0, more);
  };
  for (const int exchanges : {0, 1, 2}) EXPECT_EQ(cache(pool->chat(large(exchanges))), "");
  EXPECT_TRUE(creations.empty());
}

TEST_F(ContextCacheTest, CountsOfThePromptOnlyThePartThatItWouldHold) {
  start({.keys = 1});
  tokens = 1500;
  const std::string long40(40'000, 'q');
  for (const int exchanges : {0, 1}) {
    EXPECT_EQ(cache(pool->chat(talk(exchanges, kModel, long40))), "");
  }
}

TEST_F(ContextCacheTest, IsMadeThoughAnAnswerInBetweenCountsNothing) {
  start({.keys = 1});
  made = [](const http::Request&) { return refusal(400, "INVALID_ARGUMENT", "No."); };
  talks({0});
  tokens = 0;
  talks({0});
  pool->host.advance(seconds(60));
  EXPECT_EQ(talks({1}), Words{"making"});
}

// Begins another request while something of the first one is under way, which goes on when the
// other one has been asked.
class ContextCacheOfTwo : public ContextCacheTest {
 protected:
  void beginOther(std::string_view body) {
    pool->host.fetcher.holdingReads = true;
    said = [this](const std::string&, const http::Request&) {
      pool->host.fetcher.holdingReads = false;
      pool->host.fetcher.release();
      return saying(tokens);
    };
    ClientRequest request;
    request.operation = "chat_completions";
    request.body = OwnedBytes::copyOf(body);
    reply.emplace(pool->host.loop);
    other.emplace(pool->gateway->serve(std::move(request), pool->host.io, *reply));
    other->start();
  }

  std::optional<fake::FakeReply> reply;
  std::optional<Task<void>> other;
};

TEST_F(ContextCacheOfTwo, IsMadeOnce) {
  start({.keys = 1});
  talks({0});
  said = [this](const std::string&, const http::Request&) {
    beginOther(talk(1));
    return saying(tokens);
  };
  EXPECT_EQ(talks({1}), Words{"making"});
  ASSERT_TRUE(reply->ended);
  EXPECT_EQ(cache(*reply), "");
  EXPECT_EQ(creations.size(), 1U);
}

TEST_F(ContextCacheOfTwo, IsBeingMadeForAMinuteFromTheAnswerOn) {
  start({.keys = 1});
  talks({0});
  said = [this](const std::string&, const http::Request&) {
    pool->host.clock.advance(seconds(50));
    return saying(tokens);
  };
  made = [this](const http::Request&) {
    pool->host.clock.advance(seconds(20));
    beginOther(talk(1));
    return fake::answer(200, R"({"name":"cachedContents/c1"})");
  };
  EXPECT_EQ(talks({1}), Words{"making"});
  ASSERT_TRUE(reply->ended);
  EXPECT_EQ(cache(*reply), "");
}

TEST_F(ContextCacheTest, MayBeUsedWhileALongerOneIsMade) {
  start({.keys = 1});
  talks({0, 1});
  tokens = 9000;
  EXPECT_EQ(talks({2, 3}), (Words{"used", "used, making"}));
  EXPECT_EQ(talks({4}), Words{"used"});
  EXPECT_EQ(json::parse(sent().body).value_or(json::Value())["cachedContent"], "cachedContents/c2");
}

TEST_F(ContextCacheTest, IsUsedForItsFiveMinutesAndNoLonger) {
  start({.keys = 1});
  talks({0, 1});
  for (int time = 0; time < 2; ++time) {
    pool->host.advance(minutes(2));
    EXPECT_EQ(talks({0}), Words{"used"});
  }
  pool->host.advance(minutes(1));
  EXPECT_FALSE(talks({0})[0].starts_with("used"));
}

// --- What Google refuses to make -----------------------------------------------------------------

// What comes again within the hour, and behind it.
class ContextCacheRefused : public ContextCacheTest {
 protected:
  std::vector<std::string> later(Millis by) {
    pool->host.advance(by);
    return talks({0, 1});
  }
};

TEST_F(ContextCacheRefused, IsAskedForAgainAfterAnHour) {
  start({.keys = 1});
  made = [](const http::Request&) {
    return refusal(429, "RESOURCE_EXHAUSTED", "No caches for you@example.com.");
  };
  talks({0, 1});
  EXPECT_EQ(later(minutes(60) - seconds(1)), (Words{"", ""}));
  EXPECT_EQ(later(seconds(1)), (Words{"", "making"}));
  EXPECT_EQ(creations.size(), 2U);
  EXPECT_TRUE(pool->host.logger.contains("context_cache_refused"));
  EXPECT_FALSE(pool->host.logger.contains("you@example.com"));
  EXPECT_EQ(pool->chat(talk(0)).head->status, 200);
}

TEST_F(ContextCacheRefused, IsNotAskedForAtOnceWhereNothingOrNoNameCameBack) {
  const std::vector<fake::Answer> answers = {
      {200, {}, {}, {}, true},
      fake::answer(200, "{}"),
      fake::answer(503, R"({"name":"cachedContents/c1"})"),
  };
  for (const auto& answer : answers) {
    start({.keys = 1});
    made = [&answer](const http::Request&) { return answer; };
    talks({0, 1});
    EXPECT_EQ(later(minutes(2)), (Words{"", ""}));
    EXPECT_TRUE(pool->host.logger.contains("context_cache_refused"));
  }
}

TEST_F(ContextCacheRefused, ForBeingTooSmallIsMadeOfWhatIsLargeEnough) {
  start({.keys = 1});
  tokens = 1500;
  made = [](const http::Request&) {
    return refusal(400, "INVALID_ARGUMENT",
                   "Cached content is too small. total_token_count=1500, "
                   "min_total_token_count=2048");
  };
  talks({0, 1});
  EXPECT_EQ(later(minutes(2)), (Words{"", ""}));
  tokens = 2100;
  EXPECT_EQ(later(seconds(1)), (Words{"", "making"}));
}

// --- Using ---------------------------------------------------------------------------------------

// Refuses what names a cache.
class ContextCacheLost : public ContextCacheTest {
 protected:
  void refuse(fake::Answer answer) {
    said = [this, answer](const std::string&, const http::Request& request) {
      return request.body.contains("cachedContent") ? answer : saying(tokens);
    };
  }
};

TEST_F(ContextCacheLost, IsGoneWithoutAndToldAndNotUsedForTenMinutes) {
  const std::vector<fake::Answer> answers = {
      refusal(403, "PERMISSION_DENIED",
              "CachedContent not found (or permission denied) for cachedContents/c1"),
      refusal(404, "NOT_FOUND", "Not found: cached content metadata for 345."),
      refusal(404, "NOT_FOUND", "Requested entity was not found."),
      refusal(400, "INVALID_ARGUMENT", "CachedContent can not be used with this request."),
      fake::answer(
          403, R"({"error":{"code":403,"status":"PERMISSION_DENIED","message":"No.","details":[)"
               R"({"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":)"
               R"("IAM_PERMISSION_DENIED","domain":"iam.googleapis.com"}]}})")};
  for (const auto& answer : answers) {
    start({.keys = 1});
    talks({0, 1});
    refuse(answer);
    const auto reply = pool->chat(talk(2));
    EXPECT_EQ(reply.head->status, 200) << answer.chunks[0];
    EXPECT_EQ(cache(reply), "");
    EXPECT_EQ(header(reply, "x-rondo-adjusted"), "context_cache");
    EXPECT_EQ(pool->callees.size(), 5U);
    EXPECT_TRUE(sent().body.contains("systemInstruction"));
    said = [this](const std::string&, const http::Request&) { return saying(tokens); };
    pool->host.advance(minutes(10) - seconds(1));
    EXPECT_EQ(talks({2, 3}), (Words{"", ""}));
    pool->host.advance(seconds(1));
    EXPECT_EQ(talks({2, 3}), (Words{"", "making"}));
  }
}

TEST_F(ContextCacheLost, IsNotTheReasonForWhatIsSurelyTheCredentialsOrThePools) {
  for (const auto& answer :
       {minuteSpent(), apiIsOff(), refusal(401, "UNAUTHENTICATED", "Who is that?")}) {
    start({.keys = 1});
    talks({0, 1});
    refuse(answer);
    EXPECT_NE(pool->chat(talk(2)).head->status, 200);
  }
}

// A second one that is refused would be one too many.
TEST_F(ContextCacheLost, IsNotReplacedByOneOfAnotherCredential) {
  start({.keys = 2});
  for (const auto* key : {"k1", "k2"}) {
    chatAs("me", 0, key);
    chatAs("me", 1, key);
  }
  chatAs("me", 1, "k1");
  said = [this](const std::string& user, const http::Request& request) {
    if (request.body.contains("cachedContent")) {
      return refusal(404, "NOT_FOUND", "Requested entity was not found.");
    }
    return user == "k1" ? minuteSpent() : saying(tokens);
  };
  const auto reply = chatAs("me", 2);
  EXPECT_EQ(reply.head->status, 200);
  EXPECT_EQ(header(reply, "x-rondo-credential"), "k2");
}

TEST_F(ContextCacheLost, IsNotTheReasonWhereNoneWasUsed) {
  start({.keys = 1});
  pool->answers = [](const std::string&, const http::Request&) {
    return refusal(400, "INVALID_ARGUMENT", "No.");
  };
  EXPECT_EQ(pool->chat(talk(0)).head->status, 400);
  EXPECT_EQ(pool->callees.size(), 1U);
}

// --- Whose it is ---------------------------------------------------------------------------------

TEST_F(ContextCacheTest, IsOneClients) {
  start({.keys = 1});
  chatAs("me", 0);
  chatAs("me", 1);
  EXPECT_EQ(cache(chatAs("you", 2)), "");
  EXPECT_EQ(cache(chatAs("me", 2)), "used");
}

TEST_F(ContextCacheTest, IsOneModels) {
  start({.keys = 1});
  talks({0, 1});
  EXPECT_EQ(cache(pool->chat(talk(2, "gemini-4-neon"))), "");
}

TEST_F(ContextCacheTest, IsOneCredentials) {
  start({.keys = 2});
  chatAs("me", 0, "k1");
  chatAs("me", 1, "k1");
  EXPECT_EQ(cache(chatAs("me", 2, "k2")), "");
  EXPECT_EQ(cache(chatAs("me", 2, "k1")), "used");
}

TEST_F(ContextCacheTest, KeepsAConversationWithItsCredential) {
  start({.keys = 3});
  talks({0, 1, 2, 3});
  EXPECT_EQ(pool->callees, (Words{"k1", "k1", "k1", "k1", "k1"}));
}

TEST_F(ContextCacheTest, KeepsTheConversationOfOneClientAlone) {
  start({.keys = 2});
  chatAs("me", 0);
  chatAs("you", 0);
  EXPECT_EQ(pool->callees, (Words{"k1", "k2"}));
}

TEST_F(ContextCacheTest, OfACredentialThatFailedIsNotToldOfTheNext) {
  start({.keys = 2});
  const auto caching = made;
  made = [](const http::Request&) { return refusal(429, "RESOURCE_EXHAUSTED", "No."); };
  chatAs("me", 0, "k2");
  chatAs("me", 1, "k2");
  made = caching;
  chatAs("me", 0, "k1");
  chatAs("me", 1, "k1");
  said = [this](const std::string& user, const http::Request&) {
    return user == "k1" ? minuteSpent() : saying(tokens);
  };
  const auto reply = chatAs("me", 2);
  EXPECT_EQ(header(reply, "x-rondo-credential"), "k2");
  EXPECT_EQ(header(reply, "x-rondo-attempts"), "2");
  EXPECT_EQ(cache(reply), "");
}

}  // namespace
}  // namespace rondo::gateway
