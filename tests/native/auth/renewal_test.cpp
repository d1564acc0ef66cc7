#include <gtest/gtest.h>

#include <list>

#include "auth/auth_manager.h"
#include "support/auth_samples.h"

namespace rondo::auth {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

// Tokens that are renewed behind answers, before they expire.
class RenewalTest : public testing::Test {
 protected:
  RenewalTest() {
    fake_.fetcher.handler = [this](const http::Request&) {
      return samples::tokenAnswer("minted-" + std::to_string(fake_.fetcher.calls.size()),
                                  lifetime_);
    };
  }

  std::string tokenOf(AuthManager& manager) {
    const auto headers = fake_.run(manager.authorize(fake_.io, pool_.credentials()[0]));
    return headers ? std::string(*headers->get("authorization")) : headers.error().code;
  }

  void renew(AuthManager& manager) { fake_.run(manager.renewAhead(fake_.io, pool_)); }

  std::size_t mints() const { return fake_.fetcher.calls.size(); }

  fake::FakeHost fake_;
  AuthManager maker_{fake_.host, {}};
  AuthManager other_{fake_.host, {}};
  credentials::CredentialManager pool_{{samples::serviceAccountCredential()}};
  int lifetime_ = 3599;
};

TEST_F(RenewalTest, NothingIsDoneForATokenThatLastsLong) {
  renew(maker_);
  tokenOf(maker_);
  fake_.kv.reads = 0;
  fake_.clock.advance(seconds(3599) - minutes(6) - Millis(1));
  renew(maker_);
  EXPECT_EQ(mints(), 1U);
  EXPECT_EQ(fake_.kv.reads, 0);
}

TEST_F(RenewalTest, TheMakerRenewsSixMinutesBeforeTheExpiry) {
  tokenOf(maker_);
  fake_.clock.advance(seconds(3599) - minutes(6));
  renew(maker_);
  EXPECT_EQ(mints(), 2U);
  EXPECT_EQ(tokenOf(maker_), "Bearer minted-2");
}

TEST_F(RenewalTest, TheOthersFindTheNewTokenWithoutMinting) {
  tokenOf(maker_);
  EXPECT_EQ(tokenOf(other_), "Bearer minted-1");
  fake_.clock.advance(seconds(3599) - minutes(6));
  renew(other_);
  renew(maker_);
  fake_.clock.advance(seconds(150));
  renew(other_);
  EXPECT_EQ(tokenOf(other_), "Bearer minted-2");
  EXPECT_EQ(mints(), 2U);
}

TEST_F(RenewalTest, WithoutItsMakerATokenIsMintedByFewOfTheOthersAheadOfTime) {
  tokenOf(maker_);
  tokenOf(other_);
  fake_.clock.advance(seconds(3599) - seconds(210));
  std::size_t tries = 0;
  while (mints() == 1U && tries < 2) {
    renew(other_);
    ++tries;
    fake_.clock.advance(minutes(1));
  }
  EXPECT_LE(mints(), 2U);
  fake_.clock.advance(minutes(1));
  tokenOf(other_);
  EXPECT_EQ(mints(), 2U) << "the request that needs it mints it";
}

TEST_F(RenewalTest, AsTheEndComesNearOneOfAFewOthersMints) {
  tokenOf(maker_);
  std::list<AuthManager> others;
  for (int i = 0; i < 4; ++i) tokenOf(others.emplace_back(fake_.host, AuthSettings{}));
  fake_.clock.advance(seconds(3599 - 80));
  for (auto& each : others) renew(each);
  EXPECT_EQ(mints(), 2U);
}

TEST_F(RenewalTest, WhoTookATokenOverLeavesItsRenewalToItsMaker) {
  tokenOf(maker_);
  tokenOf(other_);
  fake_.clock.advance(seconds(3599) - minutes(6));
  renew(maker_);
  fake_.clock.advance(seconds(150));
  renew(other_);
  EXPECT_EQ(tokenOf(other_), "Bearer minted-2");
  fake_.clock.advance(seconds(3599) - minutes(6) - seconds(150));
  renew(other_);
  EXPECT_EQ(mints(), 2U);
}

TEST_F(RenewalTest, OfTwoThatMintedAtTheSameTimeOneTakesTheOthersTokenOver) {
  tokenOf(other_);
  const auto entries = std::exchange(fake_.kv.entries, {});
  fake_.clock.advance(seconds(10));
  EXPECT_EQ(tokenOf(maker_), "Bearer minted-2");
  fake_.kv.entries = entries;  // The first one's write arrived last.
  fake_.clock.advance(seconds(3599) - minutes(6));
  renew(maker_);
  EXPECT_EQ(tokenOf(maker_), "Bearer minted-1");
  EXPECT_EQ(mints(), 2U);
}

TEST_F(RenewalTest, ATokenWhoseGrantHasDiedGivesWayToAnothersToken) {
  tokenOf(maker_);
  fake_.clock.advance(seconds(3599) - minutes(6));
  fake_.fetcher.handler = [](const http::Request&) { return samples::invalidGrant(); };
  renew(maker_);
  samples::storeToken(fake_, "sa-1", "ya29.other", minutes(30), "the-der");
  EXPECT_EQ(tokenOf(maker_), "Bearer ya29.other");
}

TEST_F(RenewalTest, AFailedRenewalLeavesTheTokenAndIsNotRepeatedAtOnce) {
  tokenOf(maker_);
  fake_.clock.advance(seconds(3599) - minutes(6));
  fake_.fetcher.handler = [](const http::Request&) { return fake::answer(429, "busy"); };
  renew(maker_);
  const auto failed = mints();
  renew(maker_);
  EXPECT_EQ(mints(), failed);
  EXPECT_EQ(tokenOf(maker_), "Bearer minted-1");
  fake_.clock.advance(minutes(1));
  renew(maker_);
  EXPECT_GT(mints(), failed);
}

TEST_F(RenewalTest, NothingIsDoneForACredentialInQuarantine) {
  tokenOf(maker_);
  fake_.clock.advance(seconds(3599) - minutes(6));
  pool_.quarantine("sa-1", "invalid_grant", "", credentials::Healing::Never, fake_.clock.now());
  renew(maker_);
  EXPECT_EQ(mints(), 1U);
}

TEST_F(RenewalTest, ATokenOfAShortLifeIsRenewedInItsLastSixth) {
  lifetime_ = 1200;
  tokenOf(maker_);
  fake_.clock.advance(seconds(1000) - Millis(1));
  renew(maker_);
  EXPECT_EQ(mints(), 1U);
  fake_.clock.advance(Millis(1));
  renew(maker_);
  EXPECT_EQ(mints(), 2U);
}

}  // namespace
}  // namespace rondo::auth
