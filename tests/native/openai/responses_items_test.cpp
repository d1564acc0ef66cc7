#include <gtest/gtest.h>

#include "native/conversation/plain_arguments.h"
#include "native/openai/read_responses.h"

namespace rondo::openai {
namespace {

using conversation::Carried;
using conversation::FilePart;
using conversation::HostedPart;
using conversation::ImageDetail;
using conversation::ImagePart;
using conversation::MediaPart;
using conversation::Role;
using conversation::seal;
using conversation::ThoughtPart;
using conversation::ToolKind;
using conversation::ToolOutcome;
using conversation::Turn;

const std::string kUser = R"({"role":"user","content":"a"},)";
const conversation::SignatureOrigin kOrigin{"api_key", "3"};

std::string reasoning(Carried what, std::string value, std::string callId = {}) {
  return R"({"type":"reasoning","id":"rs_1","summary":[],"content":null,"encrypted_content":")" +
         seal({what, kOrigin, std::move(callId), std::move(value)}) + "\"}";
}

std::string call(const std::string& id) {
  return R"({"type":"function_call","call_id":")" + id + R"(","name":"f","arguments":"{}"})";
}

TEST(ResponsesItemsTest, ATextIsAMessageOfTheUsersBehindTheInstructions) {
  const auto turns = readMembers(R"("instructions":"be kind")").request.turns;
  ASSERT_EQ(turns.size(), 2U);
  EXPECT_EQ(turns[0].role, Role::System);
  EXPECT_EQ(textOf(turns[0]), "be kind");
  EXPECT_EQ(turns[1].role, Role::User);
  EXPECT_EQ(textOf(turns[1]), "a");
}

TEST(ResponsesItemsTest, EasyMessagesHaveFourRoles) {
  const auto turns = readItems(R"({"role":"system","content":"s"},
      {"type":"message","role":"developer","content":[{"type":"input_text","text":"d"}]},
      {"role":"user","content":"u"},
      {"role":"assistant","content":[{"type":"output_text","text":"x","annotations":[]},
                                     {"type":"refusal","refusal":"no"}]})")
                         .request.turns;
  ASSERT_EQ(turns.size(), 4U);
  EXPECT_EQ(turns[1].role, Role::System);
  EXPECT_EQ(turns[3].role, Role::Assistant);
  EXPECT_EQ(partsOf<conversation::RefusalPart>(turns[3]).size(), 1U);
}

TEST(ResponsesItemsTest, AnUnknownRoleIsRefusedWithItsPath) {
  const Error error = responsesRefusal(withItems(R"({"role":"robot","content":"a"})"));
  EXPECT_EQ(error.param, "input[0].role");
}

TEST(ResponsesItemsTest, AWrongTypeIsRefusedWithItsPath) {
  EXPECT_EQ(responsesRefusal(withItems(kUser + R"({"role":"user","content":[
                {"type":"input_text","text":5}]})"))
                .param,
            "input[1].content[0].text");
  EXPECT_EQ(responsesRefusal(withItems(R"(5)")).param, "input[0]");
  EXPECT_EQ(responsesRefusal(R"({"model":"m","input":5})").param, "input");
  EXPECT_EQ(responsesRefusal(R"({"model":"m"})").param, "input");
  EXPECT_EQ(responsesRefusal(R"({"model":"m","input":[]})").param, "input");
}

TEST(ResponsesItemsTest, MediaAreFlat) {
  const auto turns = readItems(R"({"role":"user","content":[
      {"type":"input_image","image_url":"data:image/png;base64,AAAA","detail":"high"},
      {"type":"input_image","file_id":"files/1","image_url":null},
      {"type":"input_file","file_url":"https://a/b.pdf"},
      {"type":"input_file","file_data":"AAAA","filename":"c.pdf"}]})")
                         .request.turns;
  const auto media = partsOf<MediaPart>(turns[0]);
  ASSERT_EQ(media.size(), 4U);
  EXPECT_EQ(std::get<ImagePart>(media[0]).detail, ImageDetail::High);
  EXPECT_EQ(std::get<FilePart>(media[1]).id, "files/1");
  EXPECT_EQ(std::get<FilePart>(media[2]).data, "https://a/b.pdf");
  EXPECT_EQ(std::get<FilePart>(media[3]).name, "c.pdf");
}

TEST(ResponsesItemsTest, WhatTheAssistantDidInARowIsOneTurnAndSoAreTheResults) {
  const auto turns = readItems(kUser + R"(
      {"type":"reasoning","id":"rs_1","summary":[{"type":"summary_text","text":"hm"}]},
      {"type":"message","role":"assistant","content":[{"type":"output_text","text":"b"}]},)" +
                               call("1") + "," + call("2") + R"(,
      {"type":"function_call_output","call_id":"1","output":"r"},
      {"type":"function_call_output","call_id":"2","output":[{"type":"input_text","text":"s"},
         {"type":"input_image","image_url":"data:image/png;base64,AAAA"}],"status":"completed"},
      {"role":"user","content":"c"})")
                         .request.turns;
  ASSERT_EQ(turns.size(), 4U);
  EXPECT_TRUE(std::holds_alternative<ThoughtPart>(turns[1].parts[0]));
  EXPECT_EQ(callsOf(turns[1]).size(), 2U);
  const auto results = resultsOf(turns[2]);
  ASSERT_EQ(results.size(), 2U);
  EXPECT_EQ(results[1].callId, "2");
  EXPECT_EQ(results[1].content.size(), 2U);
}

