#include "translation/native_mend.h"

#include <gtest/gtest.h>

namespace rondo::translation {
namespace {

using google::Feature;
using google::FeatureSet;

std::string mended(std::string_view body, FeatureSet refused) {
  return withoutRefused(body, refused).value_or(Mended{"untouched", {}}).body;
}

FeatureSet leftOut(std::string_view body, FeatureSet refused) {
  return withoutRefused(body, refused).value_or(Mended{}).leftOut;
}

TEST(NativeMend, TellsWhatItHasLeftOutAndNotWhatItLookedFor) {
  const FeatureSet refused{Feature::Sampling, Feature::Seed, Feature::ThinkingLevel,
                           Feature::EmptyText, Feature::ThoughtSignatures};
  EXPECT_EQ(leftOut(R"({"generationConfig":{"topP":1,"topK":2}})", refused),
            (FeatureSet{Feature::Sampling}));
  EXPECT_EQ(leftOut(R"({"generationConfig":{"seed":1,"thinkingConfig":{"thinkingLevel":"LOW"}}})",
                    refused),
            (FeatureSet{Feature::Seed, Feature::ThinkingLevel}));
  EXPECT_EQ(leftOut(R"({"contents":[{"parts":[{"text":"a"},{"text":""}]}]})", refused),
            (FeatureSet{Feature::EmptyText}));
  EXPECT_EQ(leftOut(R"({"contents":[{"parts":[{"functionCall":{"name":"f"}}]}]})", refused),
            (FeatureSet{Feature::ThoughtSignatures}));
}

TEST(NativeMend, LeavesThoughtsOnThatAreAskedForBesideALevel) {
  EXPECT_EQ(mended(R"({"generationConfig":{"thinkingConfig":{"thinkingLevel":"HIGH",)"
                   R"("includeThoughts":true}}})",
                   {Feature::ThinkingLevel}),
            R"({"generationConfig":{"thinkingConfig":{"includeThoughts":true}}})");
}

TEST(NativeMend, LeavesOutWhatIsRefusedAndKeepsTheRestAsItIsSpelled) {
  EXPECT_EQ(mended(R"( {"contents" : [ {"parts":[{"text":"\u00e9"}]} ],
 "generationConfig":{"temperature":1,"topP":0.95, "maxOutputTokens" : 5.0,"topK":64}, "x":1e2})",
                   {Feature::Sampling}),
            R"( {"contents" : [ {"parts":[{"text":"\u00e9"}]} ],
 "generationConfig":{"maxOutputTokens":5.0}, "x":1e2})");
}

TEST(NativeMend, KnowsBothSpellingsOfAName) {
  EXPECT_EQ(mended(R"({"generation_config":{"top_p":1,"candidate_count":2}})",
                   {Feature::Sampling, Feature::SeveralCandidates}),
            R"({"generation_config":{}})");
}

TEST(NativeMend, LeavesABodyAloneThatHasNothingOfIt) {
  for (const auto* body : {R"({"generationConfig":{"seed":1}})", R"({"temperature":1})", "[]",
                           "no JSON", "", R"({"contents":[{"parts":[{"text":"temperature"}]}]})"}) {
    EXPECT_EQ(mended(body, {Feature::Sampling}), "untouched") << body;
  }
  EXPECT_EQ(mended(R"({"generationConfig":{"seed":1}})", {}), "untouched");
}

TEST(NativeMend, KnowsTheSettingsOfEachFeature) {
  const std::pair<Feature, std::vector<std::string>> all[] = {
      {Feature::Sampling, {"temperature", "topP", "topK"}},
      {Feature::Penalties, {"presencePenalty", "frequencyPenalty"}},
      {Feature::SeveralCandidates, {"candidateCount"}},
      {Feature::Logprobs, {"responseLogprobs", "logprobs"}},
      {Feature::Seed, {"seed"}},
      {Feature::MediaResolution, {"mediaResolution"}},
      {Feature::Thinking, {"thinkingConfig"}},
      {Feature::ThinkingBudget, {"thinkingBudget"}},
      {Feature::ThinkingLevel, {"thinkingLevel"}},
  };
  for (const auto& [feature, members] : all) {
    EXPECT_TRUE(canMend(feature));
    for (const auto& member : members) {
      EXPECT_EQ(mended(R"({"generationConfig":{")" + member + R"(":1,"a":2}})", {feature}),
                R"({"generationConfig":{"a":2}})")
          << member;
    }
  }
}

