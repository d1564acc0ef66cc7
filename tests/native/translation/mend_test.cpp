#include "translation/mend.h"

#include <gtest/gtest.h>

#include "json/writer.h"

namespace rondo::translation {
namespace {

std::string error(const std::string& message) {
  std::string text = R"({"error":{"code":400,"status":"INVALID_ARGUMENT","message":)";
  json::appendQuoted(text, message);
  return text + "}}";
}

struct Case {
  const char* name;
  const char* message;
  const char* body;
  const char* word;
  ModelLimits limits;
};

class MendTest : public testing::TestWithParam<Case> {};

TEST_P(MendTest, FindsWhatToChange) {
  const auto result = mend(error(GetParam().message), GetParam().body, {});
  ASSERT_TRUE(result);
  EXPECT_EQ(result->word, GetParam().word);
  EXPECT_EQ(result->limits, GetParam().limits);
  EXPECT_EQ(result->signatures, SignaturePolicy::Keep);
}

template <class Change>
ModelLimits with(Change change) {
  ModelLimits limits;
  change(limits);
  return limits;
}

using Level = google::ThinkingLevel;

const Case kCases[] = {
    {"ThinkingLevelIsUnknown", "Thinking level is not supported for this model.",
     R"({"generationConfig":{"thinkingConfig":{"thinkingLevel":"LOW"}}})", "thinking_level",
     with([](auto& limits) { limits.noThinkingConfig = true; })},
    {"MinimalIsRefused", "Thinking level MINIMAL is not supported for this model. Please retry.",
     R"({"generationConfig":{"thinkingConfig":{"thinkingLevel":"MINIMAL"}}})", "thinking_level",
     with([](auto& limits) { limits.lowestLevel = Level::Low; })},
    {"MediumIsRefused", "Thinking level MEDIUM is not supported for this model.",
     R"({"generationConfig":{"thinkingConfig":{"thinkingLevel":"MEDIUM"}}})", "thinking_level",
     with([](auto& limits) { limits.lowestLevel = Level::High; })},
    {"XHighIsUnknown",
     "Invalid value at 'generation_config.thinking_config.thinking_level' (type.googleapis.com/x), "
     "\"XHIGH\"",
     R"({"generationConfig":{"thinkingConfig":{"thinkingLevel":"XHIGH"}}})", "thinking_level",
     with([](auto& limits) { limits.highestLevel = Level::High; })},
    {"BudgetIsRefused",
     "Thinking budget is not supported for this model. Use thinking level instead.",
     R"({"generationConfig":{"thinkingConfig":{"thinkingBudget":100}}})", "thinking_budget",
     with([](auto& limits) { limits.noThinkingBudget = true; })},
    {"BudgetIsOutOfRange",
     "The thinking budget 100 is invalid. Please choose a value between 512 and 24576.",
     R"({"generationConfig":{"thinkingConfig":{"thinkingBudget":100}}})", "thinking_budget",
     with([](auto& limits) { limits.leastBudget = 512, limits.mostBudget = 24576; })},
    {"BudgetOfZero", "Budget 0 is invalid. This model only works in thinking mode.",
     R"({"generationConfig":{"thinkingConfig":{"thinkingBudget":0}}})", "thinking_budget",
     with([](auto& limits) { limits.leastBudget = 128; })},
    {"Penalty", "Penalty is not enabled for models/gemini-2.5-flash",
     R"({"generationConfig":{"presencePenalty":1}})", "penalties",
     with([](auto& limits) { limits.noPenalties = true; })},
    {"Candidates", "Multiple candidates is not enabled for this model",
     R"({"generationConfig":{"candidateCount":2}})", "n",
     with([](auto& limits) { limits.noSeveralCandidates = true; })},
    {"Logprobs", "Logprobs is not enabled for models/gemini-3.8-flash",
     R"({"generationConfig":{"responseLogprobs":true}})", "logprobs",
     with([](auto& limits) { limits.noLogprobs = true; })},
    {"CallIds",
     "Invalid JSON payload received. Unknown name \"id\" at 'contents[1].parts[0].function_call': "
     "Cannot find field.",
     R"({"contents":[{"parts":[{"functionCall":{"id":"1"}}]}]})", "call_ids",
     with([](auto& limits) { limits.noCallIds = true; })},
    {"SchemaKeyword",
     "Invalid JSON payload received. Unknown name \"const\" at "
     "'tools[0].function_declarations[0].parameters_json_schema': Cannot find field.",
     R"({"tools":[{"functionDeclarations":[{"parametersJsonSchema":{}}]}]})", "schema",
     with([](auto& limits) { limits.noJsonSchema = true; })},
    {"MediaResolution", "Media resolution is not supported for this model.",
     R"({"contents":[{"parts":[{"mediaResolution":{}}]}]})", "media_resolution",
     with([](auto& limits) { limits.noMediaResolution = true; })},
    {"FinalModelTurn", "Requests ending with a model turn are not supported.", R"({"contents":[]})",
     "messages", with([](auto& limits) { limits.noFinalModelTurn = true; })},
    {"SystemInstruction", "Developer instruction is not enabled for models/gemma-3-27b-it",
     R"({"systemInstruction":{}})", "messages",
     with([](auto& limits) { limits.noSystemInstruction = true; })},
    {"ToolsWithJson",
     "Function calling with a response mime type: 'application/json' is unsupported",
     R"({"generationConfig":{"responseMimeType":"application/json"}})", "response_format",
     with([](auto& limits) { limits.noToolsWithJson = true; })},
    {"OutputTokens",
     "Unable to submit request because it has a maxOutputTokens value of 60000 but the supported "
     "range is from 1 (inclusive) to 8193 (exclusive). Update the value and try again.",
     R"({"generationConfig":{"maxOutputTokens":60000}})", "max_tokens",
     with([](auto& limits) { limits.mostOutput = 8192; })},
    {"Sampling", "temperature is not supported by this model",
     R"({"generationConfig":{"temperature":1}})", "sampling",
     with([](auto& limits) { limits.noSampling = true; })},
};

INSTANTIATE_TEST_SUITE_P(Complaints, MendTest, testing::ValuesIn(kCases),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(MendTest, AFaultThatIsTheUsersOwnIsNotMended) {
  EXPECT_FALSE(mend(error("Please use a valid role: user, model."), R"({"contents":[]})", {}));
  EXPECT_FALSE(mend(error("Unable to process input image."), R"({"contents":[]})", {}));
  EXPECT_FALSE(mend(error("The schema produces a constraint that has too many states for serving."),
                    R"({"generationConfig":{"responseJsonSchema":{}}})", {}));
}

TEST(MendTest, WhatWasNotSentIsNotMended) {
  EXPECT_FALSE(mend(error("Penalty is not enabled for this model"), R"({"contents":[]})", {}));
  EXPECT_FALSE(mend(error("Thinking level is not supported"), R"({"contents":[]})", {}));
}

TEST(MendTest, TextThatOnlyMentionsAFieldWasNotSentAsOne) {
  const std::string body = R"({"contents":[{"parts":[{"text":"say \"presencePenalty\": 1"}]}]})";
  EXPECT_FALSE(mend(error("Penalty is not enabled for this model"), body, {}));
}

