#include "credentials/credential_manager.h"

#include <gtest/gtest.h>

namespace rondo::credentials {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::string_view kModel = "gemini-3.8-flash";
constexpr std::string_view kOther = "gemini-4-argon";
const Instant kNow = fromUnixMillis(1'764'000'000'000);

Credential named(std::string id, std::vector<std::string> models = {}) {
  Credential credential;
  credential.id = std::move(id);
  credential.alias = "alias of " + credential.id;
  credential.models = std::move(models);
  return credential;
}

CredentialManager three() { return CredentialManager({named("a"), named("b"), named("c")}); }

// The ids of the next `count` choices, "-" for none.
std::string turns(CredentialManager& manager, std::string_view model, std::size_t count,
                  Instant now = kNow) {
  std::string ids;
  for (std::size_t i = 0; i < count; ++i) {
    const auto* chosen = manager.choose(model, now);
    ids += chosen ? chosen->id : "-";
  }
  return ids;
}

TEST(CredentialManagerTest, CredentialsTakeTurnsInOrder) {
  auto manager = three();
  EXPECT_EQ(turns(manager, kModel, 7), "abcabca");
}

TEST(CredentialManagerTest, EachModelHasItsOwnCursor) {
  auto manager = three();
  EXPECT_EQ(turns(manager, kModel, 2), "ab");
  EXPECT_EQ(turns(manager, kOther, 1), "a");
  EXPECT_EQ(turns(manager, kModel, 1), "c");
}

TEST(CredentialManagerTest, ACoolingCredentialIsPassedOverForThatModelAlone) {
  auto manager = three();
  manager.coolDown("b", kModel, kNow + seconds(60), "minute");
  EXPECT_EQ(turns(manager, kModel, 4), "acac");
  EXPECT_EQ(turns(manager, kOther, 3), "abc");
}

TEST(CredentialManagerTest, ACoolingCredentialIsTakenAgainOnceItsTimeIsUp) {
  auto manager = three();
  manager.coolDown("b", kModel, kNow + seconds(60), "minute");
  EXPECT_EQ(turns(manager, kModel, 3, kNow + seconds(60) - Millis(1)), "aca");
  EXPECT_EQ(turns(manager, kModel, 3, kNow + seconds(60)), "bca");
}

TEST(CredentialManagerTest, ACoolDownNeverShortensALongerOne) {
  auto manager = CredentialManager({named("a")});
  manager.coolDown("a", kModel, kNow + hours(5), "day");
  manager.coolDown("a", kModel, kNow + seconds(30), "minute");
  EXPECT_EQ(manager.earliestReset(kModel, kNow), kNow + hours(5));
  EXPECT_EQ(manager.statusFor(kModel, kNow)[0].reason, "day");
}

TEST(CredentialManagerTest, ACoolDownLengthensAShorterOne) {
  auto manager = CredentialManager({named("a")});
  manager.coolDown("a", kModel, kNow + seconds(30), "minute");
  manager.coolDown("a", kModel, kNow + hours(5), "day");
  EXPECT_EQ(manager.earliestReset(kModel, kNow), kNow + hours(5));
}

TEST(CredentialManagerTest, SuccessClearsThatModelAlone) {
  auto manager = CredentialManager({named("a")});
  manager.coolDown("a", kModel, kNow + hours(1), "minute");
  manager.coolDown("a", kOther, kNow + hours(1), "minute");
  manager.clear("a", kModel);
  EXPECT_EQ(turns(manager, kModel, 1), "a");
  EXPECT_EQ(turns(manager, kOther, 1), "-");
}

TEST(CredentialManagerTest, WhatARequestHasTriedIsNotChosenAgain) {
  auto manager = three();
  const std::vector<std::string> tried = {"a", "b"};
  const auto* chosen = manager.choose(kModel, kNow, tried);
  ASSERT_TRUE(chosen);
  EXPECT_EQ(chosen->id, "c");
  const std::vector<std::string> all = {"a", "b", "c"};
  EXPECT_EQ(manager.choose(kModel, kNow, all), nullptr);
}

TEST(CredentialManagerTest, ATryElsewhereLeavesTheCycleGoingOnBehindIt) {
  auto manager = three();
  EXPECT_EQ(turns(manager, kModel, 1), "a");
  const std::vector<std::string> tried = {"a"};
  EXPECT_EQ(manager.choose(kModel, kNow, tried)->id, "b");
  EXPECT_EQ(turns(manager, kModel, 1), "c");
}

TEST(CredentialManagerTest, OnlyCredentialsThatServeTheModelTakePart) {
  CredentialManager manager({named("a", {"gemini-3*"}), named("b"), named("c", {"gemini-4*"})});
  EXPECT_EQ(turns(manager, kModel, 4), "abab");
  EXPECT_EQ(turns(manager, kOther, 4), "bcbc");
}

TEST(CredentialManagerTest, AQuarantinedCredentialIsOutForEveryModelUntilReleased) {
  auto manager = three();
  manager.quarantine("a", {"invalid_grant", "Log in again.", kNow});
  EXPECT_EQ(turns(manager, kModel, 3, kNow + hours(999)), "bcb");
  EXPECT_EQ(turns(manager, kOther, 2), "bc");
  manager.release("a");
  EXPECT_EQ(turns(manager, kOther, 1), "a");
}

TEST(CredentialManagerTest, ASecondQuarantineKeepsTheTimeOfTheFirst) {
  auto manager = CredentialManager({named("a")});
  manager.quarantine("a", {"invalid_grant", "Log in again.", kNow});
  manager.quarantine("a", {"service_disabled", "Enable it.", kNow + hours(1)});
  const auto status = manager.statusFor(kModel, kNow);
  EXPECT_EQ(status[0].reason, "service_disabled");
  EXPECT_EQ(status[0].since, kNow);
}

TEST(CredentialManagerTest, SaysReadyWhileAnyCredentialIsFree) {
  auto manager = three();
  manager.coolDown("a", kModel, kNow + seconds(5), "minute");
  manager.quarantine("b", {"invalid_grant", "", kNow});
  EXPECT_EQ(manager.stateOf(kModel, kNow), PoolState::Ready);
  EXPECT_EQ(manager.earliestReset(kModel, kNow), kNow);
}

TEST(CredentialManagerTest, SaysCoolingWhenNoneIsFreeAndOneWillBe) {
  auto manager = three();
  manager.coolDown("a", kModel, kNow + seconds(9), "minute");
  manager.coolDown("b", kModel, kNow + seconds(5), "minute");
  manager.quarantine("c", {"invalid_grant", "", kNow});
  EXPECT_EQ(manager.stateOf(kModel, kNow), PoolState::Cooling);
  EXPECT_EQ(manager.choose(kModel, kNow), nullptr);
  EXPECT_EQ(manager.earliestReset(kModel, kNow), kNow + seconds(5));
}

TEST(CredentialManagerTest, SaysQuarantinedWhenAllThatServeTheModelAre) {
  CredentialManager manager({named("a", {"gemini-3*"}), named("b", {"gemini-4*"})});
  manager.quarantine("a", {"invalid_grant", "", kNow});
  EXPECT_EQ(manager.stateOf(kModel, kNow), PoolState::Quarantined);
  EXPECT_EQ(manager.earliestReset(kModel, kNow), std::nullopt);
}

TEST(CredentialManagerTest, SaysUnservedWhenNoPatternCoversTheModelOrThePoolIsEmpty) {
  CredentialManager narrow({named("a", {"gemini-3*"})});
  EXPECT_EQ(narrow.stateOf(kOther, kNow), PoolState::Unserved);
  EXPECT_EQ(narrow.earliestReset(kOther, kNow), std::nullopt);
  CredentialManager empty({});
  EXPECT_EQ(empty.stateOf(kModel, kNow), PoolState::Unserved);
  EXPECT_EQ(empty.choose(kModel, kNow), nullptr);
}

TEST(CredentialManagerTest, StatusForAModelListsWhoServesItWithReasonAndTime) {
  CredentialManager manager({named("a"), named("b"), named("c"), named("d", {"other"})});
  manager.coolDown("b", kModel, kNow + seconds(7), "minute");
  manager.quarantine("c", {"invalid_grant", "Log in again.", kNow});
  const auto lines = manager.statusFor(kModel, kNow);
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_EQ(lines[0].state, CredentialState::Ready);
  EXPECT_EQ(lines[0].credential->alias, "alias of a");
  EXPECT_EQ(lines[1].state, CredentialState::Cooling);
  EXPECT_EQ(lines[1].reason, "minute");
  EXPECT_EQ(lines[1].until, kNow + seconds(7));
  EXPECT_EQ(lines[2].state, CredentialState::Quarantined);
  EXPECT_EQ(lines[2].remedy, "Log in again.");
  EXPECT_EQ(lines[2].until, std::nullopt);
}

TEST(CredentialManagerTest, StatusOfThePoolListsEveryModelThatCools) {
  CredentialManager manager({named("a"), named("b")});
  manager.coolDown("a", kModel, kNow + seconds(7), "minute");
  manager.coolDown("a", kOther, kNow + seconds(8), "day");
  manager.coolDown("b", kOther, kNow, "over");
  const auto lines = manager.status(kNow);
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_EQ(lines[0].model, kModel);
  EXPECT_EQ(lines[1].model, kOther);
  EXPECT_EQ(lines[2].credential->id, "b");
  EXPECT_EQ(lines[2].state, CredentialState::Ready);
}

TEST(CredentialManagerTest, UnknownIdsAreIgnored) {
  auto manager = CredentialManager({named("a")});
  manager.coolDown("x", kModel, kNow + hours(1), "minute");
  manager.quarantine("x", {"invalid_grant", "", kNow});
  manager.clear("x", kModel);
  manager.release("x");
  EXPECT_EQ(manager.find("x"), nullptr);
  EXPECT_EQ(turns(manager, kModel, 1), "a");
}

TEST(CredentialManagerTest, FloodedWithModelNamesItKeepsTheCoolDownsThatLastLongest) {
  auto manager = CredentialManager({named("a")});
  manager.coolDown("a", kModel, kNow + hours(99), "day");
  for (int i = 0; i < 10'000; ++i) {
    manager.coolDown("a", "made-up-" + std::to_string(i), kNow + hours(1), "no_access");
  }
  EXPECT_EQ(turns(manager, kModel, 1), "-");
  EXPECT_LE(manager.status(kNow).size(), 128U);
}

TEST(CredentialManagerTest, FloodedWithModelNamesItKeepsTheCursorsInUse) {
  auto manager = three();
  std::string used;
  for (int i = 0; i < 600; ++i) {
    turns(manager, "made-up-" + std::to_string(i), 1);
    if (i % 100 == 0) used += turns(manager, kModel, 1);
  }
  EXPECT_EQ(used, "abcabc");
}

TEST(CredentialManagerTest, FloodedWithModelNamesItForgetsTheCursorsThatNobodyUses) {
  auto manager = three();
  EXPECT_EQ(turns(manager, kModel, 1), "a");
  for (int i = 0; i < 600; ++i) turns(manager, "made-up-" + std::to_string(i), 1);
  EXPECT_EQ(turns(manager, kModel, 1), "a");
}

TEST(CredentialManagerTest, ACoolDownThatEndedIsForgottenOnTheNextTurn) {
  auto manager = CredentialManager({named("a")});
  manager.coolDown("a", kModel, kNow + seconds(5), "minute");
  EXPECT_EQ(turns(manager, kModel, 1, kNow + seconds(6)), "a");
  EXPECT_EQ(manager.stateOf(kModel, kNow), PoolState::Ready);
}

TEST(CredentialManagerTest, TellsWhetherOneCredentialCouldBeChosen) {
  CredentialManager pool({named("a"), named("b")});
  const Instant now = fromUnixMillis(0);
  EXPECT_TRUE(pool.isFree("a", "m", now));
  EXPECT_FALSE(pool.isFree("", "m", now));
  pool.coolDown("a", "m", now + Millis{10}, "minute");
  EXPECT_FALSE(pool.isFree("a", "m", now));
  EXPECT_TRUE(pool.isFree("a", "other", now));
  EXPECT_TRUE(pool.isFree("a", "m", now + Millis{10}));
  pool.quarantine("a", {"invalid_grant", "", now});
  EXPECT_FALSE(pool.isFree("a", "m", now + Millis{10}));
}

}  // namespace
}  // namespace rondo::credentials
