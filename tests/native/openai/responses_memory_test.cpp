#include "openai/responses_memory.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace rondo::openai {
namespace {

using Items = std::vector<std::string>;

TEST(ResponsesMemory, ItemsStandInThePlaceOfReferencesAndEarlierTurnsBehindAll) {
  const std::string body =
      R"({"previous_response_id":"resp_A","input":[{"a":1},{"type":"item_reference","id":"msg_A_0"},{"id":"rs_1"}]})";
  const auto use = readMemoryUse(body);
  ASSERT_TRUE(use);
  EXPECT_EQ(use->previous, "resp_A");
  ASSERT_EQ(use->references.size(), 2U);
  EXPECT_EQ(use->references[1].id, "rs_1");
  EXPECT_EQ(use->references[1].place, 2U);
  EXPECT_EQ(
      withItems(body, *use, {R"({"h":1})", R"({"h":2})"}, {R"({"i":1})", R"({"i":2})"}),
      R"({"previous_response_id":"resp_A","input":[{"a":1},{"i":1},{"i":2}],"stored_items":[{"h":1},{"h":2}]})");
}

TEST(ResponsesMemory, ABodyThatGoesOnFromNoTurnsHasNoneBehindIt) {
  const std::string body = R"({"input":"a"})";
  EXPECT_EQ(withItems(body, *readMemoryUse(body), {}, {}), body);
}

TEST(ResponsesMemory, WhatAClientClaimsToBeStoredHasAnotherName) {
  const std::string body =
      R"({"stored_items":[1],"input":[{"stored_items":2}],"stored\u005fitems":3})";
  EXPECT_EQ(withoutClaims(body, *readMemoryUse(body)),
            R"({"____________":[1],"input":[{"stored_items":2}],"_________________":3})");
}

TEST(ResponsesMemory, WhatHasARoleOrNoIdIsNoReference) {
  for (const auto* item :
       {R"({"role":"user","id":"msg_1","content":"a"})", R"({"type":"item_reference","id":5})",
        R"({"type":"item_reference"})", R"({"type":"message","id":"msg_1"})", R"("msg_1")"}) {
    EXPECT_TRUE(readMemoryUse(R"({"input":[)" + std::string(item) + "]}")->references.empty())
        << item;
  }
}

TEST(ResponsesMemory, AConversationIsNamedByItsIdOrByAnObjectThatHasIt) {
  EXPECT_EQ(readMemoryUse(R"({"conversation":"conv_1"})")->conversation, "conv_1");
  EXPECT_EQ(readMemoryUse(R"({"conversation":{"id":"conv_1"}})")->conversation, "conv_1");
  EXPECT_EQ(readMemoryUse(R"({"conversation":null})")->conversation, "");
}

TEST(ResponsesMemory, ReferencesAreAtMostTwoHundredAndFiftySix) {
  const auto withReferences = [](int count) {
    std::string body = R"({"input":[{"id":"a"})";
    for (int i = 1; i < count; ++i) body += R"(,{"id":"a"})";
    return readMemoryUse(body + "]}");
  };
  EXPECT_TRUE(withReferences(256));
  ASSERT_FALSE(withReferences(257));
  EXPECT_EQ(withReferences(257).error().param, "input");
}

TEST(ResponsesMemory, AResponseIsStoredUnlessTheRequestSaysOtherwise) {
  EXPECT_EQ(readMemoryUse("{}")->store, MemoryUse::Store::Yes);
  EXPECT_EQ(readMemoryUse(R"({"store":true})")->store, MemoryUse::Store::Yes);
  EXPECT_EQ(readMemoryUse(R"({"store":false})")->store, MemoryUse::Store::No);
}

TEST(ResponsesMemory, AResponseAndAConversationAtOnceAreRefused) {
  const auto use = readMemoryUse(R"({"previous_response_id":"a","conversation":{"id":"c"}})");
  ASSERT_FALSE(use);
  EXPECT_EQ(use.error().param, "previous_response_id");
}

TEST(ResponsesMemory, InputItemsKeepTheirSpelling) {
  EXPECT_EQ(inputItems(R"({"input":[{"role":"user",  "content":"\u00e9"}]})"),
            Items{R"({"role":"user",  "content":"\u00e9"})"});
}

TEST(ResponsesMemory, AnInputThatIsATextIsAMessage) {
  EXPECT_EQ(
      inputItems(R"({"input":"a \"q\""})"),
      Items{
          R"({"type":"message","role":"user","content":[{"type":"input_text","text":"a \"q\""}]})"});
}

TEST(ResponsesMemory, AResponseThatWasTakenApartFitsTogetherAgain) {
  const std::string response = R"({"id":"resp_B","output":[{"a":1},{"b":[2]}],"usage":{}})";
  const auto split = splitResponse(response);
  ASSERT_TRUE(split);
  EXPECT_EQ(split->id, "resp_B");
  ASSERT_EQ(split->outputs.size(), 2U);
  EXPECT_EQ(split->before + split->outputs[0] + "," + split->outputs[1] + split->behind, response);
}

TEST(ResponsesMemory, AFaultOfAnEarlierTurnIsToldOfTheFieldThatBroughtIt) {
  const auto told = [](std::string param, std::string_view body) {
    std::string words = "Invalid type for '" + param + "': expected a string.";
    Error error = ofEarlierTurns(badRequest(std::move(words), std::move(param)),
                                 memoryField(*readMemoryUse(body)));
    return error.param + ": " + error.message;
  };
  EXPECT_EQ(told("stored_items[0].role", R"({"previous_response_id":"a"})"),
            "previous_response_id: Invalid type for 'previous_response_id': expected a string.");
  EXPECT_EQ(told("stored_items[0].role", R"({"conversation":"a"})"),
            "conversation: Invalid type for 'conversation': expected a string.");
  EXPECT_EQ(told("input[0].role", R"({"conversation":"a"})"),
            "input[0].role: Invalid type for 'input[0].role': expected a string.");
}

TEST(ResponsesMemory, AResponseThatWasNotKeptSaysSoInItsOwnMember) {
  EXPECT_EQ(unstored(R"({"output":["\"store\":true"],"store":true,"user":null})"),
            R"({"output":["\"store\":true"],"store":false,"user":null})");
  EXPECT_EQ(unstored(R"({"store":false})"), R"({"store":false})");
  EXPECT_EQ(unstored("{}"), "{}");
}

TEST(ResponsesMemory, WhatIsNoResponseIsNotTakenApart) {
  EXPECT_FALSE(splitResponse("{}"));
  EXPECT_FALSE(splitResponse(""));
}

}  // namespace
}  // namespace rondo::openai