TEST(ResponsesItemsTest, ACallsSignatureFindsItsCallOnEitherSide) {
  const auto turns =
      readItems(kUser + reasoning(Carried::CallSignature, "one", "1") + "," + call("1") + "," +
                call("2") + "," + reasoning(Carried::CallSignature, "two", "2"))
          .request.turns;
  const auto calls = callsOf(turns[1]);
  ASSERT_EQ(calls.size(), 2U);
  EXPECT_EQ(calls[0].signature, conversation::ThoughtSignature("one", kOrigin));
  EXPECT_EQ(calls[1].signature, conversation::ThoughtSignature("two", kOrigin));
}

TEST(ResponsesItemsTest, ASignatureDoesNotLeaveItsTurn) {
  const auto turns =
      readItems(kUser + reasoning(Carried::CallSignature, "one", "1") + "," + kUser + call("1"))
          .request.turns;
  EXPECT_TRUE(callsOf(turns.back())[0].signature.empty());
}

TEST(ResponsesItemsTest, ATextsSignatureGoesOntoTheLastTextBeforeIt) {
  const auto turns = readItems(kUser + R"({"role":"assistant","content":"b"},)" +
                               reasoning(Carried::TextSignature, "sig"))
                         .request.turns;
  EXPECT_EQ(signatureOf(turns[1]), "sig");
}

TEST(ResponsesItemsTest, AHostedPartStandsInItsPlaceWhenItIsAnObject) {
  const auto turns =
      readItems(kUser + reasoning(Carried::HostedPart, R"({"toolCall":{}})") + "," +
                reasoning(Carried::HostedPart, R"({"a":1},{"b":2})") + "," + call("1"))
          .request.turns;
  const auto parts = partsOf<HostedPart>(turns[1]);
  ASSERT_EQ(parts.size(), 1U);
  EXPECT_EQ(parts[0].json, R"({"toolCall":{}})");
  EXPECT_EQ(parts[0].origin, kOrigin);
}

TEST(ResponsesItemsTest, ForeignAndDamagedReasoningIsDroppedSilently) {
  const auto request = readItems(kUser + R"(
      {"type":"reasoning","id":"rs_1","summary":[],"encrypted_content":"gAAAA"},)" +
                                 call("1"))
                           .request;
  EXPECT_TRUE(callsOf(request.turns[1])[0].signature.empty());
  EXPECT_TRUE(request.adjusted.empty());
}

TEST(ResponsesItemsTest, AnUnknownKindIsLeftOutAndTold) {
  const auto request = readItems(kUser + R"({"type":"novelty","x":1},{"type":"mcp_call"})").request;
  EXPECT_EQ(request.turns.size(), 1U);
  EXPECT_EQ(request.adjusted, std::vector<std::string>{"input"});
}

TEST(ResponsesItemsTest, AReferenceToAThoughtIsLeftOutAndTold) {
  const auto request = readItems(kUser + R"({"type":"item_reference","id":"rs_1"})").request;
  EXPECT_EQ(request.adjusted, std::vector<std::string>{"input"});
}

TEST(ResponsesItemsTest, AnotherReferenceIsRefused) {
  for (const std::string item : {R"({"type":"item_reference","id":"msg_1"})", R"({"id":"fc_1"})"}) {
    const Error error = responsesRefusal(withItems(kUser + item));
    EXPECT_EQ(error.param, "input[1].id");
    EXPECT_NE(error.message.find("store: false"), std::string::npos);
  }
}

TEST(ResponsesItemsTest, ACompactionIsASummaryOfTheUsers) {
  const auto turns = readItems(R"({"type":"compaction","encrypted_content":")" +
                               seal({Carried::Summary, {}, {}, "they met"}) + "\"}")
                         .request.turns;
  ASSERT_EQ(turns.size(), 1U);
  EXPECT_EQ(turns[0].role, Role::User);
  EXPECT_TRUE(textOf(turns[0]).ends_with("\n\nthey met"));
}

TEST(ResponsesItemsTest, CustomAndNamespacedCallsHaveTheirToolsNames) {
  const auto turns = readItems(kUser + R"(
      {"type":"custom_tool_call","call_id":"1","name":"patch","input":"free"},
      {"type":"function_call","call_id":"2","namespace":"n","name":"f","arguments":"{}"},
      {"type":"custom_tool_call_output","call_id":"1","output":"ok"})")
                         .request.turns;
  const auto calls = callsOf(turns[1]);
  EXPECT_EQ(calls[0].kind, ToolKind::Custom);
  EXPECT_EQ(conversation::plain(calls[0].arguments), "free");
  EXPECT_EQ(calls[1].name, "n__f");
  EXPECT_EQ(resultsOf(turns[2])[0].callId, "1");
}

