#include "gateway/native_makers.h"

#include <gtest/gtest.h>

namespace rondo::gateway {
namespace {

TEST(NativeMakers, TellsWhoAnsweredLast) {
  NativeMakers makers;
  EXPECT_EQ(makers.find("me", "talk"), "");
  makers.remember("me", "talk", "a");
  EXPECT_EQ(makers.find("me", "talk"), "a");
  makers.remember("me", "talk", "b");
  EXPECT_EQ(makers.find("me", "talk"), "b");
  EXPECT_EQ(makers.find("you", "talk"), "");
  EXPECT_EQ(makers.find("me", "another talk"), "");
}

TEST(NativeMakers, LeavesTheLaterOfTwoThatFallOnOnePlace) {
  NativeMakers makers;
  const auto most = static_cast<int>(NativeMakers::kMostPlaces);
  int known = 0;
  for (int i = 0; i < 2 * most; ++i) makers.remember("me", std::to_string(i), std::to_string(i));
  for (int i = 0; i < 2 * most; ++i) {
    const auto maker = makers.find("me", std::to_string(i));
    if (maker.empty()) continue;
    EXPECT_EQ(maker, std::to_string(i));
    ++known;
  }
  EXPECT_LE(known, most);
  EXPECT_GT(known, most / 2);
  EXPECT_EQ(makers.find("me", std::to_string(2 * most - 1)), std::to_string(2 * most - 1));
}

}  // namespace
}  // namespace rondo::gateway
