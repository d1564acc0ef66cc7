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

}  // namespace
}  // namespace rondo::google
