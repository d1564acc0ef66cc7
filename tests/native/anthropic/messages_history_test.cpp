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

// What a message of the assistant's leaves out, and whether it says anything.
std::vector<std::string> leftOutOf(const std::string& block) {
  const auto request = readRequest(withMessages(message("assistant", block)));
  EXPECT_TRUE(request.turns.at(0).parts.empty()) << block;
  return request.adjusted;
}

TEST(MessagesHistoryTest, WhatSaysNothingBesideTheAnswerIsSkipped) {
  for (const std::string block :
       {R"({"type":"redacted_thinking","data":"x"})", R"({"type":"web_search_tool_result"})",
        R"({"type":"fallback"})",
        R"({"type":"server_tool_use","id":"a","name":"web_search","input":{"query":"q"}})"}) {
    EXPECT_TRUE(leftOutOf(block).empty()) << block;
  }
}

TEST(MessagesHistoryTest, WhatOtherToolsOfAnthropicsDidIsLeftOutAndTold) {
  for (const std::string type :
       {"server_tool_use", "web_fetch_tool_result", "mcp_tool_use", "mcp_tool_result",
        "mcp_tool_listing", "tool_search_tool_result", "advisor_tool_result", "browser_state"}) {
    EXPECT_EQ(leftOutOf(R"({"type":")" + type + R"(","name":"web_fetch","content":7})"),
              std::vector<std::string>{"messages"})
        << type;
  }
}

std::string serverToolUse(const std::string& name, const std::string& input) {
  return R"({"type":"server_tool_use","id":"s1","name":")" + name + R"(","input":)" + input + "}";
}

std::string toolResult(const std::string& type, const std::string& content) {
  return R"({"type":")" + type + R"(","tool_use_id":"s1","content":)" + content + "}";
}

TEST(MessagesHistoryTest, CodeThatRanIsToldWithItsOutput) {
  const auto parts =
      partsOf("assistant", serverToolUse("code_execution", R"({"code":"1+1"})") + "," +
                               toolResult("code_execution_tool_result",
                                          R"({"type":"code_execution_result","stdout":"2\n",
                                              "stderr":"","return_code":0,"content":[]})"));
  ASSERT_EQ(parts.size(), 2U);
  EXPECT_EQ(textAt(parts, 0), "```python\n1+1\n```\n");
  EXPECT_EQ(textAt(parts, 1), "```output\n2\n```\n");
}

TEST(MessagesHistoryTest, CodeThatFailedIsToldWithWhatWentWrong) {
  const auto outputOf = [](const std::string& content) {
    return textAt(partsOf("assistant", toolResult("code_execution_tool_result", content)), 0);
  };
  EXPECT_EQ(outputOf(R"({"type":"code_execution_result","stdout":"a","stderr":"b",
                         "return_code":3,"content":[]})"),
            "```output\na\nb\nreturn_code: 3\n```\n");
  EXPECT_EQ(outputOf(R"({"type":"code_execution_tool_result_error","error_code":"unavailable"})"),
            "```output\nerror_code: unavailable\n```\n");
  EXPECT_EQ(outputOf(R"({"type":"encrypted_code_execution_result","encrypted_stdout":"x",
                         "stderr":"b","return_code":0,"content":[]})"),
            "```output\nb\n```\n");
}

TEST(MessagesHistoryTest, CommandsThatRanAreToldAsCodeIs) {
  const auto parts =
      partsOf("assistant", serverToolUse("bash_code_execution", R"({"command":"ls"})") + "," +
                               toolResult("bash_code_execution_tool_result",
                                          R"({"type":"bash_code_execution_result","stdout":"a",
                                              "stderr":"","return_code":0,"content":[]})"));
  EXPECT_EQ(textAt(parts, 0), "```bash\nls\n```\n");
  EXPECT_EQ(textAt(parts, 1), "```output\na\n```\n");
}

TEST(MessagesHistoryTest, FilesThatWereEditedAreToldAsJson) {
  const std::string input = R"({"command":"create","path":"a"})";
  const std::string content =
      R"({"type":"text_editor_code_execution_create_result","is_file_update":false})";
  const auto parts =
      partsOf("assistant", serverToolUse("text_editor_code_execution", input) + "," +
                               toolResult("text_editor_code_execution_tool_result", content));
  EXPECT_EQ(textAt(parts, 0), "```json\n" + input + "\n```\n");
  EXPECT_EQ(textAt(parts, 1), "```output\n" + content + "\n```\n");
}

TEST(MessagesHistoryTest, FilesThatCodeMadeAreLeftOutAndTold) {
  EXPECT_EQ(leftOutOf(toolResult("code_execution_tool_result",
                                 R"({"type":"code_execution_result","stdout":"","stderr":"",
                                     "return_code":0,"content":[{"file_id":"file_1"}]})")),
            std::vector<std::string>{"messages"});
}

TEST(MessagesHistoryTest, CodeThatIsCarriedAlongIsNotToldAgain) {
  const std::string carried = thinking("", sealed(Carried::HostedPart, R"({"a":1})"));
  const auto request = readRequest(withMessages(
      message("assistant", carried + "," + serverToolUse("code_execution", R"({"code":"1"})") +
                               "," + carried + "," +
                               toolResult("code_execution_tool_result",
                                          R"({"type":"code_execution_result","stdout":"1"})"))));
  EXPECT_EQ(request.turns.at(0).parts.size(), 2U);
  EXPECT_TRUE(request.adjusted.empty());
}

TEST(MessagesHistoryTest, CodeThatIsWrittenAnewIsBounded) {
  const std::string large(4 * 1024 * 1024 + 1, 'x');
  EXPECT_EQ(
      refusalOfBlocks("assistant", serverToolUse("code_execution", R"({"code":")" + large + "\"}"))
          .param,
      "messages[0].content[0]");
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
