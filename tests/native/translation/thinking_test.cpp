#include "translation/body_parts.h"

#include <gtest/gtest.h>

#include "native/translation/translate.h"
#include "translation/model_suffix.h"

namespace rondo::translation {
namespace {

// What a model is sent for some fields, and what is told about it.
struct Case {
  const char* name;
  const char* model;
  const char* fields;
  const char* config;
  const char* adjusted;
};

class ThinkingTest : public testing::TestWithParam<Case> {};

TEST_P(ThinkingTest, BecomesWhatTheModelTakes) {
  const auto result = translateFields(GetParam().fields, targetFor(GetParam().model));
  EXPECT_EQ(result.at("/generationConfig/thinkingConfig"), GetParam().config);
  std::string words;
  for (const auto& word : result.adjusted) words += word;
  EXPECT_EQ(words, GetParam().adjusted);
}

#define EFFORT(word) "\"reasoning_effort\":\"" word "\""
#define EXTRA(config) "\"extra_body\":{\"google\":{\"thinking_config\":" config "}}"

const Case kCases[] = {
    {"NothingAsked", "gemini-4-argon", R"("user":"u")", "", ""},
    {"LowBudget", "gemini-2.5-flash", EFFORT("low"),
     R"({"thinkingBudget":1024,"includeThoughts":true})", ""},
    {"MinimalBudget", "gemini-2.5-flash", EFFORT("minimal"),
     R"({"thinkingBudget":1024,"includeThoughts":true})", ""},
    {"MediumBudget", "gemini-2.5-flash", EFFORT("medium"),
     R"({"thinkingBudget":8192,"includeThoughts":true})", ""},
    {"HighBudget", "gemini-2.5-flash", EFFORT("high"),
     R"({"thinkingBudget":24576,"includeThoughts":true})", ""},
    {"XHighBudgetIsClamped", "gemini-2.5-flash", EFFORT("xhigh"),
     R"({"thinkingBudget":24576,"includeThoughts":true})", ""},
    {"XHighBudgetOfPro", "gemini-2.5-pro", EFFORT("xhigh"),
     R"({"thinkingBudget":32768,"includeThoughts":true})", ""},
    {"NoneSwitchesOff", "gemini-2.5-flash", EFFORT("none"),
     R"({"thinkingBudget":0,"includeThoughts":false})", ""},
    {"NoneIsTheFloorOfPro", "gemini-2.5-pro", EFFORT("none"),
     R"({"thinkingBudget":128,"includeThoughts":true})", "reasoning_effort"},
    {"ADynamicBudgetIsNoLevel", "gemini-3.8-flash", R"("thinking_budget":-1)",
     R"({"includeThoughts":true})", "thinking_budget"},
    {"LowLevel", "gemini-4-argon", EFFORT("low"),
     R"({"thinkingLevel":"LOW","includeThoughts":true})", ""},
    {"HighLevel", "gemini-3.8-flash", EFFORT("high"),
     R"({"thinkingLevel":"HIGH","includeThoughts":true})", ""},
    {"MinimalLevel", "gemini-3-flash-preview", EFFORT("minimal"),
     R"({"thinkingLevel":"MINIMAL","includeThoughts":true})", ""},
    {"MinimalIsRaisedToLow", "gemini-3.8-flash", EFFORT("minimal"),
     R"({"thinkingLevel":"LOW","includeThoughts":true})", "reasoning_effort"},
    {"NoneIsTheLowestLevel", "gemini-3.8-flash", EFFORT("none"),
     R"({"thinkingLevel":"LOW","includeThoughts":false})", "reasoning_effort"},
    {"XHighLevel", "gemini-4-neon", EFFORT("xhigh"),
     R"({"thinkingLevel":"XHIGH","includeThoughts":true})", ""},
    {"XHighIsLoweredToHigh", "gemini-4-argon", EFFORT("xhigh"),
     R"({"thinkingLevel":"HIGH","includeThoughts":true})", "reasoning_effort"},
    {"ModelWithoutThinking", "gemini-2.0-flash", EFFORT("high"), "", "reasoning_effort"},
    {"NoThinkingOfAModelWithoutIt", "gemini-2.0-flash", EFFORT("none"), "", ""},
    {"GivenBudgetStays", "gemini-2.5-flash", EXTRA(R"({"thinking_budget":800})"),
     R"({"thinkingBudget":800,"includeThoughts":true})", ""},
    {"DynamicBudgetStays", "gemini-2.5-flash", EXTRA(R"({"thinking_budget":-1})"),
     R"({"thinkingBudget":-1,"includeThoughts":true})", ""},
    {"GivenBudgetIsToleratedOnGemini3", "gemini-3.6-flash", EXTRA(R"({"thinking_budget":800})"),
     R"({"thinkingBudget":800,"includeThoughts":true})", ""},
    {"GivenBudgetIsALevelFromGemini37On", "gemini-3.7-flash", EXTRA(R"({"thinking_budget":8000})"),
     R"({"thinkingLevel":"MEDIUM","includeThoughts":true})", "thinking_budget"},
    {"GivenLevelStays", "gemini-4-argon", EXTRA(R"({"thinking_level":"high"})"),
     R"({"thinkingLevel":"HIGH","includeThoughts":true})", ""},
    {"GivenLevelIsABudgetBeforeGemini3", "gemini-2.5-flash", EXTRA(R"({"thinking_level":"low"})"),
     R"({"thinkingBudget":1024,"includeThoughts":true})", ""},
    {"ThoughtsAlone", "gemini-4-argon", EXTRA(R"({"include_thoughts":true})"),
     R"({"includeThoughts":true})", ""},
    {"ThoughtsOfNoThinking", "gemini-2.5-flash",
     EXTRA(R"({"thinking_budget":0,"include_thoughts":true})"),
     R"({"thinkingBudget":0,"includeThoughts":false})", "thinking_budget"},
    {"ThoughtsOfAModelThatDoesntThinkByItself", "gemini-2.5-flash-lite",
     EXTRA(R"({"include_thoughts":true})"), R"({"includeThoughts":false})", "reasoning_effort"},
    {"ThoughtsHidden", "gemini-4-argon",
     EXTRA(R"({"thinking_level":"low","include_thoughts":false})"),
     R"({"thinkingLevel":"LOW","includeThoughts":false})", ""},
    {"ExtrasWinOverEffort", "gemini-4-argon",
     EFFORT("high") "," EXTRA(R"({"thinking_level":"low"})"),
     R"({"thinkingLevel":"LOW","includeThoughts":true})", ""},
};

INSTANTIATE_TEST_SUITE_P(Cases, ThinkingTest, testing::ValuesIn(kCases),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(ThinkingTest, BudgetAndLevelAreNeverSentTogether) {
  for (const auto* model : {"gemini-2.5-pro", "gemini-3.8-flash", "gemini-4-argon"}) {
    const auto result = translateFields(EXTRA(R"({"thinking_budget":800,"thinking_level":"low"})"),
                                        targetFor(model));
    const bool hasBudget = !result.at("/generationConfig/thinkingConfig/thinkingBudget").empty();
    const bool hasLevel = !result.at("/generationConfig/thinkingConfig/thinkingLevel").empty();
    EXPECT_NE(hasBudget, hasLevel) << model;
  }
}

TEST(ThinkingTest, WithoutLevelsAModelIsAskedForItsThoughtsAlone) {
  auto target = targetFor("gemini-4-argon");
  target.limits.refused.insert(google::Feature::ThinkingLevel);
  const auto result = translateFields(EFFORT("low"), target);
  EXPECT_EQ(result.at("/generationConfig/thinkingConfig"), R"({"includeThoughts":true})");
  EXPECT_EQ(result.adjusted, Words{"reasoning_effort"});
}

TEST(ThinkingTest, LearntLimitsClampLevels) {
  auto target = targetFor("gemini-4-argon");
  target.limits.lowestLevel = google::ThinkingLevel::Medium;
  const auto result = translateFields(EFFORT("low"), target);
  EXPECT_EQ(result.at("/generationConfig/thinkingConfig/thinkingLevel"), R"("MEDIUM")");
  EXPECT_EQ(result.adjusted, Words{"reasoning_effort"});
}

TEST(ThinkingTest, LearntLimitsClampBudgets) {
  auto target = targetFor("gemini-2.5-flash");
  target.limits.budgets = google::Range{512, 24576};
  const auto result = translateFields(R"("thinking_budget":100)", target);
  EXPECT_EQ(result.at("/generationConfig/thinkingConfig/thinkingBudget"), "512");
  EXPECT_EQ(result.adjusted, Words{"thinking_budget"});
}

TEST(ThinkingTest, AModelThatRefusedTheConfigGetsNone) {
  auto target = targetFor();
  target.limits.refused.insert(google::Feature::Thinking);
  const auto result = translateFields(EFFORT("low"), target);
  EXPECT_EQ(result.at("/generationConfig"), "");
  EXPECT_EQ(result.adjusted, Words{"reasoning_effort"});
}

TEST(ModelSuffixTest, AnEffortOrABudgetInParenthesesIsASuffix) {
  const auto effort = splitModelSuffix("gemini-3.8-flash(high)");
  EXPECT_EQ(effort.model, "gemini-3.8-flash");
  EXPECT_EQ(effort.suffix.effort, conversation::Effort::High);
  const auto budget = splitModelSuffix("gemini-2.5-pro(8192)");
  EXPECT_EQ(budget.model, "gemini-2.5-pro");
  EXPECT_EQ(budget.suffix.budget, 8192);
  EXPECT_EQ(splitModelSuffix("m(-1)").suffix.budget, -1);
}

TEST(ModelSuffixTest, AnythingElseIsPartOfTheName) {
  for (const auto* model : {"m", "m(huge)", "m(1", "m)", "m()", "m(12x)", "m(-2)", ""}) {
    EXPECT_EQ(splitModelSuffix(model).model, model);
    EXPECT_FALSE(splitModelSuffix(model).suffix.effort);
    EXPECT_FALSE(splitModelSuffix(model).suffix.budget);
  }
}

TEST(ModelSuffixTest, ASuffixWinsOverReasoningEffort) {
  auto target = targetFor("gemini-4-argon");
  target.suffix.effort = conversation::Effort::High;
  EXPECT_EQ(
      translateFields(EFFORT("low"), target).at("/generationConfig/thinkingConfig/thinkingLevel"),
      R"("HIGH")");
}

TEST(ThinkingLimitsTest, ADynamicBudgetIsNoneThatAModelRefused) {
  auto target = targetFor("gemini-2.5-pro");
  target.limits.budgets = google::Range{128, 1024};
  EXPECT_EQ(translateFields(R"("thinking_budget":-1)", target)
                .at("/generationConfig/thinkingConfig/thinkingBudget"),
            "-1");
  EXPECT_EQ(translateFields(R"("thinking_budget":0)", target)
                .at("/generationConfig/thinkingConfig/thinkingBudget"),
            "128");
}

TEST(ThinkingUsesTest, TellWhichLevelWasAskedFor) {
  const auto request = openai::readFields(EFFORT("low"));
  const auto translated = translateRequest(request, targetFor("gemini-4-argon"));
  ASSERT_TRUE(translated);
  EXPECT_EQ(translated->uses.level, google::ThinkingLevel::Low);
}

}  // namespace
}  // namespace rondo::translation
