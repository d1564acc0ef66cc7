#include "credentials/credential_cool_downs.h"

#include <gtest/gtest.h>

#include "support/pool_samples.h"

namespace rondo::credentials {
namespace {

using samples::cooling;
using samples::kModel;
using samples::kNow;
using samples::kOther;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

using enum CredentialCools::Scope;

std::string longest(const CredentialCoolDowns& coolDowns, std::string_view model) {
  const auto* found = coolDowns.longest(model, kNow);
  return found ? found->reason : "-";
}

TEST(CredentialCoolDownsTest, OfQuotasAndModelThatCoolTheLongestCounts) {
  CredentialCoolDowns coolDowns;
  coolDowns.extend(Quota, "requests", cooling(minutes(5), "requests"));
  coolDowns.extend(Quota, "tokens", cooling(minutes(9), "tokens"));
  coolDowns.extend(Model, kModel, cooling(minutes(7), "model"));
  EXPECT_EQ(longest(coolDowns, kModel), "tokens");
  EXPECT_EQ(longest(coolDowns, kOther), "tokens");
  EXPECT_EQ(coolDowns.longestOfAll(kNow)->until, kNow + minutes(9));
  coolDowns.extend(Denied, kModel, cooling(hours(12), "no_access"));
  EXPECT_EQ(longest(coolDowns, kModel), "no_access");
  EXPECT_EQ(longest(coolDowns, kOther), "tokens");
}

TEST(CredentialCoolDownsTest, ThirtyTwoDenialsAreKeptBesideWhatCools) {
  CredentialCoolDowns coolDowns;
  coolDowns.extend(Model, kModel, cooling(seconds(30)));
  for (int i = 0; i < 1000; ++i) {
    coolDowns.extend(Denied, "invented-" + std::to_string(i), cooling(hours(12)));
  }
  EXPECT_EQ(longest(coolDowns, kModel), "minute");
  int models = 0;
  coolDowns.forEachModel(kNow, [&models](const std::string&) { ++models; });
  EXPECT_EQ(models, 1 + 32);
}

TEST(CredentialCoolDownsTest, AModelThatCoolsAndIsDeniedIsListedOnce) {
  CredentialCoolDowns coolDowns;
  coolDowns.extend(Denied, kModel, cooling(hours(12)));
  coolDowns.extend(Model, kModel, cooling(hours(1)));
  std::vector<std::string> models;
  coolDowns.forEachModel(kNow, [&models](const std::string& model) { models.push_back(model); });
  EXPECT_EQ(models, std::vector<std::string>{std::string(kModel)});
}

TEST(CredentialCoolDownsTest, ADenialIsTakenOutOnce) {
  CredentialCoolDowns coolDowns;
  coolDowns.extend(Denied, kModel, cooling(hours(12), "no_access"));
  EXPECT_EQ(coolDowns.takeDenial(kModel, kNow)->reason, "no_access");
  EXPECT_FALSE(coolDowns.takeDenial(kModel, kNow));
  EXPECT_EQ(longest(coolDowns, kModel), "-");
}

TEST(CredentialCoolDownsTest, SuccessKeepsWhatCameSinceTheAttemptBegan) {
  CredentialCoolDowns coolDowns;
  coolDowns.extend(Model, kModel, cooling(hours(1), "minute", kNow + seconds(1)));
  coolDowns.succeed(kModel, kNow);
  EXPECT_EQ(longest(coolDowns, kModel), "minute");
  coolDowns.succeed(kModel, kNow + seconds(2));
  EXPECT_EQ(longest(coolDowns, kModel), "-");
}

TEST(CredentialCoolDownsTest, SuccessLeavesASharedQuotaCooling) {
  CredentialCoolDowns coolDowns;
  coolDowns.extend(Quota, "requests", cooling(hours(1)));
  coolDowns.succeed(kModel, kNow + Millis(1));
  EXPECT_EQ(longest(coolDowns, kModel), "minute");
}

TEST(CredentialCoolDownsTest, AResetEndsAllOfBeforeAndVoidsWhatIsLearnedOfItLater) {
  CredentialCoolDowns coolDowns;
  for (const auto scope : {Model, Denied, Quota}) {
    coolDowns.extend(scope, kModel, cooling(hours(1)));
  }
  EXPECT_EQ(coolDowns.latestRefusal(), kNow);
  coolDowns.reset(kNow + seconds(10));
  EXPECT_EQ(longest(coolDowns, kModel), "-");
  coolDowns.learn(Model, kModel, cooling(hours(1), "before", kNow + seconds(10)));
  EXPECT_EQ(longest(coolDowns, kModel), "-");
  coolDowns.learn(Model, kModel, cooling(hours(1), "after", kNow + seconds(11)));
  EXPECT_EQ(longest(coolDowns, kModel), "after");
}

TEST(CredentialCoolDownsTest, AnEarlierResetThatIsHeardOfLaterChangesNothing) {
  CredentialCoolDowns coolDowns;
  coolDowns.reset(kNow + seconds(10));
  coolDowns.reset(kNow);
  coolDowns.learn(Model, kModel, cooling(hours(1), "before", kNow + seconds(5)));
  EXPECT_EQ(longest(coolDowns, kModel), "-");
}

}  // namespace
}  // namespace rondo::credentials
