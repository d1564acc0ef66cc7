#include <gtest/gtest.h>

#include "native/openai/read_request.h"

namespace rondo::openai {
namespace {

TEST(ChatMessagesTest, DeveloperCountsAsSystem) {
  const auto messages = readMessageList(
      R"({"role":"developer","content":"a"},{"role":"system","content":[{"type":"text","text":"b"}]})");
  EXPECT_EQ(messages[0].role, Role::System);
  EXPECT_EQ(messages[1].role, Role::System);
  EXPECT_EQ(textOf(messages[1]), "b");
}

TEST(ChatMessagesTest, AssistantContentMayBeNullOrAbsent) {
  const auto messages =
      readMessageList(R"({"role":"assistant","content":null},{"role":"assistant"})");
  EXPECT_TRUE(messages[0].content.empty());
  EXPECT_TRUE(messages[1].content.empty());
}

TEST(ChatMessagesTest, EveryKindOfPartIsRead) {
  const auto messages = readMessageList(R"({"role":"user","content":[
      {"type":"text","text":"t"},
      {"type":"image_url","image_url":{"url":"https://a/b.png","detail":"high"}},
      {"type":"input_audio","input_audio":{"data":"AAAA","format":"mp3"}},
      {"type":"file","file":{"file_data":"data:application/pdf;base64,AAAA","filename":"a.pdf"}},
      {"type":"video_url","video_url":{"url":"https://a/b.mp4"}}]})");
  const auto& content = messages[0].content;
  ASSERT_EQ(content.size(), 5u);
  EXPECT_EQ(std::get<TextPart>(content[0]).text, "t");
  EXPECT_EQ(std::get<ImagePart>(content[1]).detail, ImageDetail::High);
  EXPECT_EQ(std::get<ImagePart>(content[1]).path, "messages[0].content[1].image_url.url");
  EXPECT_EQ(std::get<AudioPart>(content[2]).format, "mp3");
  EXPECT_EQ(std::get<FilePart>(content[3]).name, "a.pdf");
  EXPECT_EQ(std::get<VideoPart>(content[4]).url, "https://a/b.mp4");
}

TEST(ChatMessagesTest, AnImageUrlMayBeABareText) {
  const auto messages = readMessageList(
      R"({"role":"user","content":[{"type":"image_url","image_url":"https://a/b.png"}]})");
  EXPECT_EQ(std::get<ImagePart>(messages[0].content[0]).url, "https://a/b.png");
}

TEST(ChatMessagesTest, ToolCallsKeepIdNameAndArguments) {
  const auto messages = readMessageList(R"({"role":"assistant","tool_calls":[
      {"id":"c1","type":"function","function":{"name":"f","arguments":"{\"a\":1}"}},
      {"id":"c2","type":"custom","custom":{"name":"g","input":"free text"}}]})");
  const auto& calls = messages[0].toolCalls;
  ASSERT_EQ(calls.size(), 2u);
  EXPECT_EQ(calls[0].id, "c1");
  EXPECT_EQ(calls[0].arguments, R"({"a":1})");
  EXPECT_EQ(calls[1].kind, ToolKind::Custom);
  EXPECT_EQ(calls[1].arguments, "free text");
}

TEST(ChatMessagesTest, ArgumentsMayBeAnObject) {
  const auto messages = readMessageList(
      R"({"role":"assistant","tool_calls":[{"id":"c","function":{"name":"f","arguments":{"a":1}}}]})");
  EXPECT_EQ(messages[0].toolCalls[0].arguments, R"({"a":1})");
}

TEST(ChatMessagesTest, LegacyFunctionCallsAndResultsAreCallsAndResults) {
  const auto messages = readMessageList(
      R"({"role":"assistant","content":null,"function_call":{"name":"f","arguments":"{}"}},
         {"role":"function","name":"f","content":"42"})");
  EXPECT_EQ(messages[0].toolCalls[0].name, "f");
  EXPECT_EQ(messages[1].role, Role::Tool);
  EXPECT_EQ(messages[1].name, "f");
}

