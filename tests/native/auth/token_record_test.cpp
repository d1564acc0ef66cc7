#include "auth/token_record.h"

#include <gtest/gtest.h>

namespace rondo::auth {
namespace {

TEST(TokenRecordTest, ATokenComesBackAsItWasWritten) {
  const AccessToken token{Secret("ya29.abc"), fromUnixMillis(1'764'003'600'123)};
  const auto read = decodeTokenRecord(encodeTokenRecord(token));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->token, token.token);
  EXPECT_EQ(read->expiry, token.expiry);
}

TEST(TokenRecordTest, ARefreshTokenComesBackAsItWasWritten) {
  EXPECT_EQ(decodeRefreshRecord(encodeRefreshRecord(Secret("1//x"))), Secret("1//x"));
}

TEST(TokenRecordTest, DamagedAndForeignRecordsAreNothing) {
  for (const auto* text :
       {"", "null", "[]", "\"ya29.abc\"", R"({"token":"ya29.abc"})", R"({"expiry":1764003600000})",
        R"({"token":"","expiry":1764003600000})", R"({"token":7,"expiry":1764003600000})",
        R"({"token":"a\r\nb","expiry":1764003600000})", R"({"token":"a","expiry":"soon"})",
        R"({"token":"a","expiry":17640036)"}) {
    EXPECT_FALSE(decodeTokenRecord(text)) << text;
  }
  EXPECT_FALSE(decodeRefreshRecord(R"({"refresh_token":""})"));
}

TEST(TokenRecordTest, KeysCarryTheIdAndTheVersion) {
  EXPECT_EQ(tokenKey("0011223344556677"), "token:v1:0011223344556677");
  EXPECT_EQ(refreshKey("0011223344556677"), "refresh:v1:0011223344556677");
}

TEST(TokenRecordTest, AnExpiryOfAnySizeCanBeJudged) {
  const AccessToken never{Secret("a"), fromUnixMillis(INT64_MIN)};
  const AccessToken always{Secret("a"), fromUnixMillis(INT64_MAX)};
  EXPECT_FALSE(never.isUsable(fromUnixMillis(1'764'000'000'000)));
  EXPECT_TRUE(always.isUsable(fromUnixMillis(1'764'000'000'000)));
}

}  // namespace
}  // namespace rondo::auth
