#include "openai/chat_request.h"

#include <gtest/gtest.h>

#include "native/openai/read_request.h"

namespace rondo::openai {
namespace {

using conversation::Effort;
using conversation::Modality;
using conversation::Request;
using conversation::ResponseKind;
using conversation::Role;
using conversation::Streaming;

TEST(ChatRequestTest, TheSmallestRequestHasAModelAndAMessage) {
  const Request request =
      readRequest(R"({"model":"m","messages":[{"role":"user","content":"Hi"}]})");
  EXPECT_EQ(request.model, "m");
  ASSERT_EQ(request.turns.size(), 1u);
  EXPECT_EQ(request.turns[0].role, Role::User);
  EXPECT_EQ(textOf(request.turns[0]), "Hi");
}

TEST(ChatRequestTest, StreamIsOffUnlessAskedFor) {
  EXPECT_EQ(readFields(R"("user":"u")").stream, Streaming::Off);
  EXPECT_EQ(readFields(R"("stream":null)").stream, Streaming::Off);
  EXPECT_EQ(readFields(R"("stream":true)").stream, Streaming::On);
}

TEST(ChatRequestTest, NullIsTheSameAsAbsent) {
  const Request request = readFields(
      R"("temperature":null,"stop":null,"tools":null,"response_format":null,"max_tokens":null)");
  EXPECT_FALSE(request.temperature);
  EXPECT_FALSE(request.maxTokens);
  EXPECT_TRUE(request.stop.empty());
  EXPECT_TRUE(request.tools.empty());
}

TEST(ChatRequestTest, UnknownFieldsAreIgnored) {
  EXPECT_EQ(readFields(R"("frobnicate":{"a":[1]},"logit_bias":{"50256":-100})").model, "m");
}

TEST(ChatRequestTest, AnOrderToModerateIsRefusedSinceNobodyWouldObeyIt) {
  const Error error =
      refusal(withFields(R"("moderation":{"model":"m","policy":{"input":{"mode":"block"}}})"));
  EXPECT_EQ(error.param, "moderation");
  EXPECT_EQ(error.code, "unsupported_parameter");
  EXPECT_TRUE(readFields(R"("moderation":null)").adjusted.empty());
}

TEST(ChatRequestTest, MaxCompletionTokensWinsOverMaxTokens) {
  EXPECT_EQ(readFields(R"("max_tokens":5,"max_completion_tokens":7)").maxTokens, 7);
  EXPECT_EQ(readFields(R"("max_tokens":5)").maxTokens, 5);
}

TEST(ChatRequestTest, StopIsATextOrAList) {
  EXPECT_EQ(readFields(R"("stop":"END")").stop, std::vector<std::string>{"END"});
  EXPECT_EQ(readFields(R"("stop":["a","b"])").stop, (std::vector<std::string>{"a", "b"}));
}

TEST(ChatRequestTest, AJsonObjectMayHaveItsSchemaBesideIt) {
  const auto format =
      readFields(R"("response_format":{"type":"json_object","schema":{"type":"object"}})")
          .responseFormat;
  EXPECT_EQ(format.kind, conversation::ResponseKind::JsonObject);
  ASSERT_TRUE(format.schema);
  EXPECT_EQ(json::dump(*format.schema), R"({"type":"object"})");
}

TEST(ChatRequestTest, EmptyStopTextsAreNone) {
  EXPECT_TRUE(readFields(R"("stop":["",""])").stop.empty());
}

TEST(ChatRequestTest, UsageInStreamsIsAskedForByStreamOptions) {
  EXPECT_TRUE(
      (styleOf(R"("stream_options":{"include_usage":true})").usage == StreamUsage::Included));
  EXPECT_FALSE((styleOf(R"("stream_options":{})").usage == StreamUsage::Included));
}

TEST(ChatRequestTest, ABodyThatIsNoObjectIsRefused) {
  EXPECT_EQ(refusal("[1]").code, "invalid_type");
  EXPECT_EQ(refusal("\"text\"").kind, ErrorKind::BadRequest);
}

struct BadCase {
  const char* name;
  const char* body;
  const char* param;
};

class BadRequestTest : public testing::TestWithParam<BadCase> {};

TEST_P(BadRequestTest, IsRefusedAtItsField) {
  const Error error = refusal(GetParam().body);
  EXPECT_EQ(error.kind, ErrorKind::BadRequest);
  EXPECT_EQ(error.param, GetParam().param);
  EXPECT_NE(error.message.find(GetParam().param), std::string::npos) << error.message;
}

const BadCase kBadCases[] = {
    {"NoModel", R"({"messages":[{"role":"user","content":"a"}]})", "model"},
    {"ModelIsANumber", R"({"model":1,"messages":[{"role":"user","content":"a"}]})", "model"},
    {"NoMessages", R"({"model":"m"})", "messages"},
    {"EmptyMessages", R"({"model":"m","messages":[]})", "messages"},
    {"MessagesIsText", R"({"model":"m","messages":"hi"})", "messages"},
    {"MessageIsText", R"({"model":"m","messages":["hi"]})", "messages[0]"},
    {"NoRole", R"({"model":"m","messages":[{"content":"a"}]})", "messages[0].role"},
    {"UnknownRole", R"({"model":"m","messages":[{"role":"robot","content":"a"}]})",
     "messages[0].role"},
    {"NoContent", R"({"model":"m","messages":[{"role":"user"}]})", "messages[0].content"},
    {"ContentIsANumber",
     R"({"model":"m","messages":[{"role":"user","content":"a"},{"role":"user","content":3}]})",
     "messages[1].content"},
    {"PartIsText", R"({"model":"m","messages":[{"role":"user","content":["a"]}]})",
     "messages[0].content[0]"},
    {"PartWithoutType", R"({"model":"m","messages":[{"role":"user","content":[{"text":"a"}]}]})",
     "messages[0].content[0].type"},
    {"UnknownPart",
     R"({"model":"m","messages":[{"role":"user","content":[{"type":"smell","smell":"x"}]}]})",
     "messages[0].content[0].type"},
    {"TextPartWithoutText",
     R"({"model":"m","messages":[{"role":"user","content":[{"type":"text"}]}]})",
     "messages[0].content[0].text"},
    {"ImageUrlIsANumber",
     R"({"model":"m","messages":[{"role":"user","content":[{"type":"text","text":"a"},
        {"type":"image_url","image_url":{"url":7}}]}]})",
     "messages[0].content[1].image_url.url"},
    {"NoImageUrl", R"({"model":"m","messages":[{"role":"user","content":[{"type":"image_url"}]}]})",
     "messages[0].content[0].image_url"},
    {"AudioWithoutFormat",
     R"({"model":"m","messages":[{"role":"user","content":[{"type":"input_audio",
        "input_audio":{"data":"AAAA"}}]}]})",
     "messages[0].content[0].input_audio.format"},
    {"FileWithNothing",
     R"({"model":"m","messages":[{"role":"user","content":[{"type":"file","file":{}}]}]})",
     "messages[0].content[0].file.file_data"},
    {"ToolMessageWithoutId", R"({"model":"m","messages":[{"role":"tool","content":"a"}]})",
     "messages[0].tool_call_id"},
    {"ToolCallsIsAnObject",
     R"({"model":"m","messages":[{"role":"assistant","content":null,"tool_calls":{}}]})",
     "messages[0].tool_calls"},
    {"ToolCallWithoutName",
     R"({"model":"m","messages":[{"role":"assistant","tool_calls":[{"id":"c","type":"function",
        "function":{"arguments":"{}"}}]}]})",
     "messages[0].tool_calls[0].function.name"},
};

