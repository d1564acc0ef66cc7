#include "openai/responses_request.h"

#include <gtest/gtest.h>

#include "native/openai/read_responses.h"

namespace rondo::openai {
namespace {

using conversation::CallLimit;
using conversation::Effort;
using conversation::HostedStyle;
using conversation::ResponseKind;
using conversation::ToolKind;
using conversation::ToolMode;

conversation::Request settingsOf(const std::string& members) {
  return readMembers(members).request;
}

TEST(ResponsesRequestTest, SettingsHaveTheirPlaces) {
  const auto request = settingsOf(
      R"("max_output_tokens":5,"temperature":0.5,"top_p":0.25,"stream":true,"service_tier":"flex",
         "prompt_cache_key":"k","safety_identifier":"s","parallel_tool_calls":false,
         "reasoning":{"effort":"max"},"metadata":{"a":"b"},"truncation":"auto")");
  EXPECT_EQ(request.maxTokens, 5);
  EXPECT_EQ(request.temperature, 0.5);
  EXPECT_EQ(request.topP, 0.25);
  EXPECT_EQ(request.stream, conversation::Streaming::On);
  EXPECT_EQ(request.serviceTier, "flex");
  EXPECT_EQ(request.conversationKey, "k");
  EXPECT_EQ(request.user, "s");
  EXPECT_EQ(request.calls, CallLimit::One);
  EXPECT_EQ(request.thinking.effort, Effort::XHigh);
  EXPECT_EQ(request.hostedStyle, HostedStyle::Apart);
}

TEST(ResponsesRequestTest, BoundsAreThemselvesAllowed) {
  const auto request = settingsOf(
      R"("temperature":2,"top_p":1,"max_output_tokens":1,"max_tool_calls":1,"top_logprobs":20,
         "include":["message.output_text.logprobs"],"background":false)");
  EXPECT_EQ(request.temperature, 2);
  EXPECT_EQ(request.topLogprobs, 20);
}

TEST(ResponsesRequestTest, EachWrongValueIsNamedByItsPath) {
  const std::pair<const char*, const char*> kWrong[] = {
      {R"("temperature":2.5)", "temperature"},
      {R"("top_p":1.5)", "top_p"},
      {R"("max_output_tokens":0)", "max_output_tokens"},
      {R"("max_tool_calls":0)", "max_tool_calls"},
      {R"("top_logprobs":21)", "top_logprobs"},
      {R"("metadata":"a")", "metadata"},
      {R"("truncation":1)", "truncation"},
      {R"("stream_options":[])", "stream_options"},
      {R"("include":[1])", "include[0]"},
      {R"("include":["reasoning.encrypted_content","bogus"])", "include[1]"},
      {R"("text":{"format":{"type":"json_schema"}})", "text.format.schema"},
  };
  for (const auto& [member, path] : kWrong) {
    EXPECT_EQ(responsesRefusal(withMembers(member)).param, path) << member;
  }
}

TEST(ResponsesRequestTest, WhoeverStoresNothingIsGivenWhatHasToComeBack) {
  const auto bareOf = [](const std::string& members) {
    return readMembers(members).style.bareReasoning;
  };
  EXPECT_EQ(bareOf(R"("store":false)"), BareReasoning::Told);
  EXPECT_EQ(bareOf(R"("include":["reasoning.encrypted_content"])"), BareReasoning::Told);
  EXPECT_EQ(bareOf(R"("store":true)"), BareReasoning::Omitted);
  EXPECT_EQ(bareOf(R"("user":"u")"), BareReasoning::Omitted);
}

TEST(ResponsesRequestTest, DetailsAreToldWhenTheyAreIncluded) {
  const auto none = readMembers(R"("include":[])").style;
  EXPECT_EQ(none.searchSources, Detail::Omitted);
  EXPECT_EQ(none.codeOutputs, Detail::Omitted);
  const auto both =
      readMembers(R"("include":["web_search_call.action.sources","code_interpreter_call.outputs"])")
          .style;
  EXPECT_EQ(both.searchSources, Detail::Included);
  EXPECT_EQ(both.codeOutputs, Detail::Included);
}

TEST(ResponsesRequestTest, WhatCodePrintedIsToldToWhoeverSendsItBackOrHasItKept) {
  const auto outputsOf = [](const std::string& members, Storing storing) {
    const auto read =
        parseResponsesRequest(json::keptText(withMembers(members)), ResponsesCall::Create, storing);
    EXPECT_TRUE(read);
    return read ? read->style.codeOutputs : Detail::Omitted;
  };
  EXPECT_EQ(outputsOf(R"("store":false)", Storing::Missing), Detail::Included);
  EXPECT_EQ(outputsOf(R"("store":true)", Storing::On), Detail::Included);
  EXPECT_EQ(outputsOf(R"("store":false)", Storing::On), Detail::Included);
  EXPECT_EQ(outputsOf(R"("include":["reasoning.encrypted_content"])", Storing::Missing),
            Detail::Included);
  EXPECT_EQ(outputsOf(R"("store":true)", Storing::Missing), Detail::Omitted);
}

TEST(ResponsesRequestTest, AnOrderToModerateIsRefusedSinceNobodyWouldObeyIt) {
  const Error error = responsesRefusal(
      withMembers(R"("moderation":{"model":"m","policy":{"input":{"mode":"block"}}})"));
  EXPECT_EQ(error.param, "moderation");
  EXPECT_EQ(error.code, "unsupported_parameter");
  EXPECT_TRUE(readMembers(R"("moderation":null)").request.adjusted.empty());
}

TEST(ResponsesRequestTest, ACacheIsNotWarmedForThePriceOfAnAnswer) {
  const Error error = responsesRefusal(withMembers(R"("prompt_cache_options":{"prewarm":true})"));
  EXPECT_EQ(error.param, "prompt_cache_options.prewarm");
  EXPECT_EQ(error.code, "unsupported_parameter");
  EXPECT_TRUE(readMembers(R"("prompt_cache_options":{"prewarm":false,"ttl":"30m"})")
                  .request.adjusted.empty());
}

TEST(ResponsesRequestTest, AContextThatIsToManageItselfIsTold) {
  const std::string managed =
      R"("context_management":[{"type":"compaction","compact_threshold":1000}])";
  EXPECT_EQ(settingsOf(managed).adjusted, std::vector<std::string>{"context_management"});
  EXPECT_TRUE(settingsOf(R"("context_management":[])").adjusted.empty());
}

TEST(ResponsesRequestTest, AUserIsAUserWhateverTheSafetyIdentifier) {
  EXPECT_EQ(settingsOf(R"("user":"u","safety_identifier":"s")").user, "u");
}

TEST(ResponsesRequestTest, WhatIsRepeatedHasNoLineBreakThatWouldEndAnEvent) {
  const auto echo = readMembers("\"metadata\":{\r\n \"a\" :\t\"b \\\" : c\\n\"\n\n}").style.echo;
  EXPECT_EQ(echo.find_first_of("\r\n\t"), std::string::npos) << echo;
  EXPECT_NE(echo.find(R"({"a":"b \" : c\n"})"), std::string::npos) << echo;
}

TEST(ResponsesRequestTest, AChoiceNamesEachToolOnceHoweverOftenItIsChosen) {
  const auto request = settingsOf(
      R"("tools":[{"type":"namespace","name":"n","tools":[{"type":"function","name":"f"},
                   {"type":"function","name":"g"}]}],
         "tool_choice":{"type":"allowed_tools","mode":"required","tools":[
           {"type":"namespace","name":"n"},{"type":"namespace","name":"n"},
           {"type":"function","namespace":"n","name":"f"}]})");
  EXPECT_EQ(request.toolChoice.allowed.size(), 2U);
}

