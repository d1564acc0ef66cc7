#include <gtest/gtest.h>

#include "conversation/signature.h"
#include "native/anthropic/read_messages.h"
#include "native/conversation/plain_arguments.h"

// What an assistant has said before, and the signatures that it carries.

namespace rondo::anthropic {
namespace {

using conversation::CallPart;
using conversation::Carried;
using conversation::HostedPart;
using conversation::ImagePart;
using conversation::SignatureOrigin;
using conversation::TextPart;
using conversation::ThoughtPart;

const SignatureOrigin kOrigin{"service_account", "gemini-3"};

std::string thinking(const std::string& text, const std::string& signature) {
  return R"({"type":"thinking","thinking":")" + text + R"(","signature":")" + signature + R"("})";
}

std::string sealed(Carried what, const std::string& value, const std::string& callId = {}) {
  return conversation::seal({what, kOrigin, callId, value});
}

std::string toolUse(const std::string& id) {
  return R"({"type":"tool_use","id":")" + id + R"(","name":"f","input":{"b":1,"a":[]}})";
}

TEST(MessagesHistoryTest, KeepsTheOrderOfBlocks) {
  const auto parts =
      partsOf("assistant", thinking("hm", "") + R"(,{"type":"text","text":"so"},)" + toolUse("c1"));
  EXPECT_EQ(partAt<ThoughtPart>(parts, 0).text.plain(), "hm");
  EXPECT_EQ(textAt(parts, 1), "so");
  const CallPart call = partAt<CallPart>(parts, 2);
  EXPECT_EQ(call.id, "c1");
  EXPECT_EQ(call.name, "f");
  EXPECT_EQ(conversation::plain(call.arguments), R"({"b":1,"a":[]})");
}

TEST(MessagesHistoryTest, ASignatureGoesOntoTheCallThatItNames) {
  const auto parts =
      partsOf("assistant", thinking("", sealed(Carried::CallSignature, "c2ln", "c2")) + "," +
                               toolUse("c1") + "," + toolUse("c2"));
  ASSERT_EQ(parts.size(), 2U);
  EXPECT_TRUE(partAt<CallPart>(parts, 0).signature.empty());
  const auto signature = partAt<CallPart>(parts, 1).signature;
  EXPECT_EQ(signature.value, "c2ln");
  EXPECT_EQ(signature.origin, kOrigin);
}

TEST(MessagesHistoryTest, ASignatureGoesOntoTheTextBeforeIt) {
  const auto parts =
      partsOf("assistant", R"({"type":"text","text":"a"},{"type":"text","text":"b"},)" +
                               thinking("", sealed(Carried::TextSignature, "c2ln")));
  EXPECT_TRUE(partAt<TextPart>(parts, 0).signature.empty());
  EXPECT_EQ(partAt<TextPart>(parts, 1).signature.value, "c2ln");
}

TEST(MessagesHistoryTest, ASignatureOfNoTextIsDropped) {
  EXPECT_TRUE(partsOf("assistant", thinking("", sealed(Carried::TextSignature, "c2ln"))).empty());
}

TEST(MessagesHistoryTest, AHostedPartComesBackInItsPlace) {
  const std::string part = R"({"toolCall":{"id":"1"}})";
  const auto parts = partsOf("assistant", R"({"type":"text","text":"a"},)" +
                                              thinking("hm", sealed(Carried::HostedPart, part)) +
                                              R"(,{"type":"text","text":"b"})");
  ASSERT_EQ(parts.size(), 4U);
  EXPECT_EQ(partAt<ThoughtPart>(parts, 1).text.plain(), "hm");
  EXPECT_EQ(partAt<HostedPart>(parts, 2).json, part);
  EXPECT_EQ(partAt<HostedPart>(parts, 2).origin, kOrigin);
}

TEST(MessagesHistoryTest, AHostedPartThatIsNoObjectIsDropped) {
  for (const char* json : {"[]", "{", R"({}, {"text":"x"})", ""}) {
    EXPECT_TRUE(partsOf("assistant", thinking("", sealed(Carried::HostedPart, json))).empty());
  }
}

TEST(MessagesHistoryTest, DamagedAndForeignSignaturesAreDroppedAndTheThoughtsKept) {
  std::string damaged = sealed(Carried::CallSignature, "c2ln", "c1");
  damaged[10] = damaged[10] == 'a' ? 'b' : 'a';
  for (const std::string& signature : {damaged, std::string("EqoBCkgIARABGAIiQ"), std::string()}) {
    const auto parts = partsOf("assistant", thinking("hm", signature) + "," + toolUse("c1"));
    EXPECT_EQ(partAt<ThoughtPart>(parts, 0).text.plain(), "hm");
    EXPECT_TRUE(partAt<CallPart>(parts, 1).signature.empty());
  }
}

TEST(MessagesHistoryTest, AnImageThatTheModelMadeIsOneAgain) {
  const auto parts =
      partsOf("assistant", R"~({"type":"text","text":"![image](data:image/png;base64,AAAA)"},)~" +
                               thinking("", sealed(Carried::TextSignature, "c2ln")));
  EXPECT_TRUE(mediumAt<ImagePart>(parts, 0).url == "data:image/png;base64,AAAA");
  EXPECT_EQ(mediumAt<ImagePart>(parts, 0).signature.value, "c2ln");
  EXPECT_EQ(
      textAt(partsOf("assistant", R"~({"type":"text","text":"![image](data:image/a) b)"})~"), 0),
      "![image](data:image/a) b)");
  EXPECT_EQ(
      textAt(partsOf("assistant", R"~({"type":"text","text":"![image](https://a/b.png)"})~"), 0),
      "![image](https://a/b.png)");
}

TEST(MessagesHistoryTest, WhatServerToolsDidIsSkipped) {
  for (const std::string type :
       {"redacted_thinking", "server_tool_use", "web_search_tool_result", "web_fetch_tool_result",
        "code_execution_tool_result", "bash_code_execution_tool_result", "mcp_tool_use",
        "text_editor_code_execution_tool_result", "tool_search_tool_result", "mcp_tool_result",
        "container_upload", "advisor_tool_result"}) {
    EXPECT_TRUE(partsOf("assistant", R"({"type":")" + type + R"(","content":7})").empty()) << type;
  }
}

TEST(MessagesHistoryTest, EachWrongBlockIsNamedByItsPath) {
  const std::pair<const char*, const char*> kWrong[] = {
      {R"({"type":"hologram"})", "messages[0].content[0].type"},
      {R"({"type":"thinking","thinking":7})", "messages[0].content[0].thinking"},
      {R"({"type":"thinking","signature":7})", "messages[0].content[0].signature"},
      {R"({"type":"tool_use","name":"f","input":{}})", "messages[0].content[0].id"},
      {R"({"type":"tool_use","id":"a","input":{}})", "messages[0].content[0].name"},
      {R"({"type":"tool_use","id":"a","name":"f","input":"x"})", "messages[0].content[0].input"},
      {R"({"type":"tool_result","tool_use_id":"a"})", "messages[0].content[0].type"},
  };
  for (const auto& [block, path] : kWrong) {
    EXPECT_EQ(refusalOfBlocks("assistant", block).param, path) << block;
  }
}

TEST(MessagesHistoryTest, AMessageHasAMostOfCalls) {
  std::string blocks = toolUse("c");
  for (int i = 1; i < 1024; ++i) blocks += "," + toolUse("c");
  EXPECT_EQ(partsOf("assistant", blocks).size(), 1024U);
  EXPECT_EQ(refusalOfBlocks("assistant", blocks + "," + toolUse("c")).param,
            "messages[0].content[1024]");
}

}  // namespace
}  // namespace rondo::anthropic
