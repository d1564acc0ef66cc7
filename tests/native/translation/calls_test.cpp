#include <gtest/gtest.h>

#include "native/translation/translate.h"
#include "translation/call_arguments.h"
#include "translation/tool_result.h"

namespace rondo::translation {
namespace {

// An assistant's turn with calls of these ids, each to the function of the same name.
std::string calling(std::initializer_list<std::string> ids) {
  std::string calls;
  for (const std::string& id : ids) {
    if (!calls.empty()) calls += ',';
    calls += R"({"id":")" + id + R"(","type":"function","function":{"name":"f_)" + id +
             R"(","arguments":"{}"}})";
  }
  return R"({"role":"user","content":"go"},{"role":"assistant","content":null,"tool_calls":[)" +
         calls + "]}";
}

std::string result(const std::string& id, const std::string& content) {
  return R"(,{"role":"tool","tool_call_id":")" + id + R"(","content":)" + content + "}";
}

// The names and responses of the results in a turn, as JSON.
std::string responses(const Translated& translated, int turn) {
  std::string text;
  for (int i = 0;; ++i) {
    const std::string part =
        "/contents/" + std::to_string(turn) + "/parts/" + std::to_string(i) + "/functionResponse";
    if (translated.at(part).empty()) return text;
    text += translated.at(part + "/name") + translated.at(part + "/response") + ';';
  }
}

TEST(CallsTest, ACallAndItsResultMakeTwoTurns) {
  const auto translated = translateMessages(calling({"a"}) + result("a", R"("{\"t\":1}")"),
                                            targetFor("gemini-2.5-flash"));
  EXPECT_EQ(translated.at("/contents/1"),
            R"({"role":"model","parts":[{"functionCall":{"name":"f_a","args":{}}}]})");
  EXPECT_EQ(translated.at("/contents/2"),
            R"({"role":"user","parts":[{"functionResponse":{"name":"f_a","response":{"t":1}}}]})");
}

TEST(CallsTest, ResultsAreGatheredInTheOrderOfTheirCalls) {
  const auto translated =
      translateMessages(calling({"a", "b"}) + result("b", R"("2")") + result("a", R"("1")"));
  EXPECT_EQ(responses(translated, 2), R"("f_a"{"output":"1"};"f_b"{"output":"2"};)");
  EXPECT_EQ(translated.at("/contents/3"), "");
}

const std::string kMissing = R"({"error":"There is no result of this call."})";

TEST(CallsTest, AMissingResultIsFilledIn) {
  const auto translated = translateMessages(calling({"a", "b"}) + result("b", R"("2")"));
  EXPECT_EQ(responses(translated, 2), R"("f_a")" + kMissing + R"(;"f_b"{"output":"2"};)");
}

TEST(CallsTest, CallsAtTheEndOfAConversationAreAnsweredToo) {
  const auto translated = translateMessages(calling({"a"}));
  EXPECT_EQ(responses(translated, 2), R"("f_a")" + kMissing + ";");
}

TEST(CallsTest, AnIdThatIsUsedAgainMeansTheNearestCall) {
  const std::string again =
      R"(,{"role":"assistant","tool_calls":[{"id":"a","function":{"name":"second"}}]})";
  const auto translated =
      translateMessages(calling({"a"}) + result("a", R"("1")") + again + result("a", R"("2")"));
  EXPECT_EQ(responses(translated, 2), R"("f_a"{"output":"1"};)");
  EXPECT_EQ(responses(translated, 4), R"("second"{"output":"2"};)");
}

TEST(CallsTest, AnUnknownIdMeansTheFirstUnansweredCallOfTheLastTurn) {
  const auto translated =
      translateMessages(calling({"a", "b"}) + result("zzz", R"("1")") + result("b", R"("2")"));
  EXPECT_EQ(responses(translated, 2), R"("f_a"{"output":"1"};"f_b"{"output":"2"};)");
}

TEST(CallsTest, ALateResultStillReachesItsCall) {
  const auto translated = translateMessages(
      calling({"a"}) + R"(,{"role":"user","content":"wait"})" + result("a", R"("1")"));
  EXPECT_EQ(responses(translated, 2), R"("f_a"{"output":"1"};)");
}

TEST(CallsTest, AResultWithoutAnyCallIsToldAsText) {
  const auto translated =
      translateMessages(R"({"role":"user","content":"go"})" + result("a", R"("1")"));
  EXPECT_EQ(translated.at("/contents/0/parts/1/text"), R"("Result of an earlier tool call: 1")");
}

TEST(CallsTest, LegacyResultsFindTheirCallByName) {
  const auto translated = translateMessages(R"({"role":"user","content":"go"},
      {"role":"assistant","content":null,"function_call":{"name":"f","arguments":"{}"}},
      {"role":"function","name":"f","content":"1"})");
  EXPECT_EQ(responses(translated, 2), R"("f"{"output":"1"};)");
}

TEST(CallsTest, UserTextAfterResultsFollowsThemInTheSameTurn) {
  const auto translated = translateMessages(calling({"a"}) + result("a", R"("1")") +
                                            R"(,{"role":"user","content":"thanks"})");
  EXPECT_EQ(translated.at("/contents/2/parts/1/text"), R"("thanks")");
  EXPECT_EQ(translated.at("/contents/3"), "");
}

TEST(CallsTest, TextOfTheAssistantComesBeforeItsCalls) {
  const auto translated = translateMessages(R"({"role":"user","content":"go"},
      {"role":"assistant","content":"Let me see.","tool_calls":[{"id":"a","function":{"name":"f"}}]})");
  EXPECT_EQ(translated.at("/contents/1/parts/0/text"), R"("Let me see.")");
  EXPECT_EQ(translated.at("/contents/1/parts/1/functionCall/name"), R"("f")");
}

TEST(CallsTest, ALegacyResultMeansTheFirstUnansweredCallOfItsName) {
  const auto translated = translateMessages(R"({"role":"user","content":"go"},
      {"role":"assistant","tool_calls":[{"function":{"name":"g"}},{"function":{"name":"f"}},
        {"function":{"name":"f"}}]},
      {"role":"function","name":"f","content":"1"},{"role":"function","name":"f","content":"2"},
      {"role":"function","name":"g","content":"3"})");
  EXPECT_EQ(responses(translated, 2), R"("g"{"output":"3"};"f"{"output":"1"};"f"{"output":"2"};)");
}

TEST(CallsTest, UnknownIdsOfASecondStepMeanItsOwnCallsFromTheFirstOn) {
  const std::string second = R"(,{"role":"assistant","tool_calls":[
      {"id":"c","function":{"name":"f_c"}},{"id":"d","function":{"name":"f_d"}}]})";
  const auto translated =
      translateMessages(calling({"a", "b"}) + result("x", R"("1")") + result("y", R"("2")") +
                        second + result("x", R"("3")") + result("y", R"("4")"));
  EXPECT_EQ(responses(translated, 2), R"("f_a"{"output":"1"};"f_b"{"output":"2"};)");
  EXPECT_EQ(responses(translated, 4), R"("f_c"{"output":"3"};"f_d"{"output":"4"};)");
}