INSTANTIATE_TEST_SUITE_P(Messages, BadRequestTest, testing::ValuesIn(kBadCases),
                         [](const auto& test) { return std::string(test.param.name); });

struct BadField {
  const char* name;
  const char* field;
  const char* param;
};

class BadFieldTest : public testing::TestWithParam<BadField> {};

TEST_P(BadFieldTest, IsRefusedAtItsPath) {
  const Error error = refusal(withFields(GetParam().field));
  EXPECT_EQ(error.kind, ErrorKind::BadRequest);
  EXPECT_EQ(error.param, GetParam().param);
}

const BadField kBadFields[] = {
    {"StreamIsText", R"("stream":"yes")", "stream"},
    {"TemperatureIsText", R"("temperature":"hot")", "temperature"},
    {"TemperatureIsTooHigh", R"("temperature":2.5)", "temperature"},
    {"TopPIsNegative", R"("top_p":-0.1)", "top_p"},
    {"MaxTokensIsAFraction", R"("max_tokens":1.5)", "max_tokens"},
    {"MaxTokensIsZero", R"("max_tokens":0)", "max_tokens"},
    {"NIsZero", R"("n":0)", "n"},
    {"StopHoldsANumber", R"("stop":["a",1])", "stop[1]"},
    {"StopIsANumber", R"("stop":1)", "stop"},
    {"TopLogprobsIsTooHigh", R"("top_logprobs":21)", "top_logprobs"},
    {"StreamOptionsIsText", R"("stream_options":"usage")", "stream_options"},
    {"ToolsIsAnObject", R"("tools":{})", "tools"},
    {"ToolIsText", R"("tools":["f"])", "tools[0]"},
    {"ToolOfUnknownType", R"("tools":[{"type":"magic"}])", "tools[0].type"},
    {"ToolWithoutFunction", R"("tools":[{"type":"function"}])", "tools[0].function"},
    {"ToolWithoutName", R"("tools":[{"type":"function","function":{}}])", "tools[0].function.name"},
    {"ParametersIsText",
     R"("tools":[{"type":"function","function":{"name":"f","parameters":"x"}}])",
     "tools[0].function.parameters"},
    {"ToolChoiceIsUnknown", R"("tool_choice":"maybe")", "tool_choice"},
    {"ToolChoiceIsANumber", R"("tool_choice":1)", "tool_choice"},
    {"ToolChoiceWithoutName", R"("tool_choice":{"type":"function","function":{}})",
     "tool_choice.function.name"},
    {"ResponseFormatIsText", R"("response_format":"json")", "response_format"},
    {"ResponseFormatIsUnknown", R"("response_format":{"type":"yaml"})", "response_format.type"},
    {"JsonSchemaIsMissing", R"("response_format":{"type":"json_schema"})",
     "response_format.json_schema"},
    {"SchemaIsText", R"("response_format":{"type":"json_schema","json_schema":{"schema":"x"}})",
     "response_format.json_schema.schema"},
    {"EffortIsUnknown", R"("reasoning_effort":"heroic")", "reasoning_effort"},
    {"ModalityIsUnknown", R"("modalities":["text","smell"])", "modalities[1]"},
    {"AudioIsText", R"("modalities":["audio"],"audio":"alloy")", "audio"},
    {"SoundWithoutFormat", R"("modalities":["audio"],"audio":{"voice":"alloy"})", "audio.format"},
    {"SoundIsMp3", R"("modalities":["audio"],"audio":{"voice":"a","format":"mp3"})",
     "audio.format"},
    {"SoundIsUnknown", R"("modalities":["audio"],"audio":{"voice":"a","format":"midi"})",
     "audio.format"},
    {"VoiceIsANumber", R"("modalities":["audio"],"audio":{"voice":7,"format":"wav"})",
     "audio.voice"},
    {"StreamOfAFile",
     R"("modalities":["audio"],"audio":{"voice":"a","format":"wav"},"stream":true)",
     "audio.format"},
    {"ThinkingBudgetIsText",
     R"("extra_body":{"google":{"thinking_config":{"thinking_budget":"big"}}})",
     "extra_body.google.thinking_config.thinking_budget"},
    {"ParallelToolCallsIsText", R"("parallel_tool_calls":"no")", "parallel_tool_calls"},
};

