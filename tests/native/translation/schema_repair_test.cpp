#include "translation/schema_repair.h"

#include <gtest/gtest.h>

#include <functional>
#include <random>

#include "native/translation/schema_refusal.h"
#include "translation/schema_cleaner.h"

namespace rondo::translation {
namespace {

using json::Value;

constexpr const char* kSound = "(sound)";

Value read(const std::string& text) {
  const auto document = json::parse(text);
  EXPECT_TRUE(document) << text;
  return document ? *document : Value();
}

std::string shown(const std::optional<Value>& repaired) {
  return repaired ? json::dump(*repaired) : kSound;
}

struct Case {
  const char* name;
  const char* schema;
  const char* expected;
};

std::string nameOf(const testing::TestParamInfo<Case>& test) { return test.param.name; }

// --- Schemas of answers: what holds at every place of a schema ---

class SchemaRepairTest : public testing::TestWithParam<Case> {};

TEST_P(SchemaRepairTest, GivesWhatGoogleTakes) {
  EXPECT_EQ(shown(repairSchema(read(GetParam().schema))), GetParam().expected);
}

// What comes out is sound, so that nothing is repaired that needs no repair.
TEST_P(SchemaRepairTest, GivesWhatNeedsNoRepair) {
  const auto repaired = repairSchema(read(GetParam().schema));
  const Value schema = repaired ? *repaired : read(GetParam().schema);
  EXPECT_EQ(shown(repairSchema(schema)), kSound) << shown(repaired);
  EXPECT_EQ(schemaRefusal(schema), "") << shown(repaired);
}

const Case kSoundCases[] = {
    {"Nothing", "{}", kSound},
    {"AnObject",
     R"({"type":"object","properties":{"a":{"type":"string","minLength":1}},"required":["a"],
         "additionalProperties":false,"propertyOrdering":["a"]})",
     kSound},
    {"AnEmptyListOfNames", R"({"type":"object","properties":{},"required":[]})", kSound},
    {"AUnion",
     R"({"anyOf":[{"type":"string"},{"type":"null"},{"type":"object","properties":{"a":{}},
         "required":["a"]}]})",
     kSound},
    {"AReferenceWithItsWords",
     R"({"properties":{"a":{"$ref":"#/$defs/A","description":"d","default":{"$ref":1}}},
         "$defs":{"A":{"type":"string"}}})",
     kSound},
    {"AReferenceThatIsUsedTwice",
     R"({"properties":{"a":{"$ref":"#/$defs/A"},"b":{"$ref":"#/$defs/A"}},"required":["a","b"],
         "$defs":{"A":{"type":"string"}}})",
     kSound},
    {"AnOptionalLoop", R"({"type":"object","properties":{"next":{"$ref":"#"}}})", kSound},
    {"ANullableLoop",
     R"({"properties":{"next":{"anyOf":[{"$ref":"#"},{"type":"null"}]}},"required":["next"]})",
     kSound},
    {"ALoopThroughAListThatMayBeEmpty",
     R"({"properties":{"all":{"type":"array","items":{"$ref":"#"},"minItems":0}},
         "required":["all"]})",
     kSound},
    {"ALoopThroughMembersOfAnyName",
     R"({"properties":{"all":{"type":"object","additionalProperties":{"$ref":"#"}}},
         "required":["all"]})",
     kSound},
    {"PropertiesNamedLikeKeywords",
     R"({"type":"object","properties":{"$ref":{"type":"string"},"required":{"type":"boolean"},
         "type":{"type":"string"},"properties":{"type":"object"},"items":{"type":"string"},
         "anyOf":{"type":"string"},"ref":{"type":"string"}},
         "required":["$ref","required","type","properties"]})",
     kSound},
    {"DefinitionsNamedLikeKeywords",
     R"({"properties":{"a":{"$ref":"#/$defs/$ref"},"b":{"$ref":"#/$defs/required"}},
         "$defs":{"$ref":{"type":"string"},"required":{"type":"string"}}})",
     kSound},
    {"DataThatLooksLikeKeywords",
     R"({"type":"object","default":{"$ref":"#/nowhere","required":["x"],"properties":[]},
         "examples":[{"$ref":5}],"const":{"type":"any"}})",
     kSound},
    {"WhatGoogleDoesNotEnforce",
     R"({"type":"object","properties":{"a":{}},"not":{"type":"string"},"if":{"properties":{"a":{}}},
         "then":{"minProperties":1},"patternProperties":{"^x":{"type":"string"}},
         "dependentRequired":{"a":["b"]},"unevaluatedProperties":false,"nullable":true})",
     kSound},
    {"AConstantObjectAlone", R"({"const":{"a":1}})", kSound},
    {"AListOfTypes", R"({"type":["string","null"]})", kSound},
};

INSTANTIATE_TEST_SUITE_P(Sound, SchemaRepairTest, testing::ValuesIn(kSoundCases), nameOf);