TEST(CallsTest, AnUnknownIdBeyondTheCallsIsToldAsText) {
  const auto translated =
      translateMessages(calling({"a"}) + result("x", R"("1")") + result("y", R"("2")"));
  EXPECT_EQ(responses(translated, 2), R"("f_a"{"output":"1"};)");
  EXPECT_EQ(translated.at("/contents/2/parts/1/text"), R"("Result of an earlier tool call: 2")");
}

TEST(CallsTest, ASecondResultOfACallTakesNoCallThatALaterResultNames) {
  const auto translated =
      translateMessages(calling({"a", "b", "c"}) + result("a", R"("1")") +
                        result("a", R"("again")") + result("b", R"("2")") + result("c", R"("3")"));
  EXPECT_EQ(responses(translated, 2),
            R"("f_a"{"output":"1"};"f_b"{"output":"2"};"f_c"{"output":"3"};)");
  EXPECT_EQ(translated.at("/contents/2/parts/3/text"),
            R"("Result of an earlier tool call: again")");
}

TEST(CallsTest, AnUnknownIdTakesTheCallThatNoOtherResultNames) {
  const auto translated =
      translateMessages(calling({"a", "b", "c"}) + result("z", R"("2")") + result("a", R"("1")") +
                        result("c", R"("3")") + R"(,{"role":"user","content":"thanks"})");
  EXPECT_EQ(responses(translated, 2),
            R"("f_a"{"output":"1"};"f_b"{"output":"2"};"f_c"{"output":"3"};)");
  EXPECT_EQ(translated.at("/contents/2/parts/3/text"), R"("thanks")");
  EXPECT_EQ(translated.at("/contents/2/parts/4"), "");
}

