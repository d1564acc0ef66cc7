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

TEST(ResponsesItemsTest, AnItemWithoutATypeIsAMessageUnlessItHasAnIdAlone) {
  EXPECT_EQ(responsesRefusal(withItems(R"({})")).param, "input[0].role");
  EXPECT_EQ(responsesRefusal(withItems(R"({"content":"a"})")).param, "input[0].role");
  EXPECT_EQ(responsesRefusal(withItems(R"({"id":"msg_1"})")).code, "item_not_found");
}

TEST(ResponsesItemsTest, AnAssistantMayHaveSaidNothing) {
  EXPECT_EQ(readItems(kUser + R"({"role":"assistant"})").request.turns.size(), 1U);
  EXPECT_EQ(responsesRefusal(withItems(R"({"role":"user"})")).param, "input[0].content");
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

TEST(ResponsesItemsTest, ASignatureOfAnOldCallSignsNothingInALaterTurn) {
  const auto turns = readItems(kUser + call("1") + "," + kUser + call("2") + "," +
                               reasoning(Carried::CallSignature, "one", "1"))
                         .request.turns;
  EXPECT_TRUE(callsOf(turns[1])[0].signature.empty());
  EXPECT_TRUE(callsOf(turns[3])[0].signature.empty());
}

TEST(ResponsesItemsTest, ATextsSignatureSignsNothingOfAnotherTurn) {
  const std::string said = R"({"role":"assistant","content":[{"type":"output_text","text":"b"},
                                                             {"type":"output_text","text":"c"}]},)";
  const auto later =
      readItems(said + kUser + call("1") + "," + reasoning(Carried::TextSignature, "sig"))
          .request.turns;
  EXPECT_TRUE(callsOf(later[2])[0].signature.empty());
  const auto behind =
      readItems(said + kUser + reasoning(Carried::TextSignature, "sig")).request.turns;
  ASSERT_EQ(behind.size(), 2U);
  for (const auto& turn : behind) {
    for (const auto& part : partsOf<conversation::TextPart>(turn)) {
      EXPECT_TRUE(part.signature.empty());
    }
  }
}

TEST(ResponsesItemsTest, AnEmptyTextHoldsNoSignature) {
  const auto turns = readItems(kUser + R"({"role":"assistant","content":[
      {"type":"output_text","text":"b"},{"type":"output_text","text":""}]},)" +
                               reasoning(Carried::TextSignature, "sig"))
                         .request.turns;
  const auto parts = partsOf<conversation::TextPart>(turns[1]);
  EXPECT_EQ(parts[0].signature.value, "sig");
}

TEST(ResponsesItemsTest, AnImagesSignatureGoesOntoTheImage) {
  const auto turns = readItems(kUser + R"({"type":"image_generation_call","result":"AA"},)" +
                               reasoning(Carried::TextSignature, "sig"))
                         .request.turns;
  const auto media = partsOf<MediaPart>(turns[1]);
  EXPECT_EQ(std::get<ImagePart>(media[0]).signature.value, "sig");
}

TEST(ResponsesItemsTest, ATextsSignatureGoesOntoTheLastTextBeforeIt) {
  const auto turns = readItems(kUser + R"({"role":"assistant","content":"b"},)" +
                               reasoning(Carried::TextSignature, "sig"))
                         .request.turns;
  EXPECT_EQ(signatureOf(turns[1]), "sig");
}

TEST(ResponsesItemsTest, AHostedPartStandsInItsPlaceWhenItIsAnObject) {
  const auto turns = readItems(kUser + reasoning(Carried::HostedPart, R"({"toolCall":{}})") + "," +
                               reasoning(Carried::HostedPart, R"({"a":1},{"b":2})") + "," +
                               reasoning(Carried::HostedPart, "[1]") + "," + call("1"))
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

TEST(ResponsesItemsTest, AThoughtIsItsSummaryAndItsContent) {
  const auto turns = readItems(kUser + R"({"type":"reasoning","id":"rs_1",
      "summary":[{"type":"summary_text","text":"x"},{"type":"summary_text","text":""}],
      "content":[{"type":"reasoning_text","text":"y"}]})")
                         .request.turns;
  const auto thoughts = partsOf<ThoughtPart>(turns[1]);
  ASSERT_EQ(thoughts.size(), 2U);
  EXPECT_EQ(thoughts[0].text.plain(), "x");
  EXPECT_EQ(thoughts[1].text.plain(), "y");
}

