#include <gtest/gtest.h>

#include "native/conversation/plain_arguments.h"
#include "native/openai/read_request.h"

namespace rondo::openai {
namespace {

using conversation::AudioPart;
using conversation::FilePart;
using conversation::ImageDetail;
using conversation::ImagePart;
using conversation::MediaPart;
using conversation::Role;
using conversation::TextPart;
using conversation::ToolKind;
using conversation::ToolOutcome;
using conversation::VideoPart;

// A medium of a kind, of a turn's part.
template <class Kind>
const Kind& medium(const conversation::Part& part) {
  return std::get<Kind>(std::get<MediaPart>(part));
}

TEST(ChatMessagesTest, DeveloperCountsAsSystem) {
  const auto turns = readTurns(
      R"({"role":"developer","content":"a"},{"role":"system","content":[{"type":"text","text":"b"}]})");
  EXPECT_EQ(turns[0].role, Role::System);
  EXPECT_EQ(turns[1].role, Role::System);
  EXPECT_EQ(textOf(turns[1]), "b");
}

TEST(ChatMessagesTest, AssistantContentMayBeNullOrAbsent) {
  const auto turns = readTurns(R"({"role":"assistant","content":null},{"role":"assistant"})");
  EXPECT_TRUE(turns[0].parts.empty());
  EXPECT_TRUE(turns[1].parts.empty());
}

TEST(ChatMessagesTest, EveryKindOfPartIsRead) {
  const auto request = readWithMessages(R"({"role":"user","content":[
      {"type":"text","text":"t"},
      {"type":"image_url","image_url":{"url":"https://a/b.png","detail":"high"}},
      {"type":"input_audio","input_audio":{"data":"AAAA","format":"mp3"}},
      {"type":"file","file":{"file_data":"data:application/pdf;base64,AAAA","filename":"a.pdf"}},
      {"type":"video_url","video_url":{"url":"https://a/b.mp4"}}]})");
  const auto& content = request.turns[0].parts;
  ASSERT_EQ(content.size(), 5u);
  EXPECT_EQ(std::get<TextPart>(content[0]).text, "t");
  EXPECT_EQ(medium<ImagePart>(content[1]).detail, ImageDetail::High);
  EXPECT_EQ(request.pathTo(medium<ImagePart>(content[1]).place),
            "messages[0].content[1].image_url.url");
  EXPECT_EQ(medium<AudioPart>(content[2]).format, "mp3");
  EXPECT_EQ(medium<FilePart>(content[3]).name, "a.pdf");
  EXPECT_EQ(medium<VideoPart>(content[4]).url, "https://a/b.mp4");
}

TEST(ChatMessagesTest, AnImageUrlMayBeABareText) {
  const auto turns = readTurns(
      R"({"role":"user","content":[{"type":"image_url","image_url":"https://a/b.png"}]})");
  EXPECT_EQ(medium<ImagePart>(turns[0].parts[0]).url, "https://a/b.png");
}

TEST(ChatMessagesTest, ToolCallsKeepIdNameAndArguments) {
  const auto turns = readTurns(R"({"role":"assistant","tool_calls":[
      {"id":"c1","type":"function","function":{"name":"f","arguments":"{\"a\":1}"}},
      {"id":"c2","type":"custom","custom":{"name":"g","input":"free text"}}]})");
  const auto calls = callsOf(turns[0]);
  ASSERT_EQ(calls.size(), 2u);
  EXPECT_EQ(calls[0].id, "c1");
  EXPECT_EQ(conversation::plain(calls[0].arguments), R"({"a":1})");
  EXPECT_EQ(calls[1].kind, ToolKind::Custom);
  EXPECT_EQ(conversation::plain(calls[1].arguments), "free text");
}

TEST(ChatMessagesTest, ArgumentsMayBeAnObject) {
  const auto turns = readTurns(
      R"({"role":"assistant","tool_calls":[{"id":"c","function":{"name":"f","arguments":{"a":1}}}]})");
  EXPECT_EQ(conversation::plain(callsOf(turns[0])[0].arguments), R"({"a":1})");
}

TEST(ChatMessagesTest, LegacyFunctionCallsAndResultsAreCallsAndResults) {
  const auto turns = readTurns(
      R"({"role":"assistant","content":null,"function_call":{"name":"f","arguments":"{}"}},
         {"role":"function","name":"f","content":"42"})");
  EXPECT_EQ(callsOf(turns[0])[0].name, "f");
  EXPECT_EQ(turns[1].role, Role::User);
  EXPECT_EQ(resultsOf(turns[1]).at(0).name, "f");
}

TEST(ChatMessagesTest, AnthropicToolUseIsACall) {
  const auto turns = readTurns(R"({"role":"assistant","content":[
      {"type":"thinking","thinking":"hm"},{"type":"text","text":"ok"},
      {"type":"tool_use","id":"toolu_1","name":"f","input":{"a":1}}]})");
  ASSERT_EQ(turns.size(), 1u);
  EXPECT_EQ(textOf(turns[0]), "ok");
  ASSERT_EQ(callsOf(turns[0]).size(), 1u);
  EXPECT_EQ(callsOf(turns[0])[0].id, "toolu_1");
  EXPECT_EQ(conversation::plain(callsOf(turns[0])[0].arguments), R"({"a":1})");
}