TEST(CallsTest, AResultBeforeItsCallIsToldAsTextAndTheCallsOwnIsMissing) {
  const auto translated = translateMessages(R"({"role":"user","content":"first"})" +
                                            result("a", R"("1")") + "," + calling({"a"}));
  EXPECT_EQ(translated.at("/contents/0/parts/1/text"), R"("Result of an earlier tool call: 1")");
  EXPECT_EQ(responses(translated, 2), R"("f_a")" + kMissing + ";");
}

TEST(CallsTest, ASecondResultOfACallIsToldAsText) {
  const auto translated =
      translateMessages(calling({"a"}) + result("a", R"("1")") + result("a", R"("2")"));
  EXPECT_EQ(responses(translated, 2), R"("f_a"{"output":"1"};)");
  EXPECT_EQ(translated.at("/contents/2/parts/1/text"), R"("Result of an earlier tool call: 2")");
}

TEST(CallsTest, ASecondResultOfACallAnswersNoOtherCall) {
  const auto translated =
      translateMessages(calling({"a", "b"}) + result("a", R"("1")") + result("a", R"("again")"));
  EXPECT_EQ(responses(translated, 2), R"("f_a"{"output":"1"};"f_b")" + kMissing + ";");
  EXPECT_EQ(translated.at("/contents/2/parts/2/text"),
            R"("Result of an earlier tool call: again")");
}

TEST(CallsTest, AResultThatComesAgainLaterAnswersNoLaterCall) {
  const auto translated = translateMessages(calling({"a"}) + result("a", R"("1")") + "," +
                                            calling({"b"}) + result("a", R"("again")"));
  EXPECT_EQ(responses(translated, 4), R"("f_b")" + kMissing + ";");
}

// The ids of the calls and of the results in a step, as JSON.
Words ids(const Translated& translated, const std::string& kind, int turn) {
  Words all;
  for (int i = 0;; ++i) {
    const std::string part =
        "/contents/" + std::to_string(turn) + "/parts/" + std::to_string(i) + "/" + kind;
    if (translated.at(part).empty()) return all;
    all.push_back(translated.at(part + "/id"));
  }
}

struct IdsCase {
  const char* name;
  std::vector<std::string> given;  // Null where one is empty.
  Words sent;
};

class CallIdsTest : public testing::TestWithParam<IdsCase> {
 protected:
  std::string messages() const {
    std::string calls;
    for (const std::string& id : GetParam().given) {
      calls += (calls.empty() ? "" : ",") +
               (id.empty() ? "{" : R"({"id":)" + json::quote(id) + ",") +
               R"("function":{"name":"f"}})";
    }
    return R"({"role":"user","content":"go"},{"role":"assistant","tool_calls":[)" + calls + "]}";
  }
};

TEST_P(CallIdsTest, AreTheSameForCallsAndResultsAndOnceInATurn) {
  const auto translated = translateMessages(messages());
  EXPECT_EQ(ids(translated, "functionCall", 1), GetParam().sent);
  EXPECT_EQ(ids(translated, "functionResponse", 2), GetParam().sent);
}

const std::string kLongId(239, 'a');

INSTANTIATE_TEST_SUITE_P(
    Kinds, CallIdsTest,
    testing::Values(IdsCase{"Googles", {"fc1", "call_4162774"}, {R"("fc1")", R"("call_4162774")"}},
                    IdsCase{"Rondos", {"call_x_0"}, {R"("call_x_0")"}},
                    IdsCase{"Twice", {"fc_7", "fc_7"}, {R"("fc_7")", R"("fc_7_2")"}},
                    IdsCase{"TwiceWhereTheNextIsInUse",
                            {"fc_7", "fc_7", "fc_7_2", "fc_7"},
                            {R"("fc_7")", R"("fc_7_3")", R"("fc_7_2")", R"("fc_7_4")"}},
                    IdsCase{"None", {"", "a", ""}, {R"("call")", R"("a")", R"("call_2")"}},
                    IdsCase{"WithSignatures",
                            {"a__thought__c2ln", "a__thought__b3du", "__thought__c2ln"},
                            {R"("a")", R"("a_2")", R"("call")"}},
                    IdsCase{"Odd", {"a \"b\" é/+"}, {R"("a \"b\" é/+")"}},
                    IdsCase{"TooLong",
                            {kLongId + "bcd", kLongId + "éd", kLongId + "ü"},
                            {'"' + kLongId + "b\"", '"' + kLongId + '"', '"' + kLongId + "_2\""}}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(CallsTest, ResultsOfAnIdThatCameTwiceAnswerItsCallsInOrder) {
  const std::string twice = R"({"role":"user","content":"go"},{"role":"assistant","tool_calls":[
      {"id":"a","function":{"name":"f"}},{"id":"a","function":{"name":"g"}}]})";
  const auto translated = translateMessages(twice + result("a", R"("1")") + result("a", R"("2")"));
  EXPECT_EQ(responses(translated, 2), R"("f"{"output":"1"};"g"{"output":"2"};)");
}