TEST(ResponsesRequestTest, ThoughtsAreToldToWhoeverAsksForASummary) {
  EXPECT_EQ(settingsOf(R"("reasoning":{"summary":"auto"})").thinking.includeThoughts, true);
  EXPECT_EQ(settingsOf(R"("reasoning":{"generate_summary":"auto"})").thinking.includeThoughts,
            true);
  EXPECT_EQ(settingsOf(R"("reasoning":{"effort":"low"})").thinking.includeThoughts, false);
  EXPECT_EQ(settingsOf(R"("reasoning":{})").thinking.includeThoughts, std::nullopt);
}

TEST(ResponsesRequestTest, GooglesExtrasAreReadAsInChats) {
  const auto request = settingsOf(
      R"("extra_body":{"google":{"cached_content":"c","thinking_config":{"thinking_budget":7}}})");
  EXPECT_EQ(request.cachedContent, "c");
  EXPECT_EQ(request.thinking.budget, 7);
}

TEST(ResponsesRequestTest, ASchemaIsFlat) {
  const auto request = settingsOf(
      R"("text":{"format":{"type":"json_schema","name":"n","schema":{"type":"object"}}})");
  EXPECT_EQ(request.responseFormat.kind, ResponseKind::JsonSchema);
  EXPECT_EQ(json::dump(*request.responseFormat.schema), R"({"type":"object"})");
  EXPECT_EQ(responsesRefusal(withMembers(R"("text":{"format":{"type":"xml"}})")).param,
            "text.format.type");
}