const Case kNameCases[] = {
    {"RequiredNamesKnownProperties",
     R"({"type":"object","properties":{"bar":{"type":"string"}},"required":["bar","message"]})",
     R"({"type":"object","properties":{"bar":{"type":"string"}},"required":["bar"]})"},
    {"RequiredThatNamesNoneGoes", R"({"properties":{"a":{}},"required":["b"],"title":"T"})",
     R"({"properties":{"a":{}},"title":"T"})"},
    {"RequiredWithoutPropertiesGoes",
     R"({"type":"array","items":{"type":"object","required":["a"]}})",
     R"({"type":"array","items":{"type":"object"}})"},
    {"RequiredNamesEachOnce", R"({"properties":{"a":{},"b":{}},"required":["b","a","b",7]})",
     R"({"properties":{"a":{},"b":{}},"required":["b","a"]})"},
    {"RequiredNamesEachOnceInAShortList", R"({"properties":{"a":{}},"required":["a","a"]})",
     R"({"properties":{"a":{}},"required":["a"]})"},
    {"RequiredIsAList", R"({"properties":{"a":{}},"required":"a"})", R"({"properties":{"a":{}}})"},
    {"RequiredInAPropertyIsMovedUp",
     R"({"properties":{"a":{"type":"string","required":true},"b":{"required":false}},
         "required":["b"]})",
     R"({"properties":{"a":{"type":"string"},"b":{}},"required":["b","a"]})"},
    {"RequiredIsOfItsOwnLevel",
     R"({"properties":{"a":{"properties":{"b":{}},"required":["a","b"]}},"required":["a"]})",
     R"({"properties":{"a":{"properties":{"b":{}},"required":["b"]}},"required":["a"]})"},
    {"RequiredInAlternatives",
     R"({"anyOf":[{"type":"object","properties":{"a":{}},"required":["a","z"]},{"type":"null"}]})",
     R"({"anyOf":[{"type":"object","properties":{"a":{}},"required":["a"]},{"type":"null"}]})"},
    {"RequiredInDefinitions", R"({"$defs":{"A":{"properties":{"a":{}},"required":["z"]}}})",
     R"({"$defs":{"A":{"properties":{"a":{}}}}})"},
    {"RequiredBesideMembersOfAnyName",
     R"({"type":"object","additionalProperties":{"type":"string"},"required":["a"]})",
     R"({"type":"object","additionalProperties":{"type":"string"}})"},
    {"RequiredAmongMembersOfAnyName",
     R"({"additionalProperties":{"type":"object","required":["a"]}})",
     R"({"additionalProperties":{"type":"object"}})"},
    {"AnOrderNamesKnownProperties", R"({"properties":{"a":{}},"propertyOrdering":["b","a"]})",
     R"({"properties":{"a":{}},"propertyOrdering":["a"]})"},
    {"AlternativesOfDemandsAreTold",
     R"({"type":"object","properties":{"a":{},"b":{}},"description":"D.",
         "anyOf":[{"required":["a"]},{"required":["b"]}]})",
     R"({"type":"object","properties":{"a":{},"b":{}},"description":"D. One of: a; b."})"},
    {"AlternativesOfDemandsAndMoreStay",
     R"({"oneOf":[{"type":"object","required":["a"]},{"type":"string"},{"required":["b"],"minimum":1}]})",
     R"({"oneOf":[{"type":"object"},{"type":"string"},{"minimum":1}],"description":"One of: a; b."})"},
};

INSTANTIATE_TEST_SUITE_P(Names, SchemaRepairTest, testing::ValuesIn(kNameCases), nameOf);

