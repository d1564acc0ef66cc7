#include "gateway/access.h"

#include <gtest/gtest.h>

namespace rondo::gateway {
namespace {

TEST(Access, IsOpenForAKeyWithoutPatterns) { EXPECT_TRUE(mayUse({"any", {}}, "gemini-4-neon")); }

TEST(Access, IsForTheModelsThatAPatternCovers) {
  const Client client{"team", {"gemini-3*", "gpt-4o"}};
  EXPECT_TRUE(mayUse(client, "gemini-3.8-flash"));
  EXPECT_TRUE(mayUse(client, "gpt-4o"));
  EXPECT_FALSE(mayUse(client, "gemini-4-neon"));
  EXPECT_FALSE(mayUse(client, "my-gemini-3"));
}

}  // namespace
}  // namespace rondo::gateway
