#include "http/headers.h"

#include <gtest/gtest.h>

namespace rondo::http {
namespace {

TEST(HeadersTest, NamesAreFoundInAnyCase) {
  const Headers headers = {{"Content-Type", "text/plain"}};
  EXPECT_EQ(headers.get("content-TYPE"), "text/plain");
  EXPECT_EQ(headers.get("content"), std::nullopt);
}

TEST(HeadersTest, SettingReplacesTheFieldInItsPlace) {
  Headers headers = {{"A", "1"}, {"b", "2"}};
  headers.set("a", "3");
  headers.set("c", "4");
  std::string all;
  for (const auto& [name, value] : headers) all += name + "=" + value + " ";
  EXPECT_EQ(all, "A=3 b=2 c=4 ");
}

TEST(HeadersTest, OfSeveralFieldsTheFirstCounts) {
  const Headers headers = {{"set-cookie", "a"}, {"Set-Cookie", "b"}};
  EXPECT_EQ(headers.get("set-cookie"), "a");
}

TEST(HeadersTest, AnEmptyValueIsNotAnAbsentOne) {
  const Headers headers = {{"x", ""}};
  EXPECT_EQ(headers.get("x"), "");
}

}  // namespace
}  // namespace rondo::http