const Case kReferenceCases[] = {
    {"LeadsNowhere", R"({"type":"object","properties":{"t":{"$ref":"#/$defs/T"}}})",
     R"({"type":"object","properties":{"t":{"description":"A T."}}})"},
    {"LeadsNowhereWithWords",
     R"({"properties":{"t":{"$ref":"#/$defs/T","description":"D.","default":1}}})",
     R"({"properties":{"t":{"description":"D. A T.","default":1}}})"},
    {"LeadsNowhereBesideKeywords",
     R"({"items":{"$ref":"#/x","type":"object","properties":{"a":{}},"required":["b"]}})",
     R"({"items":{"type":"object","properties":{"a":{}},"description":"A x."}})"},
    {"LeadsToTheWeb", R"({"items":{"$ref":"https://example.com/s.json#/$defs/Item"}})",
     R"({"items":{"description":"A Item."}})"},
    {"IsNoText", R"({"items":{"$ref":5,"type":"string"}})", R"({"items":{"type":"string"}})"},
    {"LeadsNowhereInAUnion", R"({"anyOf":[{"type":"null"},{"$ref":"#/$defs/T"}]})",
     R"({"anyOf":[{"type":"null"},{"description":"A T."}]})"},
    {"NullableIsMerged",
     R"({"properties":{"m":{"$ref":"#/$defs/M","nullable":true}},
         "$defs":{"M":{"type":"object","properties":{"a":{}},"required":["a"]}}})",
     R"({"properties":{"m":{"type":"object","properties":{"a":{}},"required":["a"],"nullable":true}},)"
     R"("$defs":{"M":{"type":"object","properties":{"a":{}},"required":["a"]}}})"},
    {"WhatStandsBesideItWins",
     R"({"properties":{"m":{"$ref":"#/$defs/M","type":["string","null"],"description":"mine"}},
         "$defs":{"M":{"type":"string","description":"theirs","maxLength":5}}})",
     R"({"properties":{"m":{"type":["string","null"],"description":"mine","maxLength":5}},)"
     R"("$defs":{"M":{"type":"string","description":"theirs","maxLength":5}}})"},
    {"PropertiesBesideItAreAdded",
     R"({"items":{"$ref":"#/$defs/M","properties":{"b":{}},"required":["b"]},
         "$defs":{"M":{"type":"object","properties":{"a":{}},"required":["a"]}}})",
     R"({"items":{"type":"object","properties":{"a":{},"b":{}},"required":["a","b"]},)"
     R"("$defs":{"M":{"type":"object","properties":{"a":{}},"required":["a"]}}})"},
    {"ACopyOfItselfKeepsItsReferenceInside",
     R"({"$defs":{"N":{"type":"object","properties":{"next":{"$ref":"#/$defs/N","title":"T"}}}}})",
     R"({"$defs":{"N":{"type":"object","properties":{"next":{"type":"object",)"
     R"("properties":{"next":{"$ref":"#/$defs/N"}},"title":"T"}}}}})"},
    {"ACopyHasNoNameOfItsOwn",
     R"({"items":{"$ref":"#/$defs/N","maxLength":5},
         "$defs":{"N":{"$id":"n","$anchor":"a","type":"string"}}})",
     R"({"items":{"type":"string","maxLength":5},)"
     R"("$defs":{"N":{"$id":"n","$anchor":"a","type":"string"}}})"},
    {"MarksOfTheDocumentBesideItGo",
     R"({"items":{"$ref":"#/$defs/M","$comment":"c"},"$defs":{"M":{"type":"string"}}})",
     R"({"items":{"$ref":"#/$defs/M"},"$defs":{"M":{"type":"string"}}})"},
    {"TheRootIsACopy",
     R"({"$ref":"#/$defs/N","$defs":{"N":{"properties":{"n":{"$ref":"#/$defs/N"}}}}})",
     R"({"properties":{"n":{"$ref":"#/$defs/N"}},"$defs":{"N":{"properties":{"n":{"$ref":"#/$defs/N"}}}}})"},
    {"TheRootOfAChain",
     R"({"$ref":"#/$defs/A","$defs":{"A":{"$ref":"#/$defs/B","title":"T"},"B":{"enum":["x"]}}})",
     R"({"enum":["x"],"title":"T","$defs":{"A":{"enum":["x"],"title":"T"},"B":{"enum":["x"]}}})"},
    {"TheRootIsItself", R"({"$ref":"#","title":"T"})", R"({"title":"T","description":"A root."})"},
    {"DefinitionsOfOldMove",
     R"({"items":{"$ref":"#/definitions/A"},"definitions":{"A":{"items":{"$ref":"#/definitions/B"}},
         "B":{"type":"string"}}})",
     R"({"items":{"$ref":"#/$defs/A"},"$defs":{"A":{"items":{"$ref":"#/$defs/B"}},"B":{"type":"string"}}})"},
    {"DefinitionsOfBothKinds",
     R"({"items":{"anyOf":[{"$ref":"#/definitions/A"},{"$ref":"#/$defs/A"}]},
         "definitions":{"A":{"type":"string"}},"$defs":{"A":{"type":"number"}}})",
     R"({"items":{"anyOf":[{"$ref":"#/$defs/A_1"},{"$ref":"#/$defs/A"}]},)"
     R"("$defs":{"A":{"type":"number"},"A_1":{"type":"string"}}})"},
    {"LeadsToAProperty", R"({"properties":{"x":{"type":"string"},"y":{"$ref":"#/properties/x"}}})",
     R"({"properties":{"x":{"type":"string"},"y":{"$ref":"#/$defs/x"}},"$defs":{"x":{"type":"string"}}})"},
    {"LeadsToAnAlternative",
     R"({"properties":{"x":{"anyOf":[{"type":"string"}]},"y":{"$ref":"#/properties/x/anyOf/0"}}})",
     R"({"properties":{"x":{"anyOf":[{"type":"string"}]},"y":{"$ref":"#/$defs/0"}},)"
     R"("$defs":{"0":{"type":"string"}}})"},
    {"HasEscapes",
     R"({"anyOf":[{"$ref":"#/$defs/a~1b"},{"$ref":"#/$defs/a%20b"},{"$ref":"#/$defs/~01"},
                  {"$ref":"#/%24defs/a%7E1b"}],
         "$defs":{"a/b":{"type":"string"},"a b":{"type":"number"},"~1":{"type":"null"}}})",
     R"({"anyOf":[{"$ref":"#/$defs/a_b"},{"$ref":"#/$defs/a b"},{"$ref":"#/$defs/_1"},{"$ref":"#/$defs/a_b"}],)"
     R"("$defs":{"a/b":{"type":"string"},"a b":{"type":"number"},"~1":{"type":"null"},)"
     R"("a_b":{"type":"string"},"_1":{"type":"null"}}})"},
    {"LeadsToAnAnchor",
     R"({"items":{"$ref":"#node"},"$defs":{"N":{"$anchor":"node","type":"string"}}})",
     R"({"items":{"$ref":"#/$defs/N"},"$defs":{"N":{"$anchor":"node","type":"string"}}})"},
    {"LeadsToAnId",
     R"({"$id":"https://x.org/s","items":{"$ref":"https://x.org/s#/$defs/N"},"additionalProperties":{"$ref":"n"},
         "$defs":{"N":{"$id":"n","type":"string"}}})",
     R"({"$id":"https://x.org/s","items":{"$ref":"#/$defs/N"},"additionalProperties":{"$ref":"#/$defs/N"},)"
     R"("$defs":{"N":{"$id":"n","type":"string"}}})"},
    {"WordsOfGooglesOwnSchemaGo", R"({"type":"object","ref":"Question","defs":{"a":{}}})",
     R"({"type":"object"})"},
};

INSTANTIATE_TEST_SUITE_P(References, SchemaRepairTest, testing::ValuesIn(kReferenceCases), nameOf);

