#include "translation/schema_cleaner.h"

#include <gtest/gtest.h>

#include <random>

namespace rondo::translation {
namespace {

std::string clean(const std::string& schema) {
  const auto document = json::parse(schema);
  EXPECT_TRUE(document) << schema;
  return document ? json::dump(cleanSchema(*document)) : "";
}

struct Case {
  const char* name;
  const char* schema;
  const char* cleaned;
};

class SchemaCleanerTest : public testing::TestWithParam<Case> {};

TEST_P(SchemaCleanerTest, GivesGooglesSubset) {
  EXPECT_EQ(clean(GetParam().schema), GetParam().cleaned);
}

const Case kCases[] = {
    {"TypesAreUpperCase", R"({"type":"object","properties":{"a":{"type":"integer"}}})",
     R"({"type":"OBJECT","properties":{"a":{"type":"INTEGER"}}})"},
    {"LimitsTitlesAndDescriptionsStay",
     R"({"type":"string","title":"T","description":"D","minLength":1,"maxLength":5,"pattern":"x"})",
     R"({"type":"STRING","title":"T","pattern":"x","minLength":1,"maxLength":5,"description":"D"})"},
    {"UnknownKeywordsAreDropped",
     R"({"type":"string","$comment":"c","x-google-a":1,"examples":["a"],"deprecated":true})",
     R"({"type":"STRING"})"},
    {"ConstIsAnEnumOfOne", R"({"const":"a"})", R"({"type":"STRING","enum":["a"]})"},
    {"ConstOfAnotherTypeIsTold", R"({"const":5})",
     R"({"type":"INTEGER","description":"Allowed: 5."})"},
    {"EmptyEnumTextsAreDropped", R"({"type":"string","enum":["","a"]})",
     R"({"type":"STRING","enum":["a"]})"},
    {"NullInAnEnumIsNullable", R"({"enum":["a",null]})",
     R"({"type":"STRING","nullable":true,"enum":["a"]})"},
    {"AnEnumOfNullAndMoreIsNotNull",
     R"({"anyOf":[{"enum":[null,"a"]},{"type":"integer"},{"enum":[null]}]})",
     R"({"anyOf":[{"type":"STRING","nullable":true,"enum":["a"]},{"type":"INTEGER","nullable":true}]})"},
    {"NullInFrontInAnEnumIsNotItsType", R"({"enum":[null,1,2]})",
     R"({"type":"INTEGER","nullable":true,"description":"Allowed: 1, 2."})"},
    {"NumbersInAnEnumAreTold", R"({"type":"integer","enum":[1,2]})",
     R"({"type":"INTEGER","description":"Allowed: 1, 2."})"},
    {"KnownFormatsStay", R"({"type":"string","format":"date-time"})",
     R"({"type":"STRING","format":"date-time"})"},
    {"UnknownFormatsAreTold", R"({"type":"string","format":"uri","description":"D"})",
     R"({"type":"STRING","description":"D Format: uri."})"},
    {"LostConstraintsAreTold", R"({"type":"number","exclusiveMinimum":0,"multipleOf":5})",
     R"({"type":"NUMBER","description":"Constraints: exclusiveMinimum: 0; multipleOf: 5."})"},
    {"ANullableUnionOfTwo", R"({"anyOf":[{"type":"string"},{"type":"null"}],"description":"D"})",
     R"({"type":"STRING","description":"D","nullable":true})"},
    {"OneOfIsAnyOf", R"({"oneOf":[{"type":"string"},{"type":"integer"}]})",
     R"({"anyOf":[{"type":"STRING"},{"type":"INTEGER"}]})"},
    {"AUnionStandsAlone",
     R"({"description":"D","anyOf":[{"type":"string"},{"type":"integer","description":"I"}]})",
     R"({"anyOf":[{"type":"STRING","description":"D"},{"type":"INTEGER","description":"I"}]})"},
    {"NullOfAUnionGoesIntoEachAlternative",
     R"({"anyOf":[{"type":"string"},{"type":"integer"},{"type":"null"}]})",
     R"({"anyOf":[{"type":"STRING","nullable":true},{"type":"INTEGER","nullable":true}]})"},
    {"ATypeListWithNull", R"({"type":["string","null"]})", R"({"type":"STRING","nullable":true})"},
    {"ATypeListIsAUnion", R"({"type":["string","array"],"items":{"type":"string"}})",
     R"({"anyOf":[{"type":"STRING"},{"type":"ARRAY","items":{"type":"STRING"}}]})"},
    {"AlternativesOfAnObjectGiveItTheirProperties",
     R"({"type":"object","properties":{"a":{"type":"string"}},"required":["a"],
         "anyOf":[{"required":["b"],"properties":{"b":{"type":"string"}}}]})",
     R"({"type":"OBJECT","properties":{"a":{"type":"STRING"},"b":{"type":"STRING"}},"required":["a"]})"},
    {"AllOfIsMerged",
     R"({"allOf":[{"type":"object","properties":{"a":{"type":"string"}},"required":["a"]},
         {"properties":{"b":{"type":"integer"}},"required":["b"]}]})",
     R"({"type":"OBJECT","properties":{"a":{"type":"STRING"},"b":{"type":"INTEGER"}},"required":["a","b"]})"},
    {"TheParentWinsOverAllOf",
     R"({"description":"P","allOf":[{"type":"string","description":"C"}]})",
     R"({"type":"STRING","description":"P"})"},
    {"ConditionsGiveTheirProperties",
     R"({"type":"object","properties":{"a":{"type":"string"}},"then":{"properties":{"b":{"type":"string"}},"required":["b"]}})",
     R"({"type":"OBJECT","properties":{"a":{"type":"STRING"},"b":{"type":"STRING"}},)"
     R"("description":"Constraints: then: {\"properties\":{\"b\":{\"type\":\"string\"}},\"required\":[\"b\"]}."})"},
    {"LocalReferencesArePutInPlace",
     R"({"$ref":"#/$defs/A~1B","$defs":{"A/B":{"type":"object","properties":{"x":{"$ref":"#/$defs/C"}}},"C":{"type":"string"}}})",
     R"({"type":"OBJECT","properties":{"x":{"type":"STRING"}}})"},
    {"WhatStandsBesideAReferenceWins",
     R"({"type":"object","properties":{"x":{"$ref":"#/definitions/C","description":"mine"}},
         "definitions":{"C":{"type":"string","description":"theirs"}}})",
     R"({"type":"OBJECT","properties":{"x":{"type":"STRING","description":"mine"}}})"},
    {"AReferenceThatIsUsedTwiceIsNoCycle",
     R"({"type":"object","properties":{"a":{"$ref":"#/$defs/P"},"b":{"$ref":"#/$defs/P"},
         "c":{"anyOf":[{"$ref":"#/$defs/P"},{"$ref":"#/$defs/Q"}]}},
         "$defs":{"P":{"type":"string"},"Q":{"type":"array","items":{"$ref":"#/$defs/P"}}}})",
     R"({"type":"OBJECT","properties":{"a":{"type":"STRING"},"b":{"type":"STRING"},)"
     R"("c":{"anyOf":[{"type":"STRING"},{"type":"ARRAY","items":{"type":"STRING"}}]}}})"},
    {"AnEscapedTildeInAReferenceEscapesNothing",
     R"({"type":"object","properties":{"a":{"$ref":"#/$defs/~01"},"b":{"$ref":"#/$defs/~1"},
         "c":{"$ref":"#/$defs/x%20~0"}},"$defs":{"~1":{"type":"string"},"/":{"type":"integer"},
         "x ~":{"type":"boolean"}}})",
     R"({"type":"OBJECT","properties":{"a":{"type":"STRING"},"b":{"type":"INTEGER"},"c":{"type":"BOOLEAN"}}})"},
    {"ReferencesByAnchorAndId",
     R"({"type":"object","$id":"https://x.org/s","properties":{"a":{"$ref":"#n"},"b":{"$ref":"t"},
         "c":{"$ref":"https://x.org/s#/$defs/N"},"d":{"$ref":"https://x.org/s#n"}},
         "$defs":{"N":{"$anchor":"n","type":"string"},"T":{"$id":"t","type":"integer"}}})",
     R"({"type":"OBJECT","properties":{"a":{"type":"STRING"},"b":{"type":"INTEGER"},)"
     R"("c":{"type":"STRING"},"d":{"type":"STRING"}}})"},
    {"ReferencesIntoListsAndProperties",
     R"({"type":"object","properties":{"a":{"type":"string"},"b":{"$ref":"#/properties/a"},
         "c":{"oneOf":[{"type":"integer"},{"type":"null"}]},"d":{"$ref":"#/properties/c/oneOf/0"}}})",
     R"({"type":"OBJECT","properties":{"a":{"type":"STRING"},"b":{"type":"STRING"},)"
     R"("c":{"type":"INTEGER","nullable":true},"d":{"type":"INTEGER"}}})"},
    {"AlternativesOfDemandsAreTold",
     R"({"items":{"properties":{"a":{"type":"string"},"b":{"type":"string"}},
         "anyOf":[{"required":["a"]},{"required":["b"]}]}})",
     R"({"type":"ARRAY","items":{"type":"OBJECT","properties":{"a":{"type":"STRING"},"b":{"type":"STRING"}},)"
     R"("description":"One of: a; b."}})"},
    {"CyclesAreCut",
     R"({"$ref":"#/$defs/Node","$defs":{"Node":{"type":"object","properties":{"next":{"$ref":"#/$defs/Node"}}}}})",
     R"({"type":"OBJECT","properties":{"next":{"type":"OBJECT",)"
     R"("properties":{"any":{"type":"STRING","description":"Stands for members of any name."}},"description":"Again a Node."}}})"},
    {"ReferencesToNowhereAreTold",
     R"({"type":"object","properties":{"x":{"$ref":"#/$defs/Gone"}}})",
     R"({"type":"OBJECT","properties":{"x":{"type":"OBJECT",)"
     R"("properties":{"any":{"type":"STRING","description":"Stands for members of any name."}},"description":"A Gone."}}})"},
    {"AnObjectInsideHasSomeProperty",
     R"({"type":"object","properties":{"x":{"type":"object","properties":{}}}})",
     R"({"type":"OBJECT","properties":{"x":{"type":"OBJECT",)"
     R"("properties":{"any":{"type":"STRING","description":"Stands for members of any name."}}}}})"},
    {"AListWithoutItemsGetsSome", R"({"type":"array"})",
     R"({"type":"ARRAY","items":{"type":"STRING"}})"},
    {"ATupleIsAListOfItsTypes",
     R"({"type":"array","prefixItems":[{"type":"string"},{"type":"integer"}]})",
     R"({"type":"ARRAY","items":{"anyOf":[{"type":"STRING"},{"type":"INTEGER"}]},)"
     R"("description":"Constraints: prefixItems: [{\"type\":\"string\"},{\"type\":\"integer\"}]."})"},
    {"RequiredNamesThatAreNoPropertiesAreDropped",
     R"({"type":"object","properties":{"a":{"type":"string"}},"required":["a","zzz",7]})",
     R"({"type":"OBJECT","properties":{"a":{"type":"STRING"}},"required":["a"]})"},
    {"RequiredInAPropertyIsMovedUp",
     R"({"type":"object","properties":{"a":{"type":"string","required":true}}})",
     R"({"type":"OBJECT","properties":{"a":{"type":"STRING"}},"required":["a"]})"},
    {"ABareMapOfPropertiesIsAnObject", R"({"city":{"type":"string"},"type":{"type":"string"}})",
     R"({"type":"OBJECT","properties":{"city":{"type":"STRING"},"type":{"type":"STRING"}}})"},
    {"AMissingTypeIsInferred",
     R"({"properties":{"a":{"items":{"type":"string"}},"b":{"minimum":1}}})",
     R"({"type":"OBJECT","properties":{"a":{"type":"ARRAY","items":{"type":"STRING"}},"b":{"type":"NUMBER","minimum":1}}})"},
    {"AnythingIsAText", R"({"type":"object","properties":{"a":{},"b":true}})",
     R"({"type":"OBJECT","properties":{"a":{"type":"STRING","description":"Any value."},)"
     R"("b":{"type":"STRING","description":"Any value."}}})"},
    {"PropertiesNamedLikeKeywordsSurvive",
     R"({"type":"object","properties":{"const":{"type":"string"},"format":{"type":"string"},
         "title":{"type":"string"},"properties":{"type":"object","properties":{"enum":{"type":"string"}}},
         "$ref":{"type":"string"},"required":{"type":"boolean"},"anyOf":{"type":"string"}},"required":["const","required"]})",
     R"({"type":"OBJECT","properties":{"const":{"type":"STRING"},"format":{"type":"STRING"},)"
     R"("title":{"type":"STRING"},"properties":{"type":"OBJECT","properties":{"enum":{"type":"STRING"}}},)"
     R"("$ref":{"type":"STRING"},"required":{"type":"BOOLEAN"},"anyOf":{"type":"STRING"}},)"
     R"("required":["const","required"]})"},
    {"UnknownTypesCountAsNone",
     R"({"type":"object","properties":{"a":{"type":"any"},"b":{"type":["file","integer"]}}})",
     R"({"type":"OBJECT","properties":{"a":{"type":"STRING","description":"Any value."},)"
     R"("b":{"type":"INTEGER"}}})"},
    {"KeywordsOfTheWrongTypeAreDropped",
     R"({"type":"object","properties":{"a":{"type":5,"enum":"x","minLength":"1","title":[]}},"required":"a"})",
     R"({"type":"OBJECT","properties":{"a":{"type":"STRING","description":"Any value."}}})"},
};