INSTANTIATE_TEST_SUITE_P(Settings, BadFieldTest, testing::ValuesIn(kBadFields),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(ChatRequestTest, AnAnswerIsSpokenWhenItIsAskedForAndSaidHow) {
  const std::string audio = R"("audio":{"voice":{"id":"voice_1"},"format":"pcm16"})";
  const auto spoken = readChat(withFields(R"("modalities":["text","audio"],)" + audio));
  ASSERT_TRUE(spoken.request.spoken);
  EXPECT_EQ(spoken.request.spoken->voice, "voice_1");
  EXPECT_EQ(spoken.style.sound, ChatSound::Pcm16);
  for (const std::string& fields : {std::string(R"("modalities":["text","audio"])"), audio,
                                    R"("modalities":["text"],)" + audio}) {
    const auto written = readChat(withFields(fields));
    EXPECT_FALSE(written.request.spoken) << fields;
    EXPECT_EQ(written.style.sound, ChatSound::None) << fields;
  }
}

TEST(ChatRequestTest, TheFirstFaultIsTold) {
  EXPECT_EQ(refusal(withFields(R"("stream":1,"temperature":"x")")).param, "stream");
}

TEST(ChatRequestTest, ALongValueIsCutInTheMessage) {
  const std::string longWord(5000, 'x');
  EXPECT_LT(refusal(withFields(R"("reasoning_effort":")" + longWord + '"')).message.size(), 300u);
}

}  // namespace
}  // namespace rondo::openai
