#include "translation/signatures.h"

#include <gtest/gtest.h>

#include "native/translation/translate.h"

namespace rondo::translation {
namespace {

const std::string kUser = R"({"role":"user","content":"go"})";

std::string step(const std::string& id, const std::string& signature) {
  const std::string extra =
      signature.empty()
          ? ""
          : R"(,"extra_content":{"google":{"thought_signature":")" + signature + R"("}})";
  return R"(,{"role":"assistant","tool_calls":[{"id":")" + id + R"(","function":{"name":"f"})" +
         extra + R"(}]},{"role":"tool","tool_call_id":")" + id + R"(","content":"1"})";
}

std::string sent(const Translated& translated, int turn, int part = 0) {
  return translated.at("/contents/" + std::to_string(turn) + "/parts/" + std::to_string(part) +
                       "/thoughtSignature");
}

const auto kFamily = google::ModelFamily::parse("gemini-4-argon");

// To the credential "one".
Signatures going(UnknownMakers unknownMakers) {
  return {kFamily,
          {"api_key", kFamily.signatureGroup(), "one"},
          SignaturePolicy::Keep,
          unknownMakers,
          nullptr};
}

conversation::ThoughtSignature madeBy(std::string credentialId) {
  return {"c2ln", {"api_key", kFamily.signatureGroup(), std::move(credentialId)}};
}

conversation::CallPart calledBy(const char* signature) {
  conversation::CallPart call;
  call.signature = signature;
  return call;
}

const std::string kDummy = '"' + std::string(kDummySignature) + '"';

TEST(SignaturesTest, ASignatureGoesBackBesideItsCall) {
  const auto translated = translateMessages(kUser + step("call_1", "c2lnbmF0dXJl"));
  EXPECT_EQ(sent(translated, 1), R"("c2lnbmF0dXJl")");
}

TEST(SignaturesTest, OneInTheIdGoesBackAndTheIdWithoutIt) {
  const auto translated = translateMessages(kUser + step("call_1__thought__c2lnbmF0dXJl", ""));
  EXPECT_EQ(sent(translated, 1), R"("c2lnbmF0dXJl")");
  EXPECT_EQ(translated.at("/contents/1/parts/0/functionCall/id"), R"("call_1")");
}

TEST(SignaturesTest, OneOfAnotherOriginBecomesTheDummy) {
  conversation::Request request = openai::readRequest(R"({"model":"m","messages":[)" + kUser +
                                                      step("call_1", "c2lnbmF0dXJl") + "]}");
  auto& call = std::get<conversation::CallPart>(request.turns[1].parts[0]);
  const std::string group = google::ModelFamily::parse("gemini-4-argon").signatureGroup();
  for (const bool isOurs : {true, false}) {
    call.signature.origin = {isOurs ? "api_key" : "service_account", group};
    const auto body = translateRequest(request, targetFor())->body;
    EXPECT_EQ(body.find("c2lnbmF0dXJl") != std::string::npos, isOurs) << body;
    EXPECT_EQ(body.find(kDummySignature) != std::string::npos, !isOurs) << body;
  }
}

TEST(SignaturesTest, AMissingOneBecomesTheDummy) {
  EXPECT_EQ(sent(translateMessages(kUser + step("call_1", "")), 1), kDummy);
}

TEST(SignaturesTest, ADamagedOneBecomesTheDummy) {
  EXPECT_EQ(sent(translateMessages(kUser + step("call_1", "c2ln bmF0%2B")), 1), kDummy);
}

TEST(SignaturesTest, EveryStepOfTheCurrentExchangeIsSigned) {
  const auto translated = translateMessages(kUser + step("call_1", "") + step("call_2", ""));
  EXPECT_EQ(sent(translated, 1), kDummy);
  EXPECT_EQ(sent(translated, 3), kDummy);
}

TEST(SignaturesTest, StepsBeforeTheLastUserTurnNeedNone) {
  const auto translated =
      translateMessages(kUser + step("call_1", "") + "," + kUser + step("call_2", ""));
  EXPECT_EQ(sent(translated, 1), "");
  EXPECT_EQ(sent(translated, 3), kDummy);
}

// A model's turn of these parts, after somebody said "go". No dialect but one that tells thoughts
// apart has such turns.
Translated translateTurn(std::vector<conversation::Part> parts) {
  auto request = openai::readWithMessages(kUser);
  request.turns.push_back({conversation::Role::Assistant, std::move(parts)});
  const auto result = translateRequest(request, targetFor());
  EXPECT_TRUE(result);
  return {json::parse(result->body).value_or(json::Value()), {}};
}

const json::TextBuilder kHm("hm");
const json::TextBuilder kAh("ah");

conversation::CallPart callOf(std::string signature) {
  return {"call_1",
          "f",
          json::Text("{}", json::Text::Escapes::Absent),
          conversation::ToolKind::Function,
          std::move(signature),
          {}};
}

TEST(ThoughtsTest, AreNotSentAndTheirSignatureGoesOnThePartBehind) {
  const auto call = translateTurn({conversation::ThoughtPart{kHm.view(), "c2ln"}, callOf("")});
  EXPECT_EQ(sent(call, 1), R"("c2ln")");
  EXPECT_EQ(call.at("/contents/1/parts/1"), "");
  const auto text =
      translateTurn({conversation::ThoughtPart{kHm.view(), "c2ln"},
                     conversation::TextPart{kAh.view()}, conversation::TextPart{kAh.view()}});
  EXPECT_EQ(text.at("/contents/1/parts/0"), R"({"text":"ah","thoughtSignature":"c2ln"})");
  EXPECT_EQ(sent(text, 1, 1), "");
}

TEST(ThoughtsTest, SignNothingThatHasASignatureOfItsOwn) {
  const auto translated =
      translateTurn({conversation::ThoughtPart{kHm.view(), "c2ln"}, callOf("b3du")});
  EXPECT_EQ(sent(translated, 1), R"("b3du")");
}

TEST(ThoughtsTest, SignNoMoreThanThePartRightBehind) {
  const auto translated = translateTurn({conversation::ThoughtPart{kHm.view(), "c2ln"},
                                         conversation::TextPart{kAh.view()}, callOf("")});
  EXPECT_EQ(sent(translated, 1, 0), R"("c2ln")");
  EXPECT_EQ(sent(translated, 1, 1), kDummy);
}

TEST(SignaturesTest, OnlyTheFirstOfParallelCallsGetsTheDummy) {
  const auto translated = translateMessages(kUser + R"(,{"role":"assistant","tool_calls":[
      {"id":"call_1","function":{"name":"f"}},{"id":"call_2","function":{"name":"g"}}]})");
  EXPECT_EQ(sent(translated, 1, 0), kDummy);
  EXPECT_EQ(sent(translated, 1, 1), "");
}