TEST(CallsTest, AnIdMayComeAgainInALaterTurn) {
  const std::string step =
      R"(,{"role":"assistant","tool_calls":[{"id":"a","function":{"name":"f"}}]})";
  const auto translated = translateMessages(calling({"a"}) + result("a", R"("1")") + step);
  EXPECT_EQ(ids(translated, "functionCall", 1), Words{R"("a")"});
  EXPECT_EQ(ids(translated, "functionCall", 3), Words{R"("a")"});
}

TEST(CallsTest, ModelsBeforeGemini3GetNoIds) {
  const auto translated = translateMessages(calling({"fc1"}), targetFor("gemini-2.5-flash"));
  EXPECT_EQ(ids(translated, "functionCall", 1), Words{""});
  EXPECT_EQ(ids(translated, "functionResponse", 2), Words{""});
}

TEST(CallsTest, AModelThatRefusedIdsGetsNone) {
  auto target = targetFor();
  target.limits.refused.insert(google::Feature::CallIds);
  const auto translated = translateMessages(calling({"fc1"}), target);
  EXPECT_EQ(ids(translated, "functionCall", 1), Words{""});
  EXPECT_EQ(ids(translated, "functionResponse", 2), Words{""});
}

TEST(CallsTest, CustomCallsAreFunctionsOfOneText) {
  const auto translated = translateMessages(R"({"role":"user","content":"go"},{"role":"assistant",
      "tool_calls":[{"id":"call_1","type":"custom","custom":{"name":"g","input":"a \"b\""}}]})");
  EXPECT_EQ(translated.at("/contents/1/parts/0/functionCall/args"), R"({"input":"a \"b\""})");
}

struct ArgumentsCase {
  const char* name;
  const char* given;
  const char* sent;
};

class ArgumentsTest : public testing::TestWithParam<ArgumentsCase> {};

TEST_P(ArgumentsTest, AreRepaired) {
  std::string sent;
  appendArguments(sent, json::TextBuilder(GetParam().given).view());
  EXPECT_EQ(sent, GetParam().sent);
}

const ArgumentsCase kArguments[] = {
    {"Object", R"({"b":1,"a":2})", R"({"b":1,"a":2})"},
    {"Empty", "", "{}"},
    {"Blank", " \n", "{}"},
    {"Null", "null", "{}"},
    {"Array", "[1]", R"({"value":[1]})"},
    {"Number", "5", R"({"value":5})"},
    {"TwiceEncoded", R"("{\"a\":1}")", R"({"a":1})"},
    {"HalfACharacter", R"({"a":"\ud83d"})", R"({"a":"\ufffd"})"},
    {"HalfACharacterTwiceEncoded", R"("{\"a\":\"\\ud83d\"}")", R"({"a":"\ufffd"})"},
    {"HalfACharacterInAnArray", R"(["\ud83d"])", R"({"value":["\ufffd"]})"},
    {"CutShort", R"({"a":)", R"({"input":"{\"a\":"})"},
    {"Prose", "two words", R"({"input":"two words"})"},
};

INSTANTIATE_TEST_SUITE_P(Kinds, ArgumentsTest, testing::ValuesIn(kArguments),
                         [](const auto& test) { return std::string(test.param.name); });

struct ResultCase {
  const char* name;
  const char* content;
  const char* response;
};

TEST(CallsTest, ArgumentsOfMoreKeysThanADocumentMayHaveStayTheObjectThatTheyAre) {
  std::string keys;
  for (int i = 0; i < 1500; ++i)
    keys += (i > 0 ? R"(,\"k)" : R"(\"k)") + std::to_string(i) + R"(\":1)";
  const auto turns = openai::readTurns(R"({"role":"assistant","tool_calls":[{"id":"a","function":
      {"name":"f","arguments":"{)" + keys +
                                       R"(}"}}]})");
  std::string arguments;
  appendArguments(arguments, std::get<conversation::CallPart>(turns.at(0).parts.at(0)).arguments);
  EXPECT_TRUE(arguments.starts_with(R"({"k0":1,"k1":1,)")) << arguments.substr(0, 100);
}