TEST(ResponsesItemsTest, ActionsAreArguments) {
  const auto turns = readItems(kUser + R"(
      {"type":"local_shell_call","id":"lsh_1","call_id":"1","action":{"command":["ls"]}},
      {"type":"shell_call","call_id":"2","action":{"commands":["ls"]}},
      {"type":"apply_patch_call","call_id":"3","operation":{"type":"delete_file","path":"a"}},
      {"type":"local_shell_call_output","id":"lsh_1","output":"x"},
      {"type":"shell_call_output","call_id":"2","output":[{"stdout":"y"}]},
      {"type":"apply_patch_call_output","call_id":"3","status":"failed","output":"z"})")
                         .request.turns;
  const auto calls = callsOf(turns[1]);
  EXPECT_EQ(calls[0].name, "local_shell");
  EXPECT_EQ(conversation::plain(calls[0].arguments), R"({"command":["ls"]})");
  EXPECT_EQ(calls[1].name, "shell");
  EXPECT_EQ(conversation::plain(calls[2].arguments), R"({"type":"delete_file","path":"a"})");
  const auto results = resultsOf(turns[2]);
  EXPECT_EQ(results[0].callId, "1");
  EXPECT_EQ(textOf(results[1].content), R"([{"stdout":"y"}])");
  EXPECT_EQ(results[2].outcome, ToolOutcome::Failed);
}

TEST(ResponsesItemsTest, ToolsThatWereFoundCanBeCalled) {
  const auto request = readItems(kUser + R"(
      {"type":"tool_search_call","execution":"client","call_id":"1","arguments":{"query":"q"}},
      {"type":"tool_search_output","execution":"client","call_id":"1","tools":[
        {"type":"namespace","name":"n","tools":[{"type":"function","name":"f"}]}]})")
                           .request;
  ASSERT_EQ(request.tools.size(), 1U);
  EXPECT_EQ(request.tools[0].name, "n__f");
  EXPECT_EQ(callsOf(request.turns[1])[0].name, "tool_search");
  EXPECT_EQ(conversation::plain(callsOf(request.turns[1])[0].arguments), R"({"query":"q"})");
  EXPECT_EQ(textOf(resultsOf(request.turns[2])[0].content), R"({"tools":["n__f"]})");
}

TEST(ResponsesItemsTest, AnImageOfTheModelsIsToldAgain) {
  const auto turns = readItems(kUser + R"(
      {"type":"image_generation_call","id":"ig_1","status":"completed","result":"/9j/AA"})")
                         .request.turns;
  const auto media = partsOf<MediaPart>(turns[1]);
  EXPECT_EQ(std::get<ImagePart>(media[0]).mediaType, "image/jpeg");
}

TEST(ResponsesItemsTest, CallsInARowAreBounded) {
  std::string items = kUser;
  for (int i = 0; i < 1025; ++i) items += (i ? "," : "") + call(std::to_string(i));
  EXPECT_EQ(responsesRefusal(withItems(items)).param, "input[1025]");
}

TEST(ResponsesItemsTest, TextsThatAreWrittenAnewAreBounded) {
  const std::string large(4 * 1024 * 1024, 'x');
  const std::string code = R"({"type":"code_interpreter_call","id":"ci_1","code":")";
  EXPECT_EQ(responsesRefusal(withItems(kUser + code + large + "\"}")).param, "input[1]");
  const std::string output = R"({"type":"shell_call_output","call_id":"c1","output":[{"stdout":")";
  EXPECT_EQ(responsesRefusal(withItems(kUser + output + large + "\"}]}")).param, "input[1].output");
  const std::string summary = R"({"type":"compaction","encrypted_content":")";
  EXPECT_EQ(responsesRefusal(withItems(kUser + summary + large + "\"}")).param,
            "input[1].encrypted_content");
}

TEST(ResponsesItemsTest, ThoughtsThatComeBackAreBounded) {
  std::string thoughts = kUser + R"({"type":"reasoning","summary":[)";
  for (int i = 0; i < 50'000; ++i) thoughts += R"({"text":"x"},)";
  thoughts += "{}]}";
  EXPECT_EQ(responsesRefusal(withItems(thoughts)).param, "input[1].summary");
}

TEST(ResponsesItemsTest, WhatACompactionGivesBackIsBounded) {
  const std::string large(12 * 1024 * 1024 + 1, 'x');
  const std::string body = R"({"model":"m","input":[{"role":"user","content":")" + large + "\"}]}";
  const auto refused = parseResponsesRequest(body, ResponsesCall::Compact);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().param, "input");
  EXPECT_TRUE(parseResponsesRequest(body, ResponsesCall::Create));
}

TEST(ResponsesItemsTest, ACompactionAsksForASummaryAndKeepsWhatTheUserSaid) {
  const auto [request, style, declared] = readResponses(
      R"({"model":"m","input":[{"role":"user","content":"a"},{"role":"assistant","content":"b"}]})",
      ResponsesCall::Compact);
  EXPECT_EQ(request.turns.size(), 3U);
  EXPECT_EQ(style.userContents, std::vector<std::string>{R"([{"type":"input_text","text":"a"}])"});
}

}  // namespace
}  // namespace rondo::openai
