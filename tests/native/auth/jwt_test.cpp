#include "auth/jwt.h"

#include <gtest/gtest.h>

#include "base/base64.h"
#include "json/value.h"

namespace rondo::auth {
namespace {

const credentials::ServiceAccountKey kKey = {"bot@example.iam.gserviceaccount.com", "key \"1\"",
                                             Secret("der"), "https://oauth2.googleapis.com/token"};

json::Value partOf(const std::string& text, std::size_t from, std::size_t to) {
  return *json::parse(*decodeBase64(std::string_view(text).substr(from, to - from)));
}

TEST(JwtTest, HeaderNamesTheAlgorithmAndTheKey) {
  const auto text = assertionToSign(kKey, fromUnixMillis(1'764'000'000'999));
  EXPECT_EQ(json::dump(partOf(text, 0, text.find('.'))),
            R"({"alg":"RS256","typ":"JWT","kid":"key \"1\""})");
}

TEST(JwtTest, ClaimsLastAnHourInWholeSeconds) {
  const auto text = assertionToSign(kKey, fromUnixMillis(1'764'000'000'999));
  EXPECT_EQ(json::dump(partOf(text, text.find('.') + 1, text.size())),
            R"({"iss":"bot@example.iam.gserviceaccount.com",)"
            R"("scope":"https://www.googleapis.com/auth/cloud-platform",)"
            R"("aud":"https://oauth2.googleapis.com/token","iat":1764000000,"exp":1764003600})");
}

TEST(JwtTest, NothingInItIsPaddedOrUnsafeInAUrl) {
  auto jwt = completeJwt(assertionToSign(kKey, Instant{}), "\xff\xfe\xfd\xfc");
  EXPECT_EQ(jwt.find_first_of("=+/"), std::string::npos);
  EXPECT_TRUE(
      jwt.ends_with("._"
                    "_79_A"))
      << jwt;
}

}  // namespace
}  // namespace rondo::auth
