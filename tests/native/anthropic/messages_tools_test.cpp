#include <gtest/gtest.h>

#include "native/anthropic/read_messages.h"

namespace rondo::anthropic {
namespace {

using conversation::CallLimit;
using conversation::ToolMode;

const std::string kTool = R"({"name":"f","description":"d","input_schema":{"type":"object"}})";

std::string tools(const std::string& list, const std::string& more = {}) {
  return R"("tools":[)" + list + "]" + (more.empty() ? "" : "," + more);
}

TEST(MessagesToolsTest, ToolsMayNameTheirTypeOrNot) {
  const auto request = readFields(
      tools(kTool + R"(,{"type":"custom","name":"g","input_schema":{},"eager_input_streaming":true,
                   "cache_control":{"type":"ephemeral"},"strict":true})"));
  ASSERT_EQ(request.tools.size(), 2U);
  EXPECT_EQ(request.tools[0].name, "f");
  EXPECT_EQ(request.tools[0].description, "d");
  EXPECT_EQ(json::dump(*request.tools[0].parameters), R"({"type":"object"})");
  EXPECT_EQ(request.tools[1].name, "g");
}

TEST(MessagesToolsTest, SearchAndCodeAreGooglesOwn) {
  const auto request = readFields(tools(
      R"({"type":"web_search_20260318","name":"web_search","max_uses":2,"allowed_domains":["a"]},
         {"type":"code_execution_20250825","name":"code_execution"})"));
  EXPECT_TRUE(request.hosted.webSearch);
  EXPECT_TRUE(request.hosted.codeExecution);
  EXPECT_TRUE(request.tools.empty());
  EXPECT_EQ(request.adjusted, std::vector<std::string>{"allowed_domains"});
}

TEST(MessagesToolsTest, DomainsThatAreNotKeptToAreToldWhereThereAreAny) {
  const auto adjustedBy = [](const std::string& members) {
    return readFields(
               tools(R"({"type":"web_search_20250305","name":"web_search",)" + members + "}"))
        .adjusted;
  };
  EXPECT_EQ(adjustedBy(R"("blocked_domains":["a"])"), std::vector<std::string>{"blocked_domains"});
  EXPECT_TRUE(adjustedBy(R"("allowed_domains":[],"blocked_domains":null)").empty());
}

TEST(MessagesToolsTest, APlaceToSearchFromIsTold) {
  const auto adjustedBy = [](const std::string& location) {
    return readFields(
               tools(R"({"type":"web_search_20250305","name":"web_search","user_location":)" +
                     location + "}"))
        .adjusted;
  };
  EXPECT_EQ(adjustedBy(R"({"type":"approximate","city":"Oslo"})"),
            std::vector<std::string>{"user_location"});
  EXPECT_TRUE(adjustedBy(R"({"type":"approximate","city":null})").empty());
  EXPECT_TRUE(adjustedBy("null").empty());
}

TEST(MessagesToolsTest, ExamplesOfInputsStandInTheDescription) {
  const auto readExamples = [](const std::string& examples) {
    return readFields(tools(R"({"name":"f","description":"d","input_schema":{"type":"object"},
        "input_examples":)" +
                            examples + "}"));
  };
  const auto request = readExamples(R"([{"a":1}, {"a":[2]}])");
  EXPECT_EQ(request.tools.at(0).description, "d\n\nExamples of its input:\n{\"a\":1}\n{\"a\":[2]}");
  EXPECT_TRUE(request.adjusted.empty());
  EXPECT_EQ(readExamples("[]").tools.at(0).description, "d");
}

TEST(MessagesToolsTest, ExamplesOfAToolThatAnthropicDefinesStandBehindItsOwnDescription) {
  const auto request = readFields(tools(R"({"type":"bash_20250124","name":"bash",
      "input_examples":[{"command":"ls"}]})"));
  const std::string& description = request.tools.at(0).description;
  EXPECT_TRUE(description.ends_with("\n\nExamples of its input:\n{\"command\":\"ls\"}"))
      << description;
}

TEST(MessagesToolsTest, ExamplesThatAreTooLongAreLeftOutAndTold) {
  const std::string large = R"({"a":")" + std::string(16 * 1024, 'x') + "\"}";
  const auto request = readFields(tools(R"({"name":"f","input_schema":{"type":"object"},
      "input_examples":[{"b":1},)" + large +
                                        R"(,{"c":1}]})"));
  EXPECT_EQ(request.tools.at(0).description, "Examples of its input:\n{\"b\":1}\n{\"c\":1}");
  EXPECT_EQ(request.adjusted, std::vector<std::string>{"input_examples"});
}

TEST(MessagesToolsTest, AnInputThatIsNoObjectIsRefusedInAnthropicsWords) {
  const Error error =
      refusal(withFields(tools(kTool + R"(,{"name":"g","input_schema":{"type":"array"}})")));
  EXPECT_EQ(error.message, "tools.1.custom.input_schema.type: Input should be 'object'");
  EXPECT_EQ(readFields(tools(R"({"name":"g","input_schema":{"properties":{}}})")).tools.size(), 1U);
}

TEST(MessagesToolsTest, AToolThatAMessageDefinesCanBeCalledAndOtherChangesAreTold) {
  const auto request = readRequest(R"({"model":"m","max_tokens":9,"tools":[)" + kTool +
                                   R"(],"messages":[{"role":"user","content":[
      {"type":"text","text":"a"},
      {"type":"tool_addition","tool":{"type":"tool_definition","definition":
        {"name":"g","input_schema":{"type":"object"}}}},
      {"type":"tool_removal","tool":{"type":"tool_reference","name":"f"}}]},
      {"role":"system","content":[
      {"type":"tool_addition","tool":{"type":"tool_reference","name":"f"}}]}]})");
  ASSERT_EQ(request.tools.size(), 2U);
  EXPECT_EQ(request.tools[0].name, "g");
  EXPECT_EQ(request.turns[0].parts.size(), 1U);
  EXPECT_EQ(request.adjusted, (std::vector<std::string>{"tools", "tools"}));
}

