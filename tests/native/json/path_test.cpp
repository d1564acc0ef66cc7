#include "json/path.h"

#include <gtest/gtest.h>

namespace rondo::json {
namespace {

// The path of the byte that `needle` begins at.
std::string pathOf(std::string_view document, std::string_view needle) {
  return pathTo(document, document.find(needle));
}

constexpr std::string_view kDocument =
    R"( {"model":"m", "messages": [ {"role":"a"}, {"content":[1,{"url":"here"}],"x":{}} ],"t":true} )";

TEST(PathTo, NamesMembersAndElements) {
  EXPECT_EQ(pathOf(kDocument, "here"), "messages[1].content[1].url");
  EXPECT_EQ(pathOf(kDocument, "true"), "t");
  EXPECT_EQ(pathOf(kDocument, "\"m\""), "model");
}

TEST(PathTo, OfABracketIsTheContainersOwn) {
  EXPECT_EQ(pathOf(kDocument, R"({"url")"), "messages[1].content[1]");
  EXPECT_EQ(pathOf(kDocument, "[1,"), "messages[1].content");
}

TEST(PathTo, OfTheRootIsEmpty) {
  EXPECT_EQ(pathTo(kDocument, 0), "");
  EXPECT_EQ(pathTo("17", 0), "");
}

TEST(PathTo, PassesOverWhatStandsBefore) {
  EXPECT_EQ(pathOf(R"({"a":{"b":[[],{}]},"c":"x"})", "x"), "c");
  EXPECT_EQ(pathOf(R"({"a":"\"c","b":"x"})", "x"), "b");
}

TEST(PathTo, SpellsKeysOut) { EXPECT_EQ(pathOf(R"({"\u0061":"x"})", "x"), "a"); }

TEST(PathTo, IsEmptyBehindTheEndAndBehindWhatIsNotSound) {
  EXPECT_EQ(pathTo(R"({"a":1})", 100), "");
  EXPECT_EQ(pathTo(R"({"a":?,"b":"x"})", 11), "");
  EXPECT_EQ(pathTo("", 0), "");
}

}  // namespace
}  // namespace rondo::json
