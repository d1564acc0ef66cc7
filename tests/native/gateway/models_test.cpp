#include <gtest/gtest.h>

#include "support/pool_under_test.h"

namespace rondo::gateway {
namespace {

fake::Answer listed() {
  return fake::answer(200,
                      R"({"publisherModels":[{"name":"publishers/google/models/gemini-4-neon"},)"
                      R"({"name":"publishers/google/models/gemini-3.8-flash"}]})");
}

PoolUnderTest::Answers lists() {
  return [](const std::string&, const http::Request&) { return listed(); };
}

TEST(Models, AreTheBackEndsOwnAndTheAliases) {
  PoolUnderTest pool(1, {{"MODEL_ALIASES", R"({"gpt-4o":"gemini-3.8-flash"})"}});
  pool.answers = lists();
  const auto body = document(pool.serve("list_models", ""));
  std::vector<std::string> ids;
  for (const auto& model : *json::findArray(body, "data")) {
    ids.emplace_back(*json::findString(model, "id"));
  }
  EXPECT_EQ(ids, (std::vector<std::string>{"gpt-4o", "gemini-3.8-flash", "gemini-4-neon"}));
}

TEST(Models, AreAskedForOnceAnHour) {
  PoolUnderTest pool(1);
  pool.answers = lists();
  pool.serve("list_models", "");
  pool.host.advance(std::chrono::minutes(59));
  pool.serve("list_models", "");
  EXPECT_EQ(pool.callees.size(), 1U);
  pool.host.advance(std::chrono::minutes(1));
  pool.serve("list_models", "");
  EXPECT_EQ(pool.callees.size(), 2U);
}

TEST(Models, AreTheOldOnesWhileTheBackEndFails) {
  PoolUnderTest pool(1);
  pool.answers = lists();
  pool.serve("list_models", "");
  pool.host.advance(std::chrono::hours(2));
  pool.answers = [](const std::string&, const http::Request&) { return fake::answer(503, ""); };
  EXPECT_EQ(pool.serve("list_models", "").head->status, 200);
}

TEST(Models, AreAskedOfTheNextCredentialWhenOneFails) {
  PoolUnderTest pool(2);
  pool.answers = [](const std::string& user, const http::Request&) {
    return user == "u1" ? fake::answer(403, "{}") : listed();
  };
  EXPECT_EQ(pool.serve("list_models", "").head->status, 200);
}

TEST(Models, AreAskedOfThreeCredentialsHoweverManyModelsCoolForOne) {
  PoolUnderTest pool(3);
  pool.answers = [](const std::string& user, const http::Request&) {
    return user == "u1" ? fake::answer(429, R"({"error":{"code":429,"status":"RESOURCE_EXHAUSTED",)"
                                            R"("message":"Quota exceeded, retry in 90s"}})")
                        : fake::answer(200, greeting("Hi"));
  };
  for (const auto* model : {"gemini-3.1-flash", "gemini-3.2-flash", "gemini-3.3-flash"}) {
    pool.chat(R"({"model":")" + std::string(model) +
              R"(","messages":[{"role":"user","content":"x"}]})");
  }
  pool.answers = [](const std::string& user, const http::Request&) {
    return user == "u1" ? fake::answer(403, "{}") : listed();
  };
  pool.callees.clear();
  EXPECT_EQ(pool.serve("list_models", "").head->status, 200);
  EXPECT_EQ(pool.callees, (std::vector<std::string>{"u1", "u2"}));
}

TEST(Models, AreAskedNextTimeOfThoseBehindTheOnesThatFailed) {
  PoolUnderTest pool(5);
  pool.answers = [](const std::string& user, const http::Request&) {
    return user == "u5" ? listed() : fake::answer(403, "{}");
  };
  EXPECT_EQ(pool.serve("list_models", "").head->status, 503);
  EXPECT_EQ(pool.callees, (std::vector<std::string>{"u1", "u2", "u3"}));
  pool.host.advance(std::chrono::minutes(1));
  EXPECT_EQ(pool.serve("list_models", "").head->status, 200);
  EXPECT_EQ(pool.callees, (std::vector<std::string>{"u1", "u2", "u3", "u4", "u5"}));
}

TEST(Models, AreNotAskedForWithinAMinuteOfAFailureThoughNothingWasSeenYet) {
  PoolUnderTest pool(1);
  pool.answers = [](const std::string&, const http::Request&) { return fake::answer(503, ""); };
  const auto first = pool.serve("list_models", "");
  EXPECT_EQ(first.head->status, 503);
  pool.host.advance(std::chrono::minutes(1) - Millis(1));
  const auto again = pool.serve("list_models", "");
  EXPECT_EQ(again.body, first.body);
  EXPECT_EQ(pool.callees.size(), 1U);
  pool.host.advance(Millis(1));
  pool.serve("list_models", "");
  EXPECT_EQ(pool.callees.size(), 2U);
}

TEST(Models, AreNotAskedForWithinAMinuteOfAFailureAfterASuccess) {
  PoolUnderTest pool(1);
  pool.answers = lists();
  pool.serve("list_models", "");
  pool.host.advance(std::chrono::hours(1));
  pool.answers = [](const std::string&, const http::Request&) { return fake::answer(503, ""); };
  for (int i = 0; i < 3; ++i) EXPECT_EQ(pool.serve("list_models", "").head->status, 200);
  EXPECT_EQ(pool.callees.size(), 2U);
}

