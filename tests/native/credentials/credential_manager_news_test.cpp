#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "credentials/credential_manager.h"
#include "support/pool_samples.h"

// What a pool tells the pools of other isolates, and what it takes from them.
namespace rondo::credentials {
namespace {

using host::Fact;
using samples::cooling;
using samples::isFree;
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
using testing::Not;

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

TEST(CredentialManagerNewsTest, NewsThatIsWorthLessThanAllTheOthersPushesNoneOfThemOut) {
  auto manager = three();
  for (int i = 0; i < 128; ++i) {
    for (const auto* id : {"a", "b", "c"}) {
      manager.coolDown(id, "m" + std::to_string(i), cooling(hours(50)));
      manager.coolDownQuota(id, "q" + std::to_string(i), cooling(hours(50)));
    }
  }
  manager.restModel(kOther, {seconds(5), seconds(60)}, {}, kNow, "overloaded");
  const auto keys = keysOf(newsOf(manager));
  EXPECT_EQ(keys.size(), 512U);
  EXPECT_THAT(keys, Not(Contains("model|gemini-4-argon")));
}

// Ten thousand names that Google doesn't know, from this moment on.
void invent(CredentialManager& manager, Instant now = kNow) {
  for (int i = 0; i < 10'000; ++i) {
    const auto name = "invented-" + std::to_string(toUnixMillis(now)) + std::to_string(i);
    manager.denyModel("a", name, cooling(hours(12), "no_access", now));
  }
}

TEST(CredentialManagerNewsTest, WhatOthersTellOfInventedNamesPushesNothingRealOut) {
  auto manager = three();
  manager.coolDown("a", kModel, cooling(seconds(30)));
  std::vector<Fact> facts;
  for (int i = 0; i < 1024; ++i) {
    facts.push_back({"deny|a|invented-" + std::to_string(i), toUnixMillis(kNow + hours(12)),
                     kNow + hours(12), R"({"reason":"no_access","since":1764000000000})"});
  }
  manager.learn(facts, kNow);
  EXPECT_FALSE(isFree(manager, "a", kModel, kNow));
  EXPECT_FALSE(isFree(manager, "a", "invented-0", kNow));
  EXPECT_LE(manager.status(kNow).size(), 32U + 3U);
}

TEST(CredentialManagerNewsTest, ADenialIsNewsOnceTheModelHasBeenServed) {
  auto manager = three();
  invent(manager);
  newsOf(manager);
  manager.denyModel("a", kModel, cooling(hours(13), "no_access"));
  EXPECT_TRUE(newsOf(manager).empty());
  manager.succeed("c", kModel, kNow, kNow + seconds(1));
  EXPECT_THAT(keysOf(newsOf(manager)), ElementsAre("cool|a|gemini-3.8-flash"));
  manager.denyModel("b", kModel, cooling(hours(12), "no_access"));
  const auto news = newsOf(manager);
  auto other = three();
  other.learn(news, kNow);
  EXPECT_EQ(turns(other, kModel, 2), "ac");
  EXPECT_EQ(other.statusFor(kModel, kNow)[1].reason, "no_access");
}

TEST(CredentialManagerNewsTest, LongModelNamesArriveAsFarAsNamesAreKept) {
  const std::string name(1000, 'm');
  auto manager = three();
  manager.learn(told([&](auto& pool) { pool.coolDown("a", name, cooling(hours(1))); }), kNow);
  EXPECT_FALSE(isFree(manager, "a", name, kNow));
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
  EXPECT_FALSE(isFree(manager, "a", kModel, kNow + hours(1)));
  manager.learn(toldCooling(hours(3)), kNow);
  EXPECT_FALSE(isFree(manager, "a", kModel, kNow + hours(2)));
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
  EXPECT_FALSE(isFree(manager, "a", kModel, kNow));
}

TEST(CredentialManagerNewsTest, ARestOfACredentialReachesTheOthers) {
  auto manager = three();
  manager.learn(
      told([](auto& pool) { takeOut(pool, "a", kNow, Healing::ByRest, "token_refused"); }), kNow);
  EXPECT_EQ(turns(manager, kModel, 2), "bc");
  EXPECT_EQ(turns(manager, kOther, 1, kNow + minutes(5)), "a");
  EXPECT_TRUE(manager.succeed("a", kOther, kNow + minutes(5), kNow + minutes(6)));
}

// --- Times at the end of the world ---------------------------------------------------------------

constexpr std::int64_t kEnd = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kBeginning = std::numeric_limits<std::int64_t>::min();

// Facts about "a" that no rule makes: ranks and expiries, with texts for what else they tell.
std::vector<Fact> impossible(std::int64_t rank, std::int64_t expires, const std::string& moment) {
  const auto value = R"({"reason":"x","remedy":"y","since":)" + moment + R"(,"probe":)" + moment +
                     R"(,"probes":)" + moment + "}";
  std::vector<Fact> facts;
  for (const auto* key :
       {"cool|a|gemini-3.8-flash", "quota|a|requests", "model|gemini-3.8-flash", "credential|a"}) {
    facts.push_back({key, rank, fromUnixMillis(expires), value});
  }
  return facts;
}

std::vector<std::vector<Fact>> manyImpossible() {
  std::vector<std::vector<Fact>> all;
  for (const auto number : {kEnd, kEnd - 1, kBeginning, std::int64_t{0}, std::int64_t{-1}}) {
    for (const auto expires : {kEnd, kEnd - 1, toUnixMillis(kNow + days(400))}) {
      for (const auto moment : {kEnd, kBeginning, std::int64_t{-1}, std::int64_t{0}}) {
        all.push_back(impossible(number, expires, std::to_string(moment)));
      }
    }
  }
  return all;
}

TEST(CredentialManagerNewsTest, AResetWinsOverFactsThatNoRuleMakesAlsoWhenTheyAreReadAgain) {
  for (const auto& facts : manyImpossible()) {
    auto manager = three();
    manager.learn(facts, kNow);
    EXPECT_FALSE(isFree(manager, "a", kOther, kNow));
    manager.reset("a", kNow + seconds(1));
    manager.learn(facts, kNow + seconds(2));
    manager.learn(facts, kNow + hours(1));
    EXPECT_TRUE(isFree(manager, "a", kOther, kNow + hours(1)));
  }
}

TEST(CredentialManagerNewsTest, WhatNoRuleMakesIsHeldWithinWhatOneCouldHaveMade) {
  for (const auto& facts : manyImpossible()) {
    auto manager = three();
    manager.learn(facts, kNow);
    EXPECT_TRUE(isFree(manager, "b", kModel, kNow + minutes(10)));
    EXPECT_LE(manager.statusFor(kModel, kNow)[0].until, kNow + hours(4));
    EXPECT_LE(manager.statusFor(kModel, kNow)[0].since, kNow);
    EXPECT_TRUE(isFree(manager, "a", kModel, kNow + days(7)));
  }
}

TEST(CredentialManagerNewsTest, AResetWinsOverACoolDownThatAClockAheadOfThisOneDated) {
  auto manager = three();
  const auto facts = toldCooling(hours(1), kNow + minutes(3));
  manager.learn(facts, kNow);
  manager.reset("a", kNow);
  manager.learn(facts, kNow);
  EXPECT_TRUE(isFree(manager, "a", kModel, kNow));
}

TEST(CredentialManagerNewsTest, AResetWinsOverAnyCoolDownThatAClockAheadOfThisOneDated) {
  const auto ahead = cooling(hours(1), "told", kNow + minutes(3));
  for (const auto& facts : {told([&](auto& pool) { pool.coolDownQuota("a", "requests", ahead); }),
                            told([&](auto& pool) { pool.denyModel("a", kModel, ahead); })}) {
    auto manager = three();
    manager.learn(facts, kNow);
    EXPECT_FALSE(isFree(manager, "a", kModel, kNow));
    manager.reset("a", kNow);
    manager.learn(facts, kNow);
    EXPECT_TRUE(isFree(manager, "a", kModel, kNow));
  }
}

TEST(CredentialManagerNewsTest, AQuarantineHoldsAgainstAnEarlierEndThatAClockAheadDated) {
  auto manager = three();
  const auto freed = toldFreed(kNow + minutes(3));
  manager.learn(freed, kNow);
  takeOut(manager, "a");
  manager.learn(freed, kNow);
  EXPECT_TRUE(isOut(manager));
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

TEST(CredentialManagerNewsTest, AResetThatIsLearnedAfterALaterQuarantineStillVoidsCoolDowns) {
  auto manager = three();
  manager.coolDown("a", kModel, cooling(hours(5)));
  takeOut(manager, "a", kNow + seconds(20), Healing::ByProbe);
  manager.learn(toldReset(kNow + seconds(10)), kNow);
  EXPECT_TRUE(isOut(manager));
  EXPECT_TRUE(isFree(manager, "a", kModel, kNow + minutes(11)));
}

}  // namespace
}  // namespace rondo::credentials
