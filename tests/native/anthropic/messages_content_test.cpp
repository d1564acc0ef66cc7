#include <gtest/gtest.h>

#include "native/anthropic/read_messages.h"

namespace rondo::anthropic {
namespace {

using conversation::CallResult;
using conversation::FilePart;
using conversation::ImagePart;
using conversation::MediaPart;
using conversation::TextPart;
using conversation::ToolOutcome;

std::string resultText(const CallResult& result) {
  std::string text;
  for (const auto& content : result.content) {
    if (const auto* part = std::get_if<TextPart>(&content)) text += part->text.plain();
  }
  return text;
}

TEST(MessagesContentTest, TextKeepsItsSpelling) {
  const auto parts = partsOf("user", R"({"type":"text","text":"a\n\u00e4"})");
  EXPECT_EQ(partAt<TextPart>(parts, 0).text.spelling(), R"(a\n\u00e4)");
}

TEST(MessagesContentTest, ImagesComeAsDataAddressesAndFiles) {
  const auto parts = partsOf("user", R"(
      {"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAAA"}},
      {"type":"image","source":{"type":"url","url":"https://a.example/b.png"}},
      {"type":"image","source":{"type":"file","file_id":"files/7"}})");
  EXPECT_EQ(mediumAt<ImagePart>(parts, 0).mediaType, "image/png");
  EXPECT_TRUE(mediumAt<ImagePart>(parts, 0).url == "AAAA");
  EXPECT_TRUE(mediumAt<ImagePart>(parts, 1).url == "https://a.example/b.png");
  EXPECT_EQ(mediumAt<FilePart>(parts, 2).id, "files/7");
}

TEST(MessagesContentTest, ADocumentsTitleAndContextStandBeforeIt) {
  const auto parts = partsOf("user", R"(
      {"type":"document","title":"T","context":"C","citations":{"enabled":true},
       "source":{"type":"base64","media_type":"application/pdf","data":"JVBE"}})");
  EXPECT_EQ(textAt(parts, 0), "T\n");
  EXPECT_EQ(textAt(parts, 1), "C\n");
  EXPECT_EQ(mediumAt<FilePart>(parts, 2).mediaType, "application/pdf");
}

TEST(MessagesContentTest, ADocumentMayBeTextContentAnAddressOrAFile) {
  const auto parts = partsOf("user", R"(
      {"type":"document","source":{"type":"text","media_type":"text/plain","data":"one"}},
      {"type":"document","source":{"type":"content","content":"two"}},
      {"type":"document","source":{"type":"content","content":[{"type":"text","text":"three"}]}},
      {"type":"document","source":{"type":"url","url":"https://a.example/b.pdf"}},
      {"type":"document","source":{"type":"file","file_id":"files/8"}})");
  EXPECT_EQ(textAt(parts, 0), "one");
  EXPECT_EQ(textAt(parts, 1), "two");
  EXPECT_EQ(textAt(parts, 2), "three");
  EXPECT_TRUE(mediumAt<FilePart>(parts, 3).data == "https://a.example/b.pdf");
  EXPECT_EQ(mediumAt<FilePart>(parts, 4).id, "files/8");
}

TEST(MessagesContentTest, ASearchResultIsToldAsText) {
  const auto parts = partsOf("user", R"(
      {"type":"search_result","title":"T","source":"S","content":[{"type":"text","text":"found"}]})");
  EXPECT_EQ(textAt(parts, 0) + textAt(parts, 1) + textAt(parts, 2), "T\nS\nfound");
}

TEST(MessagesContentTest, ASummaryOfWhatCameBeforeIsToldAsText) {
  EXPECT_EQ(textAt(partsOf("assistant", R"({"type":"compaction","content":"before"})"), 0),
            "before");
}

TEST(MessagesContentTest, AToolsResultIsTextOrBlocks) {
  const auto parts = partsOf("user", R"(
      {"type":"tool_result","tool_use_id":"a","content":"plain"},
      {"type":"tool_result","tool_use_id":"b","is_error":true,"content":[
        {"type":"text","text":"one"},
        {"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAAA"}},
        {"type":"document","source":{"type":"text","data":"two"}},
        {"type":"search_result","title":"","source":"","content":[{"type":"text","text":"three"}]},
        {"type":"tool_reference","tool_name":"x"},{"type":"tool_reference","tool_name":"y"}]},
      {"type":"tool_result","tool_use_id":"c"})");
  const auto plain = partAt<CallResult>(parts, 0);
  EXPECT_EQ(plain.callId, "a");
  EXPECT_EQ(resultText(plain), "plain");
  EXPECT_EQ(plain.outcome, ToolOutcome::Ok);
  const auto blocks = partAt<CallResult>(parts, 1);
  EXPECT_EQ(resultText(blocks), R"(onetwothree{"tools":["x","y"]})");
  EXPECT_EQ(blocks.outcome, ToolOutcome::Failed);
  EXPECT_TRUE(std::holds_alternative<MediaPart>(blocks.content[1]));
  EXPECT_TRUE(partAt<CallResult>(parts, 2).content.empty());
}

