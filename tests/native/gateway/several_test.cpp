#include "gateway/several.h"

#include <gtest/gtest.h>

#include "native/gateway/native_pool.h"
#include "native/gateway/operator_questions.h"

namespace rondo::gateway {
namespace {

fake::Answer image(std::string data = "iVBORw0KGgo=") {
  return fake::answer(
      200, R"({"candidates":[{"content":{"role":"model","parts":[{"inlineData":{"mimeType":)"
           R"("image/png","data":")" +
               data +
               R"("}}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":7,)"
               R"("candidatesTokenCount":10,"totalTokenCount":17,"promptTokensDetails":[)"
               R"({"modality":"IMAGE","tokenCount":4},{"modality":"TEXT","tokenCount":3}]}})");
}

fake::Answer blocked() {
  return fake::answer(200, R"({"candidates":[{"finishReason":"IMAGE_SAFETY"}]})");
}

ClientRequest wanting(int images, const std::string& more = "") {
  ClientRequest request;
  request.operation = "make_images";
  request.body = OwnedBytes::copyOf(R"({"model":"gemini-nano-banana-2.1","prompt":"A fox","n":)" +
                                    std::to_string(images) + more + "}");
  return request;
}

// Of these one after the other, the last one for good.
PoolUnderTest::Answers saying(std::vector<fake::Answer> answers) {
  return [answers, next = std::size_t{0}](const std::string&, const http::Request&) mutable {
    return answers[std::min(next++, answers.size() - 1)];
  };
}

std::size_t imagesIn(const fake::FakeReply& reply) {
  const auto body = document(reply);
  const auto* images = json::findArray(body, "data");
  return images ? images->size() : 0;
}

TEST(Several, AreAskedForOneACallAndToldAsOneAnswer) {
  NativePool pool({.keys = 1});
  pool.answers = saying({image("AAAA"), image("BBBB"), image("CCCC")});
  const auto reply = pool.serve(wanting(3));
  EXPECT_EQ(imagesIn(reply), 3U);
  EXPECT_EQ(header(reply, "x-rondo-attempts"), "3");
  EXPECT_EQ(header(reply, "x-rondo-adjusted"), "");
  EXPECT_EQ(header(reply, "x-rondo-credential"), "k1");
  EXPECT_EQ(header(reply, "x-rondo-model"), "gemini-nano-banana-2.1");
}

TEST(Several, CostWhatTheyCostTogether) {
  NativePool pool({.keys = 1});
  pool.answers = saying({image()});
  const auto reply = pool.serve(wanting(3));
  const auto usage = document(reply)["usage"];
  EXPECT_EQ(usage["input_tokens"], 21);
  EXPECT_EQ(usage["input_tokens_details"]["image_tokens"], 12);
  EXPECT_EQ(usage["output_tokens"], 30);
  EXPECT_EQ(usage["total_tokens"], 51);
  EXPECT_EQ(reply.cost, 51);
}

TEST(Several, AreAskedForFourAtOnce) {
  NativePool pool({.keys = 1});
  std::size_t atOnce = 0;
  pool.answers = [&](const std::string&, const http::Request&) {
    if (atOnce == 0) atOnce = pool.host.fetcher.calls.size();
    return image();
  };
  EXPECT_EQ(imagesIn(pool.serve(wanting(10))), 10U);
  EXPECT_EQ(atOnce, 4U);
}

TEST(Several, WithMediaAreAskedForOneAfterTheOther) {
  NativePool pool({.keys = 1});
  std::size_t atOnce = 0;
  pool.answers = [&](const std::string&, const http::Request&) {
    if (atOnce == 0) atOnce = pool.host.fetcher.calls.size();
    return image();
  };
  auto request = wanting(3, R"(,"images":[{"image_url":"data:image/png;base64,iVBORw0KGgo="}])");
  request.operation = "edit_images";
  request.contentType = "application/json";
  EXPECT_EQ(imagesIn(pool.serve(std::move(request))), 3U);
  EXPECT_EQ(atOnce, 1U);
}

TEST(Several, OfWhichOneFailedAreTheOthersAndThatIsTold) {
  NativePool pool({.keys = 1});
  pool.answers = saying({blocked(), image()});
  const auto reply = pool.serve(wanting(10));
  EXPECT_EQ(reply.head->status, 200);
  EXPECT_EQ(header(reply, "x-rondo-adjusted"), "n");
  EXPECT_EQ(imagesIn(reply), 3U) << "Behind a failure none is begun.";
  EXPECT_EQ(pool.callees.size(), 4U);
}

