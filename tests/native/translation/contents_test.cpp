#include <gtest/gtest.h>

#include "native/translation/translate.h"

namespace rondo::translation {
namespace {

std::string contents(const std::string& messages, const RequestTarget& target = targetFor()) {
  return translateMessages(messages, target).at("/contents");
}

TEST(ContentsTest, AMessageIsATurnOfText) {
  EXPECT_EQ(translateMessages(R"({"role":"user","content":"Hi"})").body,
            *json::parse(R"({"contents":[{"role":"user","parts":[{"text":"Hi"}]}]})"));
}

TEST(ContentsTest, AllSystemTextIsJoinedWhereverItStands) {
  const auto result = translateMessages(R"({"role":"system","content":"a"},
      {"role":"user","content":"Hi"},
      {"role":"developer","content":[{"type":"text","text":"b"},{"type":"text","text":"c"}]})");
  EXPECT_EQ(result.at("/systemInstruction"), R"({"parts":[{"text":"a\n\nb\nc"}]})");
  EXPECT_EQ(result.at("/contents"), R"([{"role":"user","parts":[{"text":"Hi"}]}])");
}

TEST(ContentsTest, WithSystemTextAloneABlankUserTurnIsAdded) {
  EXPECT_EQ(contents(R"({"role":"system","content":"a"})"),
            R"([{"role":"user","parts":[{"text":" "}]}])");
}

TEST(ContentsTest, ModelsWithoutSystemInstructionGetItInTheFirstTurn) {
  const auto result =
      translateMessages(R"({"role":"system","content":"a"},{"role":"user","content":"Hi"})",
                        targetFor("gemma-3-27b-it"));
  EXPECT_EQ(result.at("/systemInstruction"), "");
  EXPECT_EQ(result.at("/contents"), R"([{"role":"user","parts":[{"text":"a"},{"text":"Hi"}]}])");
}

TEST(ContentsTest, NeighboursOfTheSameRoleBecomeOneTurn) {
  EXPECT_EQ(contents(R"({"role":"user","content":"a"},{"role":"user","content":"b"})"),
            R"([{"role":"user","parts":[{"text":"a"},{"text":"b"}]}])");
}

TEST(ContentsTest, EmptyTextsAreLeftOut) {
  EXPECT_EQ(contents(R"({"role":"user","content":""},{"role":"assistant","content":null},
      {"role":"user","content":[{"type":"text","text":""},{"type":"text","text":"b"}]})"),
            R"([{"role":"user","parts":[{"text":"b"}]}])");
}

TEST(ContentsTest, NothingButEmptyMessagesIsABlankUserTurn) {
  EXPECT_EQ(contents(R"({"role":"user","content":""})"),
            R"([{"role":"user","parts":[{"text":" "}]}])");
}

TEST(ContentsTest, AConversationThatBeginsWithTheModelGetsAUserTurnInFront) {
  EXPECT_EQ(
      contents(R"({"role":"assistant","content":"Hello"},{"role":"user","content":"Hi"})"),
      R"([{"role":"user","parts":[{"text":" "}]},{"role":"model","parts":[{"text":"Hello"}]},)"
      R"({"role":"user","parts":[{"text":"Hi"}]}])");
}

TEST(ContentsTest, ATrailingModelTurnStaysWhereItIsTaken) {
  const auto result =
      translateMessages(R"({"role":"user","content":"a"},{"role":"assistant","content":"b"})",
                        targetFor("gemini-2.5-pro"));
  EXPECT_EQ(result.at("/contents/1/role"), R"("model")");
  EXPECT_EQ(result.at("/contents/2"), "");
  EXPECT_EQ(result.adjusted, Words{});
}

TEST(ContentsTest, ATrailingModelTurnIsFollowedByTheUserWhereItIsNotTaken) {
  const auto result =
      translateMessages(R"({"role":"user","content":"a"},{"role":"assistant","content":"b"})");
  EXPECT_EQ(result.at("/contents/2/role"), R"("user")");
  EXPECT_EQ(result.adjusted, Words{"messages"});
}

TEST(ContentsTest, ASignatureStaysWithItsMessage) {
  const auto translated = translateMessages(R"({"role":"user","content":"go"},
      {"role":"assistant","content":"a"},
      {"role":"assistant","images":[{"type":"image_url","image_url":{"url":"gs://a/b.png"}}],
       "thought_signature":"c2ln"},{"role":"user","content":"on"})");
  EXPECT_EQ(translated.at("/contents/1/parts/0"), R"({"text":"a"})");
  EXPECT_EQ(translated.at("/contents/1/parts/1/thoughtSignature"), "");
}

TEST(ContentsTest, ASignatureIsThatOfTheLastText) {
  const auto translated = translateMessages(R"({"role":"user","content":"go"},
      {"role":"assistant","content":[{"type":"text","text":"a"},{"type":"text","text":"b"},
        {"type":"text","text":""}],"thought_signature":"c2ln"},{"role":"user","content":"on"})");
  EXPECT_EQ(translated.at("/contents/1/parts"),
            R"([{"text":"a"},{"text":"b","thoughtSignature":"c2ln"}])");
}

TEST(ContentsTest, HalfACharacterIsReplaced) {
  const auto request =
      openai::readRequest(R"({"model":"m","messages":[{"role":"user","content":"a\ud83d"}]})");
  const auto body = translateRequest(request, targetFor());
  ASSERT_TRUE(body);
  EXPECT_EQ(body->body, R"({"contents":[{"role":"user","parts":[{"text":"a\ufffd"}]}]})");
}

TEST(ContentsTest, ARefusalOfTheAssistantIsItsText) {
  EXPECT_EQ(contents(R"({"role":"user","content":"a"},{"role":"assistant","refusal":"no"},
      {"role":"user","content":"b"})"),
            R"([{"role":"user","parts":[{"text":"a"}]},{"role":"model","parts":[{"text":"no"}]},)"
            R"({"role":"user","parts":[{"text":"b"}]}])");
}

TEST(ContentsTest, WhatTheModelHasNoFieldForIsSaidOnce) {
  const auto result =
      translateMessages(R"({"role":"system","content":"Be brief."},{"role":"user","content":"a"},)"
                        R"({"role":"assistant","content":"b"},{"role":"user","content":"c"})",
                        targetFor("gemma-3-27b-it"));
  const auto text = json::dump(result.body);
  EXPECT_NE(text.find("Be brief."), std::string::npos);
  EXPECT_EQ(text.find("Be brief."), text.rfind("Be brief."));
}

}  // namespace
}  // namespace rondo::translation