const Case kLoopCases[] = {
    {"ARequiredPropertyIsOptional",
     R"({"type":"object","properties":{"a":{"type":"string"},"next":{"$ref":"#"}},
         "required":["a","next"]})",
     R"({"type":"object","properties":{"a":{"type":"string"},"next":{"$ref":"#"}},"required":["a"]})"},
    {"OneOfTwoIsEnough",
     R"({"$defs":{"A":{"properties":{"b":{"$ref":"#/$defs/B"}},"required":["b"]},
         "B":{"properties":{"a":{"$ref":"#/$defs/A"}},"required":["a"]}}})",
     R"({"$defs":{"A":{"properties":{"b":{"$ref":"#/$defs/B"}}},)"
     R"("B":{"properties":{"a":{"$ref":"#/$defs/A"}},"required":["a"]}}})"},
    {"AlternativesEndNoLoop",
     R"({"properties":{"e":{"$ref":"#/$defs/E"}},"required":["e"],"$defs":{
         "E":{"anyOf":[{"type":"string"},{"$ref":"#/$defs/Add"}]},
         "Add":{"properties":{"l":{"$ref":"#/$defs/E"},"n":{}},"required":["l","n"]}}})",
     R"({"properties":{"e":{"$ref":"#/$defs/E"}},"required":["e"],"$defs":{)"
     R"("E":{"anyOf":[{"type":"string"},{"$ref":"#/$defs/Add"}]},)"
     R"("Add":{"properties":{"l":{"$ref":"#/$defs/E"},"n":{}},"required":["n"]}}})"},
    {"APropertyOrAListIsEnough",
     R"({"properties":{"all":{"type":"array","minItems":1,"items":{"$ref":"#"}}},"required":["all"]})",
     R"({"properties":{"all":{"type":"array","minItems":1,"items":{"$ref":"#"}}}})"},
    {"AListMayBeEmpty",
     R"({"$defs":{"L":{"type":"array","minItems":1,"items":{"$ref":"#/$defs/L"}}}})",
     R"({"$defs":{"L":{"type":"array","items":{"$ref":"#/$defs/L"}}}})"},
    {"NullableIsNoWordOfJsonSchema",
     R"({"properties":{"next":{"$ref":"#","nullable":true}},"required":["next"]})",
     R"({"properties":{"next":{"properties":{"next":{"$ref":"#"}},"required":["next"],"nullable":true}}})"},
    {"ReferencesInACircleAreCut",
     R"({"items":{"$ref":"#/$defs/A"},"$defs":{"A":{"$ref":"#/$defs/B"},"B":{"$ref":"#/$defs/A"}}})",
     R"({"items":{"$ref":"#/$defs/A"},"$defs":{"A":{"description":"Again a B."},"B":{"description":"Again a A."}}})"},
    {"ACircleThroughAlternativesIsCut", R"({"anyOf":[{"type":"string"},{"$ref":"#"}]})",
     R"({"anyOf":[{"type":"string"},{"description":"Again a root."}]})"},
    {"ACircleThroughAllOfIsCut",
     R"({"$defs":{"A":{"allOf":[{"$ref":"#/$defs/A"},{"type":"object"}]}}})",
     R"({"$defs":{"A":{"allOf":[{"description":"Again a A."},{"type":"object"}]}}})"},
};

INSTANTIATE_TEST_SUITE_P(Loops, SchemaRepairTest, testing::ValuesIn(kLoopCases), nameOf);

const Case kOddCases[] = {
    {"PropertiesThatAreAList", R"({"type":"object","properties":[]})",
     R"({"type":"object","properties":{}})"},
    {"PropertiesThatAreNull", R"({"type":"object","properties":null,"required":["a"]})",
     R"({"type":"object","properties":{}})"},
    {"PropertiesThatAreNoSchemas",
     R"({"properties":{"a":true,"b":false,"c":null,"d":[],"e":"string","f":"A path.","g":3},
         "required":["a","b","c"]})",
     R"({"properties":{"a":{},"c":{},"d":{},"e":{"type":"string"},"f":{"description":"A path."},"g":{}},)"
     R"("required":["a","c"]})"},
    {"DefinitionsThatAreNoSchemas", R"({"items":{"$ref":"#/$defs/A"},"$defs":{"A":false,"B":"x"}})",
     R"({"items":{"$ref":"#/$defs/A"},"$defs":{"A":{},"B":{"description":"x"}}})"},
    {"DefinitionsThatAreNoMap", R"({"type":"string","$defs":[]})", R"({"type":"string"})"},
    {"ItemsThatAreABoolean", R"({"type":"array","items":true})", R"({"type":"array"})"},
    {"ItemsThatAreAList", R"({"type":"array","items":[{"type":"string"},true],"maxItems":2})",
     R"({"type":"array","maxItems":2,"prefixItems":[{"type":"string"},{}]})"},
    {"ItemsThatAreATypesName", R"({"type":"array","items":"string"})",
     R"({"type":"array","items":{"type":"string"}})"},
    {"AlternativesThatAreNoSchemas", R"({"anyOf":["string",false,null]})",
     R"({"anyOf":[{"type":"string"},{}]})"},
    {"AlternativesThatAreNoList", R"({"type":"string","anyOf":{},"oneOf":[],"allOf":null})",
     R"({"type":"string"})"},
    {"TypesInCapitals", R"({"type":"STRING"})", R"({"type":"string"})"},
    {"TypesThatAreNone", R"({"properties":{"a":{"type":"any"},"b":{"type":5},"c":{"type":[]}}})",
     R"({"properties":{"a":{},"b":{},"c":{}}})"},
    {"ListsOfTypesWithOthers", R"({"properties":{"a":{"type":["file","String","string"]},
         "b":{"type":["integer","null","any"]}}})",
     R"({"properties":{"a":{"type":"string"},"b":{"type":["integer","null"]}}})"},
    {"EnumsThatAreNone", R"({"properties":{"a":{"type":"string","enum":[]},"b":{"enum":"x"}}})",
     R"({"properties":{"a":{"type":"string"},"b":{}}})"},
    {"NullInAnEnumGoesIntoTheType",
     R"({"properties":{"a":{"type":["string","null"],"enum":["a","b",null]},
         "b":{"enum":["a",null]},"c":{"type":"integer","enum":[null,1]},
         "d":{"enum":["a",1,2.5,null]}}})",
     R"({"properties":{"a":{"type":["string","null"],"enum":["a","b"]},)"
     R"("b":{"enum":["a"],"type":["string","null"]},"c":{"type":["integer","null"],"enum":[1]},)"
     R"("d":{"enum":["a",1,2.5],"type":["string","integer","number","null"]}}})"},
    {"AnEnumOfNullAloneIsTheTypeNull",
     R"({"properties":{"a":{"enum":[null]},"b":{"type":["string","null"],"enum":[null]}}})",
     R"({"properties":{"a":{"type":"null"},"b":{"type":"null"}}})"},
    {"ValuesThatAreNeitherTextsNorNumbersAreTold",
     R"({"properties":{"a":{"enum":[true]},"b":{"type":"object","enum":[{"a":1}]},
         "c":{"description":"C.","type":["string","boolean"],"enum":["a",false,null]}}})",
     R"({"properties":{"a":{"type":"boolean","description":"Constraints: enum: [true]."},)"
     R"("b":{"type":"object","description":"Constraints: enum: [{\"a\":1}]."},)"
     R"("c":{"description":"C. Constraints: enum: [\"a\",false,null].",)"
     R"("type":["string","boolean","null"],"enum":["a"]}}})"},
    {"AnEnumBesideAUnionGetsNoType",
     R"({"anyOf":[{"type":"string"},{"type":"null"}],"enum":["a",null]})",
     R"({"anyOf":[{"type":"string"},{"type":"null"}],"enum":["a"],)"
     R"("description":"Constraints: enum: [\"a\",null]."})"},
    {"SchemasThatAreButTrueOrFalse",
     R"({"properties":{"a":{"type":"array","contains":false,"if":true,"then":true,"else":true},
         "b":{"not":true},"c":{"type":"object","propertyNames":true,"not":false}}})",
     R"({"properties":{"a":{"type":"array","description":"Constraints: contains: false."},)"
     R"("b":{"description":"Constraints: not: true."},"c":{"type":"object"}}})"},
    {"TextsAndNumbersOfOtherTypes",
     R"({"type":"string","description":null,"title":5,"format":[],"minLength":"1","maximum":null})",
     R"({"type":"string"})"},
    {"MembersOfAnyNameThatAreNoSchema", R"({"type":"object","additionalProperties":"string"})",
     R"({"type":"object"})"},
    {"ConditionsThatNeedRepairAreTold",
     R"({"type":"object","properties":{"a":{}},"then":{"required":["b"]},"not":{"required":["c"]}})",
     R"({"type":"object","properties":{"a":{}},"description":"Constraints: then: {\"required\":[\"b\"]}. )"
     R"(Constraints: not: {\"required\":[\"c\"]}."})"},
    {"AMapWithoutASchemaAroundIt", R"({"city":{"type":"string"},"type":{"type":"string"}})",
     R"({"type":"object","properties":{"city":{"type":"string"},"type":{"type":"string"}}})"},
};

