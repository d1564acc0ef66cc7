// Which model a credential is tested with when none is named, and how long Google may be silent.
#include <gtest/gtest.h>

#include "native/gateway/operator_questions.h"

namespace rondo::gateway {
namespace {

using std::chrono::seconds;

fake::Answer listOf(const Names& models) {
  std::string list;
  for (const auto& model : models) {
    list += (list.empty() ? "" : ",") + std::string(R"({"name":"publishers/google/models/)") +
            model + R"("})";
  }
  return fake::answer(200, R"({"publisherModels":[)" + list + "]}");
}

// Of a pool of which nothing is known but what Google lists.
std::string modelOutOf(Names listed) {
  PoolUnderTest pool(1);
  pool.answers = [listed](const std::string&, const http::Request&) { return listOf(listed); };
  return ask(pool, "test_credential", {}, "u1")["model"].get<std::string>();
}

TEST(ModelOfATest, IsOneThatWasServedBeforeOneThatRests) {
  PoolUnderTest pool(1);
  pool.answers = [](const std::string&, const http::Request& request) {
    const bool isServed = request.url.contains(kModel);
    return isServed ? fake::answer(200, greeting("Hi")) : dayIsSpent();
  };
  pool.chat(R"({"model":"gemini-1-spent","messages":[{"role":"user","content":"x"}]})");
  pool.chat();
  ASSERT_EQ(ask(pool, "pool_status")["models"][0], "gemini-1-spent");
  EXPECT_EQ(ask(pool, "test_credential", {}, "u1")["model"], kModel);
}

TEST(ModelOfATest, IsAFlashBeforeAnotherGeminiBeforeAnyOther) {
  EXPECT_EQ(modelOutOf({"a-model", "gemini-4-pro", "gemini-5-flash"}), "gemini-5-flash");
  EXPECT_EQ(modelOutOf({"a-model", "gemini-4-pro"}), "gemini-4-pro");
  EXPECT_EQ(modelOutOf({"a-model"}), "a-model");
}

TEST(ModelOfATest, IsNoneForSpeechOrImagesOrEmbeddings) {
  EXPECT_EQ(modelOutOf({"gemini-3.1-flash-image", "gemini-3.8-flash-tts", "gemini-4-pro"}),
            "gemini-4-pro");
  EXPECT_EQ(modelOutOf({"gemini-embedding-2", "text-embedding-005"}), "gemini-flash-latest");
}

TEST(ModelOfATest, IsNoEmbeddingThatTheOperatorNamed) {
  PoolUnderTest pool(1, {{"MODEL_ALIASES", R"({"a":"gemini-embedding-2","b":"gemini-4-pro"})"}});
  EXPECT_EQ(ask(pool, "test_credential", {}, "u1")["model"], "gemini-4-pro");
}

TEST(TestOfACredential, GivesUpWhenGoogleHasSaidNothingForHalfAMinute) {
  PoolUnderTest pool(1);
  pool.chat();
  pool.host.fetcher.holding = true;
  fake::FakeReply reply(pool.host.loop);
  ClientRequest request;
  request.operation = "test_credential";
  request.query = ofModel(kModel);
  request.credential = "u1";
  auto task = pool.gateway->serve(std::move(request), pool.host.io, reply);
  task.start();
  pool.host.loop.run();
  pool.host.advance(seconds(29));
  EXPECT_FALSE(reply.ended);
  pool.host.advance(seconds(1));
  ASSERT_TRUE(reply.ended);
  EXPECT_EQ(document(reply)["message"], "Google has said nothing for 30 s.");
  EXPECT_TRUE(pool.host.logger.contains(" reason=upstream_timeout]"));
}

}  // namespace
}  // namespace rondo::gateway
