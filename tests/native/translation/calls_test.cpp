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

TEST(CallsTest, GooglesOwnIdsGoBackToIt) {
  const auto translated = translateMessages(calling({"fc1"}) + result("fc1", R"("1")"));
  EXPECT_EQ(translated.at("/contents/1/parts/0/functionCall/id"), R"("fc1")");
  EXPECT_EQ(translated.at("/contents/2/parts/0/functionResponse/id"), R"("fc1")");
}

TEST(CallsTest, IdsThatWereMadeHereDoNot) {
  const auto translated = translateMessages(calling({"call_x_0"}) + result("call_x_0", R"("1")"));
  EXPECT_EQ(translated.at("/contents/1/parts/0/functionCall/id"), "");
  EXPECT_EQ(translated.at("/contents/2/parts/0/functionResponse/id"), "");
}

TEST(CallsTest, ModelsBeforeGemini3GetNoIds) {
  const auto translated = translateMessages(calling({"fc1"}), targetFor("gemini-2.5-flash"));
  EXPECT_EQ(translated.at("/contents/1/parts/0/functionCall/id"), "");
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
  appendArguments(sent, GetParam().given);
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

std::string responseOf(const openai::Message& result) {
  std::string response;
  appendToolResponse(response, result);
  return response;
}

class ToolResponseTest : public testing::TestWithParam<ResultCase> {};

TEST_P(ToolResponseTest, IsAnObject) {
  const auto messages = openai::readMessageList(R"({"role":"tool","tool_call_id":"a","content":)" +
                                                std::string(GetParam().content) + "}");
  EXPECT_EQ(responseOf(messages[0]), GetParam().response);
}

const ResultCase kResults[] = {
    {"ObjectAsItIs", R"(" {\"a\": 1} ")", R"({"a": 1})"},
    {"ArrayWrapped", R"("[1,2]")", R"({"output":[1,2]})"},
    {"NumberAsText", R"("42")", R"({"output":"42"})"},
    {"ProseWrapped", R"("fine")", R"({"output":"fine"})"},
    {"BrokenJsonAsText", R"("{\"a\":")", R"({"output":"{\"a\":"})"},
    {"EmptyText", R"("")", R"({"output":""})"},
    {"PartsJoined", R"([{"type":"text","text":"a"},{"type":"text","text":"b"}])",
     R"({"output":"ab"})"},
};

INSTANTIATE_TEST_SUITE_P(Kinds, ToolResponseTest, testing::ValuesIn(kResults),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(ToolResponseTest, AFailureIsAnError) {
  const auto messages = openai::readMessageList(R"({"role":"user","content":[
      {"type":"tool_result","tool_use_id":"a","content":"boom","is_error":true}]})");
  EXPECT_EQ(responseOf(messages[0]), R"({"error":"boom"})");
}

}  // namespace
}  // namespace rondo::translation