INSTANTIATE_TEST_SUITE_P(Odd, SchemaRepairTest, testing::ValuesIn(kOddCases), nameOf);

// --- The root of a function's parameters ---

class ParametersRepairTest : public testing::TestWithParam<Case> {};

TEST_P(ParametersRepairTest, GivesAnObject) {
  const Value schema = read(GetParam().schema);
  const auto repaired = repairParameters(schema);
  EXPECT_EQ(shown(repaired), GetParam().expected);
  EXPECT_EQ(parametersRefusal(repaired ? *repaired : schema), "");
}

const Case kRootCases[] = {
    {"AnObjectIsSound", R"({"type":"object","properties":{"a":{}},"required":["a"]})", kSound},
    {"AUnionBesideItsTypeStays",
     R"({"type":"object","oneOf":[{"properties":{"a":{}},"required":["a"]},{"properties":{"b":{}}}]})",
     kSound},
    {"ATypeIsAdded", R"({"properties":{"a":{"type":"string"}}})",
     R"({"type":"object","properties":{"a":{"type":"string"}}})"},
    {"AnotherTypeIsReplaced", R"({"properties":{"a":{}},"type":["object","null"]})",
     R"({"type":"object","properties":{"a":{}}})"},
    {"AMapWithoutASchemaAroundIt", R"({"a":{"type":"string"}})",
     R"({"type":"object","properties":{"a":{"type":"string"}}})"},
    {"AReferenceIsACopy",
     R"({"$ref":"#/definitions/A","definitions":{"A":{"properties":{"a":{"$ref":"#/definitions/A"}}}}})",
     R"({"type":"object","properties":{"a":{"$ref":"#/$defs/A"}},"$defs":{"A":{"properties":{"a":{"$ref":"#/$defs/A"}}}}})"},
    {"AlternativesAreOneObject",
     R"({"oneOf":[{"type":"object","properties":{"path":{"type":"string"}},"required":["path"]},
                  {"type":"object","properties":{"url":{"type":"string"}},"required":["url"]}]})",
     R"({"type":"object","description":"One of: path; url.",)"
     R"("properties":{"path":{"type":"string"},"url":{"type":"string"}}})"},
    {"WhatAllAlternativesDemandIsRequired",
     R"({"anyOf":[{"properties":{"id":{"type":"string"},"a":{}},"required":["id","a"]},
                  {"properties":{"id":{"type":"string"},"b":{}},"required":["id"]}],"description":"D."})",
     R"({"type":"object","description":"D. One of: a, id; id, optionally b.",)"
     R"("properties":{"id":{"type":"string"},"a":{},"b":{}},"required":["id"]})"},
    {"AlternativesAreToldApart",
     R"({"oneOf":[{"properties":{"kind":{"const":"a"},"x":{"type":"string"}},"required":["kind"]},
                  {"properties":{"kind":{"enum":["b"]},"x":{"type":"number"}},"required":["kind"]}]})",
     R"({"type":"object","description":"One of: kind \"a\", optionally x; kind \"b\", optionally x.",)"
     R"("properties":{"kind":{"type":"string","enum":["a","b"]},)"
     R"("x":{"anyOf":[{"type":"string"},{"type":"number"}]}},"required":["kind"]})"},
    {"AlternativesByReference",
     R"({"anyOf":[{"$ref":"#/$defs/A"},{"$ref":"#/$defs/A"},{"type":"null"},{"type":"string"}],
         "$defs":{"A":{"type":"object","properties":{"a":{"$ref":"#/$defs/A"}},"required":["z"]}}})",
     R"({"type":"object","description":"One of: z, optionally a; z, optionally a.",)"
     R"("properties":{"a":{"$ref":"#/$defs/A"}},"$defs":{"A":{"type":"object","properties":{"a":{"$ref":"#/$defs/A"}}}}})"},
    {"AllOfIsOneObject",
     R"({"allOf":[{"properties":{"a":{}},"required":["a"]},{"properties":{"b":{}},"required":["b"]}]})",
     R"({"type":"object","properties":{"a":{},"b":{}},"required":["a","b"]})"},
    {"AlternativesOfDemandsAreTold",
     R"({"properties":{"a":{},"b":{}},"anyOf":[{"required":["a"]},{"required":["b"]}]})",
     R"({"type":"object","description":"One of: a; b.","properties":{"a":{},"b":{}}})"},
};