TEST(ResponsesRequestTest, LogprobsAreAskedForByInclude) {
  const auto request = settingsOf(R"("top_logprobs":3,"include":["message.output_text.logprobs"])");
  EXPECT_TRUE(request.logprobs);
  EXPECT_EQ(request.topLogprobs, 3);
  EXPECT_FALSE(settingsOf(R"("top_logprobs":3)").topLogprobs);
}

TEST(ResponsesRequestTest, WhatNeedsAStoreIsRefused) {
  const std::pair<const char*, const char*> kCases[] = {
      {R"("previous_response_id":"resp_1")", "previous_response_not_found"},
      {R"("conversation":"conv_1")", "conversation_not_found"},
  };
  for (const auto& [member, code] : kCases) {
    const Error error = responsesRefusal(withMembers(member));
    EXPECT_EQ(error.code, code);
    EXPECT_EQ("\"" + error.param + "\"", std::string(member).substr(0, error.param.size() + 2));
    EXPECT_NE(error.message.find("store: false"), std::string::npos);
  }
}

TEST(ResponsesRequestTest, WhatIsKeptForNobodyIsRefusedWithAndWithoutAStore) {
  const std::pair<const char*, const char*> kCases[] = {
      {R"("prompt":{"id":"p"})", "prompt_not_found"},
      {R"("background":true)", "unsupported_parameter"},
  };
  for (const auto& [member, code] : kCases) {
    for (const auto storing : {Storing::Denied, Storing::On}) {
      const auto read = parseResponsesRequest(withMembers(member), ResponsesCall::Create, storing);
      ASSERT_FALSE(read);
      EXPECT_EQ(read.error().code, code);
      EXPECT_EQ("\"" + read.error().param + "\"",
                std::string(member).substr(0, read.error().param.size() + 2));
      EXPECT_EQ(read.error().message.find("store: false"), std::string::npos);
    }
  }
}

TEST(ResponsesRequestTest, TheEchoHasEveryMember) {
  const auto echo = json::parse("{" +
                                readMembers(R"("temperature":0.5,"store":true,
      "tools":[{"type":"function","name":"f"}],"reasoning":{"effort":"low"},
      "text":{"verbosity":"low"},"metadata":{"a":"b"},"instructions":"i\"\ud83d")")
                                    .style.echo +
                                "}");
  ASSERT_TRUE(echo);
  EXPECT_EQ((*echo)["store"], false);
  EXPECT_EQ((*echo)["temperature"], 0.5);
  EXPECT_EQ((*echo)["tools"][0]["name"], "f");
  EXPECT_EQ((*echo)["reasoning"]["effort"], "low");
  EXPECT_EQ((*echo)["text"]["format"]["type"], "text");
  EXPECT_EQ((*echo)["text"]["verbosity"], "low");
  EXPECT_EQ((*echo)["instructions"], "i\"\uFFFD");
  EXPECT_EQ((*echo)["tool_choice"], "auto");
}

