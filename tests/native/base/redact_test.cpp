#include "base/redact.h"

#include <gtest/gtest.h>

namespace rondo {
namespace {

TEST(RedactTest, KeysAndTokensOfEveryFormAreBlottedOut) {
  for (const auto* secret :
       {"AIzaSyInventedInventedInvented", "AQ.Ab8RN6InventedKey", "ya29.a0Invented-_token",
        "1//0gInventedRefreshToken", "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJ4In0.c2ln",
        "-----BEGIN-PRIVATE-KEY-----"}) {
    EXPECT_EQ(redact(std::string("key=") + secret + ", said it", 100), "key=[redacted], said it");
  }
}

TEST(RedactTest, WordsThatOnlyLookAlikeStay) {
  EXPECT_EQ(redact("FAQ.md, eyJ, AIza and a 1//2 share", 100),
            "FAQ.md, eyJ, AIza and a 1//2 share");
  EXPECT_EQ(redact("xAIzaSyInventedInvented", 100), "xAIzaSyInventedInvented");
}

TEST(RedactTest, ItIsOneLineWithoutControlCharacters) {
  EXPECT_EQ(redact("  a\r\n\tb\x1b[0m \x7f c \n", 100), "a b [0m c");
}

TEST(RedactTest, ItEndsWithAWholeCharacter) {
  EXPECT_EQ(redact("ab\xE2\x82\xAC", 4), "ab");
  EXPECT_EQ(redact("ab\xE2\x82\xAC", 5), "ab\xE2\x82\xAC");
  EXPECT_EQ(redact("abc", 0), "");
}

TEST(RedactTest, ASecretAcrossTheCutDoesNotShow) {
  EXPECT_EQ(redact("key AIzaSyInventedInvented", 10), "key [redac");
}

}  // namespace
}  // namespace rondo
