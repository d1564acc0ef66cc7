#include <gtest/gtest.h>

#include "credentials/credential_manager.h"
#include "support/pool_samples.h"

// What refusals, successes and operators do to a pool.
namespace rondo::credentials {
namespace {

using samples::cooling;
using samples::idOf;
using samples::isFree;
using samples::kModel;
using samples::kNow;
using samples::kOther;
using samples::one;
using samples::takeOut;
using samples::three;
using samples::turns;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr Ladder kLadder{seconds(5), seconds(60)};

bool restModelAt(CredentialManager& manager, Instant now) {
  return manager.restModel(kModel, kLadder, {}, now, "overloaded");
}

bool restAt(CredentialManager& manager, Instant now) {
  return manager.rest("a", kModel, kLadder, {}, now, "overloaded");
}

// Out since kNow for something that can be mended.
CredentialManager healing() {
  auto manager = one();
  takeOut(manager, "a", kNow, Healing::ByProbe);
  return manager;
}

Instant probeOf(const CredentialManager& manager) {
  return manager.statusFor(kModel, kNow).at(0).until.value_or(kNow);
}

// --- Cool-downs ----------------------------------------------------------------------------------

TEST(CredentialManagerChangesTest, ACoolDownNeverShortensALongerOne) {
  auto manager = one();
  EXPECT_TRUE(manager.coolDown("a", kModel, cooling(hours(5), "day")));
  EXPECT_FALSE(manager.coolDown("a", kModel, cooling(seconds(30))));
  EXPECT_EQ(manager.earliestReset(kModel, kNow), kNow + hours(5));
  EXPECT_EQ(manager.statusFor(kModel, kNow)[0].reason, "day");
}

TEST(CredentialManagerChangesTest, ACoolDownLengthensAShorterOne) {
  auto manager = one();
  manager.coolDown("a", kModel, cooling(seconds(30)));
  EXPECT_TRUE(manager.coolDown("a", kModel, cooling(hours(5), "day")));
  EXPECT_EQ(manager.earliestReset(kModel, kNow), kNow + hours(5));
}

TEST(CredentialManagerChangesTest, ASharedQuotaCoolsEveryModelOfThatCredentialAlone) {
  auto manager = three();
  EXPECT_TRUE(manager.coolDownQuota("b", "requests", cooling(minutes(5), "day")));
  EXPECT_EQ(turns(manager, kModel, 4), "acac");
  EXPECT_EQ(turns(manager, kOther, 4), "acac");
  EXPECT_EQ(turns(manager, kModel, 3, kNow + minutes(5)), "abc");
}

TEST(CredentialManagerChangesTest, ACredentialThatRestsClimbsTheLadderForThatModel) {
  auto manager = three();
  EXPECT_TRUE(restAt(manager, kNow));
  EXPECT_FALSE(restAt(manager, kNow + seconds(1)));
  EXPECT_EQ(turns(manager, kModel, 2), "bc");
  EXPECT_TRUE(isFree(manager, "a", kOther, kNow));
  EXPECT_TRUE(restAt(manager, kNow + seconds(5)));
  EXPECT_FALSE(isFree(manager, "a", kModel, kNow + seconds(15) - Millis(1)));
  EXPECT_TRUE(isFree(manager, "a", kModel, kNow + seconds(15)));
}

TEST(CredentialManagerChangesTest, AModelThatRestsIsServedByNobody) {
  auto manager = three();
  EXPECT_TRUE(restModelAt(manager, kNow));
  EXPECT_EQ(turns(manager, kModel, 1), "-");
  EXPECT_EQ(turns(manager, kOther, 1), "a");
  EXPECT_FALSE(isFree(manager, "a", kModel, kNow));
  EXPECT_EQ(manager.stateOf(kModel, kNow), PoolState::Cooling);
  EXPECT_EQ(turns(manager, kModel, 1, kNow + seconds(5)), "a");
}

TEST(CredentialManagerChangesTest, AModelsRestShowsInItsStatusAndItsReset) {
  auto manager = three();
  manager.coolDown("b", kModel, cooling(minutes(5)));
  restModelAt(manager, kNow);
  EXPECT_EQ(manager.earliestReset(kModel, kNow), kNow + seconds(5));
  const auto lines = manager.statusFor(kModel, kNow);
  EXPECT_EQ(lines[0].state, CredentialState::Cooling);
  EXPECT_EQ(lines[0].reason, "overloaded");
  EXPECT_EQ(lines[1].reason, "minute");
}

TEST(CredentialManagerChangesTest, FloodedWithModelNamesItKeepsTheCoolDownsThatLastLongest) {
  auto manager = one();
  manager.coolDown("a", kModel, cooling(hours(99), "day"));
  for (int i = 0; i < 10'000; ++i) {
    manager.coolDown("a", "made-up-" + std::to_string(i), cooling(hours(1), "no_access"));
  }
  EXPECT_EQ(turns(manager, kModel, 1), "-");
  EXPECT_LE(manager.status(kNow).size(), 128U);
}

TEST(CredentialManagerChangesTest, IdsThatAreNotInThePoolChangeNothing) {
  auto manager = one();
  EXPECT_FALSE(manager.coolDown("x", kModel, cooling(hours(1))));
  EXPECT_FALSE(manager.coolDownQuota("x", "requests", cooling(hours(1))));
  EXPECT_FALSE(manager.rest("x", kModel, kLadder, {}, kNow, "overloaded"));
  EXPECT_FALSE(takeOut(manager, "x"));
  EXPECT_FALSE(manager.succeed("x", kModel, kNow, kNow));
  EXPECT_FALSE(manager.reset("x", kNow));
  EXPECT_EQ(turns(manager, kModel, 1), "a");
  EXPECT_TRUE(manager.takeNews(kNow, Millis(1)).empty());
}

// --- Success -------------------------------------------------------------------------------------

TEST(CredentialManagerChangesTest, SuccessClearsThatModelAlone) {
  auto manager = one();
  manager.coolDown("a", kModel, cooling(hours(1)));
  manager.coolDown("a", kOther, cooling(hours(1)));
  EXPECT_FALSE(manager.succeed("a", kModel, kNow + Millis(1), kNow + seconds(1)));
  EXPECT_TRUE(isFree(manager, "a", kModel, kNow));
  EXPECT_FALSE(isFree(manager, "a", kOther, kNow));
}

TEST(CredentialManagerChangesTest, SuccessClearsThatCredentialAlone) {
  auto manager = three();
  manager.coolDown("b", kModel, cooling(hours(1)));
  manager.succeed("a", kModel, kNow + Millis(1), kNow + seconds(1));
  EXPECT_FALSE(isFree(manager, "b", kModel, kNow));
}

TEST(CredentialManagerChangesTest, SuccessKeepsWhatCameSinceTheAttemptBegan) {
  auto manager = one();
  manager.coolDown("a", kModel, cooling(hours(1), "minute", kNow + seconds(1)));
  manager.succeed("a", kModel, kNow, kNow + seconds(2));
  EXPECT_FALSE(isFree(manager, "a", kModel, kNow + seconds(2)));
}

TEST(CredentialManagerChangesTest, SuccessEndsTheRestOfTheModelAndForgetsItsSteps) {
  auto manager = three();
  for (const int at : {0, 5, 15}) EXPECT_TRUE(restModelAt(manager, kNow + seconds(at)));
  EXPECT_EQ(manager.earliestReset(kModel, kNow + seconds(15)), kNow + seconds(35));
  manager.succeed("b", kModel, kNow + seconds(16), kNow + seconds(17));
  EXPECT_TRUE(isFree(manager, "a", kModel, kNow + seconds(17)));
  restModelAt(manager, kNow + seconds(18));
  EXPECT_EQ(manager.earliestReset(kModel, kNow + seconds(18)), kNow + seconds(23));
}

TEST(CredentialManagerChangesTest, SuccessForgetsTheStepsOfThatCredential) {
  auto manager = one();
  for (const int at : {0, 5, 15}) EXPECT_TRUE(restAt(manager, kNow + seconds(at)));
  EXPECT_EQ(manager.earliestReset(kModel, kNow + seconds(15)), kNow + seconds(35));
  manager.succeed("a", kModel, kNow + seconds(36), kNow + seconds(37));
  restAt(manager, kNow + seconds(38));
  EXPECT_EQ(manager.earliestReset(kModel, kNow + seconds(38)), kNow + seconds(43));
}

// --- Names that may be invented ------------------------------------------------------------------

TEST(CredentialManagerChangesTest, ADeniedModelIsPassedOverThere) {
  auto manager = three();
  EXPECT_TRUE(manager.denyModel("a", kModel, cooling(hours(12), "no_access")));
  EXPECT_FALSE(manager.denyModel("a", kModel, cooling(hours(1), "no_access")));
  EXPECT_FALSE(manager.denyModel("x", kModel, cooling(hours(12), "no_access")));
  EXPECT_EQ(turns(manager, kModel, 2), "bc");
  EXPECT_EQ(turns(manager, kOther, 1), "a");
  EXPECT_EQ(manager.statusFor(kModel, kNow)[0].reason, "no_access");
  EXPECT_TRUE(isFree(manager, "a", kModel, kNow + hours(12)));
}

TEST(CredentialManagerChangesTest, ADenialEndsWithASuccessOrAReset) {
  for (const bool isReset : {false, true}) {
    auto manager = one();
    manager.denyModel("a", kModel, cooling(hours(12), "no_access"));
    if (isReset) {
      manager.reset("a", kNow + seconds(1));
    } else {
      manager.succeed("a", kModel, kNow + Millis(1), kNow + seconds(1));
    }
    EXPECT_TRUE(isFree(manager, "a", kModel, kNow + seconds(1)));
  }
}

TEST(CredentialManagerChangesTest, TenThousandInventedNamesPushNothingRealOut) {
  auto manager = three();
  manager.coolDown("a", kModel, cooling(seconds(30)));
  manager.coolDownQuota("b", "requests", cooling(seconds(40)));
  manager.restModel(kOther, kLadder, {}, kNow, "overloaded");
  takeOut(manager, "c");
  for (int i = 0; i < 10'000; ++i) {
    const auto name = "invented-" + std::to_string(i);
    turns(manager, name, 1);
    for (const auto* id : {"a", "b", "c"}) {
      manager.denyModel(id, name, cooling(hours(12), "no_access"));
    }
  }
  EXPECT_EQ(turns(manager, kModel, 1), "-");
  EXPECT_EQ(manager.earliestReset(kModel, kNow), kNow + seconds(30));
  EXPECT_EQ(manager.stateOf(kOther, kNow), PoolState::Cooling);
  EXPECT_TRUE(manager.isQuarantined("c"));
  EXPECT_LE(manager.status(kNow).size(), 2 * 32U + 3U);
}

TEST(CredentialManagerChangesTest, TheStatusHasOneLineForAModelThatIsDeniedAndCools) {
  auto manager = one();
  manager.denyModel("a", kModel, cooling(hours(12), "no_access"));
  manager.coolDown("a", kModel, cooling(hours(1)));
  const auto lines = manager.status(kNow);
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(lines[0].reason, "no_access");
}

// --- Quarantine ----------------------------------------------------------------------------------

TEST(CredentialManagerChangesTest, AQuarantinedCredentialIsOutForEveryModelUntilReset) {
  auto manager = three();
  EXPECT_TRUE(takeOut(manager, "a"));
  EXPECT_EQ(turns(manager, kModel, 3, kNow + hours(999)), "bcb");
  EXPECT_EQ(turns(manager, kOther, 2), "bc");
  EXPECT_TRUE(manager.reset("a", kNow + hours(999)));
  EXPECT_EQ(turns(manager, kOther, 1), "a");
}

TEST(CredentialManagerChangesTest, AQuarantineThatHealsIsProbedAfterTenMinutes) {
  auto manager = healing();
  EXPECT_EQ(manager.statusFor(kModel, kNow)[0].until, kNow + minutes(10));
  EXPECT_FALSE(isFree(manager, "a", kModel, kNow + minutes(10) - Millis(1)));
  EXPECT_TRUE(isFree(manager, "a", kModel, kNow + minutes(10)));
  EXPECT_EQ(turns(manager, kModel, 1, kNow + minutes(10)), "a");
}

TEST(CredentialManagerChangesTest, OneRequestAMinuteProbes) {
  auto manager = healing();
  EXPECT_EQ(turns(manager, kModel, 3, kNow + minutes(10)), "a--");
  EXPECT_EQ(turns(manager, kModel, 1, kNow + minutes(11) - Millis(1)), "-");
  EXPECT_EQ(turns(manager, kModel, 2, kNow + minutes(11)), "a-");
}

TEST(CredentialManagerChangesTest, ACredentialToBeProbedThatCoolsIsNotChosen) {
  auto manager = healing();
  manager.coolDown("a", kModel, cooling(minutes(30)));
  EXPECT_EQ(turns(manager, kModel, 1, kNow + minutes(10)), "-");
  EXPECT_EQ(turns(manager, kOther, 1, kNow + minutes(10)), "a");
}

TEST(CredentialManagerChangesTest, AProbeThatWorksEndsTheQuarantine) {
  auto manager = healing();
  const auto probed = kNow + minutes(10);
  turns(manager, kModel, 1, probed);
  EXPECT_TRUE(manager.succeed("a", kModel, probed, probed + seconds(1)));
  EXPECT_EQ(turns(manager, kOther, 2, probed + seconds(1)), "aa");
}

TEST(CredentialManagerChangesTest, AnAttemptThatBeganBeforeTheQuarantineDoesNotEndIt) {
  auto manager = healing();
  EXPECT_FALSE(manager.succeed("a", kModel, kNow - seconds(1), kNow + seconds(1)));
  EXPECT_FALSE(manager.succeed("a", kModel, kNow, kNow + seconds(1)));
  EXPECT_FALSE(isFree(manager, "a", kModel, kNow + seconds(1)));
}

TEST(CredentialManagerChangesTest, ACredentialThatRestsIsOutForAllModelsFiveMinutesUpToFourHours) {
  auto manager = three();
  const auto refuse = [&manager](Instant at) {
    return takeOut(manager, "a", at, Healing::ByRest, "token_refused");
  };
  EXPECT_TRUE(refuse(kNow));
  EXPECT_FALSE(refuse(kNow + seconds(1)));
  EXPECT_EQ(turns(manager, kModel, 2), "bc");
  EXPECT_EQ(turns(manager, kOther, 2), "bc");
  auto at = kNow;
  for (const auto wait : {5, 10, 20, 40, 80, 160, 240, 240}) {
    EXPECT_EQ(probeOf(manager) - at, minutes(wait));
    at = probeOf(manager);
    EXPECT_FALSE(isFree(manager, "a", kModel, at - Millis(1)));
    EXPECT_EQ(idOf(manager.choose({.model = kModel, .now = at, .preferred = "a"})), "a");
    EXPECT_FALSE(isFree(manager, "a", kOther, at));
    refuse(at);
  }
  const auto status = manager.statusFor(kModel, at)[0];
  EXPECT_EQ(status.state, CredentialState::Quarantined);
  EXPECT_EQ(status.reason, "token_refused");
  EXPECT_EQ(status.remedy, "Log in again.");
  EXPECT_EQ(status.since, kNow);
}

TEST(CredentialManagerChangesTest, ACredentialThatRestedIsReadyAfterASuccessAndBeginsAnew) {
  auto manager = one();
  takeOut(manager, "a", kNow, Healing::ByRest, "token_refused");
  turns(manager, kModel, 1, kNow + minutes(5));
  EXPECT_TRUE(manager.succeed("a", kModel, kNow + minutes(5), kNow + minutes(6)));
  EXPECT_EQ(turns(manager, kOther, 2, kNow + minutes(6)), "aa");
  takeOut(manager, "a", kNow + minutes(7), Healing::ByRest, "token_refused");
  EXPECT_EQ(probeOf(manager), kNow + minutes(12));
}

TEST(CredentialManagerChangesTest, NothingCoolsForLongerThanAWeekNorAModelForTenMinutes) {
  auto manager = three();
  const CoolDown endless{Instant::max(), kNow, "day"};
  manager.coolDown("a", kModel, endless);
  manager.denyModel("b", kModel, endless);
  manager.coolDownQuota("c", "requests", endless);
  for (const auto* id : {"a", "b", "c"}) {
    EXPECT_FALSE(isFree(manager, id, kModel, kNow + hours(168) - Millis(1)));
    EXPECT_TRUE(isFree(manager, id, kModel, kNow + hours(168)));
  }
  manager.restModel(kOther, kLadder, Instant::max(), kNow, "overloaded");
  EXPECT_FALSE(isFree(manager, "a", kOther, kNow + minutes(10) - Millis(1)));
  EXPECT_TRUE(isFree(manager, "a", kOther, kNow + minutes(10)));
}

TEST(CredentialManagerChangesTest, OneOfManyToBeProbedTakesItsTurnAmongTheOthers) {
  auto manager = three();
  takeOut(manager, "b", kNow, Healing::ByProbe);
  EXPECT_EQ(turns(manager, kModel, 4, kNow + minutes(10)), "abca");
  EXPECT_EQ(turns(manager, kModel, 2, kNow + minutes(10)), "ca");
}

// --- Reset ---------------------------------------------------------------------------------------

TEST(CredentialManagerChangesTest, AResetEndsQuarantineAndAllCoolDownsOfThatCredential) {
  auto manager = three();
  takeOut(manager, "a");
  manager.coolDown("a", kModel, cooling(hours(1)));
  manager.coolDownQuota("a", "requests", cooling(hours(1)));
  manager.coolDown("b", kModel, cooling(hours(1)));
  EXPECT_TRUE(manager.reset("a", kNow + seconds(1)));
  EXPECT_EQ(turns(manager, kModel, 3, kNow + seconds(1)), "aca");
}

TEST(CredentialManagerChangesTest, AResetEndsAQuarantineOfTheSameMoment) {
  auto manager = one();
  takeOut(manager, "a");
  EXPECT_TRUE(manager.reset("a", kNow));
  EXPECT_EQ(turns(manager, kModel, 1), "a");
}

TEST(CredentialManagerChangesTest, AResetEndsAQuarantineThatAClockAheadOfThisOneDated) {
  auto elsewhere = one();
  takeOut(elsewhere, "a", kNow + minutes(2));
  auto manager = one();
  manager.learn(elsewhere.takeNews(kNow, Millis(1)), kNow);
  manager.reset("a", kNow);
  EXPECT_EQ(turns(manager, kModel, 1), "a");
  elsewhere.learn(manager.takeNews(kNow, Millis(1)), kNow);
  EXPECT_EQ(turns(elsewhere, kModel, 1), "a");
}

TEST(CredentialManagerChangesTest, ARefusalAfterAResetCoolsAgain) {
  auto manager = one();
  manager.reset("a", kNow);
  manager.coolDown("a", kModel, cooling(hours(1)));
  EXPECT_EQ(turns(manager, kModel, 1), "-");
}

}  // namespace
}  // namespace rondo::credentials
