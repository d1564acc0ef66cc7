#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

#include "support/pool_under_test.h"

namespace rondo::gateway {
namespace {

const credentials::Environment kFallback = {
    {"MODEL_FALLBACKS", R"({"gemini-3.8-flash":["gemini-3.7-flash","gemini-3.6-flash"]})"}};

fake::Answer noCapacity() {
  return fake::answer(
      429, R"({"error":{"code":429,"status":"RESOURCE_EXHAUSTED","message":"No.","details":[)"
           R"({"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":)"
           R"("MODEL_CAPACITY_EXHAUSTED","domain":"googleapis.com"}]}})");
}

// Only this model answers well; the others have no capacity.
void serveOnly(PoolUnderTest& pool, const std::string& model) {
  pool.answers = [model](const std::string&, const http::Request& request) {
    return request.url.find(model) == std::string::npos ? noCapacity()
                                                        : fake::answer(200, greeting("Hi"));
  };
}

ClientRequest chatRequest() {
  ClientRequest request;
  request.operation = "chat_completions";
  request.body = OwnedBytes::copyOf(kHello);
  return request;
}

TEST(Fallbacks, TakeTheNextModelThatServes) {
  PoolUnderTest pool(1, kFallback);
  serveOnly(pool, "gemini-3.6-flash");
  const auto reply = pool.chat();
  EXPECT_EQ(reply.head->status, 200);
  EXPECT_EQ(header(reply, "x-rondo-model"), "gemini-3.6-flash");
  EXPECT_EQ(header(reply, "x-rondo-attempts"), "3");
  EXPECT_EQ(json::findString(document(reply), "model"), "gemini-3.8-flash");
}

TEST(Fallbacks, AreNotTakenWhileTheModelServes) {
  PoolUnderTest pool(1, kFallback);
  serveOnly(pool, "gemini-3.8-flash");
  EXPECT_EQ(header(pool.chat(), "x-rondo-model"), "gemini-3.8-flash");
}

TEST(Fallbacks, AreNotTakenByARequestThatGoesOnFromACache) {
  PoolUnderTest pool(1, kFallback);
  serveOnly(pool, "gemini-3.6-flash");
  const auto reply =
      pool.chat(R"({"model":"gemini-3.8-flash","messages":[{"role":"user","content":"Hello"}],)"
                R"("extra_body":{"google":{"cached_content":"cachedContents/x"}}})");
  EXPECT_EQ(errorCode(reply), "model_overloaded");
  EXPECT_EQ(pool.callees.size(), 1U);
}

TEST(Fallbacks, AreOffWhenTheRequestSaysSo) {
  PoolUnderTest pool(1, kFallback);
  serveOnly(pool, "gemini-3.6-flash");
  auto request = chatRequest();
  request.fallback = Fallback::Off;
  EXPECT_EQ(errorCode(pool.serve(std::move(request))), "model_overloaded");
}

TEST(Fallbacks, StayWithinWhatTheClientMayUse) {
  PoolUnderTest pool(1, kFallback);
  serveOnly(pool, "gemini-3.7-flash");
  auto request = chatRequest();
  request.client.models = {"gemini-3.8*", "gemini-3.6*"};
  EXPECT_EQ(pool.serve(std::move(request)).head->status, 503);
}

TEST(Fallbacks, ThatFailTooLeaveTheErrorOfTheModelItself) {
  PoolUnderTest pool(1, kFallback);
  serveOnly(pool, "nothing");
  const auto reply = pool.chat();
  EXPECT_EQ(reply.head->status, 503);
  EXPECT_EQ(header(reply, "x-rondo-model"), "gemini-3.8-flash");
  EXPECT_NE(reply.body.find("`gemini-3.8-flash`"), std::string::npos);
}

TEST(Fallbacks, AreNoneForAFaultOfTheRequest) {
  PoolUnderTest pool(1, kFallback);
  pool.answers = [](const std::string&, const http::Request&) {
    return fake::answer(400, R"({"error":{"code":400,"status":"INVALID_ARGUMENT","message":"x"}})");
  };
  EXPECT_EQ(pool.chat().head->status, 400);
  EXPECT_EQ(pool.callees.size(), 1U);
}

TEST(Fallbacks, WithAFaultOfTheirOwnLeaveTheFirstModelsErrorAndTheOthersATry) {
  PoolUnderTest pool(1, kFallback);
  bool isLastGood = true;
  pool.answers = [&isLastGood](const std::string&, const http::Request& request) {
    if (request.url.find("gemini-3.8-flash") != std::string::npos) return noCapacity();
    if (request.url.find("gemini-3.6-flash") != std::string::npos && isLastGood) {
      return fake::answer(200, greeting("Hi"));
    }
    return fake::answer(400, R"({"error":{"code":400,"status":"INVALID_ARGUMENT","message":"x"}})");
  };
  EXPECT_EQ(header(pool.chat(), "x-rondo-model"), "gemini-3.6-flash");
  isLastGood = false;
  const auto reply = pool.chat();
  EXPECT_EQ(reply.head->status, 503);
  EXPECT_EQ(errorCode(reply), "model_overloaded");
}

TEST(Fallbacks, AreMendedLikeTheModelItself) {
  PoolUnderTest pool(1, kFallback);
  std::map<std::string, int> asked;
  // Each model refuses the seed once; then the first has no capacity.
  pool.answers = [&asked](const std::string&, const http::Request& request) {
    const bool isFirst = request.url.find("gemini-3.8-flash") != std::string::npos;
    if (asked[isFirst ? "first" : "next"]++ == 0) {
      return fake::answer(400,
                          R"({"error":{"code":400,"status":"INVALID_ARGUMENT","message":)"
                          R"("Unknown name \"seed\" at 'generation_config': no such field."}})");
    }
    return isFirst ? noCapacity() : fake::answer(200, greeting("Hi"));
  };
  const auto reply = pool.chat(
      R"({"model":"gemini-3.8-flash","seed":1,"messages":[{"role":"user","content":"x"}]})");
  EXPECT_EQ(reply.head->status, 200);
  EXPECT_EQ(header(reply, "x-rondo-model"), "gemini-3.7-flash");
}