TEST(ChatMessagesTest, AnthropicToolUseIsACall) {
  const auto messages = readMessageList(R"({"role":"assistant","content":[
      {"type":"thinking","thinking":"hm"},{"type":"text","text":"ok"},
      {"type":"tool_use","id":"toolu_1","name":"f","input":{"a":1}}]})");
  ASSERT_EQ(messages.size(), 1u);
  EXPECT_EQ(textOf(messages[0]), "ok");
  ASSERT_EQ(messages[0].toolCalls.size(), 1u);
  EXPECT_EQ(messages[0].toolCalls[0].id, "toolu_1");
  EXPECT_EQ(messages[0].toolCalls[0].arguments, R"({"a":1})");
}

TEST(ChatMessagesTest, AnthropicToolResultsAreMessagesOfTheirOwnInFrontOfTheText) {
  const auto messages = readMessageList(R"({"role":"user","content":[
      {"type":"text","text":"go on"},
      {"type":"tool_result","tool_use_id":"toolu_1","content":[{"type":"text","text":"42"}]},
      {"type":"tool_result","tool_use_id":"toolu_2","content":"boom","is_error":true}]})");
  ASSERT_EQ(messages.size(), 3u);
  EXPECT_EQ(messages[0].toolCallId, "toolu_1");
  EXPECT_EQ(textOf(messages[0]), "42");
  EXPECT_EQ(messages[1].outcome, ToolOutcome::Failed);
  EXPECT_EQ(messages[2].role, Role::User);
  EXPECT_EQ(textOf(messages[2]), "go on");
}

TEST(ChatMessagesTest, ATurnOfNothingButToolResultsIsNothingElse) {
  const auto messages = readMessageList(
      R"({"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":"42"}]})");
  ASSERT_EQ(messages.size(), 1u);
  EXPECT_EQ(messages[0].role, Role::Tool);
}

TEST(ChatMessagesTest, AnthropicImagesAreDataOfATypeOrUrls) {
  const auto messages = readMessageList(R"({"role":"user","content":[
      {"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAAA"}},
      {"type":"image","source":{"type":"url","url":"https://a/b.png"}}]})");
  EXPECT_EQ(std::get<ImagePart>(messages[0].content[0]).url, "AAAA");
  EXPECT_EQ(std::get<ImagePart>(messages[0].content[0]).mediaType, "image/png");
  EXPECT_EQ(std::get<ImagePart>(messages[0].content[1]).url, "https://a/b.png");
  EXPECT_EQ(std::get<ImagePart>(messages[0].content[1]).mediaType, "");
}

struct SignatureCase {
  const char* name;
  const char* call;
};

class SignaturePlaceTest : public testing::TestWithParam<SignatureCase> {};

TEST_P(SignaturePlaceTest, IsRead) {
  const auto messages = readMessageList(R"({"role":"assistant","tool_calls":[)" +
                                        std::string(GetParam().call) + "]}");
  EXPECT_EQ(messages[0].toolCalls[0].signature, "c2ln");
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
  const auto messages = readMessageList(R"({"role":"assistant",
      "tool_calls":[{"id":"c1","function":{"name":"f"}},{"id":"c2","function":{"name":"f"}}],
      "reasoning_details":[{"type":"reasoning.encrypted","id":"c1","data":"c2ln"}]})");
  EXPECT_EQ(messages[0].toolCalls[0].signature, "c2ln");
  EXPECT_EQ(messages[0].toolCalls[1].signature, "");
}

TEST(ChatMessagesTest, OfSeveralReasoningDetailsForACallTheFirstThatSaysSomethingCounts) {
  const auto messages = readMessageList(R"({"role":"assistant",
      "tool_calls":[{"id":"c1","function":{"name":"f"}},{"id":"c1","function":{"name":"f"}},
        {"id":"c1__thought__b3du","function":{"name":"f"}}],
      "reasoning_details":[{"id":"c1","data":""},{"id":7,"data":"bm8="},{"id":"c1","data":["no"]},
        {"id":"\u00631","data":"c2ln"},{"id":"c1","data":"bm8="},
        {"id":"c1__thought__b3du","data":"bm8="}]})");
  EXPECT_EQ(messages[0].toolCalls[0].signature, "c2ln");
  EXPECT_EQ(messages[0].toolCalls[1].signature, "c2ln");
  EXPECT_EQ(messages[0].toolCalls[2].signature, "b3du");
}