TEST(MessagesToolsTest, AToolThatAMessageTakesAwayIsNotDeclaredWhereverThatStands) {
  for (const std::string role : {"user", "assistant", "system"}) {
    const auto request = readRequest(R"({"model":"m","max_tokens":9,"messages":[
        {"role":"user","content":"a"},{"role":")" +
                                     role + R"(","content":[{"type":"text","text":"b"},
        {"type":"tool_removal","tool":{"type":"tool_definition","definition":
          {"name":"g","input_schema":{"type":"object"}}}}]}]})");
    EXPECT_TRUE(request.tools.empty()) << role;
    EXPECT_EQ(request.adjusted, (std::vector<std::string>{"tools"})) << role;
  }
}

TEST(MessagesToolsTest, ToolsThatOnlyAnthropicRunsAreRefusedByName) {
  for (const std::string type :
       {"computer_20250124", "computer_toolset_20260801", "browser_toolset_20260801",
        "web_fetch_20250910", "tool_search_tool_regex_20251119", "mcp_toolset", "advisor_20260301",
        "web_search", "web_search_", "web_search_2025x"}) {
    const Error error = refusal(withFields(tools(R"({"name":"x","type":")" + type + R"("})")));
    EXPECT_EQ(error.param, "tools[0].type");
    EXPECT_TRUE(error.message.contains("'" + type + "'")) << error.message;
  }
}

TEST(MessagesToolsTest, ServersOfToolsAreRefused) {
  EXPECT_EQ(refusal(withFields(R"("mcp_servers":[{"type":"url"}])")).param, "mcp_servers");
}

TEST(MessagesToolsTest, EachChoiceHasItsMode) {
  const auto mode = [](const std::string& type) {
    return readFields(tools(kTool, R"("tool_choice":{"type":")" + type + R"("})")).toolChoice.mode;
  };
  EXPECT_EQ(mode("auto"), ToolMode::Auto);
  EXPECT_EQ(mode("any"), ToolMode::Required);
  EXPECT_EQ(mode("none"), ToolMode::None);
}

