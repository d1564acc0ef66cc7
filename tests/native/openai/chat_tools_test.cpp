#include <gtest/gtest.h>

#include "native/openai/read_request.h"

namespace rondo::openai {
namespace {

using conversation::CallLimit;
using conversation::Request;
using conversation::ToolKind;
using conversation::ToolMode;

TEST(ChatToolsTest, AToolKeepsNameDescriptionAndSchema) {
  const Request request = readFields(R"("tools":[{"type":"function","function":
      {"name":"f","description":"d","parameters":{"type":"object","properties":{"const":{}}}}}])");
  ASSERT_EQ(request.tools.size(), 1u);
  EXPECT_EQ(request.tools[0].name, "f");
  EXPECT_EQ(request.tools[0].description, "d");
  EXPECT_EQ(json::dump(*request.tools[0].parameters),
            R"({"type":"object","properties":{"const":{}}})");
}

TEST(ChatToolsTest, ACustomToolHasNoSchema) {
  const Request request =
      readFields(R"("tools":[{"type":"custom","custom":{"name":"g","format":{"type":"text"}}}])");
  EXPECT_EQ(request.tools[0].kind, ToolKind::Custom);
  EXPECT_FALSE(request.tools[0].parameters);
}

TEST(ChatToolsTest, LegacyFunctionsAreToolsToBeAnsweredInTheirStyle) {
  const auto [request, style] = readChat(
      withFields(R"("functions":[{"name":"f","parameters":{}}],"function_call":{"name":"f"})"));
  EXPECT_EQ(request.tools[0].name, "f");
  EXPECT_EQ(style.calls, CallStyle::Functions);
  EXPECT_EQ(request.toolChoice.mode, ToolMode::Required);
  EXPECT_EQ(request.toolChoice.allowed, std::vector<std::string>{"f"});
}

TEST(ChatToolsTest, ToolsWinOverLegacyFunctions) {
  const auto [request, style] = readChat(withFields(
      R"("tools":[{"type":"function","function":{"name":"a"}}],"functions":[{"name":"b"}])"));
  ASSERT_EQ(request.tools.size(), 1u);
  EXPECT_EQ(style.calls, CallStyle::Tools);
}

TEST(ChatToolsTest, TheOlderStyleHasRoomForOneCall) {
  EXPECT_EQ(readFields(R"("functions":[{"name":"f"}])").calls, CallLimit::One);
}

// `"key":[item,item,…]`, so many of them.
std::string list(std::string_view key, std::string_view item, std::size_t count) {
  std::string text = '"' + std::string(key) + "\":[";
  for (std::size_t i = 0; i < count; ++i) text.append(i == 0 ? "" : ",").append(item);
  return text + ']';
}

TEST(ChatToolsTest, MoreToolsThanGeminiTakesAreRefused) {
  constexpr auto kTool = R"({"type":"function","function":{"name":"f"}})";
  EXPECT_EQ(readFields(list("tools", kTool, 512)).tools.size(), 512U);
  EXPECT_EQ(refusal(withFields(list("tools", kTool, 513))).message,
            "Invalid 'tools': array too long. Expected an array with maximum length 512, but got "
            "an array with length 513 instead.");
  EXPECT_EQ(refusal(withFields(list("functions", R"({"name":"f"})", 513))).param, "functions");
}

// A tool whose schema has about so many bytes.
std::string toolOf(std::size_t bytes) {
  return R"({"type":"function","function":{"name":"f","parameters":{"description":")" +
         std::string(bytes, 'x') + R"("}}})";
}

TEST(ChatToolsTest, SchemasAreBoundedOneByOneAndTogether) {
  constexpr std::size_t kHalf = 512 * 1024;
  EXPECT_EQ(readFields(list("tools", toolOf(kHalf), 3)).tools.size(), 3U);
  const Error one = refusal(withFields(list("tools", toolOf(2 * kHalf), 1)));
  EXPECT_EQ(one.param, "tools[0].function.parameters");
  EXPECT_NE(one.message.find("1048576 bytes of JSON, but got 1048"), std::string::npos);
  const Error all = refusal(withFields(list("tools", toolOf(kHalf), 4)));
  EXPECT_EQ(all.param, "tools[3].function.parameters");
  EXPECT_NE(all.message.find("2097152 bytes of JSON in all such parts"), std::string::npos)
      << all.message;
}