INSTANTIATE_TEST_SUITE_P(Roots, ParametersRepairTest, testing::ValuesIn(kRootCases), nameOf);

// --- The same root, cleaned down to Google's own subset ---

class CleanParametersTest : public testing::TestWithParam<Case> {};

TEST_P(CleanParametersTest, GivesAnObjectWithAllArguments) {
  EXPECT_EQ(json::dump(cleanParameters(read(GetParam().schema))), GetParam().expected);
}

const Case kCleanCases[] = {
    {"AlternativesAreOneObject",
     R"({"oneOf":[{"type":"object","properties":{"path":{"type":"string"}},"required":["path"]},
                  {"type":"object","properties":{"url":{"type":"string"}},"required":["url"]}]})",
     R"({"type":"OBJECT","properties":{"path":{"type":"STRING"},"url":{"type":"STRING"}},)"
     R"("description":"One of: path; url."})"},
    {"AlternativesBesideATypeToo",
     R"({"type":"object","anyOf":[{"properties":{"k":{"const":"a"}},"required":["k"]},
                  {"properties":{"k":{"const":"b"},"n":{"type":"integer"}},"required":["k","n"]}]})",
     R"({"type":"OBJECT","properties":{"k":{"type":"STRING","enum":["a","b"]},"n":{"type":"INTEGER"}},)"
     R"("required":["k"],"description":"One of: k \"a\"; k \"b\", n."})"},
    {"AlternativesInsideAllOf",
     R"({"allOf":[{"properties":{"a":{"type":"string"}},"required":["a"]},
                  {"anyOf":[{"properties":{"b":{"type":"string"}}},{"properties":{"c":{"type":"string"}}}]}]})",
     R"({"type":"OBJECT","properties":{"a":{"type":"STRING"},"b":{"type":"STRING"},"c":{"type":"STRING"}},)"
     R"("required":["a"],"description":"One of: optionally b; optionally c."})"},
    {"AlternativesBehindAReference",
     R"({"$ref":"#/$defs/U","$defs":{"U":{"oneOf":[{"properties":{"a":{"type":"string"}}},
         {"properties":{"b":{"$ref":"#/$defs/S"}}}]},"S":{"type":"string"}}})",
     R"({"type":"OBJECT","properties":{"a":{"type":"STRING"},"b":{"type":"STRING"}},)"
     R"("description":"One of: optionally a; optionally b."})"},
    {"AlternativesOfDemands",
     R"({"type":"object","properties":{"a":{"type":"string"},"b":{"type":"string"}},
         "anyOf":[{"required":["a"]},{"required":["b"]}]})",
     R"({"type":"OBJECT","properties":{"a":{"type":"STRING"},"b":{"type":"STRING"}},)"
     R"("description":"One of: a; b."})"},
    {"NoAlternatives", R"({"properties":{"a":{"type":"string"}},"required":["a","b"]})",
     R"({"type":"OBJECT","properties":{"a":{"type":"STRING"}},"required":["a"]})"},
};

INSTANTIATE_TEST_SUITE_P(Roots, CleanParametersTest, testing::ValuesIn(kCleanCases), nameOf);

// --- Any schema ---

using Random = std::mt19937;

std::size_t pick(Random& random, std::size_t n) { return static_cast<std::size_t>(random() % n); }

std::string textOf(Random& random, const std::vector<std::string>& texts) {
  return texts[pick(random, texts.size())];
}