INSTANTIATE_TEST_SUITE_P(Rules, SchemaCleanerTest, testing::ValuesIn(kCases),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(SchemaCleanerBoundsTest, ADeepSchemaIsCut) {
  std::string schema;
  for (int i = 0; i < 60; ++i) schema += R"({"type":"object","properties":{"a":)";
  schema += R"({"type":"string"})";
  for (int i = 0; i < 60; ++i) schema += "}}";
  EXPECT_NE(clean(schema).find("Nested too deep"), std::string::npos);
}

TEST(SchemaCleanerBoundsTest, ManyAlternativesAreCut) {
  std::string schema = R"({"anyOf":[{"type":"string"})";
  for (int i = 0; i < 20000; ++i) schema += R"(,{"type":"string"})";
  EXPECT_LT(clean(schema + "]}").size(), 10000u);
}

TEST(SchemaCleanerBoundsTest, ReferencesThatMultiplyAreCut) {
  std::string schema = R"({"$ref":"#/$defs/n0","$defs":{)";
  for (int i = 0; i < 30; ++i) {
    const std::string next = R"({"$ref":"#/$defs/n)" + std::to_string(i + 1) + R"("})";
    schema += R"("n)" + std::to_string(i) + R"(":{"type":"object","properties":{"a":)" + next +
              R"(,"b":)" + next + "}},";
  }
  EXPECT_LT(clean(schema + R"("n30":{"type":"string"}}})").size(), 2000000u);
}

TEST(SchemaCleanerBoundsTest, LongTextsAreNotRepeatedForEveryReference) {
  std::string schema = R"({"type":"object","$defs":{"T":{"type":"string","description":")" +
                       std::string(100000, 'x') + R"("}},"properties":{"p":{"type":"string"})";
  for (int i = 0; i < 900; ++i)
    schema += R"(,"p)" + std::to_string(i) + R"(":{"$ref":"#/$defs/T"})";
  EXPECT_LT(clean(schema + "}}").size(), 3000000u);
}

