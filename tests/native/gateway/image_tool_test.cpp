#include <gtest/gtest.h>

#include "support/pool_under_test.h"

// Which models take the tool of responses that makes images. The client may know the model by
// another name than Google.

namespace rondo::gateway {
namespace {

PoolUnderTest poolWithAliases() {
  return PoolUnderTest(1, {{"MODEL_ALIASES", R"({"painter":"gemini-nano-banana-2.1",)"
                                             R"("image-writer":"gemini-3.8-flash"})"}});
}

fake::FakeReply draw(PoolUnderTest& pool, const std::string& model) {
  return pool.serve("responses", R"({"model":")" + model +
                                     R"(","store":false,"input":"A cat",)"
                                     R"("tools":[{"type":"image_generation"}]})");
}

TEST(TheToolForImages, IsTakenByEachModelThatMakesThemWhateverItsName) {
  for (const char* model : {"gemini-3.1-flash-image", "gemini-nano-banana-2.1", "painter"}) {
    auto pool = poolWithAliases();
    ASSERT_EQ(draw(pool, model).head->status, 200) << model;
    EXPECT_TRUE(
        pool.host.fetcher.calls.back().body.contains(R"("responseModalities":["TEXT","IMAGE"])"));
  }
}

TEST(TheToolForImages, IsRefusedForAModelThatMakesNoneWhateverItsName) {
  for (const char* model : {"gemini-3.8-flash", "image-writer"}) {
    auto pool = poolWithAliases();
    const auto reply = draw(pool, model);
    EXPECT_EQ(reply.head->status, 400) << model;
    EXPECT_TRUE(pool.callees.empty()) << model;
    const auto error = document(reply)["error"];
    EXPECT_EQ(error["code"], "unsupported_tool");
    EXPECT_EQ(error["param"], "tools[0].type");
    EXPECT_EQ(error["message"],
              "The model `gemini-3.8-flash` makes no images: leave the tool 'image_generation' out "
              "of 'tools', or ask a model that does.");
  }
}

TEST(TheToolForImages, GoesToNoModelThatStandsInAndMakesNone) {
  PoolUnderTest pool(1, {{"MODEL_FALLBACKS", R"({"gemini-nano-banana-2.1":["gemini-3.8-flash",)"
                                             R"("gemini-3.1-flash-image"]})"}});
  pool.answers = [](const std::string&, const http::Request& request) {
    return request.url.contains("banana")
               ? fake::answer(429, R"({"error":{"code":429,"status":"RESOURCE_EXHAUSTED",)"
                                   R"("message":"Quota exceeded, retry in 90s"}})")
               : fake::answer(200, greeting("Hi"));
  };
  const auto reply = draw(pool, "gemini-nano-banana-2.1");
  EXPECT_EQ(reply.head->status, 200);
  EXPECT_TRUE(pool.host.fetcher.calls.back().url.contains("gemini-3.1-flash-image"));
}

}  // namespace
}  // namespace rondo::gateway
