#include "auth/token_store.h"

#include <gtest/gtest.h>

#include "support/auth_samples.h"

namespace rondo::auth {
namespace {

using samples::serviceAccountCredential;
using std::chrono::minutes;
using std::chrono::seconds;

class TokenStoreTest : public testing::Test {
 protected:
  void keep(const credentials::Credential& credential, const std::string& token,
            Millis lifetime = minutes(30)) {
    fake_.run(store_.keep(fake_.io, credential, {Secret(token), fake_.clock.now() + lifetime}));
  }

  std::string claimed(const credentials::Credential& credential, Millis beyond = minutes(1)) {
    const auto token = fake_.run(store_.claim(fake_.io, credential, fake_.clock.now() + beyond));
    return token ? token->token.reveal() : "none";
  }

  fake::FakeHost fake_;
  TokenStore store_{fake_.logger};
  const credentials::Credential account_ = serviceAccountCredential();
};

TEST_F(TokenStoreTest, WhatWasKeptIsFoundWithItsExpiry) {
  keep(account_, "ya29.kept");
  const auto token = fake_.run(store_.claim(fake_.io, account_, fake_.clock.now() + minutes(1)));
  ASSERT_TRUE(token);
  EXPECT_EQ(token->token.reveal(), "ya29.kept");
  EXPECT_EQ(token->expiry, fake_.clock.now() + minutes(30));
}

TEST_F(TokenStoreTest, NothingReadableLiesInTheStore) {
  keep(account_, "ya29.kept");
  const auto& value = fake_.kv.entries.at("token:v1:sa-1").value;
  EXPECT_EQ(value.find("ya29"), std::string::npos);
  EXPECT_EQ(decodeBase64(value)->find("ya29"), std::string::npos);
  EXPECT_EQ(value.find('{'), std::string::npos);
}

TEST_F(TokenStoreTest, AnotherSecretOpensNothing) {
  keep(account_, "ya29.kept");
  auto other = account_;
  std::get<credentials::ServiceAccountKey>(other.grant).pkcs8 = Secret("another-der");
  EXPECT_EQ(claimed(other), "none");
}

TEST_F(TokenStoreTest, ARecordThatWasMovedToAnotherKeyCountsAsNotThere) {
  keep(account_, "ya29.kept");
  fake_.kv.entries["token:v1:sa-2"] = fake_.kv.entries.at("token:v1:sa-1");
  EXPECT_EQ(claimed(serviceAccountCredential("sa-2")), "none");
}

TEST_F(TokenStoreTest, APlainRecordOfBeforeCountsAsNotThere) {
  fake_.kv.entries["token:v1:sa-1"] = {
      encodeTokenRecord({Secret("ya29.plain"), fake_.clock.now() + minutes(30)}), Millis(1)};
  EXPECT_EQ(claimed(account_), "none");
}

TEST_F(TokenStoreTest, ATokenThatDoesNotLastLongEnoughCountsAsNotThere) {
  keep(account_, "ya29.kept");
  EXPECT_EQ(claimed(account_, minutes(30) - Millis(1)), "ya29.kept");
  EXPECT_EQ(claimed(account_, minutes(30)), "none");
}

TEST_F(TokenStoreTest, BrokenKvIsToldInTheLogAndCountsAsNothingThere) {
  fake_.kv.broken = true;
  EXPECT_EQ(claimed(account_), "none");
  EXPECT_TRUE(fake_.logger.contains("token_read_failed credential=alias of sa-1"));
}

TEST_F(TokenStoreTest, ARefreshTokenIsSealedToo) {
  const auto user = samples::userCredential();
  fake_.run(store_.keepRefresh(fake_.io, user, Secret("1//rotated")));
  EXPECT_EQ(fake_.kv.entries.at("refresh:v1:user-1").value.find("rotated"), std::string::npos);
  EXPECT_EQ(**fake_.run(store_.findRefresh(fake_.io, user)), Secret("1//rotated"));
}

}  // namespace
}  // namespace rondo::auth
