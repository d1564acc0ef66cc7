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
