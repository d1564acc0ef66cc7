#include "translation/unique_names.h"

#include <gtest/gtest.h>

namespace rondo::translation {
namespace {

TEST(UniqueNamesTest, ANameIsGivenOutOnce) {
  UniqueNames names(20);
  EXPECT_TRUE(names.take("f"));
  EXPECT_FALSE(names.take("f"));
  EXPECT_EQ(names.takeLike("g"), "g");
  EXPECT_FALSE(names.take("g"));
}

TEST(UniqueNamesTest, ANameThatIsTakenGetsTheNextFreeNumber) {
  UniqueNames names(20);
  EXPECT_TRUE(names.take("f_3"));
  EXPECT_EQ(names.takeLike("f"), "f");
  EXPECT_EQ(names.takeLike("f"), "f_2");
  EXPECT_EQ(names.takeLike("f"), "f_4");
  EXPECT_EQ(names.takeLike("f_3"), "f_3_2");
}

TEST(UniqueNamesTest, NamesAreCutToTheLongestThatIsTaken) {
  UniqueNames names(20);
  EXPECT_FALSE(names.take(std::string(21, 'a')));
  EXPECT_EQ(names.takeLike(std::string(20, 'a')), std::string(20, 'a'));
  EXPECT_EQ(names.takeLike(std::string(20, 'a')), std::string(12, 'a') + "_2");
  EXPECT_EQ(names.takeLike(std::string(21, 'a')), std::string(12, 'a') + "_3");
}

TEST(UniqueNamesTest, LongNamesThatBeginAlikeCountOnTogether) {
  UniqueNames names(20);
  for (const char last : {'b', 'c'}) EXPECT_TRUE(names.take(std::string(19, 'a') + last));
  EXPECT_EQ(names.takeLike(std::string(19, 'a') + 'b'), std::string(12, 'a') + "_2");
  EXPECT_EQ(names.takeLike(std::string(19, 'a') + 'c'), std::string(12, 'a') + "_3");
}

}  // namespace
}  // namespace rondo::translation
