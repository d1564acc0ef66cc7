#include "json/float_text.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <limits>
#include <string>

#include "json/cursor.h"

namespace rondo::json {
namespace {

std::string textOf(float number) {
  std::string out;
  appendFloat(out, number);
  return out;
}

TEST(FloatText, IsTheShortestThatReadsBackAsTheSameFloat) {
  EXPECT_EQ(textOf(0.1F), "0.1");
  EXPECT_EQ(textOf(-0.012345678F), "-0.012345678");
  EXPECT_EQ(textOf(1.0F), "1.0");
  for (float number = 1e-30F; number < 1e30F; number *= 1.37F) {
    EXPECT_EQ(std::strtof(textOf(number).c_str(), nullptr), number);
  }
}

TEST(FloatText, IsNullForWhatJsonHasNoNumberFor) {
  EXPECT_EQ(textOf(std::numeric_limits<float>::infinity()), "null");
  EXPECT_EQ(textOf(std::nanf("")), "null");
}

TEST(DoubleOf, IsTheNearestDoubleHoweverTheNumberIsSpelled) {
  for (const std::string number :
       {"0", "-0.0", "1", "-0.022374554", "0.1", "123456789012345", "999999999999999.5",
        "9007199254740993", "0.1234567890123456789", "3.141592653589793", "1e-7", "-2.5E+10",
        "0.000000000000000000000000000001", "0.00000000000000000000012345", "1e400"}) {
    const double wanted = std::strtod(number.c_str(), nullptr);
    EXPECT_EQ(doubleOf(number), wanted) << number;
    EXPECT_EQ(std::signbit(doubleOf(number)), std::signbit(wanted)) << number;
  }
}

}  // namespace
}  // namespace rondo::json