TEST(NativeMend, LeavesASchemaAloneWhosePropertiesAreCalledLikeSettings) {
  EXPECT_EQ(mended(R"({"generationConfig":{"responseSchema":{"properties":{"seed":{}},"seed":1}}})",
                   {Feature::Seed}),
            "untouched");
}

TEST(NativeMend, SignsNothingUnlessSignaturesAreRefused) {
  EXPECT_EQ(mended(R"({"contents":[{"parts":[{"functionCall":{"name":"f"}}]}]})", {Feature::Seed}),
            "untouched");
}

TEST(NativeMend, SignsAndLosesNothingBesideTheParts) {
  EXPECT_EQ(mended(R"({"contents":[{"x":[{"thoughtSignature":"s"}],"parts":[{"text":"a"}]}]})",
                   {Feature::ThoughtSignatures}),
            "untouched");
}

TEST(NativeMend, ReachesIntoTheSettingsOfThinking) {
  EXPECT_EQ(mended(R"({"generationConfig":{"thinkingConfig":{"thinkingBudget":5,"a":1}}})",
                   {Feature::ThinkingBudget}),
            R"({"generationConfig":{"thinkingConfig":{"a":1}}})");
}

TEST(NativeMend, LeavesOutWhatIsRefusedOnBothLevelsAtOnce) {
  EXPECT_EQ(mended(R"({"generationConfig":{"seed":1,"thinkingConfig":{"thinkingBudget":5,"a":1}}})",
                   {Feature::Seed, Feature::ThinkingBudget}),
            R"({"generationConfig":{"thinkingConfig":{"a":1}}})");
}

TEST(NativeMend, SignsEachCallWithTheStandInAndNothingElse) {
  EXPECT_EQ(
      mended(R"({"contents":[{"role":"user","parts":[{"text":"a"}]},{"role":"model","parts":[)"
             R"({"text":"b","thoughtSignature":"s"},)"
             R"({"functionCall":{"name":"f"},"thought_signature":"t"},)"
             R"({"functionCall":{"name":"g"}}]}]})",
             {Feature::ThoughtSignatures}),
      R"({"contents":[{"role":"user","parts":[{"text":"a"}]},{"role":"model","parts":[)"
      R"({"text":"b"},)"
      R"({"functionCall":{"name":"f"},"thoughtSignature":"skip_thought_signature_validator"},)"
      R"({"functionCall":{"name":"g"},"thoughtSignature":"skip_thought_signature_validator"}]}]})");
}

TEST(NativeMend, LeavesOutTextsThatSayNothingAndTurnsOfNothingElse) {
  EXPECT_EQ(mended(R"({"contents" : [{"role":"user","parts" : [{"text":"a"}, {"text":""}]},)"
                   R"({"parts":[{"text":""}]},{"parts":[{"text":"b"}],"role":"user"}],"x":1e2})",
                   {Feature::EmptyText}),
            R"({"contents" : [{"role":"user","parts" : [{"text":"a"}]},)"
            R"({"parts":[{"text":"b"}],"role":"user"}],"x":1e2})");
}

TEST(NativeMend, LeavesWhatSaysSomethingBesideATextWithoutLetters) {
  for (const auto* body :
       {R"({"contents":[{"parts":[{"text":"","thoughtSignature":"c2ln"}]}]})",
        R"({"contents":[{"parts":[{"functionCall":{"name":"f"}}]}]})",
        R"({"contents":[{"parts":[{"text":""}]}]})", R"({"contents":[1,{"parts":[]},{"parts":2}]})",
        R"({"systemInstruction":{"parts":[{"text":""}]}})"}) {
    EXPECT_EQ(mended(body, {Feature::EmptyText}), "untouched") << body;
  }
}

TEST(NativeMend, LeavesOutTextsThatSaidNothingButTheirSignature) {
  EXPECT_EQ(
      mended(R"({"contents":[{"parts":[{"text":"a"},{"text":"","thoughtSignature":"c2ln"}]}]})",
             {Feature::EmptyText, Feature::ThoughtSignatures}),
      R"({"contents":[{"parts":[{"text":"a"}]}]})");
}

TEST(NativeMend, LeavesOutTextsThatSayNothingBesideOtherThings) {
  EXPECT_EQ(mended(R"({"contents":[{"parts":[{"text":"a"},{"text":""}]}],)"
                   R"("generationConfig":{"seed":1}})",
                   {Feature::EmptyText, Feature::Seed}),
            R"({"contents":[{"parts":[{"text":"a"}]}],"generationConfig":{}})");
}

}  // namespace
}  // namespace rondo::translation
