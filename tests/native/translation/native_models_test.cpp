#include "translation/native_models.h"

#include <gtest/gtest.h>

namespace rondo::translation {
namespace {

std::string renamed(std::string_view body) {
  const auto change = [](std::string_view name) {
    return name == "keep" ? std::nullopt : std::optional("my-" + std::string(name));
  };
  return withChangedModels(body, change).value_or("untouched");
}

TEST(NativeModels, AreFoundWhereABodyRepeatsThem) {
  EXPECT_EQ(renamed(R"( {"model" : "a", "t":"\u00e9"} )"), R"( {"model" : "my-a", "t":"\u00e9"} )");
  EXPECT_EQ(renamed(R"({"requests":[{"model":"a"},{"Model":"b"},{}]})"),
            R"({"requests":[{"model":"my-a"},{"Model":"my-b"},{}]})");
  EXPECT_EQ(renamed(R"({"generate_content_request":{"model":"models\/a"}})"),
            R"({"generate_content_request":{"model":"my-models/a"}})");
}

TEST(NativeModels, AreNoneElsewhere) {
  for (const auto* body : {R"({"contents":[{"model":"a"}]})", R"({"requests":{"model":"a"}})",
                           R"({"generateContentRequest":{"tools":[{"model":"a"}]}})",
                           R"({"model":1})", R"({"model":"keep"})", "[]", "no JSON", ""}) {
    EXPECT_EQ(renamed(body), "untouched") << body;
  }
}

TEST(CountsOfBodies, LoseTheirWrappingAndWhatDoesntCount) {
  const auto unwrapped = [](std::string_view body) {
    return unwrappedCount(body).value_or("untouched");
  };
  EXPECT_EQ(
      unwrapped(
          R"({"generate_content_request" : {"contents" : [1e2],"model":"m","safetySettings":[],)"
          R"("system_instruction":"\u00e9","toolConfig":{}}})"),
      R"({"contents":[1e2],"system_instruction":"\u00e9"})");
  EXPECT_EQ(unwrapped(R"({"generateContentRequest":{}})"), "{}");
  for (const auto* body :
       {R"({"contents":[]})", R"({"generateContentRequest":1})", "[]", "no JSON"}) {
    EXPECT_EQ(unwrapped(body), "untouched") << body;
  }
}

TEST(CachesOfBodies, AreNamedAtTheirTop) {
  EXPECT_TRUE(namesCache(R"({"cachedContent":"cachedContents/x"})"));
  EXPECT_TRUE(namesCache(R"({"generateContentRequest":{"cached_content":"cachedContents/x"}})"));
  for (const auto* body : {R"({"cachedContent":""})", R"({"cachedContent":null})",
                           R"({"contents":[{"cachedContent":"x"}]})", "no JSON"}) {
    EXPECT_FALSE(namesCache(body)) << body;
  }
}

}  // namespace
}  // namespace rondo::translation
