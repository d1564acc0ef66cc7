#include "google/model_list.h"

#include <gtest/gtest.h>

namespace rondo::google {
namespace {

using Ids = std::vector<std::string>;

TEST(ModelListTest, TheGeminiApisListGivesBareNames) {
  const auto page = parseModelPage(R"({"models":[
      {"name":"models/gemini-3.8-flash","supportedGenerationMethods":["generateContent"]},
      {"name":"models/gemini-embedding-2","supportedGenerationMethods":["embedContent"]}],
      "nextPageToken":"next"})");
  ASSERT_TRUE(page);
  EXPECT_EQ(page->ids, (Ids{"gemini-3.8-flash", "gemini-embedding-2"}));
  EXPECT_EQ(page->nextPageToken, "next");
}

TEST(ModelListTest, VertexsListGivesBareNames) {
  const auto page =
      parseModelPage(R"({"publisherModels":[{"name":"publishers/google/models/gemini-4-neon"}]})");
  ASSERT_TRUE(page);
  EXPECT_EQ(page->ids, Ids{"gemini-4-neon"});
  EXPECT_EQ(page->nextPageToken, "");
}

TEST(ModelListTest, ModelsThatServeOtherMethodsAreLeftOut) {
  const auto page = parseModelPage(
      R"({"models":[{"name":"models/veo","supportedGenerationMethods":["predictLongRunning"]}]})");
  ASSERT_TRUE(page);
  EXPECT_TRUE(page->ids.empty());
}

TEST(ModelListTest, EntriesWithoutANameAreLeftOut) {
  const auto page = parseModelPage(R"({"models":[{}, {"name":7}, {"name":"models/"}, "x"]})");
  ASSERT_TRUE(page);
  EXPECT_TRUE(page->ids.empty());
}

TEST(ModelListTest, AnEmptyObjectIsAnEmptyPage) {
  const auto page = parseModelPage("{}");
  ASSERT_TRUE(page);
  EXPECT_TRUE(page->ids.empty());
}

TEST(ModelListTest, WhatIsNoObjectIsBroken) {
  for (const auto* text : {"<html>", "[]", ""}) {
    const auto page = parseModelPage(text);
    ASSERT_FALSE(page);
    EXPECT_EQ(page.error().kind, ErrorKind::Broken);
  }
}

// The names are those that the lists of both back-ends hold.
TEST(ModelListTest, AModelForSpeechOrImagesOrEmbeddingsIsToldByItsName) {
  for (const auto* model :
       {"gemini-3.8-flash", "gemini-flash-lite-latest", "gemini-4-neon", "gemma-4-31b-it",
        "gemini-3.1-pro-preview-customtools", "gemini-4-hydrogen-eap"}) {
    EXPECT_TRUE(answersInWords(model)) << model;
  }
  for (const auto* model :
       {"gemini-embedding-2", "text-embedding-005", "textembedding-gecko", "gemini-3.8-flash-tts",
        "gemini-2.5-flash-preview-tts", "gemini-3.1-flash-image", "gemini-nano-banana-2.1",
        "imagen-4.0-generate-001", "veo-3.1-generate-001", "lyria-3.5", "gemini-omni-1.2-flash",
        "gemini-3.5-transcribe", "gemini-3.5-live-translate-preview",
        "gemini-2.5-flash-native-audio-latest", "lyria-realtime-exp", "aqa",
        "gemini-2.5-computer-use-preview-10-2025", "deep-research-preview-04-2026"}) {
    EXPECT_FALSE(answersInWords(model)) << model;
  }
}

}  // namespace
}  // namespace rondo::google