TEST(SignaturesTest, ModelsThatDontCheckGetNoDummy) {
  EXPECT_EQ(sent(translateMessages(kUser + step("call_1", ""), targetFor("gemini-2.5-flash")), 1),
            "");
}

TEST(SignaturesTest, AClientThatDroppedItIsHelpedByTheStore) {
  SignatureStore kept;
  ClientSignatures store(kept, "me");
  auto target = targetFor();
  store.remember("call_1", {"c3RvcmVk", {"api_key", target.family.signatureGroup()}});
  target.store = &store;
  EXPECT_EQ(sent(translateMessages(kUser + step("call_1", ""), target), 1), R"("c3RvcmVk")");
}

TEST(SignaturesTest, OneThatTheClientBroughtItselfIsTakenBeforeWhatIsRememberedOfItsId) {
  SignatureStore kept;
  ClientSignatures store(kept, "me");
  auto target = targetFor();
  store.remember("call_1", {"c3RvcmVk", {"api_key", target.family.signatureGroup()}});
  target.store = &store;
  EXPECT_EQ(sent(translateMessages(kUser + step("call_1", "YnJvdWdodA"), target), 1),
            R"("YnJvdWdodA")");
  EXPECT_EQ(sent(translateMessages(kUser + step("call_1__thought__YnJvdWdodA", ""), target), 1),
            R"("YnJvdWdodA")");
  EXPECT_EQ(sent(translateMessages(kUser + step("call_1", "damaged!"), target), 1),
            R"("c3RvcmVk")");
}