Value anySchema(Random& random, int depth);

Value anyNames(Random& random) {
  Value names = Value::array();
  for (std::size_t i = pick(random, 4); i > 0; --i) {
    names.push_back(textOf(random, {"a", "b", "c", "$ref", "required"}));
  }
  return names;
}

Value anyMap(Random& random, int depth) {
  Value map = Value::object();
  for (std::size_t i = pick(random, 4); i > 0; --i) {
    map[textOf(random, {"a", "b", "c", "$ref", "required"})] = anySchema(random, depth - 1);
  }
  return map;
}

Value anyList(Random& random, int depth) {
  Value list = Value::array();
  for (std::size_t i = pick(random, 4); i > 0; --i) list.push_back(anySchema(random, depth - 1));
  return list;
}

Value anyJunk(Random& random) {
  switch (pick(random, 6)) {
    case 0: return true;
    case 1: return false;
    case 2: return nullptr;
    case 3: return Value::array();
    case 4: return 1;
    default: return textOf(random, {"string", "OBJECT", "any", "x"});
  }
}

Value anyReference(Random& random) {
  return textOf(random, {"#", "#/$defs/a", "#/$defs/b", "#/definitions/a", "#/properties/a",
                         "#/properties/b/items", "#/anyOf/0", "#/$defs/%24ref", "#/x", "#c", "i"});
}

// Of keywords that mean something here, in right places mostly.
Value anySchema(Random& random, int depth) {
  if (pick(random, 12) == 0) return anyJunk(random);
  Value schema = Value::object();
  for (std::size_t i = pick(random, 5); i > 0 && depth > 0; --i) {
    const std::string key = textOf(random, {"type",
                                            "type",
                                            "properties",
                                            "properties",
                                            "required",
                                            "required",
                                            "items",
                                            "anyOf",
                                            "oneOf",
                                            "allOf",
                                            "$ref",
                                            "$ref",
                                            "$defs",
                                            "$defs",
                                            "definitions",
                                            "not",
                                            "then",
                                            "contains",
                                            "prefixItems",
                                            "minItems",
                                            "additionalProperties",
                                            "propertyOrdering",
                                            "enum",
                                            "default",
                                            "description",
                                            "nullable",
                                            "$anchor",
                                            "$id",
                                            "title"});
    Value& value = schema[key];
    if (pick(random, 20) == 0) {
      value = anyJunk(random);
    } else if (key == "type") {
      value = textOf(random, {"object", "array", "string", "null", "OBJECT", "any"});
      if (pick(random, 4) == 0) value = Value::array({value, "null"});
    } else if (key == "properties" || key == "$defs" || key == "definitions") {
      value = anyMap(random, depth);
    } else if (key == "required" || key == "propertyOrdering") {
      value = anyNames(random);
    } else if (key == "$ref") {
      value = anyReference(random);
    } else if (key == "anyOf" || key == "oneOf" || key == "allOf" || key == "prefixItems") {
      value = anyList(random, depth);
    } else if (key == "minItems") {
      value = pick(random, 2);
    } else if (key == "enum") {
      value = Value::array();
      for (std::size_t j = pick(random, 4); j > 0; --j) value.push_back(anyJunk(random));
    } else if (key == "nullable") {
      value = true;
    } else if (key == "$anchor" || key == "$id" || key == "description" || key == "title") {
      value = textOf(random, {"c", "i"});
    } else {
      value = anySchema(random, depth - 1);
    }
  }
  return schema;
}

TEST(SchemaRepairAnyTest, GoogleTakesWhateverSchemaCameOnceItIsRepaired) {
  Random random(11);
  int sound = 0;
  for (int i = 0; i < 3000; ++i) {
    const Value schema = anySchema(random, 5);
    if (!schema.is_object()) continue;
    const auto repaired = repairSchema(schema);
    if (!repaired) ++sound;
    ASSERT_EQ(schemaRefusal(repaired ? *repaired : schema), "") << json::dump(schema) << "\n"
                                                                << shown(repaired);
    ASSERT_EQ(shown(repairSchema(repaired ? *repaired : schema)), kSound)
        << json::dump(schema) << "\n"
        << shown(repaired);
    const auto object = repairParameters(schema);
    ASSERT_EQ(parametersRefusal(object ? *object : schema), "") << json::dump(schema) << "\n"
                                                                << shown(object);
  }
  EXPECT_GT(sound, 100);
}

// --- Bounds: what comes out is no more than a few times what came, and a little more ---

void expectBounded(const std::string& text) {
  const Value schema = read(text);
  const std::size_t most = 4 * text.size() + 400000;
  for (const auto& repaired : {repairSchema(schema), repairParameters(schema)}) {
    EXPECT_LT(shown(repaired).size(), most);
    EXPECT_EQ(schemaRefusal(repaired ? *repaired : schema), "");
  }
  EXPECT_LT(json::dump(cleanParameters(schema)).size(), 8 * text.size() + 2000000);
}

std::string repeated(int count, const std::function<std::string(int)>& piece) {
  std::string all;
  for (int i = 0; i < count; ++i) all += (i > 0 ? "," : "") + piece(i);
  return all;
}

std::string numbered(const std::string& name, int i) { return name + std::to_string(i); }

TEST(SchemaRepairBoundsTest, CopiesOfALargeDefinitionStayBounded) {
  const auto big = [](int i) { return '"' + numbered("p", i) + R"(":{"type":"string"})"; };
  const auto use = [](int i) {
    return '"' + numbered("u", i) + R"(":{"$ref":"#/$defs/Big","title":"T"})";
  };
  expectBounded(R"({"type":"object","properties":{)" + repeated(900, use) +
                R"(},"$defs":{"Big":{"type":"object","properties":{)" + repeated(900, big) +
                "}}}}");
}