std::string responseOf(const conversation::CallResult& result) {
  std::string response;
  appendToolResponse(response, result);
  return response;
}

class ToolResponseTest : public testing::TestWithParam<ResultCase> {};

TEST_P(ToolResponseTest, IsAnObject) {
  const auto turns = openai::readTurns(R"({"role":"tool","tool_call_id":"a","content":)" +
                                       std::string(GetParam().content) + "}");
  EXPECT_EQ(responseOf(openai::resultsOf(turns.at(0)).at(0)), GetParam().response);
}

const ResultCase kResults[] = {
    {"ObjectAsItIs", R"(" {\"a\": 1} ")", R"({"a": 1})"},
    {"ArrayWrapped", R"("[1,2]")", R"({"output":[1,2]})"},
    {"NumberAsText", R"("42")", R"({"output":"42"})"},
    {"ProseWrapped", R"("fine")", R"({"output":"fine"})"},
    {"BrokenJsonAsText", R"("{\"a\":")", R"({"output":"{\"a\":"})"},
    {"EmptyText", R"("")", R"({"output":""})"},
    {"Reference", R"(" {\"$ref\": \"#/$defs/X\"} ")",
     R"({"output":" {\"$ref\": \"#/$defs/X\"} "})"},
    {"ReferenceInside", R"("{\"a\":[1,{\"b\":{\"$ref\":1}}]}")",
     R"({"output":"{\"a\":[1,{\"b\":{\"$ref\":1}}]}"})"},
    {"ReferenceInAnArray", R"("[[{\"$ref\":null}]]")", R"({"output":"[[{\"$ref\":null}]]"})"},
    {"ReferenceInDisguise", R"("{\"\\u0024re\\u0066\":1}")",
     R"({"output":"{\"\\u0024re\\u0066\":1}"})"},
    {"ReferenceTwiceEscaped", R"("\u007b\"\u0024ref\":1}")",
     R"({"output":"\u007b\"\u0024ref\":1}"})"},
    {"ItsOwnOutputWrapped", R"("{\"output\":\"x\",\"code\":1}")",
     R"({"output":{"output":"x","code":1}})"},
    {"ItsOwnErrorWrapped", R"("{\"error\":null}")", R"({"output":{"error":null}})"},
    {"ItsOwnErrorTwiceEscaped", R"("\u007b\"error\":null}")", R"({"output":{"error":null}})"},
    {"ItsOwnOutputInDisguise", R"("{\"\\u006futput\":1}")", R"({"output":{"\u006futput":1}})"},
    {"AnOutputInside", R"("{\"a\":{\"output\":1}}")", R"({"a":{"output":1}})"},
    {"ReferenceAsAValue", R"("{\"a\":\"$ref\"}")", R"({"a":"$ref"})"},
    {"OtherDollars", R"("{\"$refs\":1,\"ref\":2,\"$REF\":3}")", R"({"$refs":1,"ref":2,"$REF":3})"},
    {"HalfACharacter", R"("{\"a\":\"\\ud83d\"}")", R"({"a":"\ufffd"})"},
    {"HalfACharacterInText", R"("a\ud83d")", R"({"output":"a\ufffd"})"},
    {"PartsJoined", R"([{"type":"text","text":"a"},{"type":"text","text":"b"}])",
     R"({"output":"a\nb"})"},
};

INSTANTIATE_TEST_SUITE_P(Kinds, ToolResponseTest, testing::ValuesIn(kResults),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(ToolResponseTest, AFailureIsAnError) {
  const auto turns = openai::readTurns(R"({"role":"user","content":[
      {"type":"tool_result","tool_use_id":"a","content":"boom","is_error":true}]})");
  EXPECT_EQ(responseOf(openai::resultsOf(turns.at(0)).at(0)), R"({"error":"boom"})");
}

}  // namespace
}  // namespace rondo::translation
