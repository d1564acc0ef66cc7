#include "auth/renewal_policy.h"

#include <gtest/gtest.h>

#include "auth/access_token.h"

namespace rondo::auth {
namespace {

using std::chrono::seconds;

using enum host::CredentialStore::Sharing;

TEST(RenewalPolicyTest, WhereAClaimKeepsNobodyOutFewOthersMintAndMoreAsTimeRunsOut) {
  const auto& policy = policyFor(Scarce);
  EXPECT_EQ(policy.oddsAgainst(policy.othersLead), 256);
  EXPECT_EQ(policy.oddsAgainst(seconds(150)), 32);
  EXPECT_EQ(policy.oddsAgainst(seconds(90)), 4);
  EXPECT_EQ(policy.oddsAgainst(kExpiryMargin), 4);
}

TEST(RenewalPolicyTest, WhereOneAloneHoldsAClaimWhoeverHoldsItMintsAsIfItWereTheMaker) {
  const auto& policy = policyFor(Prompt);
  EXPECT_EQ(policy.othersLead, policy.makersLead);
  EXPECT_EQ(policy.oddsAgainst(policy.othersLead), 1);
}

}  // namespace
}  // namespace rondo::auth
