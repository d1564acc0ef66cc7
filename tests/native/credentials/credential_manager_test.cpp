#include "credentials/credential_manager.h"

#include <gtest/gtest.h>

#include <map>

#include "support/pool_samples.h"

namespace rondo::credentials {
namespace {

using samples::cooling;
using samples::idOf;
using samples::isFree;
using samples::kModel;
using samples::kNow;
using samples::kOther;
using samples::member;
using samples::named;
using samples::one;
using samples::takeOut;
using samples::three;
using samples::turns;
using samples::weighing;
using std::chrono::minutes;
using std::chrono::seconds;

const std::vector<std::string> kTried = {"a", "b"};
const std::vector<std::string> kAll = {"a", "b", "c"};

Credential placed(std::string id, std::string location, Backend backend = Backend::Vertex) {
  auto credential = named(std::move(id));
  credential.location = std::move(location);
  credential.backend = backend;
  return credential;
}

std::string chooseUntried(CredentialManager& manager, std::span<const std::string> tried) {
  return idOf(manager.choose({.model = kModel, .now = kNow, .tried = tried}));
}

std::string chooseFor(CredentialManager& manager, std::string_view conversation,
                      Instant now = kNow) {
  return idOf(manager.choose({.model = kModel, .now = now, .conversation = conversation}));
}

std::string chooseAwayFrom(CredentialManager& manager, std::string_view id) {
  return idOf(manager.choose({.model = kModel, .now = kNow, .awayFrom = member(manager, id)}));
}

// --- Round robin ---------------------------------------------------------------------------------

TEST(CredentialManagerTest, CredentialsTakeTurnsInOrder) {
  auto manager = three();
  EXPECT_EQ(turns(manager, kModel, 7), "abcabca");
}

TEST(CredentialManagerTest, CredentialsTakeTurnsAsOftenAsTheyWeigh) {
  CredentialManager manager({weighing(3, "a"), weighing(1, "b")});
  EXPECT_EQ(turns(manager, kModel, 8), "aabaaaba");
}

TEST(CredentialManagerTest, TheOthersShareTheTurnsOfOneThatCoolsByTheirWeights) {
  CredentialManager manager({weighing(2, "a"), weighing(1, "b"), weighing(4, "c")});
  manager.coolDown("c", kModel, cooling(minutes(1)));
  const auto ids = turns(manager, kModel, 30);
  EXPECT_EQ(std::ranges::count(ids, 'a'), 20);
  EXPECT_EQ(std::ranges::count(ids, 'b'), 10);
}

TEST(CredentialManagerTest, EachModelHasItsOwnCursor) {
  auto manager = three();
  EXPECT_EQ(turns(manager, kModel, 2), "ab");
  EXPECT_EQ(turns(manager, kOther, 1), "a");
  EXPECT_EQ(turns(manager, kModel, 1), "c");
}

TEST(CredentialManagerTest, ACoolingCredentialIsPassedOverForThatModelAlone) {
  auto manager = three();
  manager.coolDown("b", kModel, cooling(seconds(60)));
  EXPECT_EQ(turns(manager, kModel, 4), "acac");
  EXPECT_EQ(turns(manager, kOther, 3), "abc");
}

TEST(CredentialManagerTest, ACoolingCredentialIsTakenAgainOnceItsTimeIsUp) {
  auto manager = three();
  manager.coolDown("b", kModel, cooling(seconds(60)));
  EXPECT_EQ(turns(manager, kModel, 3, kNow + seconds(60) - Millis(1)), "aca");
  EXPECT_EQ(turns(manager, kModel, 3, kNow + seconds(60)), "bca");
}

TEST(CredentialManagerTest, WhatARequestHasTriedIsNotChosenAgain) {
  auto manager = three();
  EXPECT_EQ(chooseUntried(manager, kTried), "c");
  EXPECT_EQ(chooseUntried(manager, kAll), "-");
}

TEST(CredentialManagerTest, ATryElsewhereLeavesTheCycleGoingOnBehindIt) {
  auto manager = three();
  EXPECT_EQ(turns(manager, kModel, 1), "a");
  EXPECT_EQ(chooseUntried(manager, std::span(kTried).first(1)), "b");
  EXPECT_EQ(turns(manager, kModel, 1), "c");
}

TEST(CredentialManagerTest, OnlyCredentialsThatServeTheModelTakePart) {
  CredentialManager manager({named("a", {"gemini-3*"}), named("b"), named("c", {"gemini-4*"})});
  EXPECT_EQ(turns(manager, kModel, 4), "abab");
  EXPECT_EQ(turns(manager, kOther, 4), "bcbc");
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

// --- The other strategies ------------------------------------------------------------------------

TEST(CredentialManagerTest, FloodedWithInventedNamesItKeepsTheCursorOfAModelThatWasServed) {
  auto manager = three();
  EXPECT_EQ(turns(manager, kModel, 2), "ab");
  manager.succeed("a", kModel, kNow, kNow + seconds(1));
  for (int i = 0; i < 10'000; ++i) turns(manager, "invented-" + std::to_string(i), 1);
  EXPECT_EQ(turns(manager, kModel, 1), "c");
}

// --- The one to begin with -----------------------------------------------------------------------

TEST(CredentialManagerTest, ThePreferredOneIsTakenWhosesoeverTurnItIs) {
  for (const auto strategy : {Strategy::RoundRobin, Strategy::Sticky, Strategy::FillFirst}) {
    auto manager = three(strategy);
    EXPECT_EQ(idOf(manager.choose({.model = kModel, .now = kNow, .preferred = "c"})), "c");
  }
}

TEST(CredentialManagerTest, TakingThePreferredOneLeavesTheCycleAsItIs) {
  auto manager = three();
  manager.choose({.model = kModel, .now = kNow, .preferred = "c"});
  EXPECT_EQ(turns(manager, kModel, 3), "abc");
}

TEST(CredentialManagerTest, ThePreferredOneIsNotTakenWhenItCouldNotBeChosen) {
  auto manager = three();
  const auto choose = [&manager] {
    return idOf(manager.choose({.model = kModel, .now = kNow, .tried = kTried, .preferred = "b"}));
  };
  EXPECT_EQ(choose(), "c");
  EXPECT_EQ(idOf(manager.choose({.model = kModel, .now = kNow, .preferred = "x"})), "a");
  manager.coolDown("c", kModel, cooling(minutes(1)));
  EXPECT_EQ(idOf(manager.choose({.model = kModel, .now = kNow, .preferred = "c"})), "b");
}

// --- What belongs to one credential --------------------------------------------------------------

std::string chooseTied(CredentialManager& manager, std::string_view key) {
  return idOf(manager.choose({.model = kModel, .now = kNow, .affinity = key}));
}

TEST(CredentialManagerTest, WhatIsTiedStaysWithOneCredentialAndIsSpreadOverAll) {
  for (const auto strategy : {Strategy::RoundRobin, Strategy::Sticky}) {
    auto manager = three(strategy);
    std::map<std::string, int> served;
    for (int i = 0; i < 60; ++i) {
      const std::string key = "loop " + std::to_string(i);
      const auto id = chooseTied(manager, key);
      EXPECT_EQ(chooseTied(manager, key), id);
      ++served[id];
    }
    for (const auto& [id, count] : served) EXPECT_GT(count, 8) << id;
    EXPECT_EQ(served.size(), 3U);
  }
}

TEST(CredentialManagerTest, WhatIsTiedLeavesTheCycleAsItIs) {
  auto manager = three();
  for (int i = 0; i < 5; ++i) chooseTied(manager, std::to_string(i));
  EXPECT_EQ(turns(manager, kModel, 3), "abc");
}

TEST(CredentialManagerTest, WhatIsTiedGoesToTheNextBestWhileTheBestCools) {
  auto manager = three();
  const auto best = chooseTied(manager, "loop");
  manager.coolDown(best, kModel, cooling(minutes(1)));
  const auto next = chooseTied(manager, "loop");
  EXPECT_NE(next, best);
  for (int i = 0; i < 4; ++i) EXPECT_EQ(chooseTied(manager, "loop"), next);
}

TEST(CredentialManagerTest, WhatIsTiedFollowsThePoolsOrderWhereThatIsTheStrategy) {
  auto manager = three(Strategy::FillFirst);
  for (int i = 0; i < 12; ++i) EXPECT_EQ(chooseTied(manager, std::to_string(i)), "a");
}

TEST(CredentialManagerTest, WhatIsTiedLeavesAPlaceThatIsToBeLeft) {
  CredentialManager manager({placed("a", "us"), placed("b", "us"), placed("c", "eu")});
  for (int i = 0; i < 12; ++i) {
    const std::string key = std::to_string(i);
    const auto* away = member(manager, "a");
    EXPECT_EQ(
        idOf(manager.choose({.model = kModel, .now = kNow, .affinity = key, .awayFrom = away})),
        "c");
  }
}

// --- Tools that Google runs ----------------------------------------------------------------------

TEST(CredentialManagerTest, ThoseThatRestForToolsComeLastForWhoeverAsksForTools) {
  auto manager = three(Strategy::FillFirst);
  const auto choose = [&manager](Turn::Tools tools, std::string_view preferred = {},
                                 std::string_view model = kModel, Instant now = kNow) {
    return idOf(
        manager.choose({.model = model, .now = now, .preferred = preferred, .tools = tools}));
  };
  manager.restForTools("a", kModel, cooling(minutes(1)));
  EXPECT_EQ(choose(Turn::Tools::None), "a");
  EXPECT_EQ(choose(Turn::Tools::Hosted), "b");
  EXPECT_EQ(choose(Turn::Tools::Hosted, "c"), "c");
  EXPECT_EQ(choose(Turn::Tools::Hosted, "a"), "b");
  EXPECT_EQ(choose(Turn::Tools::Hosted, {}, "other"), "a");
  EXPECT_EQ(choose(Turn::Tools::Hosted, {}, kModel, kNow + minutes(1)), "a");
  manager.restForTools("b", kModel, cooling(minutes(1)));
  manager.restForTools("c", kModel, cooling(minutes(1)));
  EXPECT_EQ(choose(Turn::Tools::Hosted), "a");
  EXPECT_EQ(choose(Turn::Tools::Hosted, "c"), "c");
}

TEST(CredentialManagerTest, ARestOfTheModelForAReasonThatIsUnheededDoesNotCount) {
  auto manager = three();
  const auto choose = [&manager](std::string_view unheeded) {
    return manager.choose({.model = kModel, .now = kNow, .unheeded = unheeded});
  };
  manager.restModel(kModel, {seconds(1), seconds(2)}, kNow, kNow, "failing");
  EXPECT_EQ(choose({}), nullptr);
  EXPECT_EQ(choose("full"), nullptr);
  EXPECT_NE(choose("failing"), nullptr);
  for (const auto* id : {"a", "b", "c"}) manager.coolDown(id, kModel, cooling(minutes(1)));
  EXPECT_EQ(choose("failing"), nullptr);
}

TEST(CredentialManagerTest, OneAtAnotherPlaceIsTakenBeforeThePreferredOne) {
  CredentialManager manager({placed("a", "global"), placed("b", "global"), placed("c", "eu")});
  EXPECT_EQ(
      idOf(manager.choose(
          {.model = kModel, .now = kNow, .awayFrom = member(manager, "a"), .preferred = "b"})),
      "c");
}

TEST(CredentialManagerTest, AQuarantineThatIsDueIsProbedByOneOfThoseWhoPreferIt) {
  auto manager = three();
  takeOut(manager, "b", kNow, Healing::ByProbe);
  const auto due = kNow + minutes(10);
  const auto choose = [&manager](Instant at) {
    return idOf(manager.choose({.model = kModel, .now = at, .preferred = "b"}));
  };
  std::string ids;
  for (const auto at : {due - Millis(1), due, due, due}) ids += choose(at);
  EXPECT_EQ(ids, "abca");
  EXPECT_FALSE(isFree(manager, "b", kModel, due + seconds(59)));
  EXPECT_TRUE(isFree(manager, "b", kModel, due + minutes(1)));
}

TEST(CredentialManagerTest, FillFirstTakesTheFirstThatIsFree) {
  auto manager = three(Strategy::FillFirst);
  EXPECT_EQ(turns(manager, kModel, 3), "aaa");
  manager.coolDown("a", kModel, cooling(seconds(60)));
  EXPECT_EQ(turns(manager, kModel, 3), "bbb");
  EXPECT_EQ(turns(manager, kModel, 3, kNow + seconds(60)), "aaa");
  EXPECT_EQ(chooseUntried(manager, kTried), "c");
}

TEST(CredentialManagerTest, StickyKeepsAConversationAtOneCredential) {
  auto manager = three(Strategy::Sticky);
  std::map<std::string, int> owners;
  for (int i = 0; i < 50; ++i) {
    const auto name = "conversation-" + std::to_string(i);
    const auto owner = chooseFor(manager, name);
    ++owners[owner];
    EXPECT_EQ(chooseFor(manager, name), owner);
  }
  EXPECT_EQ(owners.size(), 3U);
}

TEST(CredentialManagerTest, StickyGivesAHeavyCredentialMoreConversations) {
  CredentialManager manager({weighing(1, "a"), weighing(9, "b")}, Strategy::Sticky);
  int heavy = 0;
  for (int i = 0; i < 500; ++i) heavy += chooseFor(manager, std::to_string(i)) == "b";
  EXPECT_NEAR(heavy, 450, 30);
}

TEST(CredentialManagerTest, StickyFallsBackWhileTheBestCoolsAndReturnsAfterwards) {
  auto manager = three(Strategy::Sticky);
  const auto best = chooseFor(manager, "talk");
  manager.coolDown(best, kModel, cooling(seconds(60)));
  const auto second = chooseFor(manager, "talk");
  EXPECT_NE(second, best);
  EXPECT_NE(second, "-");
  EXPECT_EQ(chooseFor(manager, "talk"), second);
  EXPECT_EQ(chooseFor(manager, "talk", kNow + seconds(60)), best);
}

// --- Away from a place ---------------------------------------------------------------------------

TEST(CredentialManagerTest, ACredentialAtAnotherLocationIsPreferredWhenOneIsToBeAvoided) {
  CredentialManager manager({placed("a", "us"), placed("b", "us"), placed("c", "europe-west4")});
  EXPECT_EQ(chooseAwayFrom(manager, "a"), "c");
  EXPECT_EQ(chooseAwayFrom(manager, "a"), "c");
}

TEST(CredentialManagerTest, ACredentialOfAnotherBackendIsAtAnotherPlaceToo) {
  CredentialManager manager(
      {placed("a", "global"), placed("b", "global"), placed("c", "global", Backend::Gemini)});
  EXPECT_EQ(chooseAwayFrom(manager, "a"), "c");
}

TEST(CredentialManagerTest, WhereNoneIsFreeElsewhereAnyIsTaken) {
  CredentialManager manager({placed("a", "us"), placed("b", "us"), placed("c", "europe-west4")},
                            Strategy::FillFirst);
  manager.coolDown("c", kModel, cooling(minutes(1)));
  EXPECT_EQ(chooseAwayFrom(manager, "b"), "a");
}

TEST(CredentialManagerTest, WhatWasTriedElsewhereIsNotTakenAgain) {
  CredentialManager manager({placed("a", "us"), placed("b", "us"), placed("c", "europe-west4")});
  const std::vector<std::string> tried = {"a", "c"};
  EXPECT_EQ(idOf(manager.choose(
                {.model = kModel, .now = kNow, .tried = tried, .awayFrom = member(manager, "a")})),
            "b");
}

// --- Questions -----------------------------------------------------------------------------------

TEST(CredentialManagerTest, TellsWhetherOneCredentialCouldBeChosen) {
  auto manager = three();
  manager.coolDown("a", kModel, cooling(seconds(10)));
  EXPECT_FALSE(isFree(manager, "a", kModel, kNow));
  EXPECT_TRUE(isFree(manager, "a", kOther, kNow));
  EXPECT_TRUE(isFree(manager, "a", kModel, kNow + seconds(10)));
  EXPECT_TRUE(isFree(manager, "b", kModel, kNow));
  takeOut(manager, "b");
  EXPECT_FALSE(isFree(manager, "b", kOther, kNow));
  EXPECT_FALSE(isFree(manager, "", kModel, kNow));
}

TEST(CredentialManagerTest, AskingWhetherOneIsFreeChoosesNothing) {
  auto manager = three();
  isFree(manager, "a", kModel, kNow);
  EXPECT_EQ(turns(manager, kModel, 1), "a");
}

TEST(CredentialManagerTest, SaysReadyWhileAnyCredentialIsFree) {
  auto manager = three();
  manager.coolDown("a", kModel, cooling(seconds(5)));
  takeOut(manager, "b");
  EXPECT_EQ(manager.stateOf(kModel, kNow), PoolState::Ready);
  EXPECT_EQ(manager.earliestReset(kModel, kNow), kNow);
}

TEST(CredentialManagerTest, SaysCoolingWhenNoneIsFreeAndOneWillBe) {
  auto manager = three();
  manager.coolDown("a", kModel, cooling(seconds(9)));
  manager.coolDown("b", kModel, cooling(seconds(5)));
  takeOut(manager, "c");
  EXPECT_EQ(manager.stateOf(kModel, kNow), PoolState::Cooling);
  EXPECT_EQ(turns(manager, kModel, 1), "-");
  EXPECT_EQ(manager.earliestReset(kModel, kNow), kNow + seconds(5));
}

TEST(CredentialManagerTest, SaysQuarantinedWhenAllThatServeTheModelAre) {
  CredentialManager manager({named("a", {"gemini-3*"}), named("b", {"gemini-4*"})});
  takeOut(manager, "a");
  EXPECT_EQ(manager.stateOf(kModel, kNow), PoolState::Quarantined);
  EXPECT_EQ(manager.earliestReset(kModel, kNow), std::nullopt);
}

TEST(CredentialManagerTest, SaysUnservedWhenNoPatternCoversTheModel) {
  const CredentialManager narrow({named("a", {"gemini-3*"})});
  EXPECT_EQ(narrow.stateOf(kOther, kNow), PoolState::Unserved);
  EXPECT_EQ(narrow.earliestReset(kOther, kNow), std::nullopt);
}

TEST(CredentialManagerTest, AnEmptyPoolServesNothingByAnyStrategy) {
  for (const auto strategy : {Strategy::RoundRobin, Strategy::Sticky, Strategy::FillFirst}) {
    CredentialManager empty({}, strategy);
    EXPECT_EQ(empty.stateOf(kModel, kNow), PoolState::Unserved);
    EXPECT_EQ(turns(empty, kModel, 1), "-");
  }
}

TEST(CredentialManagerTest, TheEarliestResetIsOfThoseThatTheRequestHasNotTried) {
  auto manager = three();
  manager.coolDown("a", kModel, cooling(seconds(5)));
  manager.coolDown("c", kModel, cooling(seconds(9)));
  EXPECT_EQ(manager.earliestReset(kModel, kNow, kTried), kNow + seconds(9));
  EXPECT_EQ(manager.earliestReset(kModel, kNow, std::span(kTried).first(1)), kNow);
  EXPECT_EQ(manager.earliestReset(kModel, kNow, kAll), std::nullopt);
}

TEST(CredentialManagerTest, StatusForAModelListsWhoServesItWithReasonAndTimes) {
  CredentialManager manager({named("a"), named("b"), named("c"), named("d", {"other"})});
  manager.coolDown("b", kModel, cooling(seconds(7), "minute", kNow - seconds(1)));
  takeOut(manager, "c");
  const auto lines = manager.statusFor(kModel, kNow);
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_EQ(lines[0].state, CredentialState::Ready);
  EXPECT_EQ(lines[0].credential->alias, "alias of a");
  EXPECT_EQ(lines[1].state, CredentialState::Cooling);
  EXPECT_EQ(lines[1].reason, "minute");
  EXPECT_EQ(lines[1].since, kNow - seconds(1));
  EXPECT_EQ(lines[1].until, kNow + seconds(6));
  EXPECT_EQ(lines[2].state, CredentialState::Quarantined);
  EXPECT_EQ(lines[2].remedy, "Log in again.");
  EXPECT_EQ(lines[2].until, std::nullopt);
}

TEST(CredentialManagerTest, StatusOfThePoolListsEveryModelThatCools) {
  auto manager = three();
  manager.coolDown("a", kModel, cooling(seconds(7)));
  manager.coolDown("a", kOther, cooling(seconds(8), "day"));
  manager.coolDown("b", kOther, cooling(Millis(0), "over"));
  takeOut(manager, "c");
  manager.coolDown("c", kModel, cooling(seconds(7)));
  const auto lines = manager.status(kNow);
  ASSERT_EQ(lines.size(), 4U);
  EXPECT_EQ(lines[0].model, kModel);
  EXPECT_EQ(lines[1].model, kOther);
  EXPECT_EQ(lines[2].credential->id, "b");
  EXPECT_EQ(lines[2].state, CredentialState::Ready);
  EXPECT_EQ(lines[3].state, CredentialState::Quarantined);
}

TEST(CredentialManagerTest, StatusOfThePoolHasALineForAllModelsWhereASharedQuotaCools) {
  auto manager = one();
  manager.coolDown("a", kModel, cooling(minutes(9), "minute"));
  manager.coolDownQuota("a", "requests", cooling(minutes(5), "day"));
  const auto lines = manager.status(kNow);
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[0].model, kModel);
  EXPECT_EQ(lines[0].until, kNow + minutes(9));
  EXPECT_EQ(lines[1].model, "");
  EXPECT_EQ(lines[1].reason, "day");
  EXPECT_EQ(lines[1].until, kNow + minutes(5));
}

}  // namespace
}  // namespace rondo::credentials
