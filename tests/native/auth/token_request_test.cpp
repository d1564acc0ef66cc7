#include "auth/token_request.h"

#include <gtest/gtest.h>

namespace rondo::auth {
namespace {

const credentials::RefreshGrant kGrant = {"client.apps.example.com", Secret("pair&secret"),
                                          Secret("1//configured"), std::nullopt};

TEST(TokenRequestTest, RefreshFormEncodesEveryValue) {
  const auto request = refreshRequest("https://t.example/token", kGrant, Secret("1//newer"));
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.url, "https://t.example/token");
  EXPECT_EQ(request.headers.get("content-type"), "application/x-www-form-urlencoded;charset=UTF-8");
  EXPECT_EQ(request.body,
            "grant_type=refresh_token&refresh_token=1%2F%2Fnewer&client_id=client.apps.example.com"
            "&client_secret=pair%26secret");
}

TEST(TokenRequestTest, AssertionFormNamesTheGrantType) {
  EXPECT_EQ(assertionRequest("https://t.example/token", "a.b.c").body,
            "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=a.b.c");
}

}  // namespace
}  // namespace rondo::auth