TEST(ResponsesRequestTest, TheEchoOfABareRequestHasOpenAIsDefaults) {
  EXPECT_EQ(readMembers(R"("store":true)").style.echo,
            R"("instructions":null,"max_output_tokens":null,"max_tool_calls":null,"metadata":{},)"
            R"("parallel_tool_calls":true,"prompt_cache_key":null,"safety_identifier":null,)"
            R"("service_tier":"default","temperature":1,"tool_choice":"auto","tools":[],)"
            R"("top_logprobs":0,"top_p":1,"truncation":"disabled","user":null,)"
            R"("background":false,"previous_response_id":null,"store":false,)"
            R"("reasoning":{"effort":null,"summary":null},)"
            R"("text":{"format":{"type":"text"},"verbosity":"medium"})");
}

TEST(ResponsesRequestTest, TheEchoOfAFullRequestHasItsOwnValues) {
  const auto echo = json::parse(
      "{" +
      readMembers(R"("max_output_tokens":5,"max_tool_calls":6,"parallel_tool_calls":false,
          "prompt_cache_key":"k","safety_identifier":"s","service_tier":"flex","top_p":0.5,
          "truncation":"auto","user":"u","reasoning":{"effort":"low","summary":"auto"},
          "text":{"verbosity":"high","format":{"type":"json_object"}})")
          .style.echo +
      "}");
  ASSERT_TRUE(echo);
  const auto member = [&echo](const char* name) { return json::dump((*echo)[name]); };
  EXPECT_EQ(member("max_output_tokens"), "5");
  EXPECT_EQ(member("max_tool_calls"), "6");
  EXPECT_EQ(member("parallel_tool_calls"), "false");
  EXPECT_EQ(member("prompt_cache_key"), R"("k")");
  EXPECT_EQ(member("safety_identifier"), R"("s")");
  EXPECT_EQ(member("service_tier"), R"("flex")");
  EXPECT_EQ(member("top_p"), "0.5");
  EXPECT_EQ(member("truncation"), R"("auto")");
  EXPECT_EQ(member("user"), R"("u")");
  EXPECT_EQ(member("reasoning"), R"({"effort":"low","summary":"auto"})");
  EXPECT_EQ(member("text"), R"({"format":{"type":"json_object"},"verbosity":"high"})");
}

TEST(ResponsesRequestTest, WhatIsLongerThanAMegabyteIsNotRepeated) {
  const auto echoed = [](std::size_t size) {
    return readMembers(R"("instructions":")" + std::string(size - 2, 'x') + "\"")
        .style.echo.starts_with(R"("instructions":"x)");
  };
  EXPECT_TRUE(echoed(1024 * 1024));
  EXPECT_FALSE(echoed(1024 * 1024 + 1));
}

// --- Tools ---

const std::string kSpace = R"({"type":"namespace","name":"n","description":"Of n.","tools":[
    {"type":"function","name":"f","description":"F."},
    {"type":"custom","name":"g","format":{"type":"grammar","syntax":"lark","definition":"x"}}]})";

TEST(ResponsesToolsTest, ToolsOfNamespacesHaveNamesApart) {
  const auto [request, style, declared, destination] =
      readMembers(R"("tools":[{"type":"function","name":"n__f"},)" + kSpace + "]");
  ASSERT_EQ(request.tools.size(), 3U);
  EXPECT_EQ(request.tools[0].name, "n__f");
  EXPECT_EQ(request.tools[1].name, "n__f_2");
  EXPECT_EQ(request.tools[1].description, "F.\n\nAll tools of 'n': Of n.");
  EXPECT_EQ(request.tools[2].kind, ToolKind::Custom);
  EXPECT_EQ(request.tools[2].description, "The input obeys this lark grammar:\nx");
  const ToolAddress* address = style.tools.find("n__f_2");
  ASSERT_TRUE(address);
  EXPECT_EQ(address->space, "n");
  EXPECT_EQ(address->name, "f");
}

