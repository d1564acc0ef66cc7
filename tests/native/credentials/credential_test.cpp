#include "credentials/credential.h"

#include <gtest/gtest.h>

#include "base/sha256.h"

namespace rondo::credentials {
namespace {

TEST(CredentialTest, IdIsTheStartOfTheHashOverKindAndIdentity) {
  EXPECT_EQ(credentialId(CredentialKind::ServiceAccount, {"a@b", "k1"}),
            sha256Hex("service_account\na@b\nk1").substr(0, 16));
}

TEST(CredentialTest, SameFieldsOfAnotherKindMakeAnotherId) {
  EXPECT_NE(credentialId(CredentialKind::AuthorizedUser, {"client", "token"}),
            credentialId(CredentialKind::OAuthTokens, {"client", "token"}));
}

TEST(CredentialTest, FieldsDoNotRunIntoEachOther) {
  EXPECT_NE(credentialId(CredentialKind::OAuthTokens, {"ab", "c"}),
            credentialId(CredentialKind::OAuthTokens, {"a", "bc"}));
}

TEST(CredentialTest, WithoutPatternsItServesEveryModel) {
  EXPECT_TRUE(serves(Credential{}, "gemini-3.8-flash"));
}

TEST(CredentialTest, WithPatternsItServesWhatOneOfThemMatches) {
  Credential credential;
  credential.models = {"gemini-3*", "*-lite"};
  EXPECT_TRUE(serves(credential, "gemini-3.8-flash"));
  EXPECT_TRUE(serves(credential, "gemini-2.5-flash-lite"));
  EXPECT_FALSE(serves(credential, "gemini-4-argon"));
}

}  // namespace
}  // namespace rondo::credentials