TEST(Fallbacks, AreFoundByGooglesNameBehindAnAlias) {
  auto environment = kFallback;
  environment.emplace_back("MODEL_ALIASES", R"({"gpt-4o":"gemini-3.8-flash"})");
  PoolUnderTest pool(1, environment);
  serveOnly(pool, "gemini-3.7-flash");
  const auto reply =
      pool.chat(R"({"model":"gpt-4o","messages":[{"role":"user","content":"Hello"}]})");
  EXPECT_EQ(header(reply, "x-rondo-model"), "gemini-3.7-flash");
}

TEST(Strategies, StickyKeepsAConversationWithItsCredential) {
  PoolUnderTest pool(5, {{"CREDENTIAL_STRATEGY", "sticky"}});
  const auto ask = [&pool](std::string_view key) {
    return header(pool.chat(R"({"model":"gemini-3.8-flash","prompt_cache_key":")" +
                            std::string(key) + R"(","messages":[{"role":"user","content":"x"}]})"),
                  "x-rondo-credential");
  };
  const auto first = ask("conversation 1");
  for (int i = 0; i < 4; ++i) EXPECT_EQ(ask("conversation 1"), first);
  std::set<std::string> used;
  for (int i = 0; i < 40; ++i) used.insert(ask("conversation " + std::to_string(i)));
  EXPECT_EQ(used.size(), 5U);
}

TEST(Strategies, FillFirstStaysWithTheFirst) {
  PoolUnderTest pool(3, {{"CREDENTIAL_STRATEGY", "fill_first"}});
  for (int i = 0; i < 3; ++i) pool.chat();
  EXPECT_EQ(pool.callees, (std::vector<std::string>{"u1", "u1", "u1"}));
}

}  // namespace
}  // namespace rondo::gateway