TEST(ChatToolsTest, AMessageHasAThousandCallsAtMost) {
  constexpr auto kCall = R"({"id":"c","type":"function","function":{"name":"f","arguments":""}})";
  const auto message = [](std::string calls) {
    return R"({"role":"assistant",)" + std::move(calls) + "}";
  };
  EXPECT_EQ(callsOf(readTurns(message(list("tool_calls", kCall, 1024))).at(0)).size(), 1024U);
  const Error error =
      refusal(R"({"model":"m","messages":[)" + message(list("tool_calls", kCall, 1025)) + "]}");
  EXPECT_EQ(error.param, "messages[0].tool_calls");
  EXPECT_EQ(error.code, "array_above_max_length");
}

TEST(ChatToolsTest, ToolChoiceHasThreeWords) {
  EXPECT_EQ(readFields(R"("tool_choice":"none")").toolChoice.mode, ToolMode::None);
  EXPECT_EQ(readFields(R"("tool_choice":"auto")").toolChoice.mode, ToolMode::Auto);
  EXPECT_EQ(readFields(R"("tool_choice":"required")").toolChoice.mode, ToolMode::Required);
  EXPECT_EQ(readFields(R"("tool_choice":"validated")").toolChoice.mode, ToolMode::Validated);
}

TEST(ChatToolsTest, WithoutToolChoiceNothingIsChosen) {
  EXPECT_FALSE(readFields(R"("user":"u")").toolChoice.mode);
}

TEST(ChatToolsTest, ANamedToolIsTheOnlyOneAllowed) {
  const auto choice =
      readFields(R"("tool_choice":{"type":"function","function":{"name":"f"}})").toolChoice;
  EXPECT_EQ(choice.mode, ToolMode::Required);
  EXPECT_EQ(choice.allowed, std::vector<std::string>{"f"});
}

TEST(ChatToolsTest, AllowedToolsKeepTheirMode) {
  const auto choice = readFields(R"("tool_choice":{"type":"allowed_tools","allowed_tools":
      {"mode":"auto","tools":[{"type":"function","function":{"name":"f"}}]}})")
                          .toolChoice;
  EXPECT_EQ(choice.mode, ToolMode::Auto);
  EXPECT_EQ(choice.allowed, std::vector<std::string>{"f"});
}

TEST(ChatToolsTest, AChosenToolMustBeAmongTheTools) {
  const std::string tools = R"("tools":[{"type":"function","function":{"name":"f"}}])";
  EXPECT_EQ(
      refusal(withFields(tools + R"(,"tool_choice":{"type":"function","function":{"name":"g"}})"))
          .param,
      "tool_choice");
  EXPECT_EQ(refusal(withFields(tools + R"(,"function_call":{"name":"g"})")).param, "function_call");
}

TEST(ChatToolsTest, ParallelCallsAreAllowedUnlessForbidden) {
  EXPECT_EQ(readFields(R"("parallel_tool_calls":null)").calls, CallLimit::Any);
  EXPECT_EQ(readFields(R"("parallel_tool_calls":false)").calls, CallLimit::One);
}

TEST(ChatToolsTest, WebSearchIsAskedForByOptionsOrByATool) {
  EXPECT_TRUE(readFields(R"("web_search_options":{})").hosted.webSearch);
  EXPECT_TRUE(readFields(R"("tools":[{"type":"web_search"}])").hosted.webSearch);
  EXPECT_FALSE(readFields(R"("user":"u")").hosted.webSearch);
}

TEST(ChatToolsTest, WhereASearchMayLookAndFromWhereIsTold) {
  using Words = std::vector<std::string>;
  const std::string oslo = R"({"type":"approximate","approximate":{"city":"Oslo"}})";
  EXPECT_EQ(readFields(R"("web_search_options":{"user_location":)" + oslo + "}").adjusted,
            Words{"user_location"});
  EXPECT_EQ(readFields(R"("tools":[{"type":"web_search","filters":{"allowed_domains":["a.org"]},
                          "user_location":{"type":"approximate","country":"NO"}}])")
                .adjusted,
            (Words{"allowed_domains", "user_location"}));
  EXPECT_TRUE(readFields(R"("web_search_options":{"user_location":{"type":"approximate",
                            "approximate":{}},"search_context_size":"low"})")
                  .adjusted.empty());
}

