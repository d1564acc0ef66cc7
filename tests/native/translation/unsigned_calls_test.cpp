#include "translation/unsigned_calls.h"

#include <gtest/gtest.h>

#include "native/openai/read_request.h"

namespace rondo::translation {
namespace {

using Ids = std::vector<std::string>;

const std::string kUser = R"({"role":"user","content":"go"},)";

std::string called(const std::string& calls) {
  return R"({"role":"assistant","tool_calls":[)" + calls + "]}";
}

std::string call(const std::string& id, const std::string& more = "") {
  return R"({"id":")" + id + R"(","function":{"name":"f"})" + more + "}";
}

std::string result(const std::string& id) {
  return R"(,{"role":"tool","tool_call_id":")" + id + R"(","content":"1"})";
}

Ids unsignedIn(const std::string& messages, const ClientSignatures& known, std::size_t most = 10) {
  const auto request = openai::readRequest(R"({"model":"m","messages":[)" + messages + "]}");
  return unsignedCalls(request, known, most);
}

Ids unsignedIn(const std::string& messages, std::size_t most = 10) {
  SignatureStore none;
  return unsignedIn(messages, ClientSignatures(none, "me"), most);
}

TEST(UnsignedCalls, AreTheFirstOfTheStepsOfTheCurrentExchange) {
  const auto messages = kUser + called(call("a")) + result("a") + "," + kUser +
                        called(call("b") + "," + call("c")) + result("b") + result("c") + "," +
                        called(call("d")) + result("d");
  EXPECT_EQ(unsignedIn(messages), (Ids{"d", "b"}));
}

TEST(UnsignedCalls, AreNoneBehindWordsOfTheUsers) {
  EXPECT_EQ(
      unsignedIn(kUser + called(call("a")) + result("a") + R"(,{"role":"user","content":"b"})"),
      Ids());
  EXPECT_EQ(unsignedIn(R"({"role":"user","content":"b"})"), Ids());
}

TEST(UnsignedCalls, AreThereInFrontOfWordsOfTheSystems) {
  EXPECT_EQ(
      unsignedIn(kUser + called(call("a")) + result("a") + R"(,{"role":"system","content":"b"})"),
      Ids{"a"});
}

TEST(UnsignedCalls, AreThoseThatNobodyAnsweredToo) {
  EXPECT_EQ(unsignedIn(kUser + called(call("a"))), Ids{"a"});
}

TEST(UnsignedCalls, AreNoneWhoseSignatureTheClientBrings) {
  const std::string beside = R"(,"extra_content":{"google":{"thought_signature":"c2ln"}})";
  EXPECT_EQ(unsignedIn(kUser + called(call("a", beside)) + result("a")), Ids());
  EXPECT_EQ(unsignedIn(kUser + called(call("a__thought__c2ln")) + result("a")), Ids());
}

TEST(UnsignedCalls, AreThoseWhoseSignatureTheClientHasDamaged) {
  const std::string damaged = R"(,"extra_content":{"google":{"thought_signature":"<gone>"}})";
  EXPECT_EQ(unsignedIn(kUser + called(call("a", damaged)) + result("a")), Ids{"a"});
}

TEST(UnsignedCalls, AreNoneThatAreKnownAlsoWithoutASignature) {
  SignatureStore kept;
  ClientSignatures known(kept, "me");
  known.remember("a", {"", {"api_key", "gemini-3"}});
  EXPECT_EQ(unsignedIn(kUser + called(call("a")) + result("a"), known), Ids());
}

TEST(UnsignedCalls, AreNoneThatCantHaveBeenTold) {
  for (const std::string& id : {std::string(), std::string(41, 'a'), std::string("a b"),
                                std::string("../a"), std::string("\\u0000")}) {
    EXPECT_EQ(unsignedIn(kUser + called(call(id))), Ids()) << id;
  }
}

TEST(UnsignedCalls, AreEachThereOnceAndTheLatestOfTooMany) {
  std::string messages = R"({"role":"user","content":"go"})";
  for (const std::string id : {"a", "b", "b", "c"}) {
    messages += "," + called(call(id)) + result(id);
  }
  EXPECT_EQ(unsignedIn(messages), (Ids{"c", "b", "a"}));
  EXPECT_EQ(unsignedIn(messages, 2), (Ids{"c", "b"}));
}

}  // namespace
}  // namespace rondo::translation