TEST(ResponsesItemsTest, ASearchThatTheBackEndMadeIsNoLoss) {
  const auto request = readItems(kUser + R"({"type":"web_search_call","id":"ws_1"})").request;
  EXPECT_EQ(request.turns.size(), 1U);
  EXPECT_TRUE(request.adjusted.empty());
}

TEST(ResponsesItemsTest, CodeThatRanIsToldWithItsOutputUnlessItIsCarriedAlong) {
  const std::string code = R"({"type":"code_interpreter_call","code":"1+1",
      "outputs":[{"type":"logs","logs":"2"},{"type":"image","url":"u"}]})";
  const auto told = readItems(kUser + code).request.turns;
  EXPECT_EQ(textOf(told[1]), "```python\n1+1\n```\n```\n2\n```\n");
  const auto carried =
      readItems(kUser + reasoning(Carried::HostedPart, R"({"toolCall":{}})") + "," + code)
          .request.turns;
  EXPECT_EQ(carried[1].parts.size(), 1U);
}

TEST(ResponsesItemsTest, TheFenceOfCodeIsLongerThanAnyInIt) {
  const auto turns = readItems(kUser + R"({"type":"code_interpreter_call","code":"a = '```'",
          "outputs":[{"type":"logs","logs":"````\n"}]})")
                         .request.turns;
  EXPECT_EQ(textOf(turns[1]), "````python\na = '```'\n````\n`````\n````\n`````\n");
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
  for (const std::string type : {"compaction", "compaction_summary"}) {
    const auto turns = readItems(R"({"type":")" + type + R"(","encrypted_content":")" +
                                 seal({Carried::Summary, {}, {}, "they met"}) + "\"}")
                           .request.turns;
    ASSERT_EQ(turns.size(), 1U);
    EXPECT_EQ(turns[0].role, Role::User);
    EXPECT_EQ(textOf(turns[0]),
              "The conversation up to here was replaced by this summary of it:\n\nthey met");
  }
}

TEST(ResponsesItemsTest, ACompactionOfAnotherMakerIsLeftOutAndTold) {
  for (const std::string& sealed :
       {std::string("gAAAA"), seal({Carried::HostedPart, {}, {}, "{}"})}) {
    const auto request =
        readItems(kUser + R"({"type":"compaction","encrypted_content":")" + sealed + "\"}").request;
    EXPECT_EQ(request.turns.size(), 1U);
    EXPECT_EQ(request.adjusted, std::vector<std::string>{"input"});
  }
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

TEST(ResponsesItemsTest, ArgumentsAreATextOrAnObject) {
  const auto callWith = [](const std::string& arguments) {
    return withItems(kUser + R"({"type":"function_call","call_id":"1","name":"f","arguments":)" +
                     arguments + "}");
  };
  EXPECT_EQ(conversation::plain(
                callsOf(readResponses(callWith(R"({"a":1})")).request.turns[1])[0].arguments),
            R"({"a":1})");
  EXPECT_EQ(responsesRefusal(callWith("[1]")).param, "input[1].arguments");
}

