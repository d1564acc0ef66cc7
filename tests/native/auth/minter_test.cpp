#include "auth/minter.h"

#include <gtest/gtest.h>

#include "auth/jwt.h"
#include "auth/token_record.h"
#include "support/auth_samples.h"

namespace rondo::auth {
namespace {

using samples::serviceAccountCredential;
using samples::userCredential;

class MinterTest : public testing::Test {
 protected:
  // Answers each refresh token as told, and remembers the order they came in.
  void answerRefresh(std::map<std::string, fake::Answer> byToken) {
    fake_.fetcher.handler = [this, byToken](const http::Request& request) {
      for (const auto& [token, answer] : byToken) {
        if (request.body.find("refresh_token=1%2F%2F" + token + "&") == std::string::npos) continue;
        order_ += token + " ";
        return answer;
      }
      return samples::invalidGrant();
    };
  }

  static fake::Answer rotating(const std::string& to) {
    return fake::answer(
        200, R"({"access_token":"a","expires_in":3599,"refresh_token":"1//)" + to + "\"}");
  }

  fake::FakeHost fake_;
  TokenStore store_{fake_.logger};
  Minter minter_{fake_.host, store_, {}};
  std::string order_;
};

TEST_F(MinterTest, AServiceAccountSignsItsAssertionThroughTheHost) {
  fake_.fetcher.handler = [](const http::Request&) { return samples::tokenAnswer("ya29.sa"); };
  const auto credential = serviceAccountCredential();
  const auto minted = fake_.run(minter_.mint(fake_.io, credential));
  ASSERT_TRUE(minted);
  EXPECT_EQ(minted->access.token.reveal(), "ya29.sa");
  EXPECT_EQ(fake_.crypto.lastKey, "the-der");
  const auto toSign = assertionToSign(std::get<credentials::ServiceAccountKey>(credential.grant),
                                      fake_.clock.now());
  EXPECT_EQ(fake_.crypto.lastMessage, toSign);
  EXPECT_EQ(fake_.fetcher.calls.at(0).url, "https://oauth2.googleapis.com/token");
  EXPECT_TRUE(
      fake_.fetcher.calls.at(0).body.ends_with("&assertion=" + completeJwt(toSign, "signature")));
}

TEST_F(MinterTest, AnotherTokenUrlChangesTheAddressAndNotTheAudience) {
  Minter minter(fake_.host, store_, {"http://127.0.0.1:9/token"});
  fake_.fetcher.handler = [](const http::Request&) { return samples::tokenAnswer("a"); };
  const auto account = serviceAccountCredential();
  const auto user = userCredential();
  EXPECT_TRUE(fake_.run(minter.mint(fake_.io, account)));
  EXPECT_TRUE(fake_.run(minter.mint(fake_.io, user)));
  EXPECT_EQ(fake_.fetcher.calls.at(0).url, "http://127.0.0.1:9/token");
  EXPECT_EQ(fake_.fetcher.calls.at(1).url, "http://127.0.0.1:9/token");
  EXPECT_EQ(
      fake_.crypto.lastMessage,
      assertionToSign(std::get<credentials::ServiceAccountKey>(account.grant), fake_.clock.now()));
}

TEST_F(MinterTest, AKeyThatCannotSignIsDead) {
  fake_.crypto.broken = true;
  const auto credential = serviceAccountCredential();
  const auto minted = fake_.run(minter_.mint(fake_.io, credential));
  ASSERT_FALSE(minted);
  EXPECT_TRUE(isDead(minted.error()));
  EXPECT_TRUE(fake_.fetcher.calls.empty());
}

TEST_F(MinterTest, ARotatedRefreshTokenIsKeptAndUsedFromThenOn) {
  answerRefresh({{"configured", rotating("second")}, {"second", samples::tokenAnswer("b")}});
  const auto credential = userCredential();
  EXPECT_TRUE(fake_.run(minter_.mint(fake_.io, credential)));
  EXPECT_EQ(decodeRefreshRecord(samples::opened(fake_, "1//configured", "refresh:v1:user-1")),
            Secret("1//second"));
  EXPECT_TRUE(fake_.run(minter_.mint(fake_.io, credential)));
  EXPECT_EQ(order_, "configured second ");
  EXPECT_EQ(fake_.kv.writes, 1);
}

TEST_F(MinterTest, AnotherIsolateFindsTheRotatedRefreshToken) {
  samples::storeRefresh(fake_, "user-1", "1//second");
  answerRefresh({{"second", samples::tokenAnswer("b")}});
  const auto credential = userCredential();
  EXPECT_TRUE(fake_.run(minter_.mint(fake_.io, credential)));
  EXPECT_EQ(order_, "second ");
}

TEST_F(MinterTest, ARefreshTokenThatComesBackUnchangedIsNotWritten) {
  answerRefresh({{"configured", rotating("configured")}});
  const auto credential = userCredential();
  EXPECT_TRUE(fake_.run(minter_.mint(fake_.io, credential)));
  EXPECT_EQ(fake_.kv.writes, 0);
}

TEST_F(MinterTest, ADeadRotatedTokenGivesWayToTheConfiguredOne) {
  samples::storeRefresh(fake_, "user-1", "1//gone");
  answerRefresh({{"gone", samples::invalidGrant()}, {"configured", samples::tokenAnswer("a")}});
  const auto credential = userCredential();
  EXPECT_TRUE(fake_.run(minter_.mint(fake_.io, credential)));
  EXPECT_TRUE(fake_.run(minter_.mint(fake_.io, credential)));
  EXPECT_EQ(order_, "gone configured configured ");
  EXPECT_FALSE(fake_.kv.entries.contains("refresh:v1:user-1"));
}

TEST_F(MinterTest, ADeadConfiguredTokenGivesWayToOneThatAnotherIsolateWasGivenMeanwhile) {
  answerRefresh({{"configured", samples::tokenAnswer("a")}});
  const auto credential = userCredential();
  EXPECT_TRUE(fake_.run(minter_.mint(fake_.io, credential)));
  samples::storeRefresh(fake_, "user-1", "1//newer");
  answerRefresh({{"configured", samples::invalidGrant()}, {"newer", samples::tokenAnswer("b")}});
  EXPECT_TRUE(fake_.run(minter_.mint(fake_.io, credential)));
  EXPECT_EQ(order_, "configured configured newer ");
}

TEST_F(MinterTest, WhenNoRefreshTokenIsLeftTheCredentialIsDead) {
  samples::storeRefresh(fake_, "user-1", "1//gone");
  answerRefresh({{"gone", samples::invalidGrant()}, {"configured", samples::invalidGrant()}});
  const auto credential = userCredential();
  const auto minted = fake_.run(minter_.mint(fake_.io, credential));
  ASSERT_FALSE(minted);
  EXPECT_TRUE(isDead(minted.error()));
  EXPECT_EQ(order_, "gone configured ");
}

TEST_F(MinterTest, BrokenKvLeavesTheConfiguredToken) {
  fake_.kv.broken = true;
  answerRefresh({{"configured", samples::tokenAnswer("a")}});
  const auto credential = userCredential();
  EXPECT_TRUE(fake_.run(minter_.mint(fake_.io, credential)));
}

TEST_F(MinterTest, EachMintAndEachFailureIsOneLineWithoutSecrets) {
  answerRefresh({{"configured", samples::tokenAnswer("ya29.never-logged")}});
  const auto user = userCredential();
  EXPECT_TRUE(fake_.run(minter_.mint(fake_.io, user)));
  fake_.fetcher.handler = [](const http::Request&) { return samples::invalidGrant(); };
  const auto account = serviceAccountCredential();
  EXPECT_FALSE(fake_.run(minter_.mint(fake_.io, account)));
  ASSERT_EQ(fake_.logger.lines.size(), 2U);
  EXPECT_EQ(fake_.logger.lines[0].text,
            "token_minted credential=alias of user-1 id=user-1 source=refresh_token ms=0");
  EXPECT_TRUE(fake_.logger.lines[1].text.starts_with(
      "token_failed credential=alias of sa-1 id=sa-1 source=jwt_bearer ms=0 code=invalid_grant"));
  for (const auto* secret :
       {"never-logged", "pair-secret", "1//configured", "the-der", "signature"}) {
    EXPECT_FALSE(fake_.logger.contains(secret)) << secret;
  }
}

}  // namespace
}  // namespace rondo::auth