TEST(ChatMessagesTest, AnthropicToolResultsAreATurnOfTheirOwnInFrontOfTheText) {
  const auto turns = readTurns(R"({"role":"user","content":[
      {"type":"text","text":"go on"},
      {"type":"tool_result","tool_use_id":"toolu_1","content":[{"type":"text","text":"42"}]},
      {"type":"tool_result","tool_use_id":"toolu_2","content":"boom","is_error":true}]})");
  ASSERT_EQ(turns.size(), 2u);
  const auto results = resultsOf(turns[0]);
  ASSERT_EQ(results.size(), 2u);
  EXPECT_EQ(results[0].callId, "toolu_1");
  EXPECT_EQ(textOf(results[0].content), "42");
  EXPECT_EQ(results[1].outcome, ToolOutcome::Failed);
  EXPECT_EQ(turns[1].role, Role::User);
  EXPECT_EQ(textOf(turns[1]), "go on");
}

TEST(ChatMessagesTest, ATurnOfNothingButToolResultsIsNothingElse) {
  const auto turns = readTurns(
      R"({"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":"42"}]})");
  ASSERT_EQ(turns.size(), 1u);
  EXPECT_EQ(resultsOf(turns[0]).size(), 1u);
  EXPECT_EQ(turns[0].parts.size(), 1u);
}

TEST(ChatMessagesTest, AnthropicImagesAreDataOfATypeOrUrls) {
  const auto turns = readTurns(R"({"role":"user","content":[
      {"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAAA"}},
      {"type":"image","source":{"type":"url","url":"https://a/b.png"}}]})");
  EXPECT_EQ(medium<ImagePart>(turns[0].parts[0]).url, "AAAA");
  EXPECT_EQ(medium<ImagePart>(turns[0].parts[0]).mediaType, "image/png");
  EXPECT_EQ(medium<ImagePart>(turns[0].parts[1]).url, "https://a/b.png");
  EXPECT_EQ(medium<ImagePart>(turns[0].parts[1]).mediaType, "");
}

struct SignatureCase {
  const char* name;
  const char* call;
};

class SignaturePlaceTest : public testing::TestWithParam<SignatureCase> {};

TEST_P(SignaturePlaceTest, ACallsSignatureIsReadFromEachPlace) {
  const auto turns =
      readTurns(R"({"role":"assistant","tool_calls":[)" + std::string(GetParam().call) + "]}");
  EXPECT_EQ(callsOf(turns[0])[0].signature, "c2ln");
}

const SignatureCase kSignatureCases[] = {
    {"Google", R"({"id":"c","function":{"name":"f"},
        "extra_content":{"google":{"thought_signature":"c2ln"}}})"},
    {"Vertex", R"({"id":"c","function":{"name":"f"},
        "extra_content":{"vertex":{"thought_signature":"c2ln"}}})"},
    {"ProviderFields", R"({"id":"c","function":{"name":"f"},
        "provider_specific_fields":{"thought_signature":"c2ln"}})"},
    {"ProviderFieldsOfTheFunction", R"({"id":"c","function":{"name":"f",
        "provider_specific_fields":{"thought_signature":"c2ln"}}})"},
    {"OnTheCall", R"({"id":"c","function":{"name":"f"},"thought_signature":"c2ln"})"},
    {"OnTheFunction", R"({"id":"c","function":{"name":"f","thought_signature":"c2ln"}})"},
    {"InTheId", R"({"id":"c__thought__c2ln","function":{"name":"f"}})"},
};

INSTANTIATE_TEST_SUITE_P(Places, SignaturePlaceTest, testing::ValuesIn(kSignatureCases),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(ChatMessagesTest, ReasoningDetailsSignTheCallOfTheirId) {
  const auto turns = readTurns(R"({"role":"assistant",
      "tool_calls":[{"id":"c1","function":{"name":"f"}},{"id":"c2","function":{"name":"f"}}],
      "reasoning_details":[{"type":"reasoning.encrypted","id":"c1","data":"c2ln"}]})");
  EXPECT_EQ(callsOf(turns[0])[0].signature, "c2ln");
  EXPECT_EQ(callsOf(turns[0])[1].signature, "");
}

TEST(ChatMessagesTest, OfSeveralReasoningDetailsForACallTheFirstThatSaysSomethingCounts) {
  const auto turns = readTurns(R"({"role":"assistant",
      "tool_calls":[{"id":"c1","function":{"name":"f"}},{"id":"c1","function":{"name":"f"}},
        {"id":"c2","thought_signature":"b3du","function":{"name":"f"}}],
      "reasoning_details":[{"id":"c1","data":""},{"id":7,"data":"bm8="},{"id":"c1","data":["no"]},
        {"id":"\u00631","data":"c2ln"},{"id":"c1","data":"bm8="},
        {"id":"c2","data":"bm8="}]})");
  EXPECT_EQ(callsOf(turns[0])[0].signature, "c2ln");
  EXPECT_EQ(callsOf(turns[0])[1].signature, "c2ln");
  EXPECT_EQ(callsOf(turns[0])[2].signature, "b3du");
}

