#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "credentials/credential_manager.h"
#include "support/pool_samples.h"

// What a pool tells the pools of other isolates, and what it takes from them.
namespace rondo::credentials {
namespace {

using host::Fact;
using samples::cooling;
using samples::kModel;
using samples::kNow;
using samples::kOther;
using samples::one;
using samples::takeOut;
using samples::three;
using samples::turns;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::Contains;
using testing::ElementsAre;

std::vector<Fact> newsOf(CredentialManager& manager) { return manager.takeNews(kNow, Millis(1)); }

std::vector<std::string> keysOf(const std::vector<Fact>& facts) {
  std::vector<std::string> keys;
  for (const auto& fact : facts) keys.push_back(fact.key);
  return keys;
}

// What another isolate tells when this happened to its pool of three.
template <class Change>
std::vector<Fact> told(Change change) {
  auto elsewhere = three();
  change(elsewhere);
  return newsOf(elsewhere);
}

std::vector<Fact> toldCooling(Millis length, Instant since = kNow) {
  return told([&](auto& pool) { pool.coolDown("a", kModel, cooling(length, "told", since)); });
}

std::vector<Fact> toldOut(Instant at) {
  return told([&](auto& pool) { takeOut(pool, "a", at); });
}

std::vector<Fact> toldReset(Instant at) {
  return told([&](auto& pool) { pool.reset("a", at); });
}

std::vector<Fact> toldFreed(Instant at) {
  return told([&](auto& pool) {
    takeOut(pool, "a", at - seconds(2));
    pool.succeed("a", kModel, at - seconds(1), at);
  });
}

bool isOut(const CredentialManager& manager) {
  return manager.statusFor(kModel, kNow)[0].state == CredentialState::Quarantined;
}

// --- News ----------------------------------------------------------------------------------------

TEST(CredentialManagerNewsTest, EveryKindOfChangeIsNews) {
  constexpr Ladder kLadder{seconds(5), seconds(60)};
  EXPECT_THAT(keysOf(told([&](auto& pool) {
                pool.coolDown("a", kModel, cooling(minutes(1)));
                pool.coolDownQuota("a", "requests", cooling(minutes(1)));
                pool.rest("b", kModel, kLadder, {}, kNow, "overloaded");
                pool.restModel(kOther, kLadder, {}, kNow, "overloaded");
                takeOut(pool, "c");
              })),
              ElementsAre("cool|a|gemini-3.8-flash", "cool|b|gemini-3.8-flash", "credential|c",
                          "model|gemini-4-argon", "quota|a|requests"));
}

TEST(CredentialManagerNewsTest, NewsIsTakenOnce) {
  auto manager = one();
  manager.coolDown("a", kModel, cooling(minutes(1)));
  EXPECT_EQ(newsOf(manager).size(), 1U);
  EXPECT_TRUE(newsOf(manager).empty());
}

TEST(CredentialManagerNewsTest, WhatDoesNotLastIsDroppedAndNeverTold) {
  auto manager = one();
  manager.coolDown("a", kModel, cooling(minutes(1) - Millis(1)));
  manager.coolDown("a", kOther, cooling(minutes(1)));
  EXPECT_THAT(keysOf(manager.takeNews(kNow, minutes(1))), ElementsAre("cool|a|gemini-4-argon"));
  EXPECT_TRUE(newsOf(manager).empty());
}

TEST(CredentialManagerNewsTest, WhatChangedNothingIsNoNews) {
  auto manager = one();
  manager.coolDown("a", kModel, cooling(hours(1)));
  takeOut(manager, "a");
  newsOf(manager);
  manager.coolDown("a", kModel, cooling(minutes(1)));
  takeOut(manager, "a", kNow + seconds(1));
  manager.succeed("a", kOther, kNow, kNow + seconds(1));
  EXPECT_TRUE(newsOf(manager).empty());
}

TEST(CredentialManagerNewsTest, OfTwoChangesToTheSameThingTheLastIsTold) {
  auto manager = one();
  manager.coolDown("a", kModel, cooling(minutes(1)));
  manager.coolDown("a", kModel, cooling(hours(1)));
  takeOut(manager, "a");
  manager.reset("a", kNow + seconds(1));
  auto other = one();
  other.learn(newsOf(manager), kNow);
  EXPECT_EQ(turns(other, kModel, 1), "a");
}

TEST(CredentialManagerNewsTest, AProbeInVainIsNewsThoughItIsNoOtherQuarantine) {
  auto manager = one();
  takeOut(manager, "a", kNow, Healing::ByProbe);
  newsOf(manager);
  turns(manager, kModel, 1, kNow + minutes(10));
  takeOut(manager, "a", kNow + minutes(10), Healing::ByProbe);
  auto other = one();
  other.learn(newsOf(manager), kNow);
  EXPECT_EQ(other.statusFor(kModel, kNow)[0].until, kNow + minutes(30));
}

TEST(CredentialManagerNewsTest, WhatWasLearnedIsNoNews) {
  auto manager = three();
  manager.learn(toldCooling(hours(1)), kNow);
  manager.learn(toldOut(kNow), kNow);
  manager.learn(toldReset(kNow + seconds(1)), kNow);
  EXPECT_TRUE(newsOf(manager).empty());
}

TEST(CredentialManagerNewsTest, FloodedWithModelNamesItBoundsTheNewsAndKeepsTheQuarantines) {
  auto manager = three();
  takeOut(manager, "c");
  for (int i = 0; i < 10'000; ++i) {
    manager.coolDown("a", "made-up-" + std::to_string(i), cooling(hours(1), "no_access"));
  }
  const auto keys = keysOf(newsOf(manager));
  EXPECT_EQ(keys.size(), 512U);
  EXPECT_THAT(keys, Contains("credential|c"));
}

TEST(CredentialManagerNewsTest, LongModelNamesArriveAsFarAsNamesAreKept) {
  const std::string name(1000, 'm');
  auto manager = three();
  manager.learn(told([&](auto& pool) { pool.coolDown("a", name, cooling(hours(1))); }), kNow);
  EXPECT_FALSE(manager.isFree("a", name, kNow));
}

// --- Learning ------------------------------------------------------------------------------------

TEST(CredentialManagerNewsTest, WhatAnotherIsolateFoundIsPassedOverHere) {
  auto manager = three();
  manager.learn(toldCooling(hours(1)), kNow);
  EXPECT_EQ(turns(manager, kModel, 3), "bcb");
  EXPECT_EQ(turns(manager, kOther, 1), "a");
  EXPECT_EQ(manager.statusFor(kModel, kNow)[0].reason, "told");
}

TEST(CredentialManagerNewsTest, SharedQuotasAndRestingModelsAreLearnedToo) {
  auto manager = three();
  manager.learn(told([](auto& pool) {
                  pool.coolDownQuota("a", "requests", cooling(hours(1)));
                  pool.restModel(kOther, {hours(1), hours(1)}, {}, kNow, "overloaded");
                }),
                kNow);
  EXPECT_EQ(turns(manager, kModel, 2), "bc");
  EXPECT_EQ(turns(manager, kOther, 1), "-");
}

TEST(CredentialManagerNewsTest, ALearnedCoolDownNeverShortensOneThatLastsLonger) {
  auto manager = three();
  manager.coolDown("a", kModel, cooling(hours(2)));
  manager.learn(toldCooling(hours(1)), kNow);
  EXPECT_FALSE(manager.isFree("a", kModel, kNow + hours(1)));
  manager.learn(toldCooling(hours(3)), kNow);
  EXPECT_FALSE(manager.isFree("a", kModel, kNow + hours(2)));
}

TEST(CredentialManagerNewsTest, FactsThatHaveExpiredAreNotLearned) {
  auto manager = three();
  manager.learn(toldOut(kNow), kNow + days(31));
  EXPECT_FALSE(isOut(manager));
}

TEST(CredentialManagerNewsTest, FactsAboutUnknownCredentialsAreIgnored) {
  auto manager = one();
  manager.learn(told([](auto& pool) {
                  pool.coolDown("b", kModel, cooling(hours(1)));
                  pool.coolDownQuota("b", "requests", cooling(hours(1)));
                  takeOut(pool, "b");
                  pool.reset("c", kNow);
                }),
                kNow);
  EXPECT_EQ(turns(manager, kModel, 1), "a");
}

TEST(CredentialManagerNewsTest, DamagedFactsAreIgnoredAndTheOthersLearned) {
  auto facts = toldCooling(hours(1));
  facts.insert(facts.begin(), {{"cool|b|" + std::string(kModel), 7, kNow + hours(1), "{"},
                               {"what|b", 7, kNow + hours(1), "{}"},
                               {"", 0, kNow + hours(1), ""}});
  auto manager = three();
  manager.learn(facts, kNow);
  EXPECT_EQ(turns(manager, kModel, 3), "bcb");
}

TEST(CredentialManagerNewsTest, OfTheEventsOfACredentialTheNewestHoldsWhateverTheirOrder) {
  const auto out = toldOut(kNow + seconds(10));
  for (const auto& end : {toldFreed(kNow + seconds(20)), toldReset(kNow + seconds(20))}) {
    for (const auto& order : {std::vector{out, end}, std::vector{end, out}}) {
      auto manager = three();
      for (const auto& facts : order) manager.learn(facts, kNow);
      EXPECT_FALSE(isOut(manager));
      manager.learn(toldOut(kNow + seconds(30)), kNow);
      EXPECT_TRUE(isOut(manager));
    }
  }
}

TEST(CredentialManagerNewsTest, WhatHappenedHereIsNotUndoneByOlderNews) {
  auto manager = three();
  takeOut(manager, "a", kNow + seconds(10));
  manager.learn(toldFreed(kNow + seconds(5)), kNow);
  EXPECT_TRUE(isOut(manager));
  manager.reset("a", kNow + seconds(20));
  manager.learn(toldOut(kNow + seconds(15)), kNow);
  EXPECT_FALSE(isOut(manager));
}

TEST(CredentialManagerNewsTest, AProbeThatWorkedElsewhereEndsTheQuarantineAndNoCoolDown) {
  auto manager = three();
  takeOut(manager, "a");
  manager.coolDown("a", kModel, cooling(hours(1)));
  manager.learn(toldFreed(kNow + minutes(10)), kNow);
  EXPECT_FALSE(isOut(manager));
  EXPECT_FALSE(manager.isFree("a", kModel, kNow));
}

TEST(CredentialManagerNewsTest, ARefusalHereBesideAQuarantineThatWasLearnedIsNoProbeInVain) {
  auto manager = one();
  takeOut(manager, "a", kNow, Healing::ByProbe);
  turns(manager, kModel, 1, kNow + minutes(10));
  const auto at = kNow + minutes(11);
  manager.learn(told([&](auto& pool) { takeOut(pool, "a", at, Healing::ByProbe); }), at);
  EXPECT_FALSE(takeOut(manager, "a", at + seconds(1), Healing::ByProbe));
  EXPECT_EQ(manager.statusFor(kModel, at)[0].until, at + minutes(10));
}

// --- A reset, among isolates ---------------------------------------------------------------------

TEST(CredentialManagerNewsTest, AResetElsewhereVoidsWhatCameBefore) {
  auto manager = three();
  takeOut(manager, "a");
  manager.coolDown("a", kModel, cooling(hours(1)));
  manager.coolDownQuota("a", "requests", cooling(hours(1)));
  manager.learn(toldReset(kNow + seconds(1)), kNow);
  EXPECT_EQ(turns(manager, kModel, 1), "a");
}

TEST(CredentialManagerNewsTest, AResetVoidsOlderCoolDownsThatAreLearnedAfterwards) {
  auto manager = three();
  manager.reset("a", kNow + seconds(10));
  manager.learn(toldCooling(hours(1), kNow + seconds(5)), kNow);
  EXPECT_TRUE(manager.isFree("a", kModel, kNow));
  manager.learn(toldCooling(hours(1), kNow + seconds(15)), kNow);
  EXPECT_FALSE(manager.isFree("a", kModel, kNow));
}

TEST(CredentialManagerNewsTest, AResetThatIsLearnedAfterALaterQuarantineStillVoidsCoolDowns) {
  auto manager = three();
  manager.coolDown("a", kModel, cooling(hours(5)));
  takeOut(manager, "a", kNow + seconds(20), Healing::ByProbe);
  manager.learn(toldReset(kNow + seconds(10)), kNow);
  EXPECT_TRUE(isOut(manager));
  EXPECT_TRUE(manager.isFree("a", kModel, kNow + minutes(11)));
}

}  // namespace
}  // namespace rondo::credentials
