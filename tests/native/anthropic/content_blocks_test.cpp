#include "anthropic/content_blocks.h"

#include <gtest/gtest.h>

#include "anthropic/messages_request.h"
#include "native/anthropic/told.h"
#include "native/json/kept.h"

// Which blocks an answer makes, whole and streamed alike.

namespace rondo::anthropic {
namespace {

using conversation::Carried;
using conversation::Citation;
using conversation::CodeOutput;
using conversation::CodeRun;
using conversation::HostedPart;
using conversation::Image;
using conversation::Signature;
using conversation::ToolOutcome;
using conversation::WebSearch;

// One block in short: `text a`, `thinking hm [call c1 c2ln]`, `tool_use c1`.
std::string shortOf(const json::Value& block) {
  std::string text(*json::findString(block, "type"));
  for (const char* key : {"text", "thinking", "id", "tool_use_id"}) {
    if (const auto value = json::findString(block, key); value && !value->empty()) {
      text.append(" ").append(*value);
    }
  }
  if (const auto signature = json::findString(block, "signature");
      signature && !signature->empty()) {
    const auto envelope = conversation::unseal(*signature);
    EXPECT_TRUE(envelope && envelope->origin == kHead.origin);
    if (envelope) text += " [" + envelope->callId + " " + envelope->value + "]";
  }
  if (const auto* citations = json::findArray(block, "citations")) {
    text += " cites " + std::to_string(citations->size());
  }
  return text;
}

// The blocks of both ways, which are the same.
std::vector<std::string> blocksOf(const Events& events) {
  const json::Value whole = wholeMessage(events);
  EXPECT_EQ(json::dump(whole["content"]), json::dump(streamedMessage(events)["content"]));
  std::vector<std::string> blocks;
  for (const auto& block : whole["content"]) blocks.push_back(shortOf(block));
  return blocks;
}

using Blocks = std::vector<std::string>;

TEST(ContentBlocksTest, WhatGoesOnIsOneBlock) {
  EXPECT_EQ(blocksOf({thought("h"), thought("m"), said("a"), said("b"), finished()}),
            (Blocks{"thinking hm", "text ab"}));
}

TEST(ContentBlocksTest, BlocksKeepTheOrderOfWhatWasSaid) {
  EXPECT_EQ(blocksOf({said("a"), thought("x"), said("b"), called("c1"), said("c"), finished()}),
            (Blocks{"text a", "thinking x", "text b", "tool_use c1", "text c"}));
}

TEST(ContentBlocksTest, ThoughtsRightBeforeASignedCallCarryItsSignature) {
  EXPECT_EQ(blocksOf({thought("hm"), called("c1", "one"), finished()}),
            (Blocks{"thinking hm [c1 one]", "tool_use c1"}));
}

TEST(ContentBlocksTest, SeveralSignedCallsKeepTheirSignatures) {
  EXPECT_EQ(blocksOf({thought("hm"), called("c1", "one"), called("c2"), called("c3", "three"),
                      finished()}),
            (Blocks{"thinking hm [c1 one]", "tool_use c1", "tool_use c2", "thinking [c3 three]",
                    "tool_use c3"}));
}

TEST(ContentBlocksTest, ACallAfterTextHasItsSignatureInABlockBetweenThem) {
  EXPECT_EQ(blocksOf({said("a"), called("c1", "one"), finished()}),
            (Blocks{"text a", "thinking [c1 one]", "tool_use c1"}));
}

TEST(ContentBlocksTest, ATextsSignatureStandsRightBehindIt) {
  EXPECT_EQ(blocksOf({thought("hm"), said("a"), event(Signature{"sig"}), finished()}),
            (Blocks{"thinking hm", "text a", "thinking [ sig]"}));
  EXPECT_EQ(blocksOf({said("a"), event(Signature{"one"}), said("b"), event(Signature{"two"}),
                      called("c1", "three"), finished()}),
            (Blocks{"text a", "thinking [ one]", "text b", "thinking [ two]", "thinking [c1 three]",
                    "tool_use c1"}));
}

TEST(ContentBlocksTest, ASignatureWithoutTextGoesIntoTheThoughtsThatAreOpen) {
  EXPECT_EQ(blocksOf({said("a"), thought("hm"), event(Signature{"sig"}), finished()}),
            (Blocks{"text a", "thinking hm [ sig]"}));
}

TEST(ContentBlocksTest, CitationsBelongToTheLastTextEvenBehindItsSignature) {
  EXPECT_EQ(blocksOf({said("a"), event(Signature{"sig"}), event(Citation{0, 1, "https://a", "A"}),
                      event(Citation{0, 1, "https://b", "B"}), finished()}),
            (Blocks{"text a cites 2", "thinking [ sig]"}));
}

TEST(ContentBlocksTest, CitationsBelongToTheLastTextEvenBehindCalls) {
  EXPECT_EQ(blocksOf({said("a"), called("c1", "c2ln"), called("c2"), {0, Citation{}}, finished()}),
            (Blocks{"text a cites 1", "thinking [c1 c2ln]", "tool_use c1", "tool_use c2"}));
}

TEST(ContentBlocksTest, ASignatureBehindACallStandsBehindIt) {
  EXPECT_EQ(blocksOf({said("a"), called("c1"), event(Signature{"sig"}), finished()}),
            (Blocks{"text a", "tool_use c1", "thinking [ sig]"}));
}

TEST(ContentBlocksTest, SearchesStandBehindTheTextWithItsCitations) {
  const json::Value content =
      wholeMessage({said("a"), event(WebSearch{{"q1", "q2"}, {{"https://a", "A"}}}),
                    event(Citation{0, 1, "https://a", "A"}), finished()})["content"];
  ASSERT_EQ(content.size(), 5U);
  EXPECT_EQ(json::dump(content[0]["citations"]),
            R"([{"type":"web_search_result_location","url":"https://a","title":"A",)"
            R"("cited_text":"","encrypted_index":""}])");
  EXPECT_EQ(json::dump(content[1]),
            R"({"type":"server_tool_use","id":"srvtoolu_1_0","name":"web_search",)"
            R"("input":{"query":"q1"},"caller":{"type":"direct"}})");
  EXPECT_EQ(json::dump(content[2]["content"]), "[]");
  EXPECT_EQ(content[3]["input"]["query"], "q2");
  EXPECT_EQ(json::dump(content[4]),
            R"({"type":"web_search_tool_result","tool_use_id":"srvtoolu_1_1",)"
            R"("caller":{"type":"direct"},"content":[{"type":"web_search_result",)"
            R"("url":"https://a","title":"A","encrypted_content":"","page_age":null}]})");
}

TEST(ContentBlocksTest, ASearchBeforeAllTextStandsBeforeIt) {
  EXPECT_EQ(
      blocksOf({event(WebSearch{{"q"}, {}}), said("a"), finished()}),
      (Blocks{"server_tool_use srvtoolu_1_0", "web_search_tool_result srvtoolu_1_0", "text a"}));
}

TEST(ContentBlocksTest, CodeAndItsOutputAreAPair) {
  const json::Value content =
      wholeMessage({said("a"), event(CodeRun{"python", "print(1)"}), event(CodeOutput{"1\n"}),
                    event(CodeRun{"python", "x"}), event(CodeOutput{"no x", ToolOutcome::Failed}),
                    finished()})["content"];
  ASSERT_EQ(content.size(), 5U);
  EXPECT_EQ(json::dump(content[1]["input"]), R"~({"code":"print(1)"})~");
  EXPECT_EQ(json::dump(content[2]),
            R"({"type":"code_execution_tool_result","tool_use_id":"srvtoolu_1_0","content":)"
            R"({"type":"code_execution_result","stdout":"1\n","stderr":"","return_code":0,)"
            R"("content":[]}})");
  EXPECT_EQ(content[4]["tool_use_id"], "srvtoolu_1_1");
  EXPECT_EQ(content[4]["content"]["stderr"], "no x");
  EXPECT_EQ(content[4]["content"]["return_code"], 1);
}

TEST(ContentBlocksTest, AnOutputWithoutCodeStillAnswersAUse) {
  EXPECT_EQ(blocksOf({event(CodeOutput{"1"}), finished()}),
            (Blocks{"server_tool_use srvtoolu_1_0", "code_execution_tool_result srvtoolu_1_0"}));
}

TEST(ContentBlocksTest, ASecondOutputOfTheSameCodeAnswersAUseOfItsOwn) {
  EXPECT_EQ(blocksOf({event(CodeRun{"python", "x"}), event(CodeOutput{"1"}), event(CodeOutput{"2"}),
                      finished()}),
            (Blocks{"server_tool_use srvtoolu_1_0", "code_execution_tool_result srvtoolu_1_0",
                    "server_tool_use srvtoolu_1_1", "code_execution_tool_result srvtoolu_1_1"}));
}

TEST(ContentBlocksTest, ASearchWhoseQueriesAreNotKnownIsOneSearch) {
  const json::Value message =
      wholeMessage({event(WebSearch{{}, {{"https://a", "A"}}}), finished()});
  ASSERT_EQ(message["content"].size(), 2U);
  EXPECT_EQ(message["content"][0]["input"]["query"], "");
  EXPECT_EQ(message["content"][1]["content"].size(), 1U);
  EXPECT_EQ(message["usage"]["server_tool_use"]["web_search_requests"], 1);
}

TEST(ContentBlocksTest, CitationsAndSignaturesAreOfTheirOwnBlockAlone) {
  EXPECT_EQ(blocksOf({said("a"), event(Citation{0, 1, "https://a", "A"}), thought("x"), said("b"),
                      finished()}),
            (Blocks{"text a cites 1", "thinking x", "text b"}));
  EXPECT_EQ(blocksOf({thought("x"), called("c1", "one"), thought("y"), finished()}),
            (Blocks{"thinking x [c1 one]", "tool_use c1", "thinking y"}));
}

TEST(ContentBlocksTest, HostedPartsTravelInThinkingBlocks) {
  EXPECT_EQ(
      blocksOf({thought("hm"), event(HostedPart{R"({"a":1})", kHead.origin}),
                event(CodeRun{"python", "x"}), event(HostedPart{R"({"b":2})", kHead.origin}),
                event(CodeOutput{"y"}), said("a"), finished()}),
      (Blocks{R"(thinking hm [ {"a":1}])", "server_tool_use srvtoolu_1_0", R"(thinking [ {"b":2}])",
              "code_execution_tool_result srvtoolu_1_0", "text a"}));
}

TEST(ContentBlocksTest, AMadeImageIsAMarkdownImageOfItsOwn) {
  EXPECT_EQ(
      blocksOf({said("a"), event(Image{"data:image/png;base64,AA", "sig"}), said("b"), finished()}),
      (Blocks{"text a", "text ![image](data:image/png;base64,AA)", "thinking [ sig]", "text b"}));
}

TEST(ContentBlocksTest, AnEmptyAnswerHasNoBlocks) { EXPECT_EQ(blocksOf({finished()}), Blocks{}); }

TEST(ContentBlocksTest, TheInputOfACallIsAnObjectWhateverItsArguments) {
  const std::pair<const char*, const char*> kArguments[] = {
      {R"({"a":1})", R"({"a":1})"},
      {"", "{}"},
      {"[1]", R"({"input":"[1]"})"},
      {R"({"a":)", R"({"input":"{\"a\":"})"},
  };
  for (const auto& [arguments, input] : kArguments) {
    const Events events{called("c1", "", arguments), finished()};
    EXPECT_EQ(json::dump(wholeMessage(events)["content"][0]["input"]), input);
    EXPECT_EQ(json::dump(streamedMessage(events)["content"][0]["input"]), input);
  }
}

TEST(ContentBlocksTest, WhatGoesOutComesBackOntoWhatItBelongsTo) {
  const json::Value whole = wholeMessage({thought("hm"), said("a"), event(Signature{"text"}),
                                          event(HostedPart{R"({"h":1})", {}}), called("c1", "one"),
                                          called("c2", "two"), finished()});
  const std::string body =
      R"({"model":"m","max_tokens":1,"messages":[{"role":"assistant","content":)" +
      json::dump(whole["content"]) + "}]}";
  const auto request = parseMessagesRequest(json::keptText(body), conversation::Purpose::Answer);
  ASSERT_TRUE(request) << request.error().message;
  const auto& parts = request->turns.at(0).parts;
  ASSERT_EQ(parts.size(), 5U);
  EXPECT_EQ(std::get<conversation::ThoughtPart>(parts[0]).text.plain(), "hm");
  EXPECT_EQ(std::get<conversation::TextPart>(parts[1]).signature.value, "text");
  EXPECT_EQ(std::get<HostedPart>(parts[2]).json, R"({"h":1})");
  EXPECT_EQ(std::get<HostedPart>(parts[2]).origin, kHead.origin);
  EXPECT_EQ(std::get<conversation::CallPart>(parts[3]).signature.value, "one");
  EXPECT_EQ(std::get<conversation::CallPart>(parts[3]).signature.origin, kHead.origin);
  EXPECT_EQ(std::get<conversation::CallPart>(parts[4]).signature.value, "two");
}

}  // namespace
}  // namespace rondo::anthropic
