#include "gateway/resource_address.h"

#include <gtest/gtest.h>

namespace rondo::gateway {
namespace {

TEST(ResourceAddress, HasACollectionAnIdAndARest) {
  struct Case {
    std::string path, collection, id, rest;
  };
  for (const auto& [path, collection, id, rest] :
       {Case{"files", "files", "", ""}, Case{"files/a", "files", "a", ""},
        Case{"files/a:download", "files", "a", ":download"},
        Case{"files:register", "files", "", ":register"}, Case{"files/", "files", "", "/"},
        Case{"files//a", "files", "", "//a"},
        Case{"interactions/a/cancel", "interactions", "a", "/cancel"}, Case{"", "", "", ""}}) {
    const auto read = readResourcePath(path);
    EXPECT_EQ(read.collection, collection) << path;
    EXPECT_EQ(read.id, id) << path;
    EXPECT_EQ(read.rest, rest) << path;
    EXPECT_EQ(writeResourcePath(read), path);
  }
}

TEST(ResourceAddress, TellsAParameterOfItsQuery) {
  EXPECT_EQ(parameterIn("a=1&b=x%2Fy&b=2", "b"), "x/y");
  EXPECT_EQ(parameterIn("b&a", "b"), "");
  EXPECT_EQ(parameterIn("ab=1", "b"), std::nullopt);
  EXPECT_EQ(parameterIn("bc=1", "b"), std::nullopt);
  EXPECT_EQ(parameterIn("", "b"), std::nullopt);
  EXPECT_EQ(parameterIn("b=%z", "b"), std::nullopt);
}

TEST(ResourceAddress, LosesAndGainsParameters) {
  EXPECT_EQ(withoutParameter("b=0&a=1&b=2&ab=3&b", "b"), "a=1&ab=3");
  EXPECT_EQ(withoutParameter("b=0", "b"), "");
  EXPECT_EQ(withParameter("a=1", "b", "x/y"), "a=1&b=x%2Fy");
  EXPECT_EQ(withParameter("", "b", "1"), "b=1");
}

}  // namespace
}  // namespace rondo::gateway