TEST(ResponsesToolsTest, AGrammarMayStandOneLevelDeeperAsInChats) {
  const auto request = settingsOf(R"("tools":[{"type":"custom","name":"g","description":"G.",
      "format":{"type":"grammar","grammar":{"syntax":"regex","definition":"x"}}}])");
  EXPECT_EQ(request.tools[0].description, "G.\n\nThe input obeys this regex grammar:\nx");
}

TEST(ResponsesToolsTest, AToolThatIsDeclaredTwiceIsOne) {
  EXPECT_EQ(settingsOf(R"("tools":[{"type":"function","name":"f"},{"type":"custom","name":"f"}])")
                .tools.size(),
            1U);
}

TEST(ResponsesToolsTest, CallsMayBeParallelUnlessTheyMayNot) {
  EXPECT_EQ(settingsOf(R"("user":"u")").calls, CallLimit::Any);
  EXPECT_EQ(settingsOf(R"("parallel_tool_calls":false)").calls, CallLimit::One);
}

TEST(ResponsesToolsTest, OnlyASearchThatTheClientMakesIsATool) {
  EXPECT_TRUE(settingsOf(R"("tools":[{"type":"tool_search"}])").tools.empty());
  const auto request = settingsOf(R"("tools":[{"type":"tool_search","execution":"client",
      "description":"D.","parameters":{"type":"object"}}])");
  EXPECT_EQ(request.tools[0].description, "D.");
  EXPECT_EQ(json::dump(*request.tools[0].parameters), R"({"type":"object"})");
}

TEST(ResponsesToolsTest, AShellInAContainerIsRefused) {
  const auto shellIn = [](const std::string& type) {
    return withMembers(R"("tools":[{"type":"shell","environment":{"type":")" + type + R"("}}])");
  };
  EXPECT_EQ(responsesRefusal(shellIn("container_auto")).param, "tools[0].environment.type");
  EXPECT_EQ(readResponses(shellIn("local")).request.tools.size(), 1U);
}

TEST(ResponsesToolsTest, HostedToolsHaveManyNames) {
  for (const std::string type : {"web_search", "web_search_preview", "web_search_2025_08_26",
                                 "web_search_preview_2025_03_11"}) {
    EXPECT_TRUE(settingsOf(R"("tools":[{"type":")" + type + "\"}]").hosted.webSearch);
  }
  EXPECT_TRUE(settingsOf(R"("tools":[{"type":"code_interpreter"}])").hosted.codeExecution);
}

TEST(ResponsesToolsTest, WhereASearchMayLookAndFromWhereIsTold) {
  const auto adjustedBy = [](const std::string& members) {
    return settingsOf(R"("tools":[{"type":"web_search",)" + members + "}]").adjusted;
  };
  using Words = std::vector<std::string>;
  EXPECT_EQ(adjustedBy(R"("filters":{"allowed_domains":["a.org"]})"), Words{"allowed_domains"});
  EXPECT_EQ(adjustedBy(R"("filters":{"blocked_domains":["a.org"]})"), Words{"blocked_domains"});
  EXPECT_EQ(adjustedBy(R"("user_location":{"type":"approximate","city":"Oslo"})"),
            Words{"user_location"});
  EXPECT_TRUE(adjustedBy(R"("filters":{"allowed_domains":[]},
                            "user_location":{"type":"approximate","city":null})")
                  .empty());
  EXPECT_TRUE(adjustedBy(R"("filters":null,"user_location":null)").empty());
}

TEST(ResponsesToolsTest, FilesThatCodeIsToReadAreRefused) {
  const auto withContainer = [](const std::string& container) {
    return withMembers(R"("tools":[{"type":"code_interpreter","container":)" + container + "}]");
  };
  const Error error = responsesRefusal(withContainer(R"({"type":"auto","file_ids":["file-1"]})"));
  EXPECT_EQ(error.param, "tools[0].container.file_ids");
  EXPECT_EQ(error.code, "unsupported_parameter");
  for (const char* container : {R"({"type":"auto","file_ids":[]})", R"("cntr_1")", "null"}) {
    EXPECT_TRUE(readResponses(withContainer(container)).request.hosted.codeExecution) << container;
  }
}

