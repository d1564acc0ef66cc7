#include "google/features.h"

#include "google/error.h"
#include "native/google/error_cases.h"

namespace rondo::google {
namespace {

using enum Feature;

std::optional<RefusedFeature> refusedBy(const std::string& message,
                                        const std::string& details = {}) {
  return classify(400, {}, errorOf(400, "INVALID_ARGUMENT", message, details), kNow).feature;
}

Uses allUses(std::optional<google::ThinkingLevel> level = {}) {
  Uses uses;
  for (int i = 0; i <= static_cast<int>(StoredContent); ++i) {
    uses.features.insert(static_cast<Feature>(i));
  }
  uses.level = level;
  return uses;
}

ModelLimits without(Feature feature) {
  ModelLimits limits;
  limits.refused.insert(feature);
  return limits;
}

template <class Change>
ModelLimits with(Change change) {
  ModelLimits limits;
  change(limits);
  return limits;
}

using Level = google::ThinkingLevel;

struct Case {
  const char* name;
  std::string message;
  std::string word;
  ModelLimits limits;  // After a request that made use of everything.
  std::optional<Level> level = {};
};

void PrintTo(const Case& each, std::ostream* out) { *out << each.name; }

class RefusedFeatureTest : public testing::TestWithParam<Case> {};

TEST_P(RefusedFeatureTest, IsReadAndTheNextBodyGoesWithoutIt) {
  const auto refused = refusedBy(GetParam().message);
  ASSERT_TRUE(refused);
  EXPECT_EQ(featureWord(refused->feature), GetParam().word);
  EXPECT_EQ(limitsAfter({}, *refused, allUses(GetParam().level)), GetParam().limits);
}

INSTANTIATE_TEST_SUITE_P(
    Settings, RefusedFeatureTest,
    testing::Values(
        Case{"ThinkingLevels", "Thinking level is not supported for this model.", "thinking_level",
             without(ThinkingLevel), Level::Low},
        Case{"MinimalAlone",
             "Thinking level MINIMAL is not supported for this model. Please retry with other "
             "thinking level.",
             "thinking_level", with([](auto& l) { l.lowestLevel = Level::Low; }), Level::Minimal},
        Case{"MediumAlone", "Thinking level MEDIUM is not supported for this model.",
             "thinking_level", with([](auto& l) { l.lowestLevel = Level::High; }), Level::Medium},
        Case{"XHighAtItsField",
             "Invalid value at 'generation_config.thinking_config.thinking_level' "
             R"((type.googleapis.com/x), \"XHIGH\")",
             "thinking_level", with([](auto& l) { l.highestLevel = Level::High; }), Level::XHigh},
        Case{"HighAlone", "Thinking level HIGH is not supported for this model.", "thinking_level",
             without(Thinking), Level::High},
        Case{"Budgets",
             "Thinking budget is not supported for this model. Use thinking level instead.",
             "thinking_budget", without(ThinkingBudget)},
        Case{"BudgetOutOfRange",
             "The thinking budget 100 is invalid. Please choose a value between 512 and 24576.",
             "thinking_budget", with([](auto& l) { l.budgets = Range{512, 24576}; })},
        Case{"BudgetOfNothing", "Budget 0 is invalid. This model only works in thinking mode.",
             "thinking_budget", with([](auto& l) { l.budgets = Range{128, 32768}; })},
        Case{"ThinkingAltogether", "Thinking is not enabled for models/gemini-2.0-flash",
             "thinking", without(Thinking)},
        Case{"Penalties", "Penalty is not enabled for models/gemini-2.5-flash", "penalties",
             without(Penalties)},
        Case{"Candidates", "Multiple candidates is not enabled for this model", "n",
             without(SeveralCandidates)},
        Case{"Logprobs", "Logprobs is not enabled for models/gemini-3.8-flash", "logprobs",
             without(Logprobs)},
        Case{"MediaResolution", "Media resolution is not supported for this model.",
             "media_resolution", without(MediaResolution)},
        Case{"Sampling", "temperature is not supported by this model", "sampling",
             without(Sampling)},
        Case{"TopP", "TopP is not enabled for models/gemini-3.8-flash", "sampling",
             without(Sampling)},
        Case{"TopK", "TopK is not enabled for models/gemini-3.8-flash", "sampling",
             without(Sampling)},
        Case{"OutputTokens",
             "Unable to submit request because it has a maxOutputTokens value of 60000 but the "
             "supported range is from 1 (inclusive) to 8193 (exclusive). Update the value and try "
             "again.",
             "max_tokens", with([](auto& l) { l.mostOutput = 8192; })}),
    [](const auto& each) { return std::string(each.param.name); });

INSTANTIATE_TEST_SUITE_P(
    WaysToSayThings, RefusedFeatureTest,
    testing::Values(
        Case{"IdsOfCalls",
             R"(Invalid JSON payload received. Unknown name \"id\" at )"
             "'contents[1].parts[0].function_call': Cannot find field.",
             "call_ids", without(CallIds)},
        Case{"KeywordOfASchema",
             R"(Invalid JSON payload received. Unknown name \"const\" at )"
             "'tools[0].function_declarations[0].parameters_json_schema': Cannot find field.",
             "schema", without(JsonSchema)},
        Case{"KeywordOfTheOlderSchema",
             R"(Invalid JSON payload received. Unknown name \"x\" at )"
             "'tools[0].function_declarations[0].parameters': Cannot find field.",
             "schema", without(JsonSchema)},
        Case{"UnspecifiedProperty", "schema at top-level requires unspecified property 'message'",
             "schema", without(JsonSchema)},
        Case{"UndefinedReference", "reference to undefined schema at properties.t", "schema",
             without(JsonSchema)},
        Case{"KeywordsBesideAReference",
             "`$ref` '#/$defs/M' was set alongside unsupported fields. If a schema node has `$ref` "
             "set, then only `description` and `default` can be set alongside it.",
             "schema", without(JsonSchema)},
        Case{
            "LoopOfReferences",
            "ref loops are only supported if they include optional or nullable property values, or "
            "a potentially-zero-length array items",
            "schema", without(JsonSchema)},
        Case{"PropertyThatIsNoSchema", "value for properties at properties.f must be an object",
             "schema", without(JsonSchema)},
        Case{"EnumThatIsNoListOfTexts",
             "value for enum at properties.f must be an array of strings or numbers", "schema",
             without(JsonSchema)},
        Case{"ConditionThatIsNoSchema", "value for propertyNames at top-level must be an object",
             "schema", without(JsonSchema)},
        Case{
            "RootThatIsNoObject",
            "Unable to submit request because `act` functionDeclaration `parameters` schema should "
            "be of type OBJECT.",
            "schema", without(JsonSchema)},
        Case{"FinalModelTurn", "Requests ending with a model turn are not supported.", "messages",
             without(FinalModelTurn)},
        Case{"MediaInToolResults",
             "Unable to submit request because `function_response.parts` is not supported for this "
             "model.",
             "messages", without(MediaInToolResults)},
        Case{"SomeMediaInToolResults",
             "mime_type: audio/mpeg is not supported in function_response.parts", "messages",
             without(MediaInToolResults)},
        Case{"ImagesInToolResults",
             "Multimodal function responses are not supported for this model.", "messages",
             without(MediaInToolResults)},
        Case{"SystemInstruction", "Developer instruction is not enabled for models/gemma-3-27b-it",
             "messages", without(SystemInstruction)},
        Case{"ToolsWithJson",
             "Function calling with a response mime type: 'application/json' is unsupported",
             "response_format", without(ToolsWithJson)},
        Case{"HostedToolsBesideFunctions", "Tool use with function calling is unsupported",
             "hosted_tools", without(HostedBesideFunctions)},
        Case{"HostedToolsBesideFunctionsOnVertex",
             "Multiple tools are supported only when they are all search tools.", "hosted_tools",
             without(HostedBesideFunctions)},
        Case{"HostedToolsWithoutTheirSwitch",
             "Please enable tool_config.include_server_side_tool_invocations to use Built-in tools "
             "with Function calling.",
             "hosted_tools", without(HostedBesideFunctions)},
        Case{"TheSwitchOfHostedTools",
             R"(Invalid JSON payload received. Unknown name \"includeServerSideToolInvocations\" )"
             "at 'tool_config': Cannot find field.",
             "hosted_tools", without(HostedBesideFunctions)},
        Case{"Search", "Search Grounding is not supported.", "hosted_tools", without(HostedTools)},
        Case{"CodeExecution", "Code execution is not enabled for models/x", "hosted_tools",
             without(HostedTools)},
        Case{"Signatures", "Corrupted thought signature.", "thought_signatures",
             without(ThoughtSignatures)},
        Case{"AnAddressThatGoogleMayNotFetch",
             "Cannot fetch content from the provided URL. Please ensure the URL is valid and "
             "accessible by Vertex AI. Vertex AI respects robots.txt rules, so confirm the URL is "
             "allowed to be crawled. Status: URL_ROBOTED-ROBOTED_DENIED",
             "media", without(WebMedia)},
        Case{"AnAddressThatGoogleHasNoTimeFor",
             "The content can't be read. Status: URL_REJECTED-REJECTED_PROXY_THROTTLED", "media",
             without(WebMedia)},
        Case{"AnAddressThatGoogleKnowsNothingOf",
             "Invalid or unsupported file uri: https://a.example/b.jpg", "media",
             without(WebMedia)},
        Case{"ATextToBeSpokenThatIsAnswered",
             "Model tried to generate text, but it should only be used for TTS. Make sure your "
             "instructions are clear to only generate audio from a given text transcript.",
             "instructions", without(BareSpeech)}),
    [](const auto& each) { return std::string(each.param.name); });

TEST(RefusedFeature, MayBeNamedByItsFieldAlone) {
  const auto refused = refusedBy("Request contains an invalid argument.",
                                 badField("generation_config.candidate_count", "Must be 1."));
  EXPECT_EQ(refused, (RefusedFeature{SeveralCandidates}));
}

TEST(RefusedFeature, IsNoneForAFaultOfTheUsersOwn) {
  for (const auto* message :
       {"Please use a valid role: user, model.", "Unable to process input image.",
        "The schema produces a constraint that has too many states for serving.",
        "Please use a valid value for role: user, model."}) {
    EXPECT_FALSE(refusedBy(message)) << message;
  }
}

// Names of a client's stand in Google's messages, some without quotation marks.
TEST(RefusedFeature, IsNoSettingForAPropertyOfThatName) {
  EXPECT_EQ(refusedBy("value for properties at properties.temperature is not supported"),
            (RefusedFeature{JsonSchema}));
  EXPECT_EQ(refusedBy("reference to undefined schema at properties.penalty is not enabled"),
            (RefusedFeature{JsonSchema}));
  EXPECT_EQ(refusedBy("* GenerateContentRequest.tools[0].function_declarations[0].parameters."
                      "properties[temperature].items: missing field."),
            (RefusedFeature{JsonSchema}));
  EXPECT_FALSE(refusedBy("Function `temperature is not supported` can't be called."));
}

TEST(RefusedFeature, ThatTheBodyDidNotUseChangesNothing) {
  EXPECT_FALSE(limitsAfter({}, {Penalties}, {}));
  EXPECT_FALSE(limitsAfter({}, {ThinkingLevel}, {}));
}

TEST(RefusedFeature, ThatTheBodyWasMadeWithoutChangesNothing) {
  EXPECT_FALSE(limitsAfter(without(Penalties), {Penalties}, allUses()));
}

TEST(RefusedFeature, WithoutARangeGivesNoLimitOfOutput) {
  EXPECT_FALSE(limitsAfter({}, {OutputLength}, allUses()));
}

TEST(RefusedFeature, OfStoredContentHasNoSubstitute) {
  EXPECT_FALSE(limitsAfter({}, {StoredContent}, allUses()));
}

TEST(ModelLimits, JoinedAreTheNarrowerOnes) {
  ModelLimits one = without(Seed);
  one.mostOutput = 100;
  one.lowestLevel = Level::Low;
  ModelLimits other = without(Sampling);
  other.mostOutput = 50;
  other.lowestLevel = Level::High;
  const auto both = joined(one, other);
  EXPECT_TRUE(both.refused.has(Seed) && both.refused.has(Sampling));
  EXPECT_EQ(both.mostOutput, 50);
  EXPECT_EQ(both.lowestLevel, Level::High);
}

TEST(ModelLimits, ThatLastLeaveOutWhatARequestSays) {
  ModelLimits limits = without(JsonSchema);
  limits.refused.insert(Sampling);
  limits.mostOutput = 100;
  EXPECT_EQ(lastingOf(limits, {JsonSchema, Sampling}), without(Sampling));
  EXPECT_EQ(lastingOf(limits, {OutputLength}), with([](auto& l) { l.mostOutput = 100; }));
}

TEST(ModelLimits, ThatLastHaveTheTextsThatSayNothing) {
  EXPECT_EQ(lastingOf(without(EmptyText), {EmptyText}), without(EmptyText));
}

TEST(ModelLimits, OfALevelWithNoneLeftToTryAreThoseOfThinking) {
  EXPECT_EQ(lastingOf(without(Thinking), {ThinkingLevel}), without(Thinking));
}

TEST(RefusedFeatureExtentTest, IsTheFieldWhereTheFieldIsNotSupportedElseOneValue) {
  const std::string place = "Invalid value at 'generation_config.thinking_config.thinking_level'";
  EXPECT_EQ(refusedBy(place + ": it is not supported.")->extent, RefusedFeature::Extent::Whole);
  EXPECT_EQ(refusedBy(place + ": it is odd.")->extent, RefusedFeature::Extent::OneValue);
}

TEST(RefusedFeatureWordsTest, MayStandInADescriptionAlone) {
  const auto refused = refusedBy("Request contains an invalid argument.",
                                 R"({"@type":"type.googleapis.com/google.rpc.BadRequest",)"
                                 R"("fieldViolations":[{"description":"seed is not supported"}]})");
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->feature, Seed);
}

TEST(LimitsAfterTest, OfThinkingAreThereForWhoAskedForItByABudgetAlone) {
  Uses uses;
  uses.features.insert(ThinkingBudget);
  EXPECT_EQ(limitsAfter({}, {Thinking, std::nullopt, RefusedFeature::Extent::Whole}, uses),
            without(Thinking));
}

TEST(JoinedLimitsTest, AreTheNarrowerOfBothAndOfTwoThatShareNothingTheSecond) {
  const auto range = [](std::int64_t least, std::int64_t most) {
    return with([&](ModelLimits& limits) { limits.budgets = Range{least, most}; });
  };
  EXPECT_EQ(joined(range(0, 200), range(100, 300)), range(100, 200));
  EXPECT_EQ(joined(range(0, 100), range(200, 300)), range(200, 300));
  const auto highest = [](Level level) {
    return with([&](ModelLimits& limits) { limits.highestLevel = level; });
  };
  EXPECT_EQ(joined(highest(Level::XHigh), highest(Level::High)), highest(Level::High));
}

}  // namespace
}  // namespace rondo::google
