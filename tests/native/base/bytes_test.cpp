#include "base/bytes.h"

#include <gtest/gtest.h>

#include <string>

namespace rondo {
namespace {

// Longer than two blocks, so that every place within a block and behind the last one comes up.
constexpr std::size_t kLength = 37;

TEST(BytesTest, EitherByteIsFoundAtEveryPlace) {
  for (const char wanted : {'\r', '\n'}) {
    for (std::size_t at = 0; at < kLength; ++at) {
      std::string text(kLength, 'a');
      text[at] = wanted;
      EXPECT_EQ(findEither(text, '\r', '\n'), at);
    }
  }
}

TEST(BytesTest, TheFirstOfSeveralIsFound) { EXPECT_EQ(findEither("ab\nc\r", '\r', '\n'), 2u); }

TEST(BytesTest, WhatIsNotThereIsFoundAtTheEnd) {
  EXPECT_EQ(findEither(std::string(kLength, '\x8D'), '\r', '\n'), kLength);
  EXPECT_EQ(findEither("", '\r', '\n'), 0u);
}

TEST(BytesTest, ABeginningIsTheSameAtEveryPlace) {
  const std::string head(kLength, 'a');
  EXPECT_TRUE(beginWith(head, head) && beginWith(head + "b", head) && beginWith(head, ""));
  EXPECT_FALSE(beginWith(head, head + "a"));
  for (std::size_t at = 0; at < kLength; ++at) {
    std::string other = head + "b";
    other[at] = 'b';
    EXPECT_FALSE(beginWith(other, head)) << at;
  }
}

TEST(BytesTest, OneByteBeyondAsciiIsSeenAtEveryPlace) {
  const std::string text(kLength, '\x7F');
  EXPECT_TRUE(areAscii(text) && areAscii(""));
  for (std::size_t at = 0; at < kLength; ++at) {
    std::string other = text;
    other[at] = '\x80';
    EXPECT_FALSE(areAscii(other)) << at;
  }
}

TEST(BytesTest, DigitsMayTakeThePlaceOfDigitsAlone) {
  EXPECT_TRUE(differOnlyInDigits("", ""));
  EXPECT_FALSE(differOnlyInDigits("1", "12"));
  for (std::size_t at = 1; at < kLength; ++at) {
    const std::string letters(kLength, 'a');
    const auto differ = [&](char was, char is) {
      std::string before = letters;
      std::string now = letters;
      before[at] = was;
      now[at] = is;
      return differOnlyInDigits(before, now);
    };
    EXPECT_TRUE(differ('b', 'b') && differ('0', '9') && differ('9', '1') && differ('0', '0')) << at;
    EXPECT_FALSE(differ('b', 'c') || differ('1', 'b') || differ('b', '1')) << at;
    EXPECT_FALSE(differ('1', '/') || differ('1', ':') || differ('/', '1')) << at;
    EXPECT_FALSE(differ('1', '0')) << "1 of 12 would become 0" << at;
  }
}

TEST(BytesTest, AZeroMayTakeTheLaterPlacesOfANumberAlone) {
  const auto differ = [](std::string_view was, std::string_view is) {
    const std::string rest(kLength, 'a');
    return differOnlyInDigits(":" + std::string(was) + rest, ":" + std::string(is) + rest) &&
           differOnlyInDigits(rest + std::string(was), rest + std::string(is));
  };
  EXPECT_TRUE(differ("15", "30") && differ("199", "200") && differ("0.15", "0.10"));
  EXPECT_FALSE(differ("15", "05") || differ("12", "00") || differ("7", "0"));
}

TEST(BytesTest, TextsMayNotDifferInTheirFirstByte) { EXPECT_FALSE(differOnlyInDigits("1a", "2a")); }

TEST(BytesTest, EveryByteIsOfTheAlphabetOrEndsThePrefix) {
  const std::string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (int byte = 0; byte < 256; ++byte) {
    const char c = static_cast<char>(byte);
    const bool belongs = alphabet.find(c) != std::string::npos;
    for (const std::size_t at : {std::size_t{0}, std::size_t{15}, std::size_t{16}, kLength - 1}) {
      std::string text(kLength, 'A');
      text[at] = c;
      EXPECT_EQ(base64Prefix(text), belongs ? kLength : at) << byte;
    }
  }
}

}  // namespace
}  // namespace rondo
