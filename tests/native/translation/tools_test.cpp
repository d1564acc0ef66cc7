#include "translation/body_parts.h"

#include <gtest/gtest.h>

#include "native/translation/translate.h"

namespace rondo::translation {
namespace {

std::string function(const std::string& name, const std::string& more = "") {
  return R"({"type":"function","function":{"name":")" + name + '"' + more + "}}";
}

std::string tools(const std::string& list) { return R"("tools":[)" + list + "]"; }

const std::string kParameters =
    R"(,"parameters":{"type":"object","properties":{"a":{"type":"string"}},"additionalProperties":false})";

TEST(ToolsTest, AllFunctionsAreInOneObject) {
  EXPECT_EQ(translateFields(tools(function("f", R"(,"description":"d")") + "," + function("g")))
                .at("/tools"),
            R"([{"functionDeclarations":[{"name":"f","description":"d"},{"name":"g"}]}])");
}

TEST(ToolsTest, ParametersAreJsonSchemaWhereItIsTaken) {
  EXPECT_EQ(
      translateFields(tools(function("f", kParameters))).at("/tools/0/functionDeclarations/0"),
      R"({"name":"f","parametersJsonSchema":{"type":"object",)"
      R"("properties":{"a":{"type":"string"}},"additionalProperties":false}})");
}

TEST(ToolsTest, ParametersAreCleanedWhereItIsNot) {
  auto target = targetFor();
  target.limits.refused.insert(google::Feature::JsonSchema);
  EXPECT_EQ(translateFields(tools(function("f", kParameters)), target)
                .at("/tools/0/functionDeclarations/0/parameters"),
            R"({"type":"OBJECT","properties":{"a":{"type":"STRING"}},)"
            R"("description":"Constraints: additionalProperties: false."})");
}

TEST(ToolsTest, TheDialectOfASchemaIsLeftOut) {
  EXPECT_EQ(translateFields(tools(function("f", R"(,"parameters":{"$schema":"http://x",
      "type":"object","properties":{"$schema":{"type":"string"}}})")))
                .at("/tools/0/functionDeclarations/0/parametersJsonSchema"),
            R"({"type":"object","properties":{"$schema":{"type":"string"}}})");
}

class NoParametersTest : public testing::TestWithParam<const char*> {};

TEST_P(NoParametersTest, LeaveTheFieldOut) {
  const std::string fields = tools(function("f", R"(,"parameters":)" + std::string(GetParam())));
  EXPECT_EQ(translateFields(fields).at("/tools/0/functionDeclarations/0"), R"({"name":"f"})");
  auto target = targetFor();
  target.limits.refused.insert(google::Feature::JsonSchema);
  EXPECT_EQ(translateFields(fields, target).at("/tools/0/functionDeclarations/0"),
            R"({"name":"f"})");
}

INSTANTIATE_TEST_SUITE_P(Schemas, NoParametersTest,
                         testing::Values("null", "{}", R"({"type":"object"})",
                                         R"({"type":"object","properties":{}})",
                                         R"({"properties":{},"additionalProperties":false})"));

TEST(ToolsTest, FreeFormParametersStay) {
  EXPECT_EQ(
      translateFields(
          tools(function("f", R"(,"parameters":{"type":"object","additionalProperties":true})")))
          .at("/tools/0/functionDeclarations/0/parametersJsonSchema"),
      R"({"type":"object","additionalProperties":true})");
}

struct SchemaCase {
  const char* name;
  const char* schema;
  const char* json;   // Of `parametersJsonSchema`.
  const char* clean;  // Of `parameters`, where JSON Schema is not taken.
};

class ParametersTest : public testing::TestWithParam<SchemaCase> {};

TEST_P(ParametersTest, AreRepairedInEitherForm) {
  const std::string fields =
      tools(function("f", R"(,"parameters":)" + std::string(GetParam().schema)));
  EXPECT_EQ(translateFields(fields).at("/tools/0/functionDeclarations/0/parametersJsonSchema"),
            GetParam().json);
  auto target = targetFor();
  target.limits.refused.insert(google::Feature::JsonSchema);
  EXPECT_EQ(translateFields(fields, target).at("/tools/0/functionDeclarations/0/parameters"),
            GetParam().clean);
}

const SchemaCase kSchemas[] = {
    {"RequiredNamesKnownProperties",
     R"({"type":"object","properties":{"bar":{"type":"string"}},"required":["bar","message"]})",
     R"({"type":"object","properties":{"bar":{"type":"string"}},"required":["bar"]})",
     R"({"type":"OBJECT","properties":{"bar":{"type":"STRING"}},"required":["bar"]})"},
    {"TheRootIsAnObject", R"({"properties":{"a":{"type":"string"}}})",
     R"({"type":"object","properties":{"a":{"type":"string"}}})",
     R"({"type":"OBJECT","properties":{"a":{"type":"STRING"}}})"},
    {"AlternativesKeepTheirArguments",
     R"({"oneOf":[{"type":"object","properties":{"path":{"type":"string"}},"required":["path"]},)"
     R"({"type":"object","properties":{"url":{"type":"string"}},"required":["url"]}]})",
     R"({"type":"object","description":"One of: path; url.",)"
     R"("properties":{"path":{"type":"string"},"url":{"type":"string"}}})",
     R"({"type":"OBJECT","properties":{"path":{"type":"STRING"},"url":{"type":"STRING"}},)"
     R"("description":"One of: path; url."})"},
    {"NothingButDemandsIsNothing", R"({"type":"object","anyOf":[{"required":["a"]}]})", "", ""},
    {"PropertiesThatAreAListAreNone", R"({"type":"object","properties":[],"required":["a"]})", "",
     ""},
    {"NullIsNothing", R"({"type":"null"})", "", ""},
};

INSTANTIATE_TEST_SUITE_P(Schemas, ParametersTest, testing::ValuesIn(kSchemas),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(ToolsTest, ANameIsDeclaredOnce) {
  EXPECT_EQ(translateFields(tools(function("f", R"(,"description":"1")") + "," +
                                  function("f", R"(,"description":"2")")))
                .at("/tools/0/functionDeclarations"),
            R"([{"name":"f","description":"1"}])");
}

TEST(ToolsTest, ACustomToolIsAFunctionOfOneText) {
  EXPECT_EQ(translateFields(R"("tools":[{"type":"custom","custom":{"name":"g"}}])")
                .at("/tools/0/functionDeclarations/0/parameters/required"),
            R"(["input"])");
}

struct ChoiceCase {
  const char* name;
  const char* choice;
  const char* config;
};

class ToolChoiceTest : public testing::TestWithParam<ChoiceCase> {};

TEST_P(ToolChoiceTest, IsAModeOfFunctionCalling) {
  const std::string fields = tools(function("f") + "," + function("a b")) + GetParam().choice;
  EXPECT_EQ(translateFields(fields).at("/toolConfig/functionCallingConfig"), GetParam().config);
}

const ChoiceCase kChoices[] = {
    {"Nothing", "", ""},
    {"None", R"(,"tool_choice":"none")", R"({"mode":"NONE"})"},
    {"Auto", R"(,"tool_choice":"auto")", R"({"mode":"AUTO"})"},
    {"Required", R"(,"tool_choice":"required")", R"({"mode":"ANY"})"},
    {"Validated", R"(,"tool_choice":"validated")", R"({"mode":"VALIDATED"})"},
    {"Named", R"(,"tool_choice":{"type":"function","function":{"name":"a b"}})",
     R"({"mode":"ANY","allowedFunctionNames":["a_b"]})"},
    {"LegacyNamed", R"(,"function_call":{"name":"f"})",
     R"({"mode":"ANY","allowedFunctionNames":["f"]})"},
    {"AllowedAndRequired", R"(,"tool_choice":{"type":"allowed_tools","allowed_tools":
        {"mode":"required","tools":[{"type":"function","function":{"name":"f"}}]}})",
     R"({"mode":"ANY","allowedFunctionNames":["f"]})"},
};

INSTANTIATE_TEST_SUITE_P(Choices, ToolChoiceTest, testing::ValuesIn(kChoices),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(ToolsTest, AllowedToolsWithoutObligationAreTheOnlyOnesDeclared) {
  EXPECT_EQ(translateFields(tools(function("f") + "," + function("g")) +
                            R"(,"tool_choice":{"type":"allowed_tools","allowed_tools":
        {"mode":"auto","tools":[{"type":"function","function":{"name":"g"}}]}})")
                .at("/tools/0/functionDeclarations"),
            R"([{"name":"g"}])");
}

TEST(ToolsTest, AChoiceWithoutToolsIsIgnored) {
  const auto result = translateFields(R"("tool_choice":"none")");
  EXPECT_EQ(result.at("/tools"), "");
  EXPECT_EQ(result.at("/toolConfig"), "");
}

TEST(ToolsTest, WebSearchIsGooglesSearch) {
  EXPECT_EQ(translateFields(R"("web_search_options":{})").at("/tools"), R"([{"googleSearch":{}}])");
}

TEST(ToolsTest, WebSearchGivesWayToFunctions) {
  const auto result = translateFields(tools(function("f")) + R"(,"web_search_options":{})");
  EXPECT_EQ(result.at("/tools/1"), "");
  EXPECT_EQ(result.adjusted, Words{"web_search_options"});
}

TEST(ToolsTest, WebSearchTakesThePlaceOfFunctionsThatMayNotBeCalled) {
  const auto result =
      translateFields(tools(function("f")) + R"(,"tool_choice":"none","web_search_options":{})");
  EXPECT_EQ(result.at("/tools"), R"([{"googleSearch":{}}])");
  EXPECT_EQ(result.at("/toolConfig"), "");
  EXPECT_TRUE(result.adjusted.empty());
}

ToolNames namesOf(const std::string& list) { return ToolNames(openai::readFields(tools(list))); }

TEST(ToolNamesTest, AFitNameStays) {
  const ToolNames names = namesOf(function("get_time") + "," + function("a.b:c-d"));
  EXPECT_EQ(names.toGoogle("get_time"), "get_time");
  EXPECT_EQ(names.toGoogle("a.b:c-d"), "a.b:c-d");
}

TEST(ToolNamesTest, WhatGoogleRefusesIsReplacedAndComesBack) {
  for (const auto* name : {"mcp/tool one", "1st", "größe", "$x"}) {
    const ToolNames names = namesOf(function(name));
    const std::string sent = names.toGoogle(name);
    EXPECT_NE(sent, name);
    EXPECT_EQ(sent.find_first_not_of(
                  "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.:-"),
              std::string::npos);
    EXPECT_EQ(names.toClient(sent), name);
  }
}

TEST(ToolNamesTest, LongNamesAreCutAndStillDiffer) {
  const std::string prefix(70, 'a');
  const ToolNames names = namesOf(function(prefix + "1") + "," + function(prefix + "2"));
  EXPECT_LE(names.toGoogle(prefix + "1").size(), 64u);
  EXPECT_LE(names.toGoogle(prefix + "2").size(), 64u);
  EXPECT_NE(names.toGoogle(prefix + "1"), names.toGoogle(prefix + "2"));
  EXPECT_EQ(names.toClient(names.toGoogle(prefix + "2")), prefix + "2");
}

TEST(ToolNamesTest, NamesThatAreAlikeAreCountedFromTwoOn) {
  const ToolNames names = namesOf(function("a b") + "," + function("a_b_2") + "," +
                                  function("a/b") + "," + function("a$b"));
  EXPECT_EQ(names.toGoogle("a b"), "a_b");
  EXPECT_EQ(names.toGoogle("a/b"), "a_b_3");
  EXPECT_EQ(names.toGoogle("a$b"), "a_b_4");
}

TEST(ToolNamesTest, PairsOfLongNamesThatCollideWhenCutAllComeBack) {
  std::vector<std::string> all;
  for (int i = 100; i < 350; ++i) {
    const std::string name = std::string(61, 'a') + std::to_string(i);
    all.insert(all.end(), {name + "x", name + "y"});
  }
  std::string list;
  for (const std::string& name : all) list += (list.empty() ? "" : ",") + function(name);
  const ToolNames names = namesOf(list);
  for (const std::string& name : all) {
    EXPECT_LE(names.toGoogle(name).size(), 64u);
    EXPECT_EQ(names.toClient(names.toGoogle(name)), name);
  }
}

TEST(ToolNamesTest, AReplacedNameNeverTakesOneThatIsInUse) {
  const ToolNames names = namesOf(function("a b") + "," + function("a_b"));
  EXPECT_EQ(names.toGoogle("a_b"), "a_b");
  EXPECT_EQ(names.toClient(names.toGoogle("a b")), "a b");
}

TEST(ToolNamesTest, NamesInTheHistoryAreMappedTheSameWay) {
  const auto result = translateMessages(R"({"role":"user","content":"go"},
      {"role":"assistant","tool_calls":[{"id":"call_1","function":{"name":"a b"}}]},
      {"role":"tool","tool_call_id":"call_1","content":"1"})");
  EXPECT_EQ(result.at("/contents/1/parts/0/functionCall/name"), R"("a_b")");
  EXPECT_EQ(result.at("/contents/2/parts/0/functionResponse/name"), R"("a_b")");
}

TEST(ToolNamesTest, GooglesNameSpaceIsTakenOffAKnownName) {
  const ToolNames names = namesOf(function("f"));
  EXPECT_EQ(names.toClient("default_api.f"), "f");
  EXPECT_EQ(names.toClient("default_api:f"), "f");
  EXPECT_EQ(names.toClient("default_api.g"), "default_api.g");
  EXPECT_EQ(names.toClient("default_api:g"), "default_api:g");
  EXPECT_EQ(names.toClient("default_api_f"), "default_api_f");
}

}  // namespace
}  // namespace rondo::translation