TEST(Several, OfWhichAllFailedAreTheFirstFault) {
  NativePool pool({.keys = 1});
  pool.answers = saying({blocked(), fake::answer(400, R"({"error":{"code":400,"status":)"
                                                      R"("INVALID_ARGUMENT","message":"No."}})")});
  const auto reply = pool.serve(wanting(2));
  EXPECT_EQ(reply.head->status, 400);
  EXPECT_EQ(errorCode(reply), "moderation_blocked");
}

TEST(Several, NameTheFieldThatGoogleRefuses) {
  NativePool pool({.keys = 1});
  pool.answers = saying(
      {fake::answer(400, R"({"error":{"code":400,"status":"INVALID_ARGUMENT","message":)"
                         R"("Invalid value at 'generation_config.image_config.aspect_ratio'"}})")});
  const auto one = document(pool.serve(wanting(1)))["error"];
  EXPECT_EQ(document(pool.serve(wanting(2)))["error"], one);
}

TEST(Several, EndWhenTheirImagesAreMoreThanIsHeld) {
  NativePool pool({.keys = 1});
  pool.answers = saying({image(std::string(7 * 1024 * 1024, 'A'))});
  const auto reply = pool.serve(wanting(10));
  EXPECT_GE(imagesIn(reply), 4U);
  EXPECT_LT(imagesIn(reply), 10U);
  EXPECT_EQ(header(reply, "x-rondo-adjusted"), "n");
}

TEST(Several, GoThroughTheCredentialThatIsNamed) {
  NativePool pool({.keys = 3});
  pool.answers = saying({image()});
  auto request = wanting(3);
  request.credential = "k2";
  pool.serve(std::move(request));
  EXPECT_EQ(pool.callees, (std::vector<std::string>{"k2", "k2", "k2"}));
}

TEST(Several, AreAskedForElsewhereOneByOne) {
  NativePool pool({.keys = 2});
  pool.answers = [](const std::string& key, const http::Request&) {
    return key == "k1" ? dayIsSpent() : image();
  };
  auto request = wanting(2);
  request.id = "r-1";
  const auto reply = pool.serve(std::move(request));
  EXPECT_TRUE(pool.host.logger.contains("credential_cooling request=r-1"));
  EXPECT_EQ(imagesIn(reply), 2U);
  EXPECT_EQ(pool.callees.back(), "k2");
}

TEST(Several, OfAnOperatorsTestAreAskedOfNoModelThatMayStandIn) {
  NativePool pool({.keys = 1}, {{"MODEL_FALLBACKS",
                                 R"({"gemini-nano-banana-2.1":["gemini-2.5-flash-image"]})"}});
  pool.answers = [](const std::string&, const http::Request& request) {
    return request.url.contains("banana") ? minuteSpent() : image();
  };
  auto request = wanting(2);
  request.fallback = Fallback::Off;
  EXPECT_EQ(pool.serve(std::move(request)).head->status, 429);
}

TEST(Several, HoldTheBodyBesideWhatTheySend) {
  NativePool pool({.keys = 1});
  pool.answers = saying({image()});
  auto request = wanting(2, R"(,"user":")" + std::string(5000, 'u') + '"');
  const std::size_t body = request.body.view().size();
  pool.serve(std::move(request));
  EXPECT_GE(pool.host.holdings.most, body);
}

TEST(Several, AreToldOfAsOneRequestWithAllItsCalls) {
  NativePool pool({.keys = 1}, {{"MODEL_ALIASES", R"({"painter":"gemini-nano-banana-2.1"})"}});
  pool.answers = [&pool](const std::string&, const http::Request&) {
    pool.host.clock.advance(Millis{40});
    return image();
  };
  ClientRequest request;
  request.operation = "make_images";
  request.body = OwnedBytes::copyOf(R"({"model":"painter","prompt":"A fox","n":2})");
  pool.serve(std::move(request));
  const auto one = ask(pool, "recent_requests")["requests"][0];
  EXPECT_EQ(one["model"], "gemini-nano-banana-2.1");
  EXPECT_EQ(one["attempts"].size(), 2U);
  EXPECT_TRUE(one["first_byte_ms"].is_number());
}

}  // namespace
}  // namespace rondo::gateway