TEST(ChatToolsTest, ParametersThatAreNoObjectsAreRefused) {
  const auto withSchema = [](const std::string& key, const std::string& schema) {
    return withFields(R"("tools":[{"type":"function","function":{"name":"f",")" + key +
                      "\":" + schema + "}}]");
  };
  for (const char* schema :
       {R"({"type":"array","items":{"type":"string"}})", R"({"type":"string"})",
        R"({"type":"STRING"})", R"({"type":"number"})", R"({"type":"integer"})",
        R"({"type":"boolean"})", R"({"type":["array","null"]})",
        R"({"type":"string","properties":{"a":{}}})"}) {
    const Error error = refusal(withSchema("parameters", schema));
    EXPECT_EQ(error.kind, ErrorKind::BadRequest);
    EXPECT_EQ(error.param, "tools[0].function.parameters") << schema;
    EXPECT_EQ(error.code, "invalid_function_parameters") << schema;
  }
  EXPECT_EQ(refusal(withSchema("parameters", R"({"type":"array"})")).message,
            "Invalid schema for function 'f': schema must be a JSON Schema of 'type: \"object\"', "
            "got 'type: \"array\"'.");
  EXPECT_EQ(refusal(withSchema("input_schema", R"({"type":"array"})")).param,
            "tools[0].function.input_schema");
  EXPECT_EQ(
      refusal(withFields(R"("functions":[{"name":"f","parameters":{"type":"array"}}])")).param,
      "functions[0].parameters");
}

TEST(ChatToolsTest, ParametersMayLeaveTheirTypeOpenOrBeObjectsAmongOtherThings) {
  for (const std::string schema :
       {R"({})", R"({"properties":{"a":{}}})", R"({"type":["object","null"]})",
        R"({"type":"OBJECT"})", R"({"type":"null"})", R"({"type":""})", R"({"type":"any"})",
        R"({"type":[]})", R"({"type":7})", R"({"$ref":"#/$defs/a"})",
        R"({"anyOf":[{"type":"object"},{"type":"array"}]})"}) {
    const auto request = readFields(
        R"("tools":[{"type":"function","function":{"name":"f","parameters":)" + schema + "}}]");
    ASSERT_EQ(request.tools.size(), 1U) << schema;
    EXPECT_EQ(json::dump(*request.tools[0].parameters), schema);
  }
}

TEST(ChatToolsTest, WhoeverChoosesNoToolGetsNoSearch) {
  const std::string none = R"("tools":[{"type":"web_search"}],"tool_choice":"none")";
  EXPECT_FALSE(readFields(none).hosted.webSearch);
  EXPECT_TRUE(readFields(none + R"(,"web_search_options":{})").hosted.webSearch);
}

TEST(ChatSettingsTest, MaxIsTheSameEffortAsXHigh) {
  EXPECT_EQ(readFields(R"("reasoning_effort":"max")").thinking.effort, conversation::Effort::XHigh);
  EXPECT_EQ(readFields(R"("reasoning_effort":"none")").thinking.effort, conversation::Effort::None);
}

class ExtrasPlaceTest : public testing::TestWithParam<const char*> {};

TEST_P(ExtrasPlaceTest, GooglesThinkingConfigIsReadFromEachPlace) {
  const auto thinking = readFields(GetParam()).thinking;
  EXPECT_EQ(thinking.level, "low");
  EXPECT_EQ(thinking.includeThoughts, true);
}

INSTANTIATE_TEST_SUITE_P(
    Places, ExtrasPlaceTest,
    testing::Values(
        R"("extra_body":{"google":{"thinking_config":{"thinking_level":"low","include_thoughts":true}}})",
        R"("google":{"thinking_config":{"thinking_level":"low","include_thoughts":true}})",
        R"("thinking_config":{"thinking_level":"low","include_thoughts":true})"));

TEST(ChatSettingsTest, AThinkingBudgetMayStandAlone) {
  EXPECT_EQ(readFields(R"("thinking_budget":1024)").thinking.budget, 1024);
}

TEST(ChatSettingsTest, TheSchemaOfAResponseIsUntouched) {
  const auto format = readFields(R"("response_format":{"type":"json_schema",
      "json_schema":{"name":"n","strict":true,"schema":{"type":"object","$ref":"#"}}})")
                          .responseFormat;
  EXPECT_EQ(format.kind, conversation::ResponseKind::JsonSchema);
  EXPECT_EQ(json::dump(*format.schema), R"({"type":"object","$ref":"#"})");
}

}  // namespace
}  // namespace rondo::openai
