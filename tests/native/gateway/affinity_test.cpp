#include "gateway/affinity.h"

#include <gtest/gtest.h>

#include <deque>

#include "anthropic/messages_dialect.h"
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
  translation::SignatureStore kept;
  translation::ClientSignatures store(kept, "me");
  store.remember("call-1", {"c2ln", {"service_account", "gemini-3", "credential-1"}});
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

TEST(Conversation, BeginsBehindResultsThatStandAtItsHead) {
  EXPECT_NE(keyOf(result("c") + "," + user("a")), keyOf(result("c") + "," + user("b")));
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

TEST(OpenLoop, IsToldByAResultWhoseIdCarriesASignature) {
  EXPECT_EQ(loopOf(user("a") + "," + result("call-1__thought__c2ln")), "credential-1");
}

conversation::CallResult resultOf(std::string id) {
  conversation::CallResult result;
  result.callId = std::move(id);
  return result;
}

TEST(OpenLoop, IsToldByAnyOfTheResultsOfATurn) {
  translation::SignatureStore kept;
  translation::ClientSignatures store(kept, "me");
  store.remember("call-1", {"c2ln", {"service_account", "gemini-3", "credential-1"}});
  conversation::Request request;
  request.turns.push_back({conversation::Role::User, {resultOf("call-1"), resultOf("call-2")}});
  EXPECT_EQ(openLoopCredential(request, store), "credential-1");
}

conversation::CallPart callBy(std::string credentialId) {
  conversation::CallPart call;
  call.signature = {"c2ln", {"service_account", "gemini-3", std::move(credentialId)}};
  return call;
}

TEST(OpenLoop, IsToldByTheFirstCallWhoseSignatureNamesItsCredential) {
  conversation::Request request;
  request.turns.push_back({conversation::Role::Assistant,
                           {callBy(""), callBy("credential-2"), callBy("credential-3")}});
  request.turns.push_back({conversation::Role::User, {resultOf("call-9")}});
  translation::SignatureStore none;
  EXPECT_EQ(openLoopCredential(request, translation::ClientSignatures(none, "me")), "credential-2");
}

conversation::Request loopInMessages(const std::string& signature, const std::string& more = "") {
  // The body lives as long as the request.
  static std::deque<std::string> bodies;
  auto sent = anthropic::messagesDialect().read(
      bodies.emplace_back(
          R"({"model":"m","max_tokens":9,"messages":[{"role":"user","content":"a"},)"
          R"({"role":"assistant","content":[{"type":"thinking","thinking":"","signature":")" +
          signature + R"("},{"type":"tool_use","id":"call-9","name":"f","input":{}}]},)" +
          R"({"role":"user","content":[{"type":"tool_result","tool_use_id":"call-9"})" + more +
          "]}]}"),
      {});
  return std::move(sent->request);
}

TEST(OpenLoop, IsServedByTheCredentialThatTheCallsSignatureNames) {
  const std::string carried = conversation::seal({conversation::Carried::CallSignature,
                                                  {"service_account", "gemini-3", "credential-2"},
                                                  "call-9",
                                                  "c2ln"});
  translation::SignatureStore none;
  const translation::ClientSignatures forgotten(none, "me");
  EXPECT_EQ(openLoopCredential(loopInMessages(carried), forgotten), "credential-2");
  EXPECT_EQ(openLoopCredential(loopInMessages("c2ln"), forgotten), "");
  const std::string closed = R"(,{"type":"text","text":"b"})";
  EXPECT_EQ(openLoopCredential(loopInMessages(carried, closed), forgotten), "");
}

TEST(OpenLoop, IsClosedByWhatFollowsItsResults) {
  EXPECT_EQ(loopOf(result("call-1") + "," + user("b")), "");
}

// --- Images --------------------------------------------------------------------------------------

std::string picture(const std::string& signature) {
  return R"({"role":"assistant","content":null,"images":[{"type":"image_url","image_url":)"
         R"({"url":"data:image/png;base64,iVBORw0KGgo="},"extra_content":{"google":)"
         R"({"thought_signature":")" +
         signature + R"("}}}]})";
}

TEST(ImageMaker, IsWhoMadeTheLatestImage) {
  translation::SignatureStore kept;
  translation::ClientSignatures store(kept, "me");
  const auto remember = [&store](const std::string& signature, const std::string& credential) {
    store.remember(translation::nameOfImage(signature), {{}, {"api_key", "gemini-3", credential}});
  };
  const std::string first(200, 'A');
  const std::string second = std::string(190, 'A') + "BBBBBBBBBB";
  remember(first, "credential-1");
  remember(second, "credential-2");
  const auto makerOf = [&store](const std::string& messages) {
    return imageMaker(openai::readRequest(R"({"model":"m","messages":[)" + messages + "]}"), store);
  };
  const std::string asked = "," + user("Bluer.");
  EXPECT_EQ(makerOf(user("a") + "," + picture(first) + asked), "credential-1");
  EXPECT_EQ(makerOf(user("a") + "," + picture(first) + asked + "," + picture(second) + asked),
            "credential-2");
  EXPECT_EQ(makerOf(user("a") + "," + picture("Q0NDQ0ND") + asked), "");
  EXPECT_EQ(makerOf(user("a")), "");
}

}  // namespace
}  // namespace rondo::gateway
