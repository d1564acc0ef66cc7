#include "http/url.h"

#include <gtest/gtest.h>

namespace rondo::http {
namespace {

std::string hostOf(std::string_view url) {
  const auto origin = parseOrigin(url);
  return origin ? origin->scheme + " " + origin->host : "none";
}

TEST(PercentTest, OnlyUnreservedCharactersStay) {
  EXPECT_EQ(percentEncode("aZ09-._~"), "aZ09-._~");
  EXPECT_EQ(percentEncode("1//a b+c&d=e%\xC3\xA9"), "1%2F%2Fa%20b%2Bc%26d%3De%25%C3%A9");
}

TEST(PercentTest, DecodingUndoesEncoding) {
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
  EXPECT_EQ(percentDecode(percentEncode(bytes)), bytes);
  EXPECT_EQ(percentDecode("%c3%A9+"), "\xC3\xA9+");
}

TEST(PercentTest, BrokenEscapesAreNothing) {
  for (const auto* text : {"%", "%4", "a%4", "%zz", "%4g", "%%41"}) {
    EXPECT_EQ(percentDecode(text), std::nullopt) << text;
  }
}

TEST(PercentTest, AnEscapeMayEndTheText) { EXPECT_EQ(percentDecode("a%41"), "aA"); }

TEST(FormTest, FieldsAreJoinedAndTheirValuesEncoded) {
  EXPECT_EQ(encodeForm({{"a", "x y"}, {"b", "1&2"}}), "a=x%20y&b=1%262");
  EXPECT_EQ(encodeForm({}), "");
}

TEST(OriginTest, SchemeAndHostAreLowered) {
  EXPECT_EQ(hostOf("HTTPS://OAuth2.GoogleAPIs.com/Token"), "https oauth2.googleapis.com");
  EXPECT_EQ(hostOf("http://localhost"), "http localhost");
}

TEST(OriginTest, ThePortIsToldApart) {
  EXPECT_EQ(hostOf("http://127.0.0.1:8787/x"), "http 127.0.0.1");
  EXPECT_EQ(parseOrigin("http://127.0.0.1:8787/x")->port, "8787");
  EXPECT_EQ(parseOrigin("http://[::1]:8787/x")->port, "8787");
  EXPECT_EQ(parseOrigin("http://127.0.0.1/x:1")->port, "");
  EXPECT_EQ(parseOrigin("http://127.0.0.1:/x")->port, "");
}

TEST(OriginTest, APortThatIsNoNumberIsRefused) {
  for (const auto* url : {"https://x.example:a/", "https://x.example:1:2/", "http://[::1]x/",
                          "http://[::1/", "http://[::1]:a"}) {
    EXPECT_EQ(hostOf(url), "none") << url;
  }
}

TEST(OriginTest, TheHostEndsWhereBrowsersEndIt) {
  EXPECT_EQ(hostOf("https://evil.example?x.googleapis.com"), "https evil.example");
  EXPECT_EQ(hostOf("https://evil.example#.googleapis.com"), "https evil.example");
  EXPECT_EQ(hostOf("https://evil.example\\.googleapis.com"), "https evil.example");
}

TEST(OriginTest, UserInformationIsRefused) {
  EXPECT_EQ(hostOf("https://googleapis.com@evil.example/"), "none");
  EXPECT_EQ(hostOf("https://user:word@googleapis.com/"), "none");
}

TEST(OriginTest, AnAtSignBehindTheHostIsNone) {
  EXPECT_EQ(hostOf("https://googleapis.com/a@b"), "https googleapis.com");
}

TEST(OriginTest, AddressesOfIpv6KeepTheirBrackets) {
  EXPECT_EQ(hostOf("http://[::1]:8787/x"), "http [::1]");
}

TEST(OriginTest, WhatIsNoAbsoluteHttpAddressIsNothing) {
  for (const auto* url : {"", "/path", "googleapis.com", "ftp://x.example/", "https://",
                          "https:///x", "https://:443/", "//googleapis.com/", "javascript://x"}) {
    EXPECT_EQ(hostOf(url), "none") << url;
  }
}

TEST(DomainTest, ADomainHoldsItselfAndTheNamesBelowIt) {
  EXPECT_TRUE(isWithinDomain("googleapis.com", "googleapis.com"));
  EXPECT_TRUE(isWithinDomain("a.b.googleapis.com", "googleapis.com"));
  EXPECT_TRUE(isWithinDomain("googleapis.com.", "googleapis.com"));
  EXPECT_TRUE(isWithinDomain("a.googleapis.com..", "googleapis.com"));
  EXPECT_FALSE(isWithinDomain("evilgoogleapis.com", "googleapis.com"));
  EXPECT_FALSE(isWithinDomain("evilgoogleapis.com.", "googleapis.com"));
  EXPECT_FALSE(isWithinDomain("...", "googleapis.com"));
  EXPECT_FALSE(isWithinDomain("googleapis.com.evil.example", "googleapis.com"));
  EXPECT_FALSE(isWithinDomain("com", "googleapis.com"));
}

}  // namespace
}  // namespace rondo::http