TEST(MessagesContentTest, EachWrongBlockIsNamedByItsPath) {
  const std::pair<const char*, const char*> kWrong[] = {
      {"7", "messages[0].content[0]"},
      {"{}", "messages[0].content[0].type"},
      {R"({"type":"hologram"})", "messages[0].content[0].type"},
      {R"({"type":"text"})", "messages[0].content[0].text"},
      {R"({"type":"text","text":7})", "messages[0].content[0].text"},
      {R"({"type":"image"})", "messages[0].content[0].source"},
      {R"({"type":"image","source":{}})", "messages[0].content[0].source.type"},
      {R"({"type":"image","source":{"type":"base64","data":"AA"}})",
       "messages[0].content[0].source.media_type"},
      {R"({"type":"image","source":{"type":"url"}})", "messages[0].content[0].source.url"},
      {R"({"type":"document","source":{"type":"fax"}})", "messages[0].content[0].source.type"},
      {R"({"type":"tool_result"})", "messages[0].content[0].tool_use_id"},
      {R"({"type":"tool_result","tool_use_id":"a","content":[{"type":"tool_use"}]})",
       "messages[0].content[0].content[0].type"},
      {R"({"type":"tool_result","tool_use_id":"a","is_error":"no"})",
       "messages[0].content[0].is_error"},
      {R"({"type":"tool_use","id":"a","name":"f","input":{}})", "messages[0].content[0].type"},
  };
  for (const auto& [block, path] : kWrong) {
    EXPECT_EQ(refusalOfBlocks("user", block).param, path) << block;
  }
}

TEST(MessagesContentTest, LinesThatAreWrittenAnewAreBounded) {
  const std::string title(4 * 1024 * 1024 + 1, 'x');
  EXPECT_EQ(refusalOfBlocks("user", R"({"type":"search_result","source":"s","title":")" + title +
                                        R"(","content":[]})")
                .param,
            "messages[0].content[0].title");
}

TEST(MessagesContentTest, FilesForAContainerAreRefused) {
  const std::string upload = R"({"type":"container_upload","file_id":"f"})";
  for (const char* role : {"user", "assistant"}) {
    const Error error = refusalOfBlocks(role, R"({"type":"text","text":"a"},)" + upload);
    EXPECT_EQ(error.param, "messages[0].content[1]");
    EXPECT_EQ(error.code, "unsupported_parameter");
  }
  EXPECT_EQ(refusalOfBlocks(
                "user", R"({"type":"tool_result","tool_use_id":"a","content":[)" + upload + "]}")
                .param,
            "messages[0].content[0].content[0]");
}

TEST(MessagesContentTest, WhatOnlyServerToolsReadIsLeftOutAndToldOnce) {
  const auto request = readRequest(withMessages(message(
      "user", R"({"type":"mcp_tool_result"},{"type":"text","text":"a"},{"type":"tool_result",
          "tool_use_id":"a","content":[{"type":"web_fetch_tool_result"}]})")));
  EXPECT_EQ(request.turns.at(0).parts.size(), 2U);
  EXPECT_EQ(request.adjusted, std::vector<std::string>{"messages"});
}

TEST(MessagesContentTest, AMessageNeedsARoleAndContent) {
  EXPECT_EQ(refusal(withMessages("7")).param, "messages[0]");
  EXPECT_EQ(refusal(withMessages(R"({"content":"a"})")).param, "messages[0].role");
  EXPECT_EQ(refusal(withMessages(R"({"role":"tool","content":"a"})")).param, "messages[0].role");
  EXPECT_EQ(refusal(withMessages(R"({"role":"user"})")).param, "messages[0].content");
  EXPECT_EQ(refusal(withMessages(R"({"role":"user","content":7})")).param, "messages[0].content");
}

}  // namespace
}  // namespace rondo::anthropic
