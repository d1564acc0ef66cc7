#include "poolmodel/scale.h"

#include <gtest/gtest.h>

namespace rondo::poolmodel {
namespace {

// The deployment of docs/pool.md in small: a tenth of the isolates and a twentieth of the load,
// with the same load on each credential.
constexpr Size kSmall = {.locations = 5, .isolatesAtEach = 20, .credentials = 20, .perMinute = 300};
constexpr int kAll = 100;  // What the quotas allow each second.

Scenario small(Teller teller, int perSecond, Isolates isolates = Isolates::Warm) {
  return atScale(kSmall, teller, perSecond, isolates);
}

TEST(Scale, BringsAsManyRequestsASecondAsWereAskedFor) {
  const auto outcome = run(small(Teller::Kv, 50));
  EXPECT_NEAR(static_cast<double>(outcome.requests), 50 * 120, 50 * 120 * 0.05);
}

TEST(Scale, IsTheSameInEveryRun) {
  const auto first = run(small(Teller::LimitedObject, 50, Isolates::Cold));
  const auto second = run(small(Teller::LimitedObject, 50, Isolates::Cold));
  EXPECT_EQ(first.google.wasted, second.google.wasted);
  EXPECT_EQ(first.stores.objectCalls, second.stores.objectCalls);
  EXPECT_EQ(first.stores.objectBusiest, second.stores.objectBusiest);
}

TEST(Scale, LetsColdIsolatesAskForTokensAndWarmOnesHardly) {
  const auto cold = run(small(Teller::Object, 50, Isolates::Cold)).stores;
  const auto warm = run(small(Teller::Object, 50, Isolates::Warm)).stores;
  EXPECT_GE(cold.objectTokenCalls, 1500);
  EXPECT_LE(warm.objectTokenCalls, 300);
}

TEST(Scale, WastesLessWithTheObjectThanWithKvAlone) {
  const auto object = run(small(Teller::LimitedObject, kAll));
  EXPECT_LE(object.wastedShare(), 0.02);
  EXPECT_GE(run(small(Teller::Kv, kAll)).google.wasted, 3 * object.google.wasted);
}

TEST(Scale, LetsTheObjectDoNoMoreThanItCan) {
  auto scenario = small(Teller::LimitedObject, kAll);
  scenario.objectCallLasts = Millis{50};
  const auto& stores = run(scenario).stores;
  // Twenty a second for two minutes and one more until all is answered.
  EXPECT_LE(stores.objectCalls - stores.objectRefused, 20 * 180);
  EXPECT_GE(stores.objectRefused, 100);
}

TEST(Scale, LosesNoRequestToAnOverloadedObject) {
  auto scenario = small(Teller::LimitedObject, kAll / 2, Isolates::Cold);
  scenario.objectCallLasts = Millis{50};
  const auto outcome = run(scenario);
  EXPECT_GE(outcome.stores.objectRefused, 100);
  EXPECT_GE(outcome.servedShare(), 0.99);
}

}  // namespace
}  // namespace rondo::poolmodel
