#include "base/base64.h"

#include <gtest/gtest.h>

namespace rondo {
namespace {

using namespace std::string_view_literals;

// RFC 4648, section 10.
TEST(Base64Test, TheStandardsVectorsGoBothWays) {
  for (const auto& [bytes, text] : {std::pair("", ""),
                                    {"f", "Zg=="},
                                    {"fo", "Zm8="},
                                    {"foo", "Zm9v"},
                                    {"foob", "Zm9vYg=="},
                                    {"fooba", "Zm9vYmE="},
                                    {"foobar", "Zm9vYmFy"}}) {
    EXPECT_EQ(encodeBase64(bytes), text);
    EXPECT_EQ(decodeBase64(text), bytes);
  }
}

TEST(Base64Test, TheUrlFormHasItsOwnSignsAndNoPadding) {
  EXPECT_EQ(encodeBase64("\xff\xfe\xfd\xfc"), "//79/A==");
  EXPECT_EQ(encodeBase64Url("\xff\xfe\xfd\xfc"), "__79_A");
}

TEST(Base64Test, AppendingKeepsWhatIsThere) {
  std::string out = "\"";
  appendBase64(out, "fooba");
  EXPECT_EQ(out, "\"Zm9vYmE=");
}

TEST(Base64Test, AllBytesComeBack) {
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
  EXPECT_EQ(decodeBase64(encodeBase64(bytes)), bytes);
  EXPECT_EQ(decodeBase64(encodeBase64Url(bytes)), bytes);
}

TEST(Base64Test, DecodingSkipsWhiteSpaceAndDoesWithoutPadding) {
  EXPECT_EQ(decodeBase64(" Zm9v\r\nYmE\t"), "fooba");
  EXPECT_EQ(decodeBase64("_-8"), decodeBase64("/+8="));
}

TEST(Base64Test, WhatNoEncoderMakesIsNothing) {
  for (const auto text : {"Zg=a"sv, "Z"sv, "Zm9vY"sv, "Zg==="sv, "Zg="sv, "Zm9v="sv, "Zm9*"sv,
                          "Zm\0v"sv, "=Zg="sv, "\xC3\xA9"sv}) {
    EXPECT_EQ(decodeBase64(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace rondo