// Whatever the schema is, what comes out uses nothing but the words of Google's Schema.
void expectSubset(const json::Value& node) {
  ASSERT_TRUE(node.is_object());
  const std::set<std::string> known = {
      "type",          "format",    "title",     "description", "nullable", "enum",
      "items",         "maxItems",  "minItems",  "properties",  "required", "minProperties",
      "maxProperties", "minLength", "maxLength", "pattern",     "example",  "anyOf",
      "default",       "minimum",   "maximum"};
  for (const auto& [key, value] : node.items()) EXPECT_TRUE(known.contains(key)) << key;
  if (node.contains("items")) expectSubset(node["items"]);
  if (node.contains("anyOf")) {
    EXPECT_EQ(node.size(), 1u);
    for (const auto& branch : node["anyOf"]) expectSubset(branch);
  }
  if (node.contains("properties")) {
    for (const auto& [name, property] : node["properties"].items()) expectSubset(property);
  }
}

// A random schema out of words that mean something to the cleaner, in right and wrong places.
json::Value randomSchema(std::mt19937& random, int depth) {
  static const std::vector<std::string> kWords = {
      "type",     "properties", "items", "anyOf", "oneOf",       "allOf",
      "$ref",     "$defs",      "enum",  "const", "required",    "description",
      "nullable", "format",     "then",  "not",   "prefixItems", "title"};
  static const std::vector<std::string> kTexts = {
      "object", "array", "string", "null", "#", "#/$defs/a", "#/properties/b", "", "a"};
  const auto pick = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
  switch (depth <= 0 ? pick(4) : 4 + pick(6)) {
    case 0: return kTexts[pick(kTexts.size())];
    case 1: return json::Value(random() % 2 == 0);
    case 2: return json::Value(static_cast<int>(pick(10)));
    case 3: return nullptr;
    case 4: {
      json::Value list = json::Value::array();
      for (std::size_t i = pick(4); i > 0; --i) list.push_back(randomSchema(random, depth - 1));
      return list;
    }
    default: {
      json::Value object = json::Value::object();
      for (std::size_t i = pick(5); i > 0; --i) {
        const std::string key =
            pick(4) == 0 ? kTexts[pick(kTexts.size())] : kWords[pick(kWords.size())];
        object[key] = key == "type" || key == "$ref" ? json::Value(kTexts[pick(kTexts.size())])
                                                     : randomSchema(random, depth - 1);
      }
      return object;
    }
  }
}