TEST(ChatMessagesTest, ASignatureThatIsACallsIsNotTheTextsToo) {
  const std::string calls = R"("tool_calls":[{"id":"a","function":{"name":"f"}},
      {"id":"b","function":{"name":"f"},"thought_signature":"c2ln"}])";
  const auto repeated = readMessageList(R"({"role":"assistant","content":"a",)" + calls +
                                        R"(,"thought_signature":"c2ln"})");
  EXPECT_EQ(repeated[0].signature, "");
  EXPECT_EQ(repeated[0].toolCalls[1].signature, "c2ln");
  const auto other = readMessageList(R"({"role":"assistant","content":"a",)" + calls +
                                     R"(,"thought_signature":"b3du"})");
  EXPECT_EQ(other[0].signature, "b3du");
}

TEST(ChatMessagesTest, HalfACharacterIsNoFaultAnywhere) {
  const auto messages = readMessageList(R"({"role":"assistant","content":"a\ud83d","tool_calls":[
      {"id":"c\ud83d","function":{"name":"f","arguments":{"\ude00":"\ud83d"}}}]},
      {"role":"assistant","content":[
        {"type":"tool_use","id":"t","name":"f","input":{"a":"\ud83d"}}]})");
  EXPECT_EQ(textOf(messages[0]), "a\xEF\xBF\xBD");
  EXPECT_EQ(messages[0].toolCalls[0].id, "c\xEF\xBF\xBD");
  EXPECT_EQ(messages[0].toolCalls[0].arguments, R"({"\ufffd":"\ufffd"})");
  EXPECT_EQ(messages[1].toolCalls[0].arguments, R"({"a":"\ufffd"})");
}

TEST(ChatMessagesTest, AnAssistantsTextCarriesItsSignature) {
  const auto messages = readMessageList(R"({"role":"assistant","content":"a",
      "extra_content":{"google":{"thought_signature":"c2ln"}}})");
  EXPECT_EQ(messages[0].signature, "c2ln");
}

TEST(ChatMessagesTest, ImagesThatTheAssistantMadeComeBackAsContent) {
  const auto messages = readMessageList(R"({"role":"assistant","content":null,"images":[
      {"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"},
       "extra_content":{"google":{"thought_signature":"c2ln"}}}]})");
  ASSERT_EQ(messages[0].content.size(), 1u);
  EXPECT_EQ(std::get<ImagePart>(messages[0].content[0]).signature, "c2ln");
}

TEST(HiddenReasoningTest, IsLeftOutAlsoWhereItIsRedacted) {
  const auto messages =
      readMessageList(R"({"role":"assistant","content":[{"type":"redacted_thinking","data":"x"},)"
                      R"({"type":"text","text":"a"}]})");
  EXPECT_EQ(messages.at(0).content.size(), 1U);
}

TEST(MessageIndexTest, IsThatOfTheClientsMessageForAllThatItStandsFor) {
  const auto messages = readMessageList(
      R"({"role":"user","content":[{"type":"tool_result","tool_use_id":"a","content":"x"},)"
      R"({"type":"text","text":"b"}]},{"role":"user","content":"c"})");
  ASSERT_EQ(messages.size(), 3U);
  EXPECT_EQ(messages[0].index, 0U);
  EXPECT_EQ(messages[1].index, 0U);
  EXPECT_EQ(messages[2].index, 1U);
}

TEST(ImageDetailTest, OfTheOriginalIsHigh) {
  const auto messages =
      readMessageList(R"({"role":"user","content":[{"type":"image_url","image_url":)"
                      R"({"url":"https://example.com/a.png","detail":"original"}}]})");
  EXPECT_EQ(std::get<ImagePart>(messages.at(0).content.at(0)).detail, ImageDetail::High);
}

}  // namespace
}  // namespace rondo::openai
