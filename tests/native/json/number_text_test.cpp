#include "json/number_text.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <string>
#include <vector>

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

const std::vector<std::string> kSpellings = {
    "0", "-0.0", "1", "-0.022374554", "0.1", "123456789012345", "999999999999999.5",
    "9007199254740992", "9007199254740993", "0.1234567890123456789", "3.141592653589793", "1e-7",
    "-2.5E+10", "1.5e22", "1.5e-23", "0.000000000000000000000000000001",
    "0.00000000000000000000012345", "12345678901234567890", "18446744073709551616",
    "36893488147419103232", "0.18446744073709551616", "184467440737095516160",
    "99999999999999999999e3", "1e400", "1e-400", "1e99999999999", "-1e-99999999999",
    // Floats as Google spells them.
    "-0.06302902102470398", "0.010502313263714314", "1.1754943508222875e-38", "0e5",
    // Between two floats, and by a little beside it.
    "1.000000059604644775390625", "1.0000000596046447", "1.0000000596046448", "16777217",
    "16777217.000000001", "3.4028235677973366e38", "7.006492321624085e-46"};

TEST(DoubleOf, IsTheNearestDoubleHoweverTheNumberIsSpelled) {
  for (const std::string& number : kSpellings) {
    const double wanted = std::strtod(number.c_str(), nullptr);
    EXPECT_EQ(doubleOf(number), wanted) << number;
    EXPECT_EQ(std::signbit(doubleOf(number)), std::signbit(wanted)) << number;
  }
}

TEST(FloatOf, IsTheNearestFloatHoweverTheNumberIsSpelled) {
  for (const std::string& number : kSpellings) {
    const float wanted = std::strtof(number.c_str(), nullptr);
    EXPECT_EQ(floatOf(number), wanted) << number;
    EXPECT_EQ(std::signbit(floatOf(number)), std::signbit(wanted)) << number;
  }
}

TEST(FloatOf, IsTheNearestOneToWhatLiesAroundTheMiddleOfTwo) {
  for (float number = 1e-20F; number < 1e18F; number *= 1.7F) {
    const double middle =
        (double{number} + std::nextafter(number, std::numeric_limits<float>::infinity())) / 2;
    for (const double each : {std::nextafter(middle, 0.0), middle, std::nextafter(middle, 1e300)}) {
      std::array<char, 40> text{};
      std::snprintf(text.data(), text.size(), "%.17g", each);
      EXPECT_EQ(floatOf(text.data()), std::strtof(text.data(), nullptr)) << text.data();
    }
  }
}

// Digits are read eight at a time, so each number of them is another way.
TEST(DoubleOf, IsTheNearestDoubleOfAnyNumberOfDigitsBeforeAndBehindThePoint) {
  const std::string digits = "9876543210123456789012345";
  for (std::size_t whole = 1; whole < digits.size(); ++whole) {
    for (std::size_t rest = 0; whole + rest <= digits.size(); ++rest) {
      std::string number = digits.substr(0, whole);
      if (rest > 0) number += '.' + digits.substr(whole, rest);
      for (const std::string_view end : {"", "e5", "E-3"}) {
        const std::string spelled = number + std::string(end);
        EXPECT_EQ(doubleOf(spelled), std::strtod(spelled.c_str(), nullptr)) << spelled;
      }
    }
  }
}

}  // namespace
}  // namespace rondo::json