TEST(ChatMessagesTest, AnthropicsThinkingIsKeptInItsPlace) {
  const auto turns = readTurns(R"({"role":"assistant","content":[{"type":"text","text":"a"},
      {"type":"thinking","thinking":"b","signature":"c2ln"},
      {"type":"tool_use","id":"c","name":"f","input":{}}]})");
  ASSERT_EQ(turns[0].parts.size(), 3U);
  const auto& thought = std::get<conversation::ThoughtPart>(turns[0].parts[1]);
  EXPECT_EQ(thought.text, "b");
  EXPECT_EQ(thought.signature, "c2ln");
  EXPECT_TRUE(std::holds_alternative<conversation::CallPart>(turns[0].parts[2]));
}

TEST(ChatMessagesTest, AThinkingBlockFromMessagesBringsItsSignatureAndOrigin) {
  const conversation::SignatureOrigin origin{"api_key", "gemini-3"};
  const auto sealed =
      conversation::seal({conversation::Carried::CallSignature, origin, "c", "c2ln"});
  const auto turns =
      readTurns(R"({"role":"assistant","content":[{"type":"thinking","thinking":"","signature":")" +
                sealed + R"("},{"type":"tool_use","id":"c","name":"f","input":{}}]})");
  const auto& thought = std::get<conversation::ThoughtPart>(turns[0].parts[0]);
  EXPECT_EQ(thought.signature, conversation::ThoughtSignature("c2ln", origin));
}

TEST(ChatMessagesTest, ASignatureThatIsACallsIsNotTheTextsToo) {
  const std::string calls = R"("tool_calls":[{"id":"a","function":{"name":"f"}},
      {"id":"b","function":{"name":"f"},"thought_signature":"c2ln"}])";
  const auto repeated = readTurns(R"({"role":"assistant","content":"a",)" + calls +
                                  R"(,"thought_signature":"c2ln"})");
  EXPECT_EQ(signatureOf(repeated[0]), "");
  EXPECT_EQ(callsOf(repeated[0])[1].signature, "c2ln");
  const auto other = readTurns(R"({"role":"assistant","content":"a",)" + calls +
                               R"(,"thought_signature":"b3du"})");
  EXPECT_EQ(signatureOf(other[0]), "b3du");
}

TEST(ChatMessagesTest, HalfACharacterIsNoFaultAnywhere) {
  const auto turns = readTurns(R"({"role":"assistant","content":"a\ud83d","tool_calls":[
      {"id":"c\ud83d","function":{"name":"f","arguments":{"\ude00":"\ud83d"}}}]},
      {"role":"assistant","content":[
        {"type":"tool_use","id":"t","name":"f","input":{"a":"\ud83d"}}]})");
  EXPECT_EQ(textOf(turns[0]), "a\xEF\xBF\xBD");
  EXPECT_EQ(callsOf(turns[0])[0].id, "c\xEF\xBF\xBD");
  EXPECT_EQ(conversation::plain(callsOf(turns[0])[0].arguments), R"({"\ufffd":"\ufffd"})");
  EXPECT_EQ(conversation::plain(callsOf(turns[1])[0].arguments), R"({"a":"\ufffd"})");
}

TEST(ChatMessagesTest, AnAssistantsTextCarriesItsSignature) {
  const auto turns = readTurns(R"({"role":"assistant","content":"a",
      "extra_content":{"google":{"thought_signature":"c2ln"}}})");
  EXPECT_EQ(signatureOf(turns[0]), "c2ln");
}

TEST(ChatMessagesTest, ImagesThatTheAssistantMadeComeBackAsContent) {
  const auto turns = readTurns(R"({"role":"assistant","content":null,"images":[
      {"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"},
       "extra_content":{"google":{"thought_signature":"c2ln"}}}]})");
  ASSERT_EQ(turns[0].parts.size(), 1u);
  EXPECT_EQ(medium<ImagePart>(turns[0].parts[0]).signature, "c2ln");
}

TEST(HiddenReasoningTest, IsLeftOutAlsoWhereItIsRedacted) {
  const auto turns =
      readTurns(R"({"role":"assistant","content":[{"type":"redacted_thinking","data":"x"},)"
                R"({"type":"text","text":"a"}]})");
  EXPECT_EQ(turns.at(0).parts.size(), 1U);
}

TEST(ImageDetailTest, OfTheOriginalIsHigh) {
  const auto turns = readTurns(R"({"role":"user","content":[{"type":"image_url","image_url":)"
                               R"({"url":"https://example.com/a.png","detail":"original"}}]})");
  EXPECT_EQ(medium<ImagePart>(turns.at(0).parts.at(0)).detail, ImageDetail::High);
}

}  // namespace
}  // namespace rondo::openai
