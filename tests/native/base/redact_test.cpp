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

TEST(RedactTest, WhatASecretTouchesHidesItFromNobody) {
  for (const auto* secret :
       {"AIzaSyInventedInventedInvented", "AQ.Ab8RN6InventedKey", "GOCSPX-Invented_Secret-1",
        "ya29.a0Invented-_token", "1//0gInventedRefreshToken", "1%2F%2F0gInventedRefreshToken",
        "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJ4In0.c2ln"}) {
    for (const auto* before : {"", "x", "9", "_", "-", "=", "\xC3\xA9", "Bearer", "\"", "key:"}) {
      for (const auto* behind : {"", "\"", "'", ",x", ")", "&alt=json", "\xC3\xA9"}) {
        EXPECT_EQ(redact(std::string(before) + secret + behind, 200),
                  std::string(before) + "[redacted]" + behind);
      }
    }
  }
}

TEST(RedactTest, APrivateKeyGoesWithAllItsLines) {
  EXPECT_EQ(redact("key -----BEGIN PRIVATE KEY-----\nMIIEvInvented+/\nabc==\n-----END PRIVATE "
                   "KEY-----\n, said it",
                   200),
            "key [redacted] , said it");
  EXPECT_EQ(redact("x-----BEGIN RSA PRIVATE KEY-----\\nMIIEvInventedInvented\\nabc", 200),
            "x[redacted]");
  EXPECT_EQ(redact("-----BEGIN PRIVATE KEY----- MIIEvInventedInvented abc", 200), "[redacted]");
  EXPECT_EQ(redact("no -----BEGIN CERTIFICATE----- line", 200), "no [redacted] line");
  EXPECT_EQ(redact("no -----BEGIN CERTIFI", 200), "no [redacted]");
}

TEST(RedactTest, EMailAddressesAreBlottedOutWhateverTheyTouch) {
  for (const auto* address :
       {"a@b.co", "sa-1@my-proj.iam.gserviceaccount.com", "first.last+tag@mail.example.com",
        "123456789012-compute@developer.gserviceaccount.com", "sa%40p.iam.gserviceaccount.com",
        "j\xC3\xBCrg@b\xC3\xBC"
        "cher.example"}) {
    for (const auto* before : {"", "user:", "'", "`", "<", "(", "serviceAccounts/", "account="}) {
      for (const auto* behind : {"", ".", "'", ">", ", and", ")", "/keys", ":x", "?y"}) {
        EXPECT_EQ(redact(std::string(before) + address + behind, 200),
                  std::string(before) + "[redacted]" + behind);
      }
    }
  }
  EXPECT_EQ(redact("a@b.example,c@d.example", 100), "[redacted],[redacted]");
}

TEST(RedactTest, ProjectNumbersAreBlottedOutWhateverTheyTouch) {
  EXPECT_EQ(redact("has not been used in project 123456789012 before", 100),
            "has not been used in project [redacted] before");
  for (const auto* before :
       {"projects/", "project_number:", "PROJECT=", "project #", "project", "Project number: "}) {
    for (const auto* number : {"123456", "32555940559", "123456789012"}) {
      for (const auto* behind : {"", "/locations", "abc", "'", ".", ":x"}) {
        EXPECT_EQ(redact(std::string(before) + number + behind, 200),
                  std::string(before) + "[redacted]" + behind);
      }
    }
  }
  EXPECT_EQ(redact("service-12345678901x", 100), "service-[redacted]x");
}

TEST(RedactTest, AnAddressIsBlottedOutAsAWholeWhateverItsLocalPartHolds) {
  for (const auto* local :
       {"my-name-12345678901", "12345678901-compute", "me.AIzaSyInvented.you"}) {
    EXPECT_EQ(redact("from " + std::string(local) + "@mail.example.com on", 100),
              "from [redacted] on")
        << local;
  }
}

TEST(RedactTest, WordsThatOnlyLookAlikeStay) {
  for (const auto* words :
       {"FAQ.md, eyJ, AIza and a 1//2 share", "//aiplatform.googleapis.com/projects/my-proj/x",
        "the model gecko@001 or claude@20250514", "package@1.2.3", "@", "a@", "@b", "a@b", "a@b.",
        "%40", "50%40", "The input token count (1048577) exceeds 1048576.",
        "2147483648 bytes of the project's files", "projects with fewer than 123456 files",
        "GOCSPX-", "privateKeyJson"}) {
    EXPECT_EQ(redact(words, 100), words);
  }
}

TEST(RedactTest, EachTextIsReadInLinearTime) {
  // A quadratic reading of a megabyte would take minutes.
  for (const auto* piece :
       {"a@", "a%40", "@a.", "ya29.", "AQ.", "1//0 ", "eyJ", "-----BEGIN", "-----BEGIN-----,",
        "-----BEGIN----- -----END-----", "-----END", "1", "project ", "project1", "a.b@c.d "}) {
    std::string text;
    while (text.size() < 1'000'000) text += piece;
    EXPECT_LE(redact(text, 500).size(), 500U) << piece;
  }
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
  EXPECT_EQ(redact("to someone.of.a.long.name@mail.example.com", 10), "to [redact");
  EXPECT_EQ(redact("project 123456789012", 12), "project [red");
}

}  // namespace
}  // namespace rondo