TEST(ResponsesItemsTest, AResultMayNameItsFunctionAlone) {
  const auto turns = readItems(kUser + R"(
      {"type":"function_call_output","namespace":"n","name":"f","output":"x"})")
                         .request.turns;
  EXPECT_EQ(resultsOf(turns[1])[0].name, "n__f");
  EXPECT_EQ(
      responsesRefusal(withItems(kUser + R"({"type":"function_call_output","output":"x"})")).param,
      "input[1].call_id");
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

TEST(ResponsesItemsTest, WhatOpenAIsClientsWantInAnActionIsNoArgument) {
  const auto turns = readItems(kUser + R"(
      {"type":"local_shell_call","id":"lsh_1","call_id":"1",
       "action":{"command":["ls"],"type":"exec","env":{}}},
      {"type":"shell_call","call_id":"2",
       "action":{"commands":["ls"],"timeout_ms":null,"max_output_length":null}},
      {"type":"shell_call","call_id":"3","action":{"commands":[],"timeout_ms":5}})")
                         .request.turns;
  const auto calls = callsOf(turns[1]);
  EXPECT_EQ(conversation::plain(calls[0].arguments), R"({"command":["ls"]})");
  EXPECT_EQ(conversation::plain(calls[1].arguments), R"({"commands":["ls"]})");
  EXPECT_EQ(conversation::plain(calls[2].arguments), R"({"commands":[],"timeout_ms":5})");
}

TEST(ResponsesItemsTest, WhatAModelMadeOfAnActionStaysAsItIsSpelled) {
  const auto turns = readItems(kUser + R"(
      {"type":"local_shell_call","id":"lsh_1","call_id":"1",
       "action":{ "command":["ls"], "env":{"A":"b"} }},
      {"type":"local_shell_call","id":"lsh_2","call_id":"2",
       "action":{"command":["ls"],"type":"exec","env":{"A":"b"}}},
      {"type":"shell_call","call_id":"3","action":{ "commands" : [] }})")
                         .request.turns;
  const auto calls = callsOf(turns[1]);
  EXPECT_EQ(conversation::plain(calls[0].arguments), R"({ "command":["ls"], "env":{"A":"b"} })");
  EXPECT_EQ(conversation::plain(calls[1].arguments), R"({"command":["ls"],"env":{"A":"b"}})");
  EXPECT_EQ(conversation::plain(calls[2].arguments), R"({ "commands" : [] })");
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

TEST(ResponsesItemsTest, ASearchOfOpenAIsOwnLeavesItsToolsAlone) {
  const auto request = readItems(kUser + R"(
      {"type":"tool_search_call","execution":"server","arguments":{}},
      {"type":"tool_search_output","execution":"server","tools":[{"type":"function","name":"f"}]})")
                           .request;
  EXPECT_EQ(request.turns.size(), 1U);
  EXPECT_EQ(request.tools.size(), 1U);
  EXPECT_TRUE(request.adjusted.empty());
}

TEST(ResponsesItemsTest, ASearchMayTellItsArgumentsAsAText) {
  const auto request = readItems(kUser + R"(
      {"type":"tool_search_call","call_id":"1","arguments":"{\"query\":\"q\"}"})")
                           .request;
  EXPECT_EQ(conversation::plain(callsOf(request.turns[1])[0].arguments), R"({"query":"q"})");
}

TEST(ResponsesItemsTest, AnImageOfTheModelsIsToldAgain) {
  const auto turns = readItems(kUser + R"(
      {"type":"image_generation_call","id":"ig_1","status":"completed","result":"/9j/AA"},
      {"type":"image_generation_call","result":"R0lGAA"},
      {"type":"image_generation_call","result":"UklGAA"},
      {"type":"image_generation_call","result":"iVBOAA"},
      {"type":"image_generation_call","result":"https://a/b"},
      {"type":"image_generation_call","result":""})")
                         .request.turns;
  std::vector<std::string> types;
  for (const auto& medium : partsOf<MediaPart>(turns[1])) {
    types.push_back(std::get<ImagePart>(medium).mediaType);
  }
  EXPECT_EQ(types,
            (std::vector<std::string>{"image/jpeg", "image/gif", "image/webp", "image/png", ""}));
}

TEST(ResponsesItemsTest, CallsInARowAreBounded) {
  std::string items = kUser;
  for (int i = 0; i < 1025; ++i) items += (i ? "," : "") + call(std::to_string(i));
  EXPECT_EQ(responsesRefusal(withItems(items)).param, "input[1025]");
}

TEST(ResponsesItemsTest, CallsAreCountedAnewInEachTurn) {
  std::string items;
  for (const int calls : {1, 1024, 1}) {
    items += (items.empty() ? "" : ",") + kUser;
    for (int i = 0; i < calls; ++i) items += (i ? "," : "") + call(std::to_string(i));
  }
  const auto turns = readItems(items).request.turns;
  ASSERT_EQ(turns.size(), 6U);
  EXPECT_EQ(callsOf(turns[3]).size(), 1024U);
  EXPECT_EQ(callsOf(turns[5]).size(), 1U);
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
  const std::string action = R"({"type":"local_shell_call","id":"l","call_id":"1","action":)"
                             R"({"type":"exec","command":[")";
  EXPECT_EQ(responsesRefusal(withItems(kUser + action + large + "\"]}}")).param, "input[1]");
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
  const auto [request, style, declared, destination] = readResponses(
      R"({"model":"m","input":[{"role":"user","content":"a"},{"role":"assistant","content":"b"}]})",
      ResponsesCall::Compact);
  EXPECT_EQ(request.turns.size(), 3U);
  EXPECT_EQ(style.userContents, std::vector<std::string>{R"([{"type":"input_text","text":"a"}])"});
}

TEST(ResponsesItemsTest, ACompactionOfATextKeepsTheTextAndNotTheInstructions) {
  const auto responses =
      readResponses(R"({"model":"m","instructions":"i","input":"a"})", ResponsesCall::Compact);
  EXPECT_EQ(responses.style.userContents,
            std::vector<std::string>{R"([{"type":"input_text","text":"a"}])"});
}

}  // namespace
}  // namespace rondo::openai