TEST(ResponsesToolsTest, ParametersThatAreNoObjectsAreRefused) {
  const std::string function = R"({"type":"function","name":"f","parameters":{"type":"array"}})";
  const Error error = responsesRefusal(withMembers(R"("tools":[)" + function + "]"));
  EXPECT_EQ(error.param, "tools[0].parameters");
  EXPECT_EQ(error.code, "invalid_function_parameters");
  EXPECT_EQ(responsesRefusal(withMembers(R"("tools":[{"type":"namespace","name":"n","tools":[)" +
                                         function + "]}]"))
                .param,
            "tools[0].tools[0].parameters");
  EXPECT_EQ(responsesRefusal(withMembers(R"("tools":[{"type":"tool_search","execution":"client",
          "parameters":{"type":"string"}}])"))
                .param,
            "tools[0].parameters");
}

TEST(ResponsesToolsTest, ToolsThatClientsRunAreFunctions) {
  const auto [request, style, declared, destination] = readMembers(
      R"("tools":[{"type":"local_shell"},{"type":"shell"},{"type":"apply_patch"},
                  {"type":"tool_search","execution":"client"}])");
  ASSERT_EQ(request.tools.size(), 4U);
  const std::pair<const char*, CallItem> kItems[] = {{"local_shell", CallItem::LocalShell},
                                                     {"shell", CallItem::Shell},
                                                     {"apply_patch", CallItem::ApplyPatch},
                                                     {"tool_search", CallItem::ToolSearch}};
  for (const auto& [name, item] : kItems) EXPECT_EQ(style.tools.find(name)->item, item);
  const std::pair<std::size_t, const char*> kNeeded[] = {{0, R"(["command"])"},
                                                         {1, R"(["commands"])"},
                                                         {2, R"(["type","path"])"},
                                                         {3, R"(["query"])"}};
  for (const auto& [at, needed] : kNeeded) {
    const auto& tool = request.tools[at];
    ASSERT_TRUE(tool.parameters) << tool.name;
    EXPECT_EQ(json::dump((*tool.parameters)["required"]), needed);
    EXPECT_FALSE(tool.description.empty());
  }
}

TEST(ResponsesToolsTest, WhatNobodyCanRunIsRefusedByItsName) {
  for (const std::string type : {"file_search", "mcp", "computer_use_preview", "computer"}) {
    const Error error = responsesRefusal(withMembers(R"("tools":[{"type":")" + type + "\"}]"));
    EXPECT_EQ(error.param, "tools[0].type");
    EXPECT_EQ(error.code, "unsupported_tool");
    EXPECT_NE(error.message.find("'" + type + "'"), std::string::npos);
  }
}

TEST(ResponsesToolsTest, ImagesAreAskedForWhicheverModelANameMayStandFor) {
  const auto request =
      readResponses(R"({"model":"painter","input":"a","tools":[{"type":"image_generation"}]})")
          .request;
  EXPECT_EQ(request.modalities.size(), 2U);
}

TEST(ResponsesToolsTest, AChoiceNamesAToolInAnyForm) {
  const std::string tools = R"("tools":[{"type":"function","name":"f"},{"type":"shell"},
      {"type":"web_search"},)" +
                            kSpace + R"(],"tool_choice":)";
  const auto choose = [&](const std::string& choice) { return settingsOf(tools + choice); };
  using Names = std::vector<std::string>;
  EXPECT_EQ(choose(R"("required")").toolChoice.mode, ToolMode::Required);
  EXPECT_EQ(choose(R"({"type":"function","name":"f"})").toolChoice.allowed, Names{"f"});
  EXPECT_EQ(choose(R"({"type":"custom","namespace":"n","name":"g"})").toolChoice.allowed,
            Names{"n__g"});
  EXPECT_EQ(choose(R"({"type":"shell"})").toolChoice.allowed, Names{"shell"});
  const auto hosted = choose(R"({"type":"web_search"})");
  EXPECT_EQ(hosted.toolChoice.mode, ToolMode::None);
  EXPECT_TRUE(hosted.hosted.webSearch);
  const auto allowed =
      choose(R"({"type":"allowed_tools","mode":"auto","tools":[{"type":"function","name":"f"}]})");
  EXPECT_EQ(allowed.toolChoice.mode, ToolMode::Auto);
  EXPECT_EQ(allowed.toolChoice.allowed, Names{"f"});
  EXPECT_FALSE(allowed.hosted.webSearch);
  EXPECT_FALSE(choose(R"("none")").hosted.webSearch);
}

