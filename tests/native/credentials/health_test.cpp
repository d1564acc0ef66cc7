#include "credentials/health.h"

#include <gtest/gtest.h>

#include "support/pool_samples.h"

namespace rondo::credentials {
namespace {

using samples::kNow;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

Refused refuse(Health& health, Instant at, Healing healing = Healing::ByProbe,
               std::string reason = "invalid_grant") {
  return health.refuse(std::move(reason), "Log in again.", healing, at);
}

// Out since kNow for something that can be mended.
Health healing() {
  Health health;
  refuse(health, kNow);
  return health;
}

Instant probeOf(const Health& health) { return health.quarantine()->probe.value(); }

// Probes at the first moment that it may, and is refused a second later. When that was.
Instant probeInVain(Health& health) {
  const auto at = probeOf(health);
  EXPECT_TRUE(health.isOut(at - Millis(1)));
  EXPECT_FALSE(health.isOut(at));
  health.choose(at);
  EXPECT_EQ(refuse(health, at + seconds(1)), Refused::Probe);
  return at + seconds(1);
}

TEST(HealthTest, ACredentialIsWellUntilItIsRefused) {
  Health health;
  health.choose(kNow);
  EXPECT_FALSE(health.isOut(kNow));
  EXPECT_EQ(health.quarantine(), nullptr);
  EXPECT_EQ(refuse(health, kNow, Healing::Never), Refused::Reason);
  EXPECT_TRUE(health.isOut(kNow + hours(999)));
}

TEST(HealthTest, AQuarantineForAnotherReasonKeepsTheTimeOfTheFirst) {
  auto health = healing();
  EXPECT_EQ(refuse(health, kNow + hours(1), Healing::Never, "service_disabled"), Refused::Reason);
  EXPECT_EQ(health.quarantine()->reason, "service_disabled");
  EXPECT_EQ(health.quarantine()->since, kNow);
  EXPECT_EQ(health.changed(), kNow + hours(1));
}

TEST(HealthTest, ThereIsOneProbeAMinute) {
  auto health = healing();
  health.choose(kNow + minutes(10));
  EXPECT_TRUE(health.isOut(kNow + minutes(11) - Millis(1)));
  EXPECT_FALSE(health.isOut(kNow + minutes(11)));
}

TEST(HealthTest, EachProbeInVainDoublesTheWaitUpToFourHours) {
  auto health = healing();
  for (const auto wait : {20, 40, 80, 160, 240, 240}) {
    const auto refused = probeInVain(health);
    EXPECT_EQ(probeOf(health) - refused, minutes(wait));
  }
  EXPECT_EQ(health.quarantine()->since, kNow);
}

TEST(HealthTest, TenRequestsThatAreRefusedTogetherDoNotLengthenTheWait) {
  auto health = healing();
  for (int i = 1; i < 10; ++i) {
    EXPECT_EQ(refuse(health, kNow + seconds(i)), Refused::Nothing);
  }
  EXPECT_EQ(probeOf(health), kNow + minutes(10));
}

TEST(HealthTest, RefusalsBesideAProbeInVainCountOnce) {
  auto health = healing();
  const auto refused = probeInVain(health);
  for (int i = 1; i < 10; ++i) refuse(health, refused + seconds(i));
  EXPECT_EQ(probeOf(health), refused + minutes(20));
}

TEST(HealthTest, AProbeThatShowsAnotherFaultMayEndTheHealing) {
  auto health = healing();
  health.choose(kNow + minutes(10));
  EXPECT_EQ(refuse(health, kNow + minutes(10), Healing::Never, "account_deleted"), Refused::Reason);
  EXPECT_TRUE(health.isOut(kNow + hours(999)));
  EXPECT_EQ(health.quarantine()->probe, std::nullopt);
}

TEST(HealthTest, AQuarantineAfterTheEndOfAnotherBeginsAnew) {
  auto health = healing();
  const auto probed = probeInVain(health) + minutes(20);
  health.choose(probed);
  EXPECT_TRUE(health.succeed(probed, probed + seconds(1)));
  const auto again = probed + hours(1);
  EXPECT_EQ(refuse(health, again), Refused::Reason);
  EXPECT_EQ(probeOf(health), again + minutes(10));
  EXPECT_EQ(health.quarantine()->since, again);
}

TEST(HealthTest, AnAttemptThatBeganBeforeTheQuarantineDoesNotEndIt) {
  auto health = healing();
  EXPECT_FALSE(health.succeed(kNow - seconds(1), kNow + seconds(1)));
  EXPECT_FALSE(health.succeed(kNow, kNow + seconds(1)));
  EXPECT_TRUE(health.isOut(kNow + seconds(1)));
}

TEST(HealthTest, AnAttemptThatBeganBeforeAProbeInVainDoesNotEndIt) {
  auto health = healing();
  const auto refused = probeInVain(health);
  EXPECT_FALSE(health.succeed(refused - seconds(1), refused + seconds(1)));
  EXPECT_EQ(probeOf(health), refused + minutes(20));
}

TEST(HealthTest, ARefusalBesideAQuarantineThatWasToldIsNoProbeInVain) {
  auto health = healing();
  health.choose(kNow + minutes(10));
  const auto at = kNow + minutes(11);
  health.takeOut({"invalid_grant", "Log in again.", at, at + minutes(10), 0}, at);
  EXPECT_EQ(refuse(health, at + seconds(1)), Refused::Nothing);
  EXPECT_EQ(probeOf(health), at + minutes(10));
}

TEST(HealthTest, WhatHappenedIsNotUndoneByWhatIsNotNewer) {
  auto health = healing();
  health.free(kNow);
  EXPECT_TRUE(health.isOut(kNow));
  const auto before = *health.quarantine();
  health.free(kNow + seconds(1));
  health.takeOut(before, kNow + seconds(1));
  EXPECT_FALSE(health.isOut(kNow));
}

TEST(HealthTest, AQuarantineIsNewerThanWhatItFollowsWhateverTheClockSays) {
  Health health;
  health.free(kNow + minutes(2));
  refuse(health, kNow);
  EXPECT_EQ(health.changed(), kNow + minutes(2) + Millis(1));
}

TEST(HealthTest, LongWordsOfAQuarantineAreCutAtTheEndOfACharacter) {
  Health health;
  std::string words;
  while (words.size() < 5000) words += "\xE2\x82\xAC";
  health.refuse(words, words, Healing::Never, kNow);
  EXPECT_EQ(health.quarantine()->reason.size(), 126U);
  EXPECT_EQ(health.quarantine()->remedy.size(), 1023U);
}

}  // namespace
}  // namespace rondo::credentials
