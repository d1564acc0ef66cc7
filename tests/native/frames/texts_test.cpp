#include "frames/texts.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "frames/numbers.h"

namespace rondo::frames {
namespace {

using namespace std::string_view_literals;
using Views = std::vector<std::string_view>;

TEST(Texts, ARowIsItsNumberItsLengthsAndItsTexts) {
  EXPECT_EQ(writeTexts(Views{"ab", "", "c"}), "\3\0\0\0\2\0\0\0\0\0\0\0\1\0\0\0abc"sv);
}

TEST(Texts, ARowIsReadAsItWasWrittenWithWhatLiesBehindIt) {
  const std::string bytes = writeTexts(Views{"one", "", "t\0o"sv}) + "rest";
  const auto texts = readTexts(bytes);
  ASSERT_TRUE(texts);
  EXPECT_EQ(texts->all, (Views{"one", "", "t\0o"sv}));
  EXPECT_EQ(texts->rest, "rest");
}

TEST(Texts, ARowThatSaysMoreThanItHoldsIsBroken) {
  for (const std::string_view bytes :
       {""sv, "\1\0\0"sv, "\1\0\0\0"sv, "\1\0\0\0\2\0\0\0a"sv, "\xff\xff\xff\xff\0\0\0\0"sv,
        "\2\0\0\0\1\0\0\0\1\0\0\0a"sv}) {
    const auto texts = readTexts(bytes);
    ASSERT_FALSE(texts);
    EXPECT_EQ(texts.error().kind, ErrorKind::Broken);
  }
}

TEST(Numbers, ADecimalIsDigitsAndNothingElse) {
  EXPECT_EQ(readDecimal("0"), 0U);
  EXPECT_EQ(readDecimal("250"), 250U);
  for (const auto* text : {"", "-1", "+1", " 1", "1 ", "1x", "0x1", "99999999999999999999"}) {
    EXPECT_FALSE(readDecimal(text)) << text;
  }
}

}  // namespace
}  // namespace rondo::frames