// Chats take it out of the id when they are read, and other dialects leave it there.
TEST(SignaturesTest, OneInTheIdIsTakenBeforeWhatIsRememberedOfIt) {
  const SignatureOrigin origin{"api_key", kFamily.signatureGroup(), "one"};
  SignatureStore kept;
  ClientSignatures store(kept, "me");
  store.remember("call_1", {"c3RvcmVk", origin});
  const Signatures signatures(kFamily, origin, SignaturePolicy::Keep, UnknownMakers::Trusted,
                              &store);
  auto call = calledBy("");
  call.id = "call_1__thought__YnJvdWdodA";
  EXPECT_EQ(signatures.forCall(call, nullptr, CallPlace::FirstOfCurrentStep), "YnJvdWdodA");
  call.id = "call_1";
  EXPECT_EQ(signatures.forCall(call, nullptr, CallPlace::FirstOfCurrentStep), "c3RvcmVk");
}

TEST(SignaturesTest, OneOfAnotherCredentialKindBecomesTheDummy) {
  SignatureStore kept;
  ClientSignatures store(kept, "me");
  auto target = targetFor();
  store.remember("call_1", {"c3RvcmVk", {"service_account", target.family.signatureGroup()}});
  target.store = &store;
  EXPECT_EQ(sent(translateMessages(kUser + step("call_1", "c3RvcmVk"), target), 1), kDummy);
}

TEST(SignaturesTest, OneOfAnotherModelFamilyBecomesTheDummy) {
  SignatureStore kept;
  ClientSignatures store(kept, "me");
  auto target = targetFor("gemini-4-argon");
  store.remember("call_1", {"c3RvcmVk", {"api_key", "gemini-3"}});
  target.store = &store;
  EXPECT_EQ(sent(translateMessages(kUser + step("call_1", ""), target), 1), kDummy);
}

TEST(SignaturesTest, DummiesReplaceAllAfterARefusal) {
  auto target = targetFor();
  target.limits.refused.insert(google::Feature::ThoughtSignatures);
  const auto translated = translateMessages(
      kUser + step("call_1", "c2lnbmF0dXJl") + "," + kUser + step("call_2", "c2lnbmF0dXJl"),
      target);
  EXPECT_EQ(sent(translated, 1), kDummy);
  EXPECT_EQ(sent(translated, 3), kDummy);
}

TEST(SignaturesTest, ATextsSignatureGoesBackOnTheText) {
  const std::string messages = kUser + R"(,{"role":"assistant","content":"a",
      "extra_content":{"google":{"thought_signature":"c2lnbmF0dXJl"}}},)" +
                               kUser;
  EXPECT_EQ(sent(translateMessages(messages), 1), R"("c2lnbmF0dXJl")");
}

TEST(SignaturesTest, AnImagesSignatureGoesBackOnTheImage) {
  const std::string messages = kUser + R"(,{"role":"assistant","content":null,"images":[
      {"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"},
       "extra_content":{"google":{"thought_signature":"c2lnbmF0dXJl"}}}]},)" +
                               kUser;
  const auto translated = translateMessages(messages);
  EXPECT_EQ(translated.at("/contents/1/parts/0/inlineData/data"), R"("AAAA")");
  EXPECT_EQ(sent(translated, 1), R"("c2lnbmF0dXJl")");
}

TEST(SignatureStoreTest, WhatWasRememberedIsFound) {
  SignatureStore store;
  store.remember("call_1", {"a", {}});
  store.remember("call_1", {"b", {}});
  ASSERT_NE(store.find("call_1"), nullptr);
  EXPECT_EQ(store.find("call_1")->signature, "b");
  EXPECT_EQ(store.size(), 1u);
  EXPECT_EQ(store.find("call_2"), nullptr);
}

TEST(SignatureStoreTest, TheOldestGoesWhenThereAreTooMany) {
  SignatureStore store(2);
  for (const auto* id : {"call_1", "call_2", "call_3"}) store.remember(id, {"a", {}});
  EXPECT_EQ(store.find("call_1"), nullptr);
  EXPECT_NE(store.find("call_3"), nullptr);
  EXPECT_EQ(store.size(), 2u);
}

TEST(SignatureStoreTest, TheOldestGoWhenTheyAreTooLarge) {
  SignatureStore store(100, 5000);
  for (const auto* id : {"call_1", "call_2", "call_3"})
    store.remember(id, {std::string(2000, 'a'), {}});
  EXPECT_EQ(store.find("call_1"), nullptr);
  EXPECT_NE(store.find("call_3"), nullptr);
}

