#include "auth/token_answer.h"

#include <gtest/gtest.h>

namespace rondo::auth {
namespace {

using std::chrono::seconds;

const Instant kAsked = fromUnixMillis(1'764'000'000'000);

Error errorOf(int status, std::string_view body) {
  auto answer = readTokenAnswer(status, body, kAsked);
  if (answer) return makeError(ErrorKind::Internal, "no error");
  return answer.error();
}

TEST(TokenAnswerTest, ReadsTheTokenAndCountsItsLifetimeFromTheRequest) {
  const auto minted =
      readTokenAnswer(200, R"({"access_token":"ya29.a","expires_in":3599})", kAsked);
  ASSERT_TRUE(minted);
  EXPECT_EQ(minted->access.token.reveal(), "ya29.a");
  EXPECT_EQ(minted->access.expiry, kAsked + seconds(3599));
  EXPECT_TRUE(minted->refreshToken.empty());
}

TEST(TokenAnswerTest, ReadsARefreshTokenThatTakesTheOldOnesPlace) {
  const auto minted = readTokenAnswer(
      200, R"({"access_token":"a","expires_in":60,"refresh_token":"1//new"})", kAsked);
  EXPECT_EQ(minted->refreshToken.reveal(), "1//new");
}

TEST(TokenAnswerTest, WithoutALifetimeAnHourIsAssumed) {
  EXPECT_EQ(readTokenAnswer(200, R"({"access_token":"a"})", kAsked)->access.expiry,
            kAsked + seconds(3600));
}

TEST(TokenAnswerTest, AbsurdLifetimesAreBounded) {
  EXPECT_EQ(readTokenAnswer(200, R"({"access_token":"a","expires_in":-5})", kAsked)->access.expiry,
            kAsked);
  EXPECT_EQ(readTokenAnswer(200, R"({"access_token":"a","expires_in":9000000000000000000})", kAsked)
                ->access.expiry,
            kAsked + std::chrono::days(7));
}

TEST(TokenAnswerTest, ASuccessWithoutAUsableTokenIsBroken) {
  for (const auto* body : {"{}", R"({"access_token":""})", R"({"access_token":null})",
                           R"({"access_token":7})", R"({"access_token":"a b"})"}) {
    const auto error = errorOf(200, body);
    EXPECT_EQ(error.kind, ErrorKind::Broken) << body;
    EXPECT_EQ(error.code, "token_answer_broken") << body;
  }
}

TEST(TokenAnswerTest, ABusyEndpointPassesWhateverItsWord) {
  EXPECT_EQ(errorOf(429, R"({"error":"invalid_grant"})").kind, ErrorKind::Transient);
  EXPECT_EQ(errorOf(503, R"({"error":"invalid_grant"})").kind, ErrorKind::Transient);
}

TEST(TokenAnswerTest, RefusalsOfTheGrantItselfAreDead) {
  for (const auto& [status, word] : {std::pair(400, "invalid_grant"),
                                     {401, "invalid_client"},
                                     {401, "unauthorized_client"},
                                     {401, "deleted_client"},
                                     {401, "disabled_client"},
                                     {400, "admin_policy_enforced"},
                                     {403, "org_internal"}}) {
    const auto error = errorOf(status, std::string(R"({"error":")") + word + "\"}");
    EXPECT_EQ(error.kind, ErrorKind::Unavailable) << word;
    EXPECT_TRUE(isDead(error)) << word;
    EXPECT_NE(error.message.find(word), std::string::npos);
  }
}

TEST(TokenAnswerTest, GooglesDescriptionIsPassedOn) {
  EXPECT_NE(
      errorOf(400, R"({"error":"invalid_grant","error_description":"Invalid JWT Signature."})")
          .message.find("invalid_grant (Invalid JWT Signature.)"),
      std::string::npos);
}

TEST(TokenAnswerTest, SecretsInADescriptionAreBlottedOut) {
  const auto error = errorOf(
      400, R"({"error":"invalid_grant","error_description":"1//0gSecretSecret is not known"})");
  EXPECT_EQ(error.message.find("Secret"), std::string::npos) << error.message;
}

TEST(TokenAnswerTest, AnAssertionOutsideItsTimeDoesNotKillTheKey) {
  const auto error = errorOf(
      400,
      R"({"error":"invalid_grant","error_description":"Invalid JWT: Token must be a short-lived )"
      R"(token (60 minutes) and in a reasonable timeframe."})");
  EXPECT_EQ(error.kind, ErrorKind::Transient);
}

TEST(TokenAnswerTest, BusyAndFailingEndpointsAreTransient) {
  for (const auto& [status, body] : {std::pair(429, R"({"error":"rate_limit_exceeded"})"),
                                     {403, R"({"error":"rate_limit_exceeded"})"},
                                     {500, R"({"error":"internal_failure"})"},
                                     {503, R"({"error":"invalid_grant"})"},
                                     {502, "<html>Bad gateway</html>"},
                                     {403, "<html>Sorry…</html>"},
                                     {400, ""},
                                     {200, "<html>"},
                                     {200, "[]"},
                                     {400, "{}"},
                                     {400, R"({"error":"temporarily_unavailable"})"}}) {
    const auto error = errorOf(status, body);
    EXPECT_EQ(error.kind, ErrorKind::Transient) << status << body;
    EXPECT_EQ(error.code, "token_endpoint_failed") << status << body;
  }
}

TEST(TokenAnswerTest, AnErrorObjectIsReadLikeAnErrorWord) {
  const auto error =
      errorOf(400, R"({"error":{"code":400,"message":"Gone.","status":"INVALID_GRANT"}})");
  EXPECT_TRUE(isDead(error));
  EXPECT_NE(error.message.find("invalid_grant (Gone.)"), std::string::npos);
}

TEST(TokenAnswerTest, OurOwnFaultsAreNeitherDeadNorTransient) {
  for (const auto* word : {"invalid_request", "invalid_scope", "unsupported_grant_type", "odd"}) {
    const auto error = errorOf(400, std::string(R"({"error":")") + word + "\"}");
    EXPECT_EQ(error.kind, ErrorKind::Broken) << word;
    EXPECT_EQ(error.code, "token_refused") << word;
  }
}

}  // namespace
}  // namespace rondo::auth