TEST(SchemaCleanerBoundsTest, AnySchemaGivesOneInTheSubset) {
  std::mt19937 random(7);
  for (int i = 0; i < 3000; ++i) expectSubset(cleanSchema(randomSchema(random, 6)));
}

TEST(SchemaCleanerLossTest, ADefaultIsNotRepeatedInEachAlternative) {
  const auto cleaned = cleanSchema(
      *json::parse(R"({"default":"x","anyOf":[{"type":"string"},{"type":"integer"}]})"));
  EXPECT_EQ(json::dump(cleaned), R"({"anyOf":[{"type":"STRING"},{"type":"INTEGER"}]})");
}

TEST(SchemaCleanerLossTest, ATypeThatIsToldTwiceIsOneAlternative) {
  const auto cleaned = cleanSchema(*json::parse(R"({"type":["string","string","integer"]})"));
  EXPECT_EQ(json::dump(cleaned), R"({"anyOf":[{"type":"STRING"},{"type":"INTEGER"}]})");
}

TEST(SchemaCleanerLossTest, ThatMoreIsAllowedGoesWithoutSaying) {
  const auto cleaned = cleanSchema(*json::parse(
      R"({"type":"object","properties":{"a":{"type":"string"}},"additionalProperties":true})"));
  EXPECT_EQ(json::dump(cleaned), R"({"type":"OBJECT","properties":{"a":{"type":"STRING"}}})");
}

TEST(SchemaCleanerLossTest, ALongValueIsNotTold) {
  const auto told = [](std::size_t length) {
    const auto schema = R"({"type":"string","not":{"const":")" + std::string(length, 'x') + "\"}}";
    return json::dump(cleanSchema(*json::parse(schema))).find("Constraints") != std::string::npos;
  };
  EXPECT_TRUE(told(100));
  EXPECT_FALSE(told(101));
}

TEST(SchemaCleanerLossTest, OfManyAlternativesThirtyTwoAreKept) {
  json::Value schema = json::Value::object();
  for (int i = 0; i < 40; ++i) {
    json::Value alternative = json::Value::object();
    alternative["const"] = "c" + std::to_string(i);
    schema["anyOf"].push_back(std::move(alternative));
  }
  EXPECT_EQ(cleanSchema(schema)["anyOf"].size(), 32U);
}

}  // namespace
}  // namespace rondo::translation
