#include <gtest/gtest.h>

#include "native/gateway/native_pool.h"

namespace rondo::gateway {
namespace {

using Names = std::vector<std::string>;

// Models as the Gemini API lists them: of one it says something.
std::string listOf(int models) {
  std::string list = R"({"models":[{"name":"models/gemini-000","displayName":"First",)"
                     R"("supportedGenerationMethods":["generateContent"]})";
  for (int i = 1; i < models; ++i) {
    list += R"(,{"name":"models/gemini-)" + std::to_string(1000 + i) + R"("})";
  }
  return list + "]}";
}

class NativeModels : public testing::Test {
 protected:
  NativeModels() { start(3); }

  void start(int models, credentials::Environment more = {}) {
    pool.emplace(PoolSize{.keys = 1}, std::move(more));
    pool->answers = [models](const std::string&, const http::Request&) {
      return fake::answer(200, listOf(models));
    };
  }

  fake::FakeReply list(std::string size = {}, std::string token = {},
                       std::string backEnd = "gemini") {
    ClientRequest request;
    request.operation = "native_list_" + backEnd + "_models";
    request.page.limit = std::move(size);
    request.page.afterId = std::move(token);
    return pool->serve(std::move(request));
  }

  std::size_t sizeOf(std::string size) {
    const auto body = document(list(std::move(size)));
    const auto* models = json::findArray(body, "models");
    return models ? models->size() : 0;
  }

  // As the Gemini API names it.
  json::Value one(std::string name) {
    return document(pool->serve("native_get_gemini_model", "", std::move(name)));
  }

  std::optional<NativePool> pool;
};

TEST_F(NativeModels, AreListedPageByPage) {
  Names pages;
  std::string token;
  do {
    const auto body = document(list("2", token));
    std::string page;
    for (const auto& each : body["models"]) page += each["name"].get<std::string>() + " ";
    pages.push_back(page);
    token = json::findString(body, "nextPageToken").value_or("");
  } while (!token.empty());
  EXPECT_EQ(pages, (Names{"models/gemini-000 models/gemini-1001 ", "models/gemini-1002 "}));
}

TEST_F(NativeModels, HaveNoTokenBehindTheLastOne) {
  EXPECT_FALSE(document(list("3")).contains("nextPageToken"));
}

TEST_F(NativeModels, AreFiftyAPageUnlessOtherwiseAsked) {
  start(60);
  EXPECT_EQ(sizeOf(""), 50U);
  EXPECT_EQ(sizeOf("0"), 50U);
  EXPECT_EQ(sizeOf("55"), 55U);
  EXPECT_EQ(sizeOf("5000"), 60U);
  start(1001);
  EXPECT_EQ(sizeOf("5000"), 1000U);
}

TEST_F(NativeModels, RefuseASizeThatIsNoneAndATokenThatTheyDidntGive) {
  for (const auto* size : {"x", "5x", "-1", "1.5"}) {
    const auto reply = list(size);
    EXPECT_EQ(reply.head->status, 400) << size;
    EXPECT_TRUE(reply.body.contains(R"("field":"pageSize")")) << size;
  }
  const auto reply = list("", "none-such");
  EXPECT_EQ(reply.head->status, 400);
  EXPECT_TRUE(reply.body.contains(R"("field":"pageToken")"));
}

TEST_F(NativeModels, AreToldWithWhatGoogleSaysOfThem) {
  list();
  const auto first = one("gemini-000");
  EXPECT_EQ(first["name"], "models/gemini-000");
  EXPECT_EQ(first["displayName"], "First");
}

TEST_F(NativeModels, OfAnAliasAreToldUnderItsNameWithWhatGoogleSaysOfTheModel) {
  start(3, {{"MODEL_ALIASES", R"({"mine":"gemini-000","vectors-embedding":"embedder"})"}});
  list();
  const auto told = one("mine");
  EXPECT_EQ(told["name"], "models/mine");
  EXPECT_EQ(told["displayName"], "First");
  const auto embedding = one("vectors-embedding");
  EXPECT_EQ(embedding["displayName"], "vectors-embedding");
  EXPECT_EQ(embedding["supportedGenerationMethods"][0], "embedContent");
}

TEST_F(NativeModels, AreListedAsVertexDoesByItsPath) {
  const auto body = document(list("1", "", "vertex"));
  ASSERT_EQ(body["publisherModels"].size(), 1U);
  EXPECT_EQ(body["publisherModels"][0]["name"], "publishers/google/models/gemini-000");
  EXPECT_EQ(body["publisherModels"][0]["versionId"], "default");
}

}  // namespace
}  // namespace rondo::gateway