const credentials::Environment kAlsoGemini = {
    {"GCP_SERVICE_ACCOUNT_2",
     R"({"type":"authorized_user","client_id":"client","client_secret":"hush","alias":"u2",)"
     R"("refresh_token":"refresh-u2","project_id":"project-u2","backend":"gemini"})"}};

std::string listOf(PoolUnderTest& pool) { return pool.serve("list_models", "").body; }

std::size_t countOf(const std::string& text, std::string_view words) {
  std::size_t count = 0;
  for (auto at = text.find(words); at != std::string::npos; at = text.find(words, at + 1)) ++count;
  return count;
}

TEST(Models, OfBothBackEndsAreListedOnce) {
  PoolUnderTest pool(1, kAlsoGemini);
  pool.answers = [](const std::string& user, const http::Request&) {
    return user == "u1"
               ? listed()
               : fake::answer(200, R"({"models":[{"name":"models/gemini-4-neon",)"
                                   R"("supportedGenerationMethods":["generateContent"]}]})");
  };
  EXPECT_EQ(countOf(listOf(pool), "gemini-4-neon"), 1U);
  EXPECT_EQ(pool.callees.size(), 2U);
}

TEST(Models, OfOneBackEndAreListedThoughTheOtherFails) {
  PoolUnderTest pool(1, kAlsoGemini);
  pool.answers = [](const std::string& user, const http::Request&) {
    return user == "u1" ? listed() : fake::answer(403, "{}");
  };
  EXPECT_EQ(countOf(listOf(pool), "gemini-4-neon"), 1U);
}

TEST(Models, AreReadPageByPage) {
  PoolUnderTest pool(1);
  pool.answers = [](const std::string&, const http::Request& request) {
    if (request.url.find("pageToken=p%2F2") != std::string::npos) return listed();
    return fake::answer(200, R"({"publisherModels":[{"name":"publishers/google/models/gemini-1"}],)"
                             R"("nextPageToken":"p/2"})");
  };
  const auto list = listOf(pool);
  EXPECT_EQ(countOf(list, "gemini-1\""), 1U);
  EXPECT_EQ(countOf(list, "gemini-4-neon"), 1U);
}

TEST(Models, AreNotAskedOfACredentialInQuarantine) {
  PoolUnderTest pool(2);
  const auto google = pool.host.fetcher.handler;
  pool.host.fetcher.handler = [google](const http::Request& request) {
    if (request.body.find("refresh-u1") == std::string::npos) return google(request);
    return fake::answer(400, R"({"error":"invalid_grant","error_description":"Revoked."})");
  };
  pool.chat();
  pool.answers = lists();
  const auto calls = pool.host.fetcher.calls.size();
  pool.serve("list_models", "");
  EXPECT_EQ(pool.host.fetcher.calls.size(), calls + 1);
}

TEST(Models, AreAskedForWithANewTokenAfterA401) {
  PoolUnderTest pool(1);
  pool.answers = [](const std::string&, const http::Request&) { return fake::answer(401, "{}"); };
  pool.serve("list_models", "");
  pool.host.advance(std::chrono::minutes(1));
  pool.answers = lists();
  EXPECT_EQ(pool.serve("list_models", "").head->status, 200);
  EXPECT_EQ(pool.mints, 2);
}

TEST(Models, AreFoundOneByOne) {
  PoolUnderTest pool(1);
  pool.answers = lists();
  const auto found = document(pool.serve("get_model", "", "gemini-4-neon"));
  EXPECT_EQ(json::findString(found, "object"), "model");
  const auto missing = pool.serve("get_model", "", "gemini-9");
  EXPECT_EQ(missing.head->status, 404);
  EXPECT_EQ(errorCode(missing), "model_not_found");
}

// The members `display_name` of Anthropic's list.
std::vector<std::string> displayNames(PoolUnderTest& pool) {
  const auto body = document(pool.serve("list_anthropic_models", ""));
  std::vector<std::string> names;
  for (const auto& model : *json::findArray(body, "data")) {
    names.emplace_back(*json::findString(model, "display_name"));
  }
  return names;
}

TEST(Models, HaveTheNamesForPeopleThatGoogleTells) {
  auto settings = kAlsoGemini;
  settings.emplace_back("MODEL_ALIASES", R"({"gpt-4o":"gemini-5"})");
  PoolUnderTest pool(1, settings);
  pool.answers = [](const std::string& user, const http::Request&) {
    return user == "u1" ? listed()
                        : fake::answer(200, R"({"models":[{"name":"models/gemini-5",)"
                                            R"("displayName":"Gemini 5"},)"
                                            R"({"name":"models/gemini-6","displayName":""}]})");
  };
  // An alias is a name that the operator gave.
  EXPECT_EQ(displayNames(pool),
            (std::vector<std::string>{"gpt-4o", "gemini-3.8-flash", "gemini-4-neon", "Gemini 5",
                                      "gemini-6"}));
  const auto one = document(pool.serve("get_anthropic_model", "", "gemini-5"));
  EXPECT_EQ(json::findString(one, "display_name"), "Gemini 5");
}

TEST(Health, IsOkWithACredential) {
  PoolUnderTest pool(2);
  const auto reply = pool.serve("health", "");
  EXPECT_EQ(reply.head->status, 200);
  EXPECT_EQ(json::findString(document(reply), "status"), "ok");
}

TEST(Health, IsBadWithoutOne) {
  PoolUnderTest pool(0);
  EXPECT_EQ(pool.serve("health", "").head->status, 503);
}

}  // namespace
}  // namespace rondo::gateway
