#include "gateway/affinity.h"

#include <gtest/gtest.h>

#include "native/openai/read_request.h"

namespace rondo::gateway {
namespace {

std::string keyOf(const std::string& messages, const std::string& more = "") {
  return conversationOf(
      openai::readRequest(R"({"model":"m","messages":[)" + messages + "]" + more + "}"));
}

std::string user(const std::string& text) { return R"({"role":"user","content":")" + text + "\"}"; }

std::string assistant(const std::string& text) {
  return R"({"role":"assistant","content":")" + text + "\"}";
}

std::string result(const std::string& id) {
  return R"({"role":"tool","tool_call_id":")" + id + R"(","content":"x"})";
}

std::string loopOf(const std::string& messages) {
  translation::SignatureStore store;
  store.remember("call-1", {"c2ln", {"service_account", "gemini-3"}, "credential-1"});
  return openLoopCredential(openai::readRequest(R"({"model":"m","messages":[)" + messages + "]}"),
                            store);
}

TEST(Conversation, IsToldByItsTextsUpToTheFirstOfTheUser) {
  const auto first = keyOf(user("a"));
  EXPECT_EQ(keyOf(user("a") + "," + assistant("b") + "," + user("c")), first);
  EXPECT_NE(keyOf(user("b")), first);
  EXPECT_NE(keyOf(R"({"role":"system","content":"s"},)" + user("a")), first);
}

TEST(Conversation, IsToldByNoMoreThanTheBeginningOfAText) {
  const std::string beginning(4096, 'a');
  EXPECT_EQ(keyOf(user(beginning + "b")), keyOf(user(beginning + "c")));
  EXPECT_NE(keyOf(user(beginning.substr(1) + "b")), keyOf(user(beginning.substr(1) + "c")));
}

TEST(Conversation, IsToldByItsCacheKeyThenByItsUserThenByItsTexts) {
  const std::string byUser = R"(,"user":"u")";
  const std::string byKey = byUser + R"(,"prompt_cache_key":"k")";
  EXPECT_EQ(keyOf(user("a"), byKey), keyOf(user("b"), R"(,"prompt_cache_key":"k")"));
  EXPECT_EQ(keyOf(user("a"), byUser), keyOf(user("b"), byUser));
  EXPECT_NE(keyOf(user("a"), byKey), keyOf(user("a"), byUser));
}

TEST(OpenLoop, IsServedByTheCredentialThatBeganIt) {
  EXPECT_EQ(loopOf(user("a") + "," + result("call-1")), "credential-1");
  EXPECT_EQ(loopOf(user("a") + "," + result("call-1") + "," + result("call-2")), "credential-1");
  EXPECT_EQ(loopOf(user("a") + "," + result("call-2")), "");
}

TEST(OpenLoop, IsClosedByWhatFollowsItsResults) {
  EXPECT_EQ(loopOf(result("call-1") + "," + user("b")), "");
}

}  // namespace
}  // namespace rondo::gateway
