#include "auth/auth_manager.h"

#include <gtest/gtest.h>

#include "auth/token_record.h"
#include "support/auth_samples.h"
#include "support/fake_object.h"

namespace rondo::auth {
namespace {

using samples::serviceAccountCredential;
using samples::userCredential;
using std::chrono::minutes;
using std::chrono::seconds;

class AuthManagerTest : public testing::Test {
 protected:
  AuthManagerTest() {
    fake_.fetcher.handler = [this](const http::Request&) {
      return samples::tokenAnswer("minted-" + std::to_string(fake_.fetcher.calls.size()),
                                  lifetime_);
    };
  }

  Result<http::Headers> authorize(const credentials::Credential& credential) {
    return fake_.run(manager_.authorize(fake_.io, credential));
  }

  // The token that a call would carry, or the error's code.
  std::string tokenOf(const credentials::Credential& credential) {
    const auto headers = authorize(credential);
    if (!headers) return headers.error().code;
    return std::string(headers->get("authorization").value_or("no token"));
  }

  void store(const std::string& id, const std::string& token, Millis lifetime,
             const std::string& secret = "the-der") {
    samples::storeToken(fake_, id, token, lifetime, secret);
  }

  // The token in KV, as another isolate reads it.
  std::string stored(const std::string& id) {
    const auto token = decodeTokenRecord(samples::opened(fake_, "the-der", tokenKey(id)));
    return token ? token->token.reveal() : "none";
  }

