#include "poolmodel/scale.h"

#include <gtest/gtest.h>

namespace rondo::poolmodel {
namespace {

// The deployment of docs/pool.md in small.
constexpr Size kSmall = {.locations = 4, .isolatesAtEach = 5, .credentials = 20, .perMinute = 120};
constexpr int kAll = 40;  // What the quotas allow each second.
constexpr int kHalf = 20;

Scenario withSlowObject() {
  auto scenario = atScale(kSmall, Teller::LimitedObject, kHalf);
  scenario.objectCallLasts = Millis{200};
  return scenario;
}

TEST(Scale, IsTheSameInEveryRun) {
  const auto scenario = atScale(kSmall, Teller::LimitedObject, kHalf);
  const auto first = run(scenario);
  const auto second = run(scenario);
  EXPECT_EQ(first.google.wasted, second.google.wasted);
  EXPECT_EQ(first.stores.objectCalls, second.stores.objectCalls);
  EXPECT_EQ(first.stores.objectBusiest, second.stores.objectBusiest);
}

TEST(Scale, BringsAsManyRequestsASecondAsWereAskedFor) {
  const auto outcome = run(atScale(kSmall, Teller::Kv, kHalf));
  EXPECT_NEAR(static_cast<double>(outcome.requests), kHalf * 120, kHalf * 120 * 0.1);
}

TEST(Scale, LetsEachIsolateAskForEachTokenOnce) {
  const auto outcome = run(atScale(kSmall, Teller::Object, kHalf));
  const auto asked = outcome.stores.objectTokenCalls - outcome.google.mints;  // Each is told.
  EXPECT_GE(asked, 20 * 18);
  EXPECT_LE(asked, 20 * 22);
}

TEST(Scale, WastesLessWithTheObjectThanWithKvAlone) {
  const auto object = run(atScale(kSmall, Teller::LimitedObject, kAll));
  const auto kv = run(atScale(kSmall, Teller::Kv, kAll));
  EXPECT_LE(object.wastedShare(), 0.03);
  EXPECT_GE(kv.google.wasted, 2 * object.google.wasted);
}

TEST(Scale, LosesNoRequestToAnObjectThatRefusesCalls) {
  const auto outcome = run(withSlowObject());
  EXPECT_GE(outcome.stores.objectRefused, 50);
  EXPECT_GE(outcome.servedShare(), 0.99);
}

TEST(Scale, RefusesNoCallOfAnObjectThatKeepsUp) {
  const auto outcome = run(atScale(kSmall, Teller::LimitedObject, kHalf));
  EXPECT_EQ(outcome.stores.objectRefused, 0);
}

TEST(Scale, AsksTheObjectLessForTokensThatLieInObjectsOfTheirOwn) {
  const auto one = run(atScale(kSmall, Teller::LimitedObject, kHalf));
  const auto apart = run(atScale(kSmall, Teller::TokensApart, kHalf));
  EXPECT_GE(apart.stores.objectTokenCalls, one.stores.objectTokenCalls / 2);
  EXPECT_LT(apart.stores.objectBusiest, one.stores.objectBusiest);
}

TEST(Scale, AsksTheObjectOnceForAllOfALocationWhereCachesStandBeforeIt) {
  const auto alone = run(atScale(kSmall, Teller::LimitedObject, kHalf));
  const auto cached = run(atScale(kSmall, Teller::ObjectAndCaches, kHalf));
  EXPECT_LT(cached.stores.objectCalls, alone.stores.objectCalls / 2);
  EXPECT_GT(cached.stores.cacheCalls, 0);
}

TEST(Scale, WastesLessWhereIsolatesOfALocationTellEachOtherThanWithKvAlone) {
  const auto kv = run(atScale(kSmall, Teller::Kv, kAll));
  const auto cached = run(atScale(kSmall, Teller::KvAndCaches, kAll));
  EXPECT_LT(cached.google.wasted, kv.google.wasted);
  EXPECT_LT(cached.stores.kvReads, kv.stores.kvReads);
  EXPECT_EQ(cached.stores.objectCalls, 0);
}

}  // namespace
}  // namespace rondo::poolmodel
