#include "base/ascii.h"

#include <gtest/gtest.h>

namespace rondo {
namespace {

TEST(AsciiTest, ComparesLettersWithoutRegardToCase) {
  EXPECT_TRUE(equalsIgnoringCase("Content-TYPE", "content-type"));
  EXPECT_FALSE(equalsIgnoringCase("content-type", "content-typ"));
}

TEST(AsciiTest, OtherBytesThatDifferInTheCaseBitAreNotEqual) {
  EXPECT_FALSE(equalsIgnoringCase("[", "{"));
  EXPECT_FALSE(equalsIgnoringCase("@", "`"));
  EXPECT_FALSE(equalsIgnoringCase("\xC3\x89", "\xC3\xA9"));
}

TEST(AsciiTest, LowersLettersAlone) { EXPECT_EQ(toLower("AZ[\xC3\x89]09"), "az[\xC3\x89]09"); }

TEST(AsciiTest, TrimsBlanksAndLineEndsOnBothSides) {
  EXPECT_EQ(trim(" \t\r\n a b \n"), "a b");
  EXPECT_EQ(trim(" \n"), "");
  EXPECT_EQ(trim(""), "");
}

TEST(AsciiTest, VisibleAsciiHasNoBlanksControlsOrHighBytes) {
  EXPECT_TRUE(isVisibleAscii("!aZ09~"));
  for (const auto* text : {"a b", "a\tb", "a\r\n", "\x7f", "\xC3\xA9"}) {
    EXPECT_FALSE(isVisibleAscii(text)) << text;
  }
}

TEST(GlobTest, WithoutAStarItIsTheTextItself) {
  EXPECT_TRUE(matchesGlob("gemini-3", "gemini-3"));
  EXPECT_FALSE(matchesGlob("gemini-3", "gemini-3.8"));
  EXPECT_FALSE(matchesGlob("gemini-3", "gemini-"));
}

TEST(GlobTest, AStarStandsForAnyRunAnEmptyOneIncluded) {
  EXPECT_TRUE(matchesGlob("gemini-3*", "gemini-3"));
  EXPECT_TRUE(matchesGlob("gemini-3*", "gemini-3.8-flash"));
  EXPECT_TRUE(matchesGlob("*-flash", "gemini-3.8-flash"));
  EXPECT_TRUE(matchesGlob("g*-*h", "gemini-3.8-flash"));
  EXPECT_TRUE(matchesGlob("*", ""));
  EXPECT_FALSE(matchesGlob("gemini-3*", "gemini-4"));
  EXPECT_FALSE(matchesGlob("*-flash", "gemini-flash-lite"));
}

TEST(GlobTest, AStarTakesMoreWhenTheRestDoesNotFit) {
  EXPECT_TRUE(matchesGlob("*ab", "aab"));
  EXPECT_TRUE(matchesGlob("a*b*c", "abbbxbc"));
}

TEST(GlobTest, OtherSignsStandForThemselves) {
  EXPECT_FALSE(matchesGlob("gemini-?", "gemini-3"));
  EXPECT_FALSE(matchesGlob("gemini-3.8", "gemini-3x8"));
}

}  // namespace
}  // namespace rondo
