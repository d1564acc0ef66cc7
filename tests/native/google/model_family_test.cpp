#include "google/model_family.h"

#include <gtest/gtest.h>

namespace rondo::google {
namespace {

ModelFamily family(std::string_view model) { return ModelFamily::parse(model); }

TEST(ModelFamilyTest, ModelsBeforeGemini3TakeBudgetsAndLaterOnesLevels) {
  EXPECT_EQ(family("gemini-2.5-pro").thinkingControl(), ThinkingControl::Budget);
  EXPECT_EQ(family("gemini-3-flash-preview").thinkingControl(), ThinkingControl::Level);
  EXPECT_EQ(family("gemini-4-argon").thinkingControl(), ThinkingControl::Level);
}

TEST(ModelFamilyTest, ModelsThatDontThinkTakeNeither) {
  EXPECT_EQ(family("gemini-2.0-flash").thinkingControl(), ThinkingControl::None);
  EXPECT_EQ(family("gemma-3-27b-it").thinkingControl(), ThinkingControl::None);
  EXPECT_EQ(family("gemini-2.5-flash-image").thinkingControl(), ThinkingControl::None);
}

TEST(ModelFamilyTest, AnUnknownNameFollowsTheNewestRules) {
  for (const auto* name : {"gemini-flash-latest", "gemini-pro-latest", "gemini-9.1-flash", "x"}) {
    EXPECT_EQ(family(name).thinkingControl(), ThinkingControl::Level) << name;
    EXPECT_FALSE(family(name).takesSampling()) << name;
    EXPECT_FALSE(family(name).takesPenalties(Backend::Vertex)) << name;
    EXPECT_FALSE(family(name).takesSeveralCandidates()) << name;
    EXPECT_TRUE(family(name).checksSignatures()) << name;
  }
}

TEST(ModelFamilyTest, AnImageModelIsKnownByItsName) {
  EXPECT_TRUE(family("gemini-nano-banana-2.1").takesImageSize());
  EXPECT_TRUE(family("gemini-nano-banana-2.1").takesLongImages());
  EXPECT_FALSE(family("gemini-nano-banana-2.1").takesSeveralCandidates());
  EXPECT_FALSE(family("gemini-2.5-flash-image").takesImageSize());
  EXPECT_FALSE(family("gemini-2.5-flash-image").takesSeveralCandidates());
  EXPECT_FALSE(family("gemini-3-pro-image").takesLongImages());
}

TEST(ModelFamilyTest, AModelThatSpeaksOrTranscribesTakesNoSettingsOfAChat) {
  for (const auto* name :
       {"gemini-3.8-flash-tts", "gemini-2.5-flash-preview-tts", "gemini-3.5-transcribe"}) {
    EXPECT_EQ(family(name).thinkingControl(), ThinkingControl::None) << name;
    EXPECT_FALSE(family(name).takesSampling()) << name;
  }
  EXPECT_TRUE(family("gemini-3.5-transcribe").transcribes());
  EXPECT_FALSE(family("gemini-3.8-flash").transcribes());
  EXPECT_TRUE(family("gemini-3.8-flash-tts").takesSpeechStyle());
  EXPECT_FALSE(family("gemini-3.1-flash-tts-preview").takesSpeechStyle());
}

TEST(ModelFamilyTest, APathInFrontOfTheNameIsNoMatter) {
  EXPECT_EQ(family("publishers/google/models/gemini-2.5-pro").thinkingControl(),
            ThinkingControl::Budget);
}

TEST(ModelFamilyTest, ProModelsCantSwitchThinkingOff) {
  EXPECT_FALSE(family("gemini-2.5-pro").budgetRange().canBeOff);
  EXPECT_EQ(family("gemini-2.5-pro").budgetRange().least, 128);
  EXPECT_TRUE(family("gemini-2.5-flash").budgetRange().canBeOff);
  EXPECT_EQ(family("gemini-2.5-flash-lite").budgetRange().least, 512);
}

TEST(ModelFamilyTest, BudgetsAreToleratedUpToGemini36) {
  EXPECT_TRUE(family("gemini-3.6-flash").takesThinkingBudget());
  EXPECT_FALSE(family("gemini-3.7-flash").takesThinkingBudget());
  EXPECT_FALSE(family("gemini-4-argon").takesThinkingBudget());
}

TEST(ModelFamilyTest, FlashModelsBefore37GoDownToMinimal) {
  EXPECT_EQ(family("gemini-3-flash-preview").lowestLevel(), ThinkingLevel::Minimal);
  EXPECT_EQ(family("gemini-3.6-flash").lowestLevel(), ThinkingLevel::Minimal);
  EXPECT_EQ(family("gemini-3.7-flash").lowestLevel(), ThinkingLevel::Low);
  EXPECT_EQ(family("gemini-3.1-pro-preview").lowestLevel(), ThinkingLevel::Low);
}

TEST(ModelFamilyTest, HydrogenAndNeonGoUpToXHigh) {
  EXPECT_EQ(family("gemini-4-neon").highestLevel(), ThinkingLevel::XHigh);
  EXPECT_EQ(family("gemini-4-hydrogen").highestLevel(), ThinkingLevel::XHigh);
  EXPECT_EQ(family("gemini-4-carbon").highestLevel(), ThinkingLevel::High);
}

TEST(ModelFamilyTest, SamplingEndsWith36AndWith35FlashLite) {
  EXPECT_TRUE(family("gemini-3.5-flash").takesSampling());
  EXPECT_FALSE(family("gemini-3.5-flash-lite").takesSampling());
  EXPECT_FALSE(family("gemini-3.6-flash").takesSampling());
}

TEST(ModelFamilyTest, PenaltiesEndWith25OnTheGeminiApiAndWith3OnVertex) {
  EXPECT_TRUE(family("gemini-2.0-flash").takesPenalties(Backend::Gemini));
  EXPECT_FALSE(family("gemini-2.5-flash").takesPenalties(Backend::Gemini));
  EXPECT_TRUE(family("gemini-2.5-flash").takesPenalties(Backend::Vertex));
  EXPECT_FALSE(family("gemini-3-flash").takesPenalties(Backend::Vertex));
}

TEST(ModelFamilyTest, SignaturesAreGoodForTheirGeneration) {
  EXPECT_EQ(family("gemini-3.1-pro-preview").signatureGroup(),
            family("gemini-3.8-flash").signatureGroup());
  EXPECT_NE(family("gemini-3.8-flash").signatureGroup(), family("gemini-4-neon").signatureGroup());
}

TEST(ModelFamilyTest, SomeModelsCapAnswersInOnePieceLower) {
  EXPECT_EQ(family("gemini-4-argon").outputLimit(Delivery::Whole), 32768);
  EXPECT_EQ(family("gemini-4-argon").outputLimit(Delivery::Streamed), 65536);
  EXPECT_EQ(family("gemini-4-neon").outputLimit(Delivery::Whole), 65536);
}

TEST(ModelFamilyTest, AnAbsurdVersionIsNoMatter) {
  EXPECT_EQ(family("gemini-99999999999999999999-x").thinkingControl(), ThinkingControl::Level);
  EXPECT_EQ(family("gemini-3.99999999999999999999").thinkingControl(), ThinkingControl::Level);
  EXPECT_EQ(family("gemini-").thinkingControl(), ThinkingControl::Level);
}

TEST(ModelFamilySignatureTest, AModelWithoutAVersionIsOfTheNewestGroup) {
  EXPECT_EQ(ModelFamily::parse("gemini-flash-latest").signatureGroup(), "gemini-newest");
  EXPECT_EQ(ModelFamily::parse("gemini-3.8-flash").signatureGroup(), "gemini-3");
}

}  // namespace
}  // namespace rondo::google