TEST(MendTest, WhatWasMendedBeforeIsNotMendedAgain) {
  const std::string body = R"({"generationConfig":{"presencePenalty":1}})";
  const auto first = mend(error("Penalty is not enabled"), body, {});
  ASSERT_TRUE(first);
  EXPECT_FALSE(mend(error("Penalty is not enabled"), body, first->limits));
}

TEST(MendTest, TheFieldMayBeNamedInTheDetailsAlone) {
  const auto result = mend(
      R"({"error":{"code":400,"message":"Request contains an invalid argument.","details":[
          {"@type":"type.googleapis.com/google.rpc.BadRequest","fieldViolations":[
            {"field":"generation_config.candidate_count","description":"Must be 1."}]}]}})",
      R"({"generationConfig":{"candidateCount":2}})", {});
  ASSERT_TRUE(result);
  EXPECT_EQ(result->word, "n");
}

TEST(MendTest, TheErrorMayStandInAList) {
  EXPECT_TRUE(mend("[" + error("Penalty is not enabled") + "]",
                   R"({"generationConfig":{"presencePenalty":1}})", {}));
}

TEST(MendTest, WhatIsNoErrorIsNotMended) {
  for (const auto* text : {"", "<html>", "[]", "{}", R"({"error":"x"})"}) {
    EXPECT_FALSE(mend(text, R"({"generationConfig":{"presencePenalty":1}})", {})) << text;
  }
}

TEST(MendTest, ARefusedSignatureIsReplacedByDummiesAndNothingIsRemembered) {
  const auto result = mend(error("Invalid thought signature."),
                           R"({"parts":[{"functionCall":{},"thoughtSignature":"c2ln"}]})", {});
  ASSERT_TRUE(result);
  EXPECT_EQ(result->signatures, SignaturePolicy::Dummies);
  EXPECT_EQ(result->limits, ModelLimits{});
}

TEST(MendTest, AMissingSignatureIsReplacedByDummies) {
  EXPECT_TRUE(mend(error("Function call is missing a thought_signature in functionCall parts."),
                   R"({"parts":[{"functionCall":{}}]})", {}));
}

TEST(MendTest, DummiesThatAreRefusedAreNotTriedAgain) {
  EXPECT_FALSE(mend(error("Corrupted thought signature."),
                    R"({"functionCall":{},"thoughtSignature":"skip_thought_signature_validator"})",
                    {}));
}

}  // namespace
}  // namespace rondo::translation
