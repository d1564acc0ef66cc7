#include "anthropic/models.h"

#include <gtest/gtest.h>

#include "json/value.h"

namespace rondo::anthropic {
namespace {

const std::vector<Model> kModels{{"a", "A"}, {"b", "B"}, {"c", "C"}, {"d", "D"}};

// `a,b +`, with a plus where there are more.
std::string pageOf(const PageQuery& query) {
  const auto body = modelListBody(kModels, query);
  if (!body) return body.error().param;
  const json::Value list = *json::parse(*body);
  std::string text;
  for (const auto& model : list["data"]) {
    text.append(text.empty() ? "" : ",").append(*json::findString(model, "id"));
  }
  if (!text.empty()) {
    EXPECT_EQ(list["first_id"], text.substr(0, 1));
    EXPECT_EQ(list["last_id"], text.substr(text.size() - 1));
  }
  return list["has_more"] == true ? text + " +" : text;
}

TEST(AnthropicModelsTest, AModelHasEveryFieldOfTheSdksType) {
  EXPECT_EQ(modelBody({"m", "M"}),
            R"({"type":"model","id":"m","display_name":"M","created_at":"1970-01-01T00:00:00Z",)"
            R"("lifecycle":"active","line":null,"deprecated_at":null,"retires_at":null,)"
            R"("max_input_tokens":null,"max_tokens":null,"capabilities":null})");
}

TEST(AnthropicModelsTest, AListWithoutALimitIsWhole) {
  EXPECT_EQ(pageOf({}), "a,b,c,d");
  EXPECT_EQ(*modelListBody({}, {}),
            R"({"data":[],"has_more":false,"first_id":null,"last_id":null})");
}

TEST(AnthropicModelsTest, PagesFollowEachOther) {
  EXPECT_EQ(pageOf({"3", "", ""}), "a,b,c +");
  EXPECT_EQ(pageOf({"4", "", ""}), "a,b,c,d");
  EXPECT_EQ(pageOf({"1000", "", ""}), "a,b,c,d");
  EXPECT_EQ(pageOf({"3", "c", ""}), "d");
  EXPECT_EQ(pageOf({"", "d", ""}), "");
}

TEST(AnthropicModelsTest, PagesLeadBack) {
  EXPECT_EQ(pageOf({"2", "", "d"}), "b,c +");
  EXPECT_EQ(pageOf({"2", "", "b"}), "a");
}

TEST(AnthropicModelsTest, AWrongPageIsRefused) {
  for (const char* limit : {"0", "1001", "x", "1x", "-1", "99999999999999999999"}) {
    EXPECT_EQ(pageOf({limit, "", ""}), "limit");
  }
  EXPECT_EQ(pageOf({"", "z", ""}), "after_id");
  EXPECT_EQ(pageOf({"", "", "z"}), "before_id");
}

}  // namespace
}  // namespace rondo::anthropic