TEST(ResponsesToolsTest, AChoiceOfWhatIsNotThereIsRefused) {
  for (const std::string choice : {R"({"type":"function","name":"f"})", R"({"type":"web_search"})",
                                   R"({"type":"shell"})", R"("sometimes")"}) {
    EXPECT_EQ(responsesRefusal(withMembers(R"("tool_choice":)" + choice)).param, "tool_choice");
  }
}

TEST(ResponsesToolsTest, ToolsAreBoundedOverAllNamespaces) {
  std::string tools;
  for (int i = 0; i < 2; ++i) {
    tools += (i ? "," : "") + std::string(R"({"type":"namespace","name":"n)") + std::to_string(i) +
             R"(","tools":[)";
    for (int j = 0; j < 257; ++j) {
      tools += (j ? "," : "") + std::string(R"({"type":"function","name":"f)") + std::to_string(j) +
               "\"}";
    }
    tools += "]}";
  }
  EXPECT_EQ(responsesRefusal(withMembers(R"("tools":[)" + tools + "]")).param,
            "tools[1].tools[255]");
}

TEST(ResponsesToolNamesTest, AToolThatIsToldAgainKeepsItsName) {
  ToolNames names;
  EXPECT_EQ(names.nameOf({CallItem::Function, "a", "b__c"}), "a__b__c");
  EXPECT_EQ(names.nameOf({CallItem::Function, "a__b", "c"}), "a__b__c_2");
  EXPECT_EQ(names.nameOf({CallItem::Custom, "a", "b__c"}), "a__b__c");
  EXPECT_EQ(names.nameOf({CallItem::Shell}), "shell");
  EXPECT_EQ(names.nameOf({CallItem::Function, "", "shell"}), "shell_2");
  EXPECT_FALSE(names.find("none"));
}

TEST(ResponsesRequestTest, MetadataAreAFewTextsOfAFewCharacters) {
  const auto paramOf = [](const std::string& metadata) {
    const std::string body = R"({"model":"m","input":"a","metadata":)" + metadata + "}";
    const auto parsed = parseResponsesRequest(body, ResponsesCall::Create);
    return parsed ? std::string() : parsed.error().param;
  };
  const auto times = [](int count, std::string_view text) {
    std::string all;
    for (int i = 0; i < count; ++i) all += text;
    return all;
  };
  std::string pairs;
  for (int i = 0; i < 16; ++i) pairs += "\"k" + std::to_string(i) + "\":\"v\",";
  EXPECT_EQ(paramOf("{" + pairs.substr(0, pairs.size() - 1) + "}"), "");
  EXPECT_EQ(paramOf("{" + pairs + R"("more":"v"})"), "metadata");
  EXPECT_EQ(paramOf(R"({"a":1})"), "metadata.a");
  EXPECT_EQ(paramOf("null"), "");
  EXPECT_EQ(paramOf(R"({")" + times(64, "ä") + R"(":")" + times(512, "\\u00e4") + R"("})"), "");
  EXPECT_EQ(paramOf(R"({")" + times(65, "a") + R"(":""})"), "metadata");
  EXPECT_EQ(paramOf(R"({"a":")" + times(513, "a") + R"("})"), "metadata.a");
}

}  // namespace
}  // namespace rondo::openai
