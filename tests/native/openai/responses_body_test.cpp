#include "openai/responses_body.h"

#include <gtest/gtest.h>

#include "native/openai/read_responses.h"
#include "native/openai/write_responses.h"
#include "openai/responses_client_tools.h"

namespace rondo::openai {
namespace {

using conversation::Answer;
using conversation::Carried;
using conversation::Citation;
using conversation::CodeOutput;
using conversation::CodeRun;
using conversation::FinishReason;
using conversation::HostedPart;
using conversation::Image;
using conversation::Signature;
using conversation::TextPiece;
using conversation::ThoughtPiece;
using conversation::TokenScore;
using conversation::WebSearch;
using Types = std::vector<std::string>;

json::Value responseOf(Events events, const ResponsesStyle& style = fullStyle()) {
  return parsed(*responsesBody(kHead, style, {std::move(events), std::nullopt}));
}

conversation::Envelope carriedBy(const json::Value& item) {
  const auto envelope = conversation::unseal(item["encrypted_content"].get<std::string>());
  EXPECT_TRUE(envelope);
  return envelope.value_or(conversation::Envelope());
}

TEST(ResponsesBodyTest, AResponseHasItsHeadItsOutputAndItsEcho) {
  conversation::Usage usage;
  usage.prompt = 9;
  usage.completion = 24;
  usage.reasoning = 22;
  usage.cached = 4;
  usage.total = 33;
  EXPECT_EQ(
      *responsesBody(kHead, fullStyle(), {{{0, TextPiece{"Hi"}}, finish()}, usage}),
      R"({"id":"resp_s","object":"response","created_at":1764000000,"status":"completed",)"
      R"("error":null,"incomplete_details":null,"model":"gemini-3.8-flash","output":[)"
      R"({"id":"msg_s_0","type":"message","status":"completed","role":"assistant","content":[)"
      R"({"type":"output_text","text":"Hi","annotations":[],"logprobs":[]}]}],)"
      R"("usage":{"input_tokens":9,"input_tokens_details":{"cached_tokens":4,)"
      R"("cache_write_tokens":0},"output_tokens":24,"output_tokens_details":)"
      R"({"reasoning_tokens":22},"total_tokens":33},"access_programs":null,"store":false})");
}

TEST(ResponsesBodyTest, ItemsKeepTheOrderOfTheEvents) {
  const auto response = responseOf({{0, TextPiece{"a"}},
                                    {0, ThoughtPiece{"x"}},
                                    {0, TextPiece{"b"}},
                                    {0, TextPiece{"c"}},
                                    call("1", "f"),
                                    {0, ThoughtPiece{"y"}},
                                    finish()});
  EXPECT_EQ(typesOf(response),
            (Types{"message", "reasoning", "message", "function_call", "reasoning"}));
  EXPECT_EQ(response["output"][2]["content"][0]["text"], "bc");
}

TEST(ResponsesBodyTest, EachSignedCallHasItsSignatureRightBeforeIt) {
  const auto response =
      responseOf({{0, ThoughtPiece{"x"}}, call("1", "f", "one"), call("2", "f", "two"), finish()});
  EXPECT_EQ(typesOf(response), (Types{"reasoning", "function_call", "reasoning", "function_call"}));
  const auto& output = response["output"];
  EXPECT_EQ(output[0]["summary"][0]["text"], "x");
  EXPECT_EQ(carriedBy(output[0]).value, "one");
  EXPECT_EQ(carriedBy(output[0]).callId, "1");
  EXPECT_EQ(carriedBy(output[0]).origin, kHead.origin);
  EXPECT_EQ(carriedBy(output[2]).value, "two");
}

TEST(ResponsesBodyTest, ATextsSignatureComesBehindIt) {
  const auto response = responseOf({{0, TextPiece{"a"}},
                                    {0, Signature{"sig"}},
                                    {0, Citation{0, 1, "https://a", "A"}},
                                    finish()});
  EXPECT_EQ(typesOf(response), (Types{"message", "reasoning"}));
  EXPECT_EQ(carriedBy(response["output"][1]).what, Carried::TextSignature);
  EXPECT_EQ(response["output"][0]["content"][0]["annotations"].size(), 1U);
}

TEST(ResponsesBodyTest, ASignatureOfNoTextIsDropped) {
  const auto response = responseOf({{0, ThoughtPiece{"x"}}, {0, Signature{"sig"}}, finish()});
  EXPECT_EQ(typesOf(response), Types{"reasoning"});
  EXPECT_FALSE(response["output"][0].contains("encrypted_content"));
}

TEST(ResponsesBodyTest, WithoutAWishForItNoItemHoldsASignatureAlone) {
  ResponsesStyle style = fullStyle();
  style.bareReasoning = BareReasoning::Omitted;
  const auto response = responseOf({{0, ThoughtPiece{"x"}},
                                    call("1", "f", "one"),
                                    call("2", "f", "two"),
                                    {0, TextPiece{"a"}},
                                    {0, Signature{"sig"}},
                                    {0, HostedPart{"{}", {}}},
                                    finish()},
                                   style);
  EXPECT_EQ(typesOf(response), (Types{"reasoning", "function_call", "function_call", "message"}));
  EXPECT_EQ(carriedBy(response["output"][0]).value, "one");
}

TEST(ResponsesBodyTest, SignaturesComeBackOntoWhatTheyBelongTo) {
  const auto response = responseOf({{0, TextPiece{"a"}},
                                    {0, Signature{"text"}},
                                    {0, HostedPart{R"({"toolCall":{}})", {}}},
                                    call("1", "f", "one"),
                                    call("2", "f", "two"),
                                    finish()});
  const auto turns =
      readResponses(R"({"model":"m","input":)" + json::dump(response["output"]) + "}")
          .request.turns;
  ASSERT_EQ(turns.size(), 1U);
  EXPECT_EQ(signatureOf(turns[0]), "text");
  EXPECT_EQ(callsOf(turns[0])[0].signature.value, "one");
  EXPECT_EQ(callsOf(turns[0])[1].signature.value, "two");
  EXPECT_EQ(callsOf(turns[0])[1].signature.origin, kHead.origin);
  EXPECT_EQ(partsOf<HostedPart>(turns[0])[0].json, R"({"toolCall":{}})");
}

TEST(ResponsesBodyTest, CitationsCountWithinTheirOwnMessage) {
  const auto response = responseOf({{0, TextPiece{"äb"}},
                                    {0, ThoughtPiece{"x"}},
                                    {0, TextPiece{"c𝄞e"}},
                                    {0, Citation{0, 1, "https://a", "A"}},
                                    {0, Citation{1, 4, "https://b", "B"}},
                                    {0, Citation{3, 5, "https://c", "C"}},
                                    {0, Citation{9, 12, "https://d", "D"}},
                                    finish()});
  const auto places = [&](std::size_t item) {
    std::vector<std::pair<int, int>> found;
    for (const auto& each : response["output"][item]["content"][0]["annotations"]) {
      found.emplace_back(each["start_index"], each["end_index"]);
    }
    return found;
  };
  using Places = std::vector<std::pair<int, int>>;
  EXPECT_EQ(places(0), (Places{{0, 1}, {1, 2}}));
  EXPECT_EQ(places(2), (Places{{1, 3}, {3, 3}}));
}

TEST(ResponsesBodyTest, ASearchComesBehindTheTextWhoseCitationsFollow) {
  const auto response = responseOf({{0, TextPiece{"a"}},
                                    {0, WebSearch{{"q", "r"}, {{"https://a", "A"}}}},
                                    {0, Citation{0, 1, "https://a", "A"}},
                                    finish()});
  EXPECT_EQ(typesOf(response), (Types{"message", "web_search_call"}));
  EXPECT_EQ(json::dump(response["output"][1]["action"]),
            R"({"type":"search","query":"q","queries":["q","r"],)"
            R"("sources":[{"type":"url","url":"https://a"}]})");
}

TEST(ResponsesBodyTest, TextBehindASearchIsAMessageOfItsOwn) {
  const auto response =
      responseOf({{0, TextPiece{"a"}}, {0, WebSearch{{"q"}, {}}}, {0, TextPiece{"b"}}, finish()});
  EXPECT_EQ(typesOf(response), (Types{"message", "web_search_call", "message"}));
}

TEST(ResponsesBodyTest, WhatWasFoundIsToldOnlyWhenItIsAskedFor) {
  ResponsesStyle style = fullStyle();
  style.searchSources = style.codeOutputs = Detail::Omitted;
  const auto response = responseOf({{0, WebSearch{{"q"}, {{"https://a", "A"}}}},
                                    {0, CodeRun{"python", "1+1"}},
                                    {0, CodeOutput{"2"}},
                                    finish()},
                                   style);
  EXPECT_FALSE(response["output"][0]["action"].contains("sources"));
  EXPECT_TRUE(response["output"][1]["outputs"].is_null());
}

TEST(ResponsesBodyTest, ACodeItemIsOverWithItsOutput) {
  const auto response = responseOf(
      {{0, CodeRun{"python", "1+1"}}, {0, CodeOutput{"2"}}, finish(FinishReason::Length)});
  EXPECT_EQ(response["output"][0]["status"], "completed");
}

TEST(ResponsesBodyTest, CodeThatFailedHasFailed) {
  const auto response =
      responseOf({{0, CodeOutput{"no x", conversation::ToolOutcome::Failed}}, finish()});
  EXPECT_EQ(response["output"][0]["status"], "failed");
  EXPECT_EQ(response["output"][0]["outputs"][0]["logs"], "no x");
}

TEST(ResponsesBodyTest, EachItemHasAnIdOfItsKind) {
  ResponsesStyle style = fullStyle();
  style.tools.nameOf({CallItem::Custom, "", "g"});
  for (const CallItem item :
       {CallItem::ToolSearch, CallItem::LocalShell, CallItem::Shell, CallItem::ApplyPatch}) {
    style.tools.nameOf({item});
  }
  const auto response = responseOf({{0, ThoughtPiece{"x"}},
                                    {0, TextPiece{"a"}},
                                    call("1", "f"),
                                    call("2", "g"),
                                    call("3", "tool_search"),
                                    call("4", "local_shell"),
                                    call("5", "shell"),
                                    call("6", "apply_patch"),
                                    {0, WebSearch{{"q"}, {}}},
                                    {0, CodeOutput{"2"}},
                                    {0, Image{"data:image/png;base64,AAAA", {}}},
                                    finish()},
                                   style);
  Types ids;
  for (const auto& item : response["output"]) ids.push_back(item["id"].get<std::string>());
  EXPECT_EQ(ids, (Types{"rs_s_0", "msg_s_1", "fc_s_2", "ctc_s_3", "tsc_s_4", "lsh_s_5", "sh_s_6",
                        "apc_s_7", "ws_s_8", "ci_s_9", "ig_s_10"}));
  EXPECT_EQ(response["output"][9]["container_id"], "cntr_ci_s_9");
}

TEST(ResponsesBodyTest, CodeAndItsOutputAreOneItemBetweenWhatIsCarriedForThem) {
  const auto response = responseOf({{0, HostedPart{R"({"a":1})", {}}},
                                    {0, CodeRun{"python", "1+1"}},
                                    {0, HostedPart{R"({"b":1})", {}}},
                                    {0, CodeOutput{"2"}},
                                    {0, TextPiece{"two"}},
                                    finish()});
  EXPECT_EQ(typesOf(response),
            (Types{"reasoning", "code_interpreter_call", "reasoning", "message"}));
  EXPECT_EQ(response["output"][1]["code"], "1+1");
  EXPECT_EQ(response["output"][1]["outputs"][0]["logs"], "2");
}

TEST(ResponsesBodyTest, AnImageIsItsBase64) {
  const auto response = responseOf({{0, Image{"data:image/jpeg;base64,AAAA", "sig"}}, finish()});
  EXPECT_EQ(typesOf(response), (Types{"image_generation_call", "reasoning"}));
  EXPECT_EQ(response["output"][0]["result"], "AAAA");
  EXPECT_EQ(response["output"][0]["output_format"], "jpeg");
}

TEST(ResponsesBodyTest, AnImageAtAnAddressIsThatAddress) {
  const auto response = responseOf({{0, Image{"https://a/b", {}}}, finish()});
  EXPECT_EQ(response["output"][0]["result"], "https://a/b");
  EXPECT_EQ(response["output"][0]["output_format"], "png");
}

TEST(ResponsesBodyTest, ACutAnswerIsIncompleteAndSoIsItsLastItem) {
  const auto response = responseOf({{0, TextPiece{"a"}}, finish(FinishReason::Length)});
  EXPECT_EQ(response["status"], "incomplete");
  EXPECT_EQ(response["incomplete_details"]["reason"], "max_output_tokens");
  EXPECT_EQ(response["output"][0]["status"], "incomplete");
}

TEST(ResponsesBodyTest, ABlockedAnswerWithoutTextIsARefusal) {
  const auto response = responseOf({finish(FinishReason::Filtered)});
  EXPECT_EQ(response["incomplete_details"]["reason"], "content_filter");
  EXPECT_EQ(response["output"][0]["content"][0]["type"], "refusal");
  const auto begun = responseOf({{0, TextPiece{"a"}}, finish(FinishReason::Filtered)});
  ASSERT_EQ(begun["output"].size(), 1U);
  EXPECT_EQ(begun["output"][0]["status"], "incomplete");
  EXPECT_EQ(begun["output"][0]["content"][0]["type"], "output_text");
}

TEST(ResponsesBodyTest, LogprobsStandInTheText) {
  const auto response = responseOf({{0, TextPiece{"a"}}, {0, TokenScore{"a", -0.5, {}}}, finish()});
  EXPECT_EQ(response["output"][0]["content"][0]["logprobs"][0]["logprob"], -0.5);
}

TEST(ResponsesBodyTest, LogprobsThatComeLateStandInTheLastText) {
  const auto response =
      responseOf({{0, TextPiece{"a"}}, call("1", "f"), {0, TokenScore{"a", -0.5, {}}}, finish()});
  EXPECT_EQ(response["output"][0]["content"][0]["logprobs"].size(), 1U);
}

TEST(ResponsesBodyTest, CallsGoBackToTheirOwnKinds) {
  ResponsesStyle style = fullStyle();
  style.tools.nameOf({CallItem::Function, "n", "f"});
  style.tools.nameOf({CallItem::Custom, "", "g"});
  for (const CallItem item :
       {CallItem::ToolSearch, CallItem::LocalShell, CallItem::Shell, CallItem::ApplyPatch}) {
    style.tools.nameOf({item});
  }
  const auto response =
      responseOf({call("1", "n__f"), call("2", "g", "", "free"),
                  call("3", "tool_search", "", R"({"query":"q"})"),
                  call("4", "local_shell", "", R"({"command":["ls"]})"),
                  call("5", "shell", "", R"({"commands":["ls"]})"),
                  call("6", "apply_patch", "", R"({"type":"create_file","path":"a","diff":"+b"})"),
                  call("7", "unknown"), finish(FinishReason::Calls)},
                 style);
  EXPECT_EQ(typesOf(response),
            (Types{"function_call", "custom_tool_call", "tool_search_call", "local_shell_call",
                   "shell_call", "apply_patch_call", "function_call"}));
  const auto& output = response["output"];
  EXPECT_EQ(output[0]["namespace"], "n");
  EXPECT_EQ(output[0]["name"], "f");
  EXPECT_EQ(output[1]["input"], "free");
  EXPECT_EQ(output[2]["execution"], "client");
  EXPECT_EQ(json::dump(output[2]["arguments"]), R"({"query":"q"})");
  EXPECT_EQ(json::dump(output[3]["action"]), R"({"command":["ls"],"type":"exec","env":{}})");
  EXPECT_EQ(json::dump(output[4]["action"]),
            R"({"commands":["ls"],"timeout_ms":null,"max_output_length":null})");
  EXPECT_EQ(output[5]["operation"]["diff"], "+b");
  EXPECT_EQ(output[6]["name"], "unknown");
}

// What a client gets of an action that the model gave such arguments.
json::Value actionOf(CallItem item, const std::string& arguments) {
  std::string body;
  json::Writer writer(body);
  writer.beginObject();
  writeAction(writer, item, arguments);
  writer.endObject();
  return parsed(body);
}

TEST(ResponsesBodyTest, AnActionHasWhatItsTypeHasWhateverTheModelGave) {
  EXPECT_EQ(json::dump(actionOf(CallItem::LocalShell, R"({"command":"ls","env":7})")["action"]),
            R"({"command":[],"env":{},"type":"exec"})");
  EXPECT_EQ(json::dump(actionOf(CallItem::Shell, R"({"timeout_ms":"5"})")),
            R"({"action":{"timeout_ms":null,"commands":[],"max_output_length":null},)"
            R"("environment":{"type":"local"}})");
  EXPECT_EQ(json::dump(actionOf(CallItem::Shell, R"({"timeout_ms":5})")["action"]["timeout_ms"]),
            "5");
  for (const std::string none : {"", "[1]", "{"}) {
    EXPECT_EQ(json::dump(actionOf(CallItem::ApplyPatch, none)["operation"]),
              R"({"type":"update_file","path":"","diff":""})");
    EXPECT_EQ(json::dump(actionOf(CallItem::ToolSearch, none)["arguments"]), "{}");
  }
}

TEST(ResponsesBodyTest, AFileThatIsDeletedHasNoDiff) {
  const auto action =
      actionOf(CallItem::ApplyPatch, R"({"type":"delete_file","path":"a","diff":"-b"})");
  EXPECT_EQ(json::dump(action["operation"]), R"({"type":"delete_file","path":"a"})");
}

TEST(ResponsesBodyTest, ACountIsTheNumberOfTokens) {
  ResponsesStyle style = fullStyle();
  style.call = ResponsesCall::CountTokens;
  conversation::Usage usage;
  usage.prompt = 7;
  usage.total = 9;
  EXPECT_EQ(*responsesBody(kHead, style, {{finish(FinishReason::Length)}, usage}),
            R"({"object":"response.input_tokens","input_tokens":7})");
}

TEST(ResponsesBodyTest, ACompactionHasWhatTheUserSaidAndASummary) {
  ResponsesStyle style = fullStyle();
  style.call = ResponsesCall::Compact;
  style.userContents = {R"([{"type":"input_text","text":"a"}])"};
  const auto response =
      responseOf({{0, TextPiece{"they "}}, {0, TextPiece{"met"}}, finish()}, style);
  EXPECT_EQ(response["object"], "response.compaction");
  EXPECT_EQ(typesOf(response), (Types{"message", "compaction"}));
  EXPECT_EQ(carriedBy(response["output"][1]).value, "they met");
}

TEST(ResponsesBodyTest, ACompactionIsWrittenAsOpenAIWritesIt) {
  ResponsesStyle style = fullStyle();
  style.call = ResponsesCall::Compact;
  style.userContents = {R"("a")", R"("b")"};
  conversation::Usage usage;
  usage.prompt = 9;
  usage.completion = 3;
  usage.total = 12;
  auto response = parsed(*responsesBody(kHead, style, {{{0, TextPiece{"they met"}}}, usage}));
  response["output"][2].erase("encrypted_content");
  EXPECT_EQ(
      json::dump(response),
      R"({"id":"resp_s","object":"response.compaction","created_at":1764000000,"output":[)"
      R"({"id":"msg_s_0","type":"message","status":"completed","role":"user","content":"a"},)"
      R"({"id":"msg_s_1","type":"message","status":"completed","role":"user","content":"b"},)"
      R"({"id":"cmp_s","type":"compaction"}],"usage":{"input_tokens":9,"input_tokens_details":)"
      R"({"cached_tokens":0,"cache_write_tokens":0},"output_tokens":3,"output_tokens_details":)"
      R"({"reasoning_tokens":0},"total_tokens":12}})");
}

TEST(ResponsesBodyTest, ACompactionWithoutASummaryIsAnError) {
  ResponsesStyle style = fullStyle();
  style.call = ResponsesCall::Compact;
  const auto withheld = responsesBody(kHead, style, {{finish(FinishReason::Filtered)}, {}});
  ASSERT_FALSE(withheld);
  EXPECT_EQ(withheld.error().code, "empty_answer");
}

}  // namespace
}  // namespace rondo::openai