TEST(MessagesToolsTest, AChosenToolIsTheOnlyOneAllowed) {
  const auto choice =
      readFields(tools(kTool, R"("tool_choice":{"type":"tool","name":"f"})")).toolChoice;
  EXPECT_EQ(choice.mode, ToolMode::Required);
  EXPECT_EQ(choice.allowed, std::vector<std::string>{"f"});
}

TEST(MessagesToolsTest, WhoeverChoosesNoToolGetsNoneOfGoogles) {
  const auto request = readFields(tools(R"({"type":"web_search_20260318","name":"web_search"},
          {"type":"code_execution_20250825","name":"code_execution"})",
                                        R"("tool_choice":{"type":"none"})"));
  EXPECT_FALSE(request.hosted.webSearch);
  EXPECT_FALSE(request.hosted.codeExecution);
}

TEST(MessagesToolsTest, AChosenToolOfGooglesCannotBeForcedButNothingElseIsLeftToChoose) {
  for (const std::string name : {"web_search", "code_execution"}) {
    const auto request =
        readFields(tools(kTool + R"(,{"type":"web_search_20250305","name":"web_search"},
                             {"type":"code_execution_20250825","name":"code_execution"})",
                         R"("tool_choice":{"type":"tool","name":")" + name + "\"}"));
    EXPECT_EQ(request.toolChoice.mode, ToolMode::None);
    EXPECT_EQ(request.hosted.webSearch, name == "web_search");
    EXPECT_EQ(request.hosted.codeExecution, name == "code_execution");
    EXPECT_EQ(request.adjusted, std::vector<std::string>{"tool_choice"});
  }
}

TEST(MessagesToolsTest, ParallelCallsCanBeTurnedOff) {
  const std::string off = R"("tool_choice":{"type":"auto","disable_parallel_tool_use":true})";
  EXPECT_EQ(readFields(tools(kTool, off)).calls, CallLimit::One);
  EXPECT_EQ(readFields(tools(kTool)).calls, CallLimit::Any);
}

TEST(MessagesToolsTest, EachWrongValueIsNamedByItsPath) {
  const std::pair<std::string, const char*> kWrong[] = {
      {R"("tools":{})", "tools"},
      {tools("7"), "tools[0]"},
      {tools(R"({"type":7})"), "tools[0].type"},
      {tools(R"({"input_schema":{}})"), "tools[0].name"},
      {tools(R"({"name":"f"})"), "tools[0].input_schema"},
      {tools(R"({"name":"f","input_schema":[]})"), "tools[0].input_schema"},
      {tools(kTool, R"("tool_choice":"auto")"), "tool_choice"},
      {tools(kTool, R"("tool_choice":{})"), "tool_choice.type"},
      {tools(kTool, R"("tool_choice":{"type":"some"})"), "tool_choice.type"},
      {tools(kTool, R"("tool_choice":{"type":"tool"})"), "tool_choice.name"},
      {tools(kTool, R"("tool_choice":{"type":"tool","name":"g"})"), "tool_choice.name"},
      {tools(kTool, R"("tool_choice":{"type":"auto","disable_parallel_tool_use":1})"),
       "tool_choice.disable_parallel_tool_use"},
  };
  for (const auto& [fields, path] : kWrong) {
    EXPECT_EQ(refusal(withFields(fields)).param, path) << fields;
  }
}

TEST(MessagesToolsTest, ARequestHasAMostOfTools) {
  std::string list = kTool;
  for (int i = 1; i < 512; ++i) list += "," + kTool;
  EXPECT_EQ(readFields(tools(list)).tools.size(), 512U);
  EXPECT_EQ(refusal(withFields(tools(list + "," + kTool))).param, "tools");
}

}  // namespace
}  // namespace rondo::anthropic