  fake::FakeHost fake_;
  AuthManager manager_{fake_.host, {}};
  int lifetime_ = 3599;
  const credentials::Credential account_ = serviceAccountCredential();
};

TEST_F(AuthManagerTest, AKeyGoesInItsOwnFieldWithoutAnyCall) {
  credentials::Credential key;
  key.quotaProjectId = "p-9";
  key.grant = credentials::ApiKey{Secret("AQ.key")};
  const auto headers = authorize(key);
  ASSERT_TRUE(headers);
  EXPECT_EQ(headers->get("x-goog-api-key"), "AQ.key");
  EXPECT_FALSE(headers->get("authorization"));
  EXPECT_FALSE(headers->get("x-goog-user-project"));
  EXPECT_EQ(fake_.kv.reads, 0);
}

TEST_F(AuthManagerTest, ATokenIsMintedOnceAndThenKept) {
  EXPECT_EQ(tokenOf(account_), "Bearer minted-1");
  fake_.kv.reads = 0;
  EXPECT_EQ(tokenOf(account_), "Bearer minted-1");
  EXPECT_EQ(fake_.fetcher.calls.size(), 1U);
  EXPECT_EQ(fake_.kv.reads, 0) << "a warm isolate read KV";
}

TEST_F(AuthManagerTest, TheQuotaProjectIsNamedBesideTheToken) {
  auto billed = account_;
  billed.quotaProjectId = "p-bill";
  EXPECT_EQ(authorize(billed)->get("x-goog-user-project"), "p-bill");
  EXPECT_FALSE(authorize(account_)->get("x-goog-user-project"));
}

TEST_F(AuthManagerTest, TheTokenIsStoredWithItsExpiryUntilTheMargin) {
  tokenOf(account_);
  EXPECT_EQ(fake_.kv.entries.at("token:v1:sa-1").ttl, seconds(3599) - minutes(1));
  const auto token = decodeTokenRecord(samples::opened(fake_, "the-der", "token:v1:sa-1"));
  ASSERT_TRUE(token);
  EXPECT_EQ(token->token.reveal(), "minted-1");
  EXPECT_EQ(token->expiry, fake_.clock.now() + seconds(3599));
}

TEST_F(AuthManagerTest, ATokenThatKvWouldNotKeepAMinuteIsNotStored) {
  lifetime_ = 119;
  EXPECT_EQ(tokenOf(account_), "Bearer minted-1");
  EXPECT_EQ(fake_.kv.writes, 0);
  lifetime_ = 120;
  fake_.clock.advance(seconds(120));
  EXPECT_EQ(tokenOf(account_), "Bearer minted-2");
  EXPECT_EQ(fake_.kv.writes, 1);
}

TEST_F(AuthManagerTest, AnotherIsolatesTokenIsTakenFromKv) {
  store("sa-1", "ya29.stored", minutes(30));
  EXPECT_EQ(tokenOf(account_), "Bearer ya29.stored");
  EXPECT_EQ(tokenOf(account_), "Bearer ya29.stored");
  EXPECT_EQ(fake_.kv.reads, 1);
  EXPECT_TRUE(fake_.fetcher.calls.empty());
}

TEST_F(AuthManagerTest, EveryCredentialHasItsOwnToken) {
  const auto other = serviceAccountCredential("sa-2");
  EXPECT_EQ(tokenOf(account_), "Bearer minted-1");
  EXPECT_EQ(tokenOf(other), "Bearer minted-2");
  EXPECT_EQ(tokenOf(account_), "Bearer minted-1");
  EXPECT_EQ(fake_.kv.entries.size(), 2U);
}

TEST_F(AuthManagerTest, ATokenIsUsedUntilAMinuteBeforeItsExpiry) {
  tokenOf(account_);
  fake_.clock.advance(seconds(3599) - minutes(1) - Millis(1));
  EXPECT_EQ(tokenOf(account_), "Bearer minted-1");
  fake_.clock.advance(Millis(1));
  EXPECT_EQ(tokenOf(account_), "Bearer minted-2");
}

TEST_F(AuthManagerTest, StaleAndDamagedKvValuesAreReplaced) {
  store("sa-1", "ya29.stale", minutes(1));
  EXPECT_EQ(tokenOf(account_), "Bearer minted-1");
  EXPECT_EQ(stored("sa-1"), "minted-1");
  const auto other = serviceAccountCredential("sa-2");
  fake_.kv.entries["token:v1:sa-2"] = {"\x01 not json", Millis(1)};
  EXPECT_EQ(tokenOf(other), "Bearer minted-2");
  EXPECT_EQ(stored("sa-2"), "minted-2");
}

TEST_F(AuthManagerTest, BrokenKvFailsNoRequest) {
  fake_.kv.broken = true;
  EXPECT_EQ(tokenOf(account_), "Bearer minted-1");
  EXPECT_TRUE(fake_.logger.contains("token_read_failed"));
}

TEST_F(AuthManagerTest, AGivenTokenIsUsedWhileItIsValidThenTheGrant) {
  auto user = userCredential();
  std::get<credentials::RefreshGrant>(user.grant).given = {Secret("ya29.given"),
                                                           fake_.clock.now() + minutes(20)};
  EXPECT_EQ(tokenOf(user), "Bearer ya29.given");
  EXPECT_EQ(fake_.kv.writes, 0);
  fake_.clock.advance(minutes(19));
  EXPECT_EQ(tokenOf(user), "Bearer minted-1");
}

TEST_F(AuthManagerTest, WhoServesByAGivenTokenKeepsNobodyWaitingForAnother) {
  fake::FakeObject object(fake_);
  auto user = userCredential();
  std::get<credentials::RefreshGrant>(user.grant).given = {Secret("ya29.given"),
                                                           fake_.clock.now() + minutes(20)};
  EXPECT_TRUE(fake_.run(manager_.authorize(object.io(), user)));
  auto claim = object.claim(tokenKey("user-1"), fake_.clock.now());
  claim.start();
  fake_.loop.run();
  ASSERT_TRUE(claim.done());
  EXPECT_FALSE(*claim.take());
}

// Whether another isolate may mint at once, since nobody holds the claim.
bool isClaimFree(fake::FakeHost& fake, fake::FakeObject& object, const std::string& id) {
  auto claim = object.claim(tokenKey(id), fake.clock.now());
  claim.start();
  fake.loop.run();
  return claim.done() && !*claim.take();
}

TEST_F(AuthManagerTest, WhoCannotMintKeepsNobodyWaitingForAToken) {
  fake::FakeObject object(fake_);
  fake_.fetcher.handler = [](const http::Request&) { return samples::invalidGrant(); };
  EXPECT_FALSE(fake_.run(manager_.authorize(object.io(), account_)));
  EXPECT_TRUE(isClaimFree(fake_, object, "sa-1"));
}

TEST_F(AuthManagerTest, WhoLeavesWhileItMintsKeepsNobodyWaitingForAToken) {
  fake::FakeObject object(fake_);
  fake_.fetcher.holding = true;
  {
    auto leaving = manager_.authorize(object.io(), account_);
    leaving.start();
    fake_.loop.run();
    EXPECT_EQ(fake_.fetcher.calls.size(), 1U);
  }
  EXPECT_TRUE(isClaimFree(fake_, object, "sa-1"));
}

TEST_F(AuthManagerTest, AClaimThatATokenSettledIsNotGivenBackToo) {
  fake::FakeObject object(fake_);
  EXPECT_TRUE(fake_.run(manager_.authorize(object.io(), account_)));
  EXPECT_EQ(object.values.size(), 1U);
  EXPECT_EQ(object.releases, 0);
}

TEST_F(AuthManagerTest, KvGoesBeforeAGivenToken) {
  auto user = userCredential();
  std::get<credentials::RefreshGrant>(user.grant).given = {Secret("ya29.given"),
                                                           fake_.clock.now() + minutes(20)};
  store("user-1", "ya29.stored", minutes(30), "1//configured");
  EXPECT_EQ(tokenOf(user), "Bearer ya29.stored");
}

TEST_F(AuthManagerTest, AGivenTokenGoesBeforeAStaleOneInKv) {
  auto user = userCredential();
  std::get<credentials::RefreshGrant>(user.grant).given = {Secret("ya29.given"),
                                                           fake_.clock.now() + minutes(20)};
  store("user-1", "ya29.stale", seconds(50), "1//configured");
  EXPECT_EQ(tokenOf(user), "Bearer ya29.given");
}

TEST_F(AuthManagerTest, ADroppedTokenIsGoneFromBothCachesAndMintedAnew) {
  const auto used = *authorize(account_);
  manager_.drop(fake_.io, account_, used);
  EXPECT_TRUE(fake_.kv.entries.empty());
  EXPECT_EQ(tokenOf(account_), "Bearer minted-2");
}

TEST_F(AuthManagerTest, DroppingATokenThatWasReplacedMeanwhileChangesNothing) {
  const auto used = *authorize(account_);
  manager_.drop(fake_.io, account_, used);
  EXPECT_EQ(tokenOf(account_), "Bearer minted-2");
  manager_.drop(fake_.io, account_, used);
  EXPECT_EQ(tokenOf(account_), "Bearer minted-2");
  EXPECT_EQ(stored("sa-1"), "minted-2");
}

TEST_F(AuthManagerTest, ADroppedTokenIsNotTakenFromAKvThatStillHasIt) {
  const auto used = *authorize(account_);
  const auto entry = fake_.kv.entries.at("token:v1:sa-1");
  manager_.drop(fake_.io, account_, used);
  fake_.kv.entries["token:v1:sa-1"] = entry;
  EXPECT_EQ(tokenOf(account_), "Bearer minted-2");
}

TEST_F(AuthManagerTest, ADroppedGivenTokenIsNotTakenAgain) {
  auto user = userCredential();
  std::get<credentials::RefreshGrant>(user.grant).given = {Secret("ya29.given"),
                                                           fake_.clock.now() + minutes(50)};
  const auto given = *authorize(user);
  manager_.drop(fake_.io, user, given);
  const auto minted = *authorize(user);
  EXPECT_EQ(minted.get("authorization"), "Bearer minted-1");
  manager_.drop(fake_.io, user, minted);
  EXPECT_EQ(tokenOf(user), "Bearer minted-2");
}

TEST_F(AuthManagerTest, TheLastEightDroppedTokensAreRemembered) {
  const auto dropOne = [this] { manager_.drop(fake_.io, account_, *authorize(account_)); };
  for (int i = 0; i < 9; ++i) dropOne();
  store("sa-1", "minted-2", minutes(30));
  EXPECT_EQ(tokenOf(account_), "Bearer minted-10");
  dropOne();
  store("sa-1", "minted-1", minutes(30));
  EXPECT_EQ(tokenOf(account_), "Bearer minted-1");
}

TEST_F(AuthManagerTest, DroppingAKeyDoesNothing) {
  credentials::Credential key;
  key.grant = credentials::ApiKey{Secret("AQ.key")};
  const auto used = *authorize(key);
  manager_.drop(fake_.io, key, used);
  EXPECT_EQ(fake_.kv.writes, 0);
}

TEST_F(AuthManagerTest, ADeadGrantIsToldByGooglesWordAndTriedAgainWhenAsked) {
  fake_.fetcher.handler = [](const http::Request&) { return samples::invalidGrant(); };
  EXPECT_EQ(tokenOf(account_), "invalid_grant");
  fake_.fetcher.handler = [](const http::Request&) { return samples::tokenAnswer("again"); };
  EXPECT_EQ(tokenOf(account_), "Bearer again");
}

TEST_F(AuthManagerTest, APassingFailureIsNotRemembered) {
  fake_.fetcher.handler = [](const http::Request&) { return fake::answer(429, "busy"); };
  EXPECT_EQ(tokenOf(account_), "token_endpoint_failed");
  fake_.fetcher.handler = [](const http::Request&) { return samples::tokenAnswer("later"); };
  EXPECT_EQ(tokenOf(account_), "Bearer later");
}

TEST_F(AuthManagerTest, AnAnswerWithoutATokenNeverBecomesAnEmptyOne) {
  fake_.fetcher.handler = [](const http::Request&) {
    return fake::answer(200, R"({"access_token":""})");
  };
  EXPECT_EQ(tokenOf(account_), "token_answer_broken");
  EXPECT_EQ(fake_.kv.writes, 0);
}

// --- Its status ----------------------------------------------------------------------------------

TEST_F(AuthManagerTest, TellsHowItStandsWithAToken) {
  EXPECT_EQ(manager_.statusOf(account_).state, TokenState::None);
  authorize(account_);
  const Instant minted = fake_.clock.now();
  const auto status = manager_.statusOf(account_);
  EXPECT_EQ(status.state, TokenState::Valid);
  EXPECT_EQ(status.minted, minted);
  EXPECT_EQ(status.expires, minted + seconds(3599));
  fake_.clock.advance(minutes(54));
  EXPECT_EQ(manager_.statusOf(account_).state, TokenState::Expiring);
  fake_.clock.advance(minutes(5));
  EXPECT_EQ(manager_.statusOf(account_).state, TokenState::Expired);
}

TEST_F(AuthManagerTest, DoesNotKnowWhenAnotherIsolateMintedAToken) {
  store(account_.id, "of-another", minutes(30));
  authorize(account_);
  EXPECT_EQ(manager_.statusOf(account_).state, TokenState::Valid);
  EXPECT_EQ(manager_.statusOf(account_).minted, std::nullopt);
}

TEST_F(AuthManagerTest, NeedsNoTokenForAKey) {
  credentials::Credential key;
  key.grant = credentials::ApiKey{Secret("AQ.key")};
  EXPECT_EQ(manager_.statusOf(key).state, TokenState::NotNeeded);
}

TEST_F(AuthManagerTest, CountsWhatItMinted) {
  authorize(account_);
  EXPECT_EQ(manager_.mints().succeeded, 1U);
  EXPECT_EQ(manager_.mints().failed, 0U);
  fake_.fetcher.handler = [](const http::Request&) { return fake::answer(400, ""); };
  authorize(userCredential());
  EXPECT_EQ(manager_.mints().failed, 1U);
}

}  // namespace
}  // namespace rondo::auth