TEST(SignatureStoreTest, OneThatIsTooLargeByItselfIsNotKept) {
  SignatureStore store(100, 1000);
  store.remember("call_1", {std::string(2000, 'a'), {}});
  EXPECT_EQ(store.size(), 0u);
}

TEST(ClientSignaturesTest, AreNoOtherClients) {
  SignatureStore store;
  ClientSignatures one(store, "one");
  ClientSignatures two(store, "two");
  one.remember("call_1", {"a", {}});
  EXPECT_EQ(two.find("call_1"), nullptr);
  two.remember("call_1", {"b", {}});
  EXPECT_EQ(one.find("call_1")->signature, "a");
  EXPECT_EQ(two.find("call_1")->signature, "b");
}

TEST(ClientSignaturesTest, AreNoOtherClientsWhateverIsInAnId) {
  SignatureStore store;
  ClientSignatures(store, "one").remember("call_1", {"a", {}});
  for (const std::string id : {"one\ncall_1", "\none\ncall_1", "call_1\none"}) {
    EXPECT_EQ(ClientSignatures(store, "").find(id), nullptr) << id;
    EXPECT_EQ(ClientSignatures(store, "two").find(id), nullptr) << id;
  }
}

TEST(CutSignatureTest, IsNotSent) {
  const auto signatures = going(UnknownMakers::Trusted);
  EXPECT_EQ(signatures.forText("abcdefg"), "abcdefg");
  EXPECT_EQ(signatures.forText("abcde"), "");
}

TEST(SignatureMakerTest, WhatAnotherCredentialMadeIsNotSentToThisOne) {
  const auto signatures = going(UnknownMakers::Trusted);
  EXPECT_EQ(signatures.forText(madeBy("one")), "c2ln");
  EXPECT_EQ(signatures.forText(madeBy("")), "c2ln");
  EXPECT_EQ(signatures.forText(madeBy("other")), "");
  EXPECT_EQ(signatures.forImage(madeBy("other")), "");
  conversation::CallPart call;
  call.signature = madeBy("other");
  EXPECT_EQ(signatures.forCall(call, nullptr, CallPlace::FirstOfOlderStep), "");
  EXPECT_EQ(signatures.forCall(call, nullptr, CallPlace::FirstOfCurrentStep), kDummySignature);
}

TEST(SignatureMakerTest,
     ASignatureWhoseMakerIsUnknownIsSentWhereOneCredentialServesTheConversation) {
  const auto signatures = going(UnknownMakers::Trusted);
  EXPECT_EQ(signatures.forText("c2ln"), "c2ln");
  EXPECT_EQ(signatures.forCall(calledBy("c2ln"), nullptr, CallPlace::FirstOfOlderStep), "c2ln");
}

TEST(SignatureMakerTest, WhereCredentialsTakeTurnsOneOfAnUnknownMakerIsSentOnlyIfItIsDemanded) {
  const auto signatures = going(UnknownMakers::LeftOut);
  const conversation::ThoughtSignature thoughts("c2ln");
  EXPECT_EQ(signatures.forText("c2ln"), "");
  EXPECT_EQ(signatures.forText(madeBy("one")), "c2ln");
  EXPECT_EQ(signatures.forImage("c2ln"), "c2ln");
  EXPECT_EQ(signatures.forCall(calledBy("c2ln"), nullptr, CallPlace::FirstOfOlderStep), "");
  EXPECT_EQ(signatures.forCall(calledBy(""), &thoughts, CallPlace::FirstOfOlderStep), "");
  EXPECT_EQ(signatures.forCall(calledBy("c2ln"), nullptr, CallPlace::FirstOfCurrentStep), "c2ln");
  EXPECT_EQ(signatures.forCall(calledBy(""), &thoughts, CallPlace::FirstOfCurrentStep), "c2ln");
  conversation::CallPart inId;
  inId.id = "call_1__thought__c2ln";
  EXPECT_EQ(signatures.forCall(inId, nullptr, CallPlace::FirstOfOlderStep), "");
  EXPECT_EQ(signatures.forCall(inId, nullptr, CallPlace::FirstOfCurrentStep), "c2ln");
}

}  // namespace
}  // namespace rondo::translation
