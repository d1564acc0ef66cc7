#include "conversation/fence.h"

#include <gtest/gtest.h>

namespace rondo::conversation {
namespace {

TEST(Fences, HoldABodyOnLinesOfItsOwn) {
  EXPECT_EQ(fenced("python", "1+1"), "```python\n1+1\n```\n");
  EXPECT_EQ(fenced("", "2\n"), "```\n2\n```\n");
  EXPECT_EQ(fenced("", ""), "```\n\n```\n");
}

TEST(Fences, AreLongerThanAnyRunOfBackticksInside) {
  EXPECT_EQ(fenced("", "`a``b````"), "`````\n`a``b````\n`````\n");
}

}  // namespace
}  // namespace rondo::conversation