// What stands beside a reference so many levels down, once it is repaired.
std::string innermostOf(int levels) {
  std::string schema = R"({"$ref":"#/$defs/S","minLength":2})";
  for (int i = 1; i < levels; ++i) schema = R"({"items":)" + schema + "}";
  const auto repaired =
      repairSchema(read(R"({"items":)" + schema + R"(,"$defs":{"S":{"type":"string"}}})"));
  if (!repaired) return kSound;
  const Value* inner = &*repaired;
  while (const Value* items = json::findObject(*inner, "items")) inner = items;
  return json::dump(*inner);
}

TEST(SchemaRepairBoundsTest, CopiesBeginNoDeeperThanTwentyFourLevels) {
  EXPECT_EQ(innermostOf(24), R"({"type":"string","minLength":2})");
  EXPECT_EQ(innermostOf(25), R"({"$ref":"#/$defs/S"})");
}

TEST(SchemaRepairBoundsTest, ALongNameOfWhatIsMissingIsNotTold) {
  const auto toldOf = [](std::size_t length) {
    return shown(
        repairSchema(read(R"({"items":{"$ref":"#/$defs/)" + std::string(length, 'x') + "\"}}")));
  };
  EXPECT_EQ(toldOf(100), R"({"items":{"description":"A )" + std::string(100, 'x') + ".\"}}");
  EXPECT_EQ(toldOf(101), R"({"items":{"description":"A value."}})");
}

TEST(SchemaRepairBoundsTest, CopiesThatMultiplyStayBounded) {
  const auto definition = [](int i) {
    const std::string next = R"({"$ref":"#/$defs/)" + numbered("n", i + 1) + R"(","title":"T"})";
    return '"' + numbered("n", i) + R"(":{"type":"object","properties":{"a":)" + next + R"(,"b":)" +
           next + "}}";
  };
  expectBounded(R"({"$ref":"#/$defs/n0","$defs":{)" + repeated(60, definition) +
                R"(,"n60":{"type":"string"}}})");
}

TEST(SchemaRepairBoundsTest, DefinitionsThatAllNameEachOtherStayBounded) {
  const auto definition = [](int i) {
    const auto property = [](int j) {
      return '"' + numbered("p", j) + R"(":{"$ref":"#/definitions/)" + numbered("n", j) + R"("})";
    };
    const auto name = [](int j) { return '"' + numbered("p", j) + '"'; };
    return '"' + numbered("n", i) + R"(":{"properties":{)" + repeated(60, property) +
           R"(},"required":[)" + repeated(60, name) + "]}";
  };
  expectBounded(R"({"$ref":"#/definitions/n0","definitions":{)" + repeated(60, definition) + "}}");
}

TEST(SchemaRepairBoundsTest, AlternativesInAlternativesStayBounded) {
  std::string schema = R"({"properties":{"a":{"type":"string"}}})";
  for (int i = 0; i < 90; ++i) schema = R"({"anyOf":[)" + schema + R"(,{"required":["b"]}]})";
  expectBounded(schema);
}

TEST(SchemaRepairBoundsTest, AlternativesThatMultiplyStayBounded) {
  const auto definition = [](int i) {
    const std::string next = R"({"$ref":"#/$defs/)" + numbered("n", i + 1) + R"("})";
    return '"' + numbered("n", i) + R"(":{"anyOf":[)" + next + ',' + next + "]}";
  };
  expectBounded(R"({"$ref":"#/$defs/n0","$defs":{)" + repeated(40, definition) +
                R"(,"n40":{"properties":{"a":{"type":"string"}}}}})");
}

TEST(SchemaRepairBoundsTest, ManyAlternativesOfALongTextStayBounded) {
  const auto alternative = [](int) { return R"({"$ref":"#/$defs/A"})"; };
  const std::string text(100000, 'x');
  expectBounded(R"({"oneOf":[)" + repeated(5000, alternative) +
                R"(],"$defs":{"A":{"properties":{"a":{"const":")" + text +
                R"("}},"required":["a"]}}})");
}

TEST(SchemaRepairBoundsTest, ManyNamesThatAreRequiredAreToldOnceEach) {
  const auto property = [](int i) { return '"' + numbered("p", i) + R"(":{})"; };
  const auto name = [](int i) { return '"' + numbered("p", i % 2000) + '"'; };
  const std::string text = R"({"type":"object","properties":{)" + repeated(1000, property) +
                           R"(},"required":[)" + repeated(100000, name) + "]}";
  expectBounded(text);
  EXPECT_EQ((*repairSchema(read(text)))["required"].size(), 1000u);
}

TEST(SchemaRepairBoundsTest, ManyDifferentReferencesStayBounded) {
  const auto item = [](int i) { return R"({"$ref":"#/items/)" + std::to_string(i) + R"("})"; };
  const auto target = [](int) { return R"({"type":"string"})"; };
  expectBounded(R"({"anyOf":[)" + repeated(20000, item) + R"(],"items":[)" +
                repeated(20000, target) + "]}");
}

TEST(SchemaRepairBoundsTest, DeepSchemasStayBounded) {
  std::string schema = R"({"$ref":"#","title":"T"})";
  for (int i = 0; i < 95; ++i) {
    schema = R"({"type":"object","required":["a"],"properties":{"a":)" + schema + "}}";
  }
  expectBounded(schema);
}

}  // namespace
}  // namespace rondo::translation
